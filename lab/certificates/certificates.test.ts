import { createPrivateKey as createPrivate, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { certificateVariants, createAuthority } from "../index.ts";
import { keyKinds } from "./keys.ts";

const now = new Date("2026-11-20T12:00:00Z");
const host = "mx.a.example";
const daysFrom = (text: string): number => Math.round((Date.parse(text) - now.getTime()) / 86_400_000);

describe("the lab's certificate authority", () => {
	const authority = createAuthority({ now });
	const root = new X509Certificate(authority.caPem);
	const read = (spec: Parameters<typeof authority.certificate>[0]): X509Certificate[] =>
		authority.certificate(spec, host).chain.map((der) => new X509Certificate(der));

	it("issues through an intermediate, and OpenSSL agrees with every signature, extension and date", () => {
		const [leaf, intermediate, ...rest] = read({});
		if (!leaf || !intermediate) throw new Error("the chain is too short");
		expect(rest).toEqual([]);
		expect([root.ca, intermediate.ca, leaf.ca]).toEqual([true, true, false]);
		expect([leaf.checkIssued(intermediate), intermediate.checkIssued(root), root.checkIssued(root)]).toEqual([true, true, true]);
		expect([leaf.verify(intermediate.publicKey), intermediate.verify(root.publicKey), root.verify(root.publicKey)]).toEqual([true, true, true]);
		expect(leaf.subjectAltName).toBe(`DNS:${host}`);
		expect(leaf.checkHost(host)).toBe(host);
		expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
		expect([daysFrom(leaf.validFrom), daysFrom(leaf.validTo)]).toEqual([-20, 70]);
		expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
	});

	it("makes each variant wrong in its own way and no other", () => {
		const facts = certificateVariants.map((variant) => {
			const chain = read({ variant });
			const leaf = chain[0];
			const issuer = chain[1];
			return [
				variant,
				daysFrom(leaf?.validFrom ?? "") <= 0 && daysFrom(leaf?.validTo ?? "") > 0,
				leaf?.checkHost(host, { subject: "never" }) !== undefined,
				chain.length,
				issuer !== undefined && leaf?.verify(issuer.publicKey) === true,
			];
		});
		expect(facts).toEqual([
			["valid", true, true, 2, true],
			["expired", false, true, 2, true],
			["near-expiry", true, true, 2, true],
			["not-yet-valid", false, true, 2, true],
			["wrong-name", true, false, 2, true],
			["self-signed", true, true, 1, false],
			["incomplete-chain", true, true, 1, false],
			["reversed-chain", true, true, 3, false],
			["expired-intermediate", true, true, 2, true],
			["weak-key", true, true, 2, true],
			["weak-signature", true, true, 2, true],
			["untrusted-ca", true, true, 2, true],
			["no-san", true, false, 2, true],
		]);
		expect(daysFrom(read({ variant: "near-expiry" })[0]?.validTo ?? "")).toBe(10);
		expect(read({ variant: "self-signed" })[0]?.verify(read({ variant: "self-signed" })[0]?.publicKey ?? root.publicKey)).toBe(true);
		expect(read({ variant: "weak-key" })[0]?.publicKey.asymmetricKeyDetails?.modulusLength).toBe(1024);
		expect(read({ variant: "weak-signature" })[0]?.toLegacyObject()).toBeDefined();
		expect(authority.certificate({ variant: "weak-signature" }, host).chain[0]?.includes(Buffer.from("2a8648ce3d0401", "hex"))).toBe(true);
		expect(daysFrom(read({ variant: "expired-intermediate" })[1]?.validTo ?? "")).toBe(-5);
		const stranger = new X509Certificate(authority.untrustedCaPem);
		expect(read({ variant: "untrusted-ca" })[1]?.verify(stranger.publicKey)).toBe(true);
		expect(read({ variant: "untrusted-ca" })[1]?.verify(root.publicKey)).toBe(false);
	});

	it("takes single fields over a variant, names of every kind, and dates past 2049", () => {
		const [leaf] = read({ variant: "self-signed", startsInDays: -1500, expiresInDays: -400, names: [host, "*.b.example", "192.0.2.10", "2001:db8::10"] });
		expect([daysFrom(leaf?.validFrom ?? ""), daysFrom(leaf?.validTo ?? "")]).toEqual([-1500, -400]);
		expect(leaf?.subjectAltName).toBe("DNS:mx.a.example, DNS:*.b.example, IP Address:192.0.2.10, IP Address:2001:DB8:0:0:0:0:0:10");
		expect(daysFrom(read({ expiresInDays: 12_000 })[0]?.validTo ?? "")).toBe(12_000);
		expect(read({ chain: "with-root" }).map((certificate) => certificate.subject)).toEqual([
			"CN=mx.a.example",
			"CN=Mailward Lab Issuing CA",
			"CN=Mailward Lab Root CA",
		]);
		const long = `${"l".repeat(63)}.example`;
		const [nameless] = authority.certificate({}, long).chain.map((der) => new X509Certificate(der));
		expect([nameless?.subject ?? "", nameless?.checkHost(long)]).toEqual(["", long]);
	});

	it("makes a key once, and every kind of key", () => {
		expect(authority.certificate({}, host)).toBe(authority.certificate({ variant: "valid" }, host));
		for (const key of keyKinds.filter((kind) => kind !== "rsa-3072" && kind !== "rsa-4096")) {
			const [leaf, issuer] = read({ key });
			expect([key, leaf?.verify(issuer?.publicKey ?? root.publicKey)]).toEqual([key, true]);
		}
	});

	it("gives the same bytes for the same seed and clock, and other bytes for another", () => {
		const chain = (seed: string): string[] =>
			createAuthority({ now, seed })
				.certificate({}, host)
				.chain.map((der) => der.toString("hex"));
		expect(chain("a")).toEqual(chain("a"));
		expect(chain("a")[0]).not.toBe(chain("b")[0]);
		const seeded = createAuthority({ now, seed: "a" });
		const [leaf, intermediate] = seeded.certificate({}, host).chain.map((der) => new X509Certificate(der));
		expect(leaf?.verify(intermediate?.publicKey ?? root.publicKey)).toBe(true);
		expect(intermediate?.verify(new X509Certificate(seeded.caPem).publicKey)).toBe(true);
		expect(leaf?.checkPrivateKey(createPrivate(seeded.certificate({}, host).keyPem))).toBe(true);
	});
});
