import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeChain } from "./judge-chain.ts";
import { pemCertificates } from "./trust-roots.ts";

const folder = join(process.env.MAILWARD_SHARED ?? "../shared", "conformance/badssl-chains");
const present = existsSync(folder);
if (!present) console.log(`badssl chains skipped: ${folder} is missing (set MAILWARD_SHARED)`);

function chainOf(name: string): Uint8Array[] {
	return pemCertificates(readFileSync(join(folder, `${name}.pem`), "utf8"));
}

/** Roots are not in the folder: the last served certificate stands in as the anchor unless a case gives none. */
function judge(name: string, options: { hostname?: string; at?: string; anchored?: boolean } = {}) {
	const chain = chainOf(name);
	const last = chain.at(-1);
	const anchored = options.anchored ?? chain.length > 1;
	return judgeChain({
		chain,
		hostname: options.hostname ?? "badssl.com",
		roots: anchored && last !== undefined ? [last] : [],
		now: new Date(options.at ?? insideWindow(chain)),
	});
}

function insideWindow(chain: readonly Uint8Array[]): string {
	const [leaf] = judgeChain({ chain, roots: [], now: new Date(0) }).certificates;
	if (leaf === undefined || !leaf.ok) throw new Error("leaf cannot be read");
	return new Date(Date.parse(leaf.notBefore) + 86_400_000).toISOString();
}

describe.skipIf(!present)("chains that badssl.com served", () => {
	it("reads all 28 files", () => {
		const files = readdirSync(folder).filter((file) => file.endsWith(".pem"));
		expect(files).toHaveLength(28);
		for (const file of files) {
			const judged = judge(file.replace(/\.pem$/, ""));
			expect(
				judged.certificates.every((certificate) => certificate.ok),
				file,
			).toBe(true);
		}
		console.log(`badssl chains: ${files.length} of 28 read whole; each judged as named below`);
	});

	it("wildcard-expired: expired at any clock after 2015-04-12", () => {
		expect(judge("wildcard-expired", { at: "2015-04-12T23:59:59Z" }).reason).toBeNull();
		for (const at of ["2015-04-13T00:00:00Z", "2016-01-01T00:00:00Z", "2019-12-31T00:00:00Z", "2026-08-01T00:00:00Z"]) {
			expect(judge("wildcard-expired", { at }).reason, at).toBe("expired");
			expect(judge("wildcard-expired", { at, anchored: false }).reason, at).toBe("expired");
		}
	});

	it("wildcard-self-signed: self-signed", () => {
		expect(judge("wildcard-self-signed", { anchored: false })).toMatchObject({ reason: "self_signed", selfSignedLeaf: true, nameMatch: true });
	});

	it("wildcard-incomplete-chain: issuer missing", () => {
		expect(judge("wildcard-incomplete-chain")).toMatchObject({ reason: "incomplete", complete: false, nameMatch: true });
	});

	it("fallback: wrong name for every host, issuer missing", () => {
		for (const hostname of ["badssl.com", "expired.badssl.com", "a.b.badssl.com"]) {
			const judged = judge("fallback", { hostname });
			expect(judged.faults.map((fault) => fault.reason)).toEqual(["incomplete", "wrong_name"]);
		}
	});

	it.each(["superfish", "edellroot", "dsdtestprovider"])("subdomain-%s: private root, leaf only", (name) => {
		const judged = judge(`subdomain-${name}`, { hostname: `${name}.badssl.com` });
		expect(judged).toMatchObject({ trusted: false, anchor: null, complete: false, nameMatch: true, reason: "incomplete" });
	});

	it.each(["wildcard-sha1-2016", "wildcard-sha1-2017"])("%s: SHA-1 on the leaf", (name) => {
		const judged = judge(name);
		expect(judged.reason).toBe("weak_signature");
		expect(judged.certificates).toMatchObject([{ signature: { hash: "sha1" } }, { signature: { hash: "sha1" } }]);
	});

	it("wildcard-sha1-intermediate: SHA-256 leaf, SHA-1 intermediate", () => {
		const judged = judge("wildcard-sha1-intermediate", { anchored: false });
		expect(judged.certificates).toMatchObject([{ signature: { hash: "sha256" } }, { signature: { hash: "sha1" } }]);
		expect(judged.faults.map((fault) => [fault.reason, fault.depth])).toEqual([
			["incomplete", 1],
			["weak_signature", 1],
		]);
	});

	it.each(["no-common-name", "no-subject"])("subdomain-%s: fine, the name is in the SAN", (name) => {
		expect(judge(`subdomain-${name}`, { hostname: `${name}.badssl.com` })).toMatchObject({ reason: null, nameMatch: true, trusted: true });
	});

	it("subdomain-1000-sans: fine in bounded time", () => {
		const start = performance.now();
		const judged = judge("subdomain-1000-sans", { hostname: "1000-sans.badssl.com" });
		expect(performance.now() - start).toBeLessThan(500);
		expect(judged.reason).toBeNull();
		const [leaf] = judged.certificates;
		expect(leaf?.ok === true && leaf.dnsIds.length).toBe(1000);
	});

	it("subdomain-xn--n1aae7f7o: A-label and U-label both match", () => {
		for (const hostname of ["xn--n1aae7f7o.badssl.com", "ѕрооғ.badssl.com", "XN--N1AAE7F7O.badssl.com."]) {
			expect(judge("subdomain-xn--n1aae7f7o", { hostname }), hostname).toMatchObject({ reason: null, nameMatch: true });
		}
	});

	it.each(["revoked", "no-sct", "invalid-expected-sct", "preloaded-expect-ct", "extended-validation"])("subdomain-%s: chain and name fine", (name) => {
		const judged = judge(`subdomain-${name}`, { hostname: `${name}.badssl.com` });
		expect(judged).toMatchObject({ reason: null, trusted: true, inOrder: true });
	});

	it("subdomain-captive-portal: named for login.captive-portal alone", () => {
		expect(judge("subdomain-captive-portal", { hostname: "login.captive-portal.badssl.com" }).reason).toBeNull();
		expect(judge("subdomain-captive-portal", { hostname: "captive-portal.badssl.com" }).reason).toBe("wrong_name");
	});

	it.each([
		["ecc256", "ec", 256, "sha384"],
		["ecc384", "ec", 384, "sha384"],
		["rsa2048", "rsa", 2048, "sha256"],
		["rsa4096", "rsa", 4096, "sha256"],
		["rsa8192", "rsa", 8192, "sha256"],
		["sha384", "rsa", 2048, "sha384"],
		["sha512", "rsa", 2048, "sha512"],
		["preloaded-expect-ct", "rsa", 2048, "sha256"],
	])("wildcard-%s: fine, %s %i, %s, one label", (name, type, bits, hash) => {
		const judged = judge(`wildcard-${name}`, { hostname: "one.badssl.com" });
		expect(judged).toMatchObject({ reason: null, trusted: true, matchedName: "*.badssl.com" });
		expect(judged.certificates[0]).toMatchObject({ key: { type, bits }, signature: { hash } });
		expect(judge(`wildcard-${name}`, { hostname: "a.one.badssl.com" }).reason).toBe("wrong_name");
		expect(judge(`wildcard-${name}`, { hostname: "badssl.com" }).nameMatch).toBe(true);
	});
});
