import { rootCertificates } from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { parseCertificate } from "./certificate.ts";
import { judgeChain } from "./judge-chain.ts";
import { type IssuedCertificate, issueCertificate } from "./testing/issue-certificate.ts";
import { pemCertificates, publicRoots, publicRootsAnd } from "./trust-roots.ts";

const now = new Date("2026-06-01T00:00:00Z");
const root = issueCertificate({ subject: "Test Root", ca: true, keyUsageBits: 0x06 });
const intermediate = issueCertificate({ subject: "Test Intermediate", issuer: root, ca: true, pathLength: 0 });
const leaf = issueCertificate({ subject: "mx", issuer: intermediate, dnsIds: ["mx.example.org"], ca: false });

function judge(chain: readonly IssuedCertificate[], options: { hostname?: string; roots?: readonly IssuedCertificate[]; at?: string } = {}) {
	return judgeChain({
		chain: chain.map((certificate) => certificate.der),
		hostname: options.hostname ?? "mx.example.org",
		roots: (options.roots ?? [root]).map((certificate) => certificate.der),
		now: options.at === undefined ? now : new Date(options.at),
	});
}

describe("judgeChain", () => {
	it("finds nothing wrong with a complete chain, root served or not", () => {
		expect(judge([leaf, intermediate])).toMatchObject({
			reason: null,
			trusted: true,
			acceptable: true,
			complete: true,
			inOrder: true,
			selfSignedLeaf: false,
			nameMatch: true,
			matchedName: "mx.example.org",
			path: [0, 1],
			unused: [],
			anchor: { subject: "CN=Test Root" },
		});
		expect(judge([leaf, intermediate, root])).toMatchObject({ reason: null, path: [0, 1, 2], unused: [] });
	});

	it("tells days left, lifetime, key and signature", () => {
		const [facts] = judge([leaf, intermediate], { at: "2026-12-31T12:00:00Z" }).certificates;
		expect(facts).toMatchObject({
			ok: true,
			notBefore: "2026-01-01T00:00:00Z",
			notAfter: "2026-12-31T23:59:59Z",
			daysLeft: 0,
			lifetimeDays: 365,
			key: { type: "ec", bits: 256, curve: "prime256v1" },
			signature: { name: "ecdsa-with-SHA256", hash: "sha256" },
			ca: false,
			dnsIds: ["mx.example.org"],
		});
		const [late] = judge([leaf], { at: "2027-01-01T00:00:00Z" }).certificates;
		expect(late).toMatchObject({ daysLeft: -1 });
	});

	it("goes by the injected clock, to the second", () => {
		expect(judge([leaf, intermediate], { at: "2026-12-31T23:59:59Z" }).reason).toBeNull();
		expect(judge([leaf, intermediate], { at: "2027-01-01T00:00:00Z" })).toMatchObject({ reason: "expired", trusted: false });
		expect(judge([leaf, intermediate], { at: "2026-01-01T00:00:00Z" }).reason).toBeNull();
		expect(judge([leaf, intermediate], { at: "2025-12-31T23:59:59Z" }).reason).toBe("not_yet_valid");
	});

	it("names an expired intermediate and an expired root by their depth", () => {
		const old = issueCertificate({ subject: "Old Intermediate", issuer: root, ca: true, notAfter: "2026-03-01T00:00:00Z" });
		const below = issueCertificate({ subject: "mx", issuer: old, dnsIds: ["mx.example.org"] });
		expect(judge([below, old]).faults).toMatchObject([{ reason: "expired", depth: 1 }]);
		const oldRoot = issueCertificate({ subject: "Old Root", ca: true, notAfter: "2026-03-01T00:00:00Z" });
		const direct = issueCertificate({ issuer: oldRoot, dnsIds: ["mx.example.org"] });
		expect(judge([direct], { roots: [oldRoot] }).faults).toMatchObject([{ reason: "expired", depth: 1 }]);
	});

	it("has one reason each for self-signed, incomplete, untrusted and wrong name", () => {
		const alone = issueCertificate({ subject: "mx.example.org", dnsIds: ["mx.example.org"] });
		expect(judge([alone])).toMatchObject({ reason: "self_signed", selfSignedLeaf: true, complete: true, anchor: null, trusted: false });
		expect(judge([leaf])).toMatchObject({ reason: "incomplete", complete: false, trusted: false });
		expect(judge([leaf, intermediate, root], { roots: [] })).toMatchObject({ reason: "untrusted_root", complete: true, trusted: false });
		expect(judge([leaf, intermediate], { hostname: "mx2.example.org" })).toMatchObject({ reason: "wrong_name", trusted: true, acceptable: false });
		expect(judge([])).toMatchObject({ reason: "no_certificate", nameMatch: false });
	});

	it("accepts a self-signed leaf only when that very certificate is an anchor", () => {
		const alone = issueCertificate({ subject: "mx", dnsIds: ["mx.example.org"] });
		expect(judge([alone], { roots: [alone] })).toMatchObject({ reason: null, selfSignedLeaf: true });
		expect(judge([leaf], { roots: [leaf] }).reason).toBe("incomplete");
	});

	it("takes any CA certificate as an anchor", () => {
		expect(judge([leaf, intermediate], { roots: [intermediate] })).toMatchObject({ reason: null, path: [0, 1], anchor: { subject: "CN=Test Intermediate" } });
		expect(judge([leaf], { roots: [intermediate] })).toMatchObject({ reason: null, path: [0] });
	});

	it("sees disorder and leftovers, and still finds the path", () => {
		expect(judge([leaf, root, intermediate])).toMatchObject({ reason: "out_of_order", inOrder: false, trusted: true, acceptable: true, path: [0, 2, 1] });
		const stranger = issueCertificate({ subject: "Stranger", ca: true });
		expect(judge([leaf, intermediate, stranger])).toMatchObject({ reason: null, inOrder: true, unused: [2] });
		expect(judge([leaf, stranger, intermediate])).toMatchObject({ reason: "out_of_order", unused: [1] });
	});

	it("prefers the valid one of two cross-signed intermediates", () => {
		const oldRoot = issueCertificate({ subject: "Old Root", ca: true, notAfter: "2026-03-01T00:00:00Z" });
		const cross = issueCertificate({ subject: "Test Intermediate", issuer: oldRoot, keysOf: intermediate, ca: true, notAfter: "2026-03-01T00:00:00Z" });
		expect(judge([leaf, cross, intermediate], { roots: [oldRoot, root] })).toMatchObject({ trusted: true, reason: "out_of_order", path: [0, 2] });
		expect(judge([leaf, intermediate, cross], { roots: [oldRoot, root] })).toMatchObject({ reason: null, unused: [2] });
	});

	it("refuses an issuer that is no CA, by constraint or by usage", () => {
		const notCa = issueCertificate({ subject: "Not a CA", issuer: root, ca: false });
		expect(judge([issueCertificate({ issuer: notCa, dnsIds: ["mx.example.org"] }), notCa]).reason).toBe("not_a_ca");
		const without = issueCertificate({ subject: "No constraints", issuer: root });
		expect(judge([issueCertificate({ issuer: without, dnsIds: ["mx.example.org"] }), without]).reason).toBe("not_a_ca");
		const noSigning = issueCertificate({ subject: "No keyCertSign", issuer: root, ca: true, keyUsageBits: 0x80 });
		expect(judge([issueCertificate({ issuer: noSigning, dnsIds: ["mx.example.org"] }), noSigning]).reason).toBe("not_a_ca");
		// A leaf that signs another: the classic way to forge, when basicConstraints is not looked at.
		expect(judge([issueCertificate({ issuer: leaf, dnsIds: ["mx.example.org"] }), leaf, intermediate]).reason).toBe("not_a_ca");
	});

	it("keeps path lengths", () => {
		const below = issueCertificate({ subject: "Below", issuer: intermediate, ca: true });
		const deep = issueCertificate({ issuer: below, dnsIds: ["mx.example.org"] });
		expect(judge([deep, below, intermediate]).reason).toBe("path_too_long");
	});

	it("keeps name constraints", () => {
		const constrained = issueCertificate({
			subject: "Constrained",
			issuer: root,
			ca: true,
			nameConstraints: { permitted: ["example.org"], excluded: ["bad.example.org"] },
		});
		const named = (...dnsIds: string[]) => issueCertificate({ issuer: constrained, dnsIds });
		expect(judge([named("mx.example.org"), constrained]).reason).toBeNull();
		expect(judge([named("mx.example.org", "mx.example.net"), constrained]).reason).toBe("name_constraint");
		expect(judge([named("mx.example.org", "x.bad.example.org"), constrained]).reason).toBe("name_constraint");
		expect(judge([named("*.example.org"), constrained]).reason).toBe("name_constraint");
		expect(judge([named("mx.example.org", "mx.notexample.org"), constrained]).reason).toBe("name_constraint");
	});

	it("keeps usages and refuses critical extensions it does not know", () => {
		const mailOnly = issueCertificate({ issuer: intermediate, dnsIds: ["mx.example.org"], extendedKeyUsage: ["1.3.6.1.5.5.7.3.4"] });
		expect(judge([mailOnly, intermediate]).reason).toBe("wrong_usage");
		const server = issueCertificate({ issuer: intermediate, dnsIds: ["mx.example.org"], extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"] });
		expect(judge([server, intermediate]).reason).toBeNull();
		const odd = (critical: boolean) =>
			issueCertificate({ issuer: intermediate, dnsIds: ["mx.example.org"], extensions: [{ oid: "1.2.3.4.5", critical, value: Buffer.from([5, 0]) }] });
		expect(judge([odd(true), intermediate]).reason).toBe("unknown_critical_extension");
		expect(judge([odd(false), intermediate]).reason).toBeNull();
	});

	it("sees weak keys and signatures below the root, not the root's own", () => {
		const sha1Root = issueCertificate({ subject: "SHA-1 Root", rsaBits: 1024, hash: "sha1", ca: true });
		const fine = issueCertificate({ issuer: sha1Root, dnsIds: ["mx.example.org"] });
		expect(judge([fine], { roots: [sha1Root] }).reason).toBeNull();
		const sha1 = issueCertificate({ issuer: root, hash: "sha1", dnsIds: ["mx.example.org"] });
		expect(judge([sha1])).toMatchObject({ reason: "weak_signature", trusted: true, acceptable: false });
		const small = issueCertificate({ issuer: root, rsaBits: 1024, dnsIds: ["mx.example.org"] });
		expect(judge([small])).toMatchObject({ reason: "weak_key", faults: [{ detail: "rsa 1024" }], trusted: true, acceptable: false });
		const narrow = issueCertificate({ issuer: root, curve: "secp224r1", dnsIds: ["mx.example.org"] });
		expect(judge([narrow]).reason).toBe("weak_key");
	});

	it("calls a wrong signature by its name, and another key of the same name an issuer that is missing", () => {
		const forged = issueCertificate({ subject: "Test Root", ca: true });
		const signedByForger = issueCertificate({ issuer: { ...forged, name: root.name }, dnsIds: ["mx.example.org"] });
		expect(judge([signedByForger]).reason).toBe("bad_signature");
		const flipped = Buffer.from(leaf.der);
		flipped[flipped.length - 1] = (flipped[flipped.length - 1] ?? 0) ^ 1;
		expect(judgeChain({ chain: [flipped, intermediate.der], roots: [root.der], now }).reason).toBe("bad_signature");
	});

	it("compares names and not common names, addresses or subjects", () => {
		const cnOnly = issueCertificate({ subject: "mx.example.org", issuer: root });
		expect(judge([cnOnly]).reason).toBe("wrong_name");
		const ip = issueCertificate({ issuer: root, dnsIds: ["192.0.2.10"], ipAddresses: [Buffer.from([192, 0, 2, 10])] });
		expect(judge([ip], { hostname: "192.0.2.10" }).reason).toBe("wrong_name");
		const nul = issueCertificate({ issuer: root, dnsIds: ["mx.example.org\0.evil.example"] });
		expect(judge([nul]).reason).toBe("wrong_name");
	});

	it("survives certificates that nobody can read", () => {
		expect(judgeChain({ chain: [Buffer.from("no certificate")], hostname: "a.example", roots: [], now })).toMatchObject({
			reason: "malformed",
			nameMatch: false,
		});
		const judged = judgeChain({ chain: [leaf.der, Buffer.from([0x30, 0x00])], roots: [root.der], now });
		expect(judged.faults.map((fault) => fault.reason)).toEqual(["malformed", "incomplete"]);
		expect(judgeChain({ chain: [leaf.der, intermediate.der, Buffer.from([0x30, 0x00])], roots: [root.der], now }).reason).toBeNull();
	});

	it("stays quick on a chain that is made to branch", () => {
		const ring: IssuedCertificate[] = [];
		for (let index = 0; index < 30; index++)
			ring.push(issueCertificate({ subject: "Ring", issuer: { ...root, name: issueCertificate({ subject: "Ring" }).name }, keysOf: root, ca: true }));
		const start = performance.now();
		const end = issueCertificate({ issuer: { ...root, name: ring[0]?.name ?? root.name }, dnsIds: ["mx.example.org"] });
		const judged = judge([end, ...ring], { roots: [] });
		expect(judged.trusted).toBe(false);
		expect(performance.now() - start).toBeLessThan(3000);
	});

	it("agrees with another issuer's certificates", async () => {
		const extensions = [{ name: "basicConstraints" as const, cA: true, critical: true }];
		const ca = await generate([{ name: "commonName", value: "Other CA" }], {
			keyType: "ec",
			algorithm: "sha256",
			extensions,
			notBeforeDate: new Date("2026-01-01T00:00:00Z"),
			notAfterDate: new Date("2030-01-01T00:00:00Z"),
		});
		const issued = await generate([{ name: "commonName", value: "mx.example.org" }], {
			keyType: "ec",
			algorithm: "sha256",
			ca: { key: ca.private, cert: ca.cert },
			notBeforeDate: new Date("2026-01-01T00:00:00Z"),
			notAfterDate: new Date("2026-02-01T00:00:00Z"),
		});
		const [der] = [Buffer.from(issued.cert.replace(/-----[A-Z ]+-----|\s/g, ""), "base64")];
		const at = (time: string) => judgeChain({ chain: der === undefined ? [] : [der], hostname: "mx.example.org", roots: [ca.cert], now: new Date(time) });
		expect(at("2026-01-15T00:00:00Z")).toMatchObject({ reason: null, trusted: true });
		expect(at("2026-02-15T00:00:00Z").reason).toBe("expired");
	});
});

describe("public roots", () => {
	it("are all readable and valid as anchors", () => {
		for (const pem of rootCertificates) {
			const [der = Buffer.alloc(0)] = pemCertificates(pem);
			const parsed = parseCertificate(der);
			if (!parsed.ok) throw new Error(`${parsed.message}: ${pem}`);
			expect(parsed.certificate.selfSigned, parsed.certificate.subject.text).toBe(true);
			expect(
				publicRoots()
					.bySubject(parsed.certificate.subject.key)
					.map((root) => root.sha256),
			).toContain(parsed.certificate.sha256);
			expect(parsed.certificate.key.bits, parsed.certificate.subject.text).toBeGreaterThan(255);
		}
	});

	it("are indexed once, quickly, and keep the user's apart", () => {
		const start = performance.now();
		const roots = publicRoots();
		expect(performance.now() - start).toBeLessThan(200);
		expect(roots.size).toBeGreaterThan(80);
		expect(publicRoots()).toBe(roots);
		expect(publicRootsAnd([root.pem]).size).toBe(roots.size + 1);
		expect(judgeChain({ chain: [leaf.der, intermediate.der], roots, now }).reason).toBe("incomplete");
		expect(judgeChain({ chain: [leaf.der, intermediate.der], roots: publicRootsAnd([root.pem]), now }).reason).toBeNull();
	});
});
