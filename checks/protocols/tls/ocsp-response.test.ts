import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IssuedCertificate, issueCertificate } from "../certificate/testing/issue-certificate.ts";
import { judgeOcsp } from "./index.ts";

const now = new Date();
const window = { notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-12-31T00:00:00Z" };
const folder = mkdtempSync(join(tmpdir(), "ocsp-"));
let issuer: IssuedCertificate;
let stranger: IssuedCertificate;
let leaf: IssuedCertificate;
let delegate: IssuedCertificate;
let openssl = true;

beforeAll(() => {
	issuer = issueCertificate({ subject: "CA", ca: true, ...window });
	stranger = issueCertificate({ subject: "CA", ca: true, ...window });
	leaf = issueCertificate({ subject: "mx", issuer, ...window });
	delegate = issueCertificate({ subject: "responder", issuer, extendedKeyUsage: ["1.3.6.1.5.5.7.3.9"], ...window });
	try {
		execFileSync("openssl", ["version"], { stdio: "ignore" });
	} catch (error) {
		openssl = false;
		console.log(`skipped: openssl cannot be run (${String(error)})`);
	}
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** OpenSSL's own responder answers about a certificate. */
function answer(status: "V" | "R", about: IssuedCertificate, signer: IssuedCertificate, days = 2): Buffer {
	const file = (name: string, content: string): string => {
		writeFileSync(join(folder, name), content);
		return join(folder, name);
	};
	const serial = execFileSync("openssl", ["x509", "-noout", "-serial", "-in", file("about.pem", about.pem)], { encoding: "utf8" })
		.trim()
		.slice(7);
	const index = file("index.txt", `${status}\t361231000000Z\t${status === "R" ? "261001000000Z" : ""}\t${serial}\tunknown\t/CN=mx\n`);
	const ca = file("ca.pem", issuer.pem);
	const request = join(folder, "request.der");
	const response = join(folder, "response.der");
	execFileSync("openssl", ["ocsp", "-issuer", ca, "-cert", join(folder, "about.pem"), "-no_nonce", "-reqout", request], { stdio: "ignore" });
	const args = ["ocsp", "-index", index, "-CA", ca, "-rsigner", file("signer.pem", signer.pem), "-rkey", file("signer.key", signer.keyPem)];
	execFileSync("openssl", [...args, "-reqin", request, "-respout", response, "-ndays", String(days), "-rmd", "sha256"], { stdio: "ignore" });
	return readFileSync(response);
}

describe("a stapled OCSP answer", () => {
	const judge = (response: Uint8Array, at = now) => judgeOcsp({ response, leaf: leaf.der, issuer: issuer.der, now: at });

	it("says good or revoked, signed by the issuer or by whom it named", () => {
		if (!openssl) return;
		expect(judge(answer("V", leaf, issuer))).toMatchObject({ usable: true, status: "good", revokedAt: null });
		expect(judge(answer("R", leaf, issuer))).toMatchObject({ usable: true, status: "revoked", revokedAt: "2026-10-01T00:00:00.000Z" });
		expect(judge(answer("V", leaf, delegate))).toMatchObject({ usable: true, status: "good" });
	});

	it("proves nothing when a stranger signed it, when it is about another certificate, out of time or changed", () => {
		if (!openssl) return;
		expect(judge(answer("V", leaf, stranger))).toMatchObject({ usable: false, why: expect.stringContaining("signed") });
		const other = issueCertificate({ subject: "other", issuer, ...window });
		expect(judge(answer("V", other, issuer))).toMatchObject({ usable: false, why: expect.stringContaining("another") });
		const good = answer("V", leaf, issuer);
		expect(judge(good, new Date(now.getTime() + 10 * 86_400_000))).toMatchObject({ usable: false, why: expect.stringContaining("until") });
		expect(judge(good, new Date(now.getTime() - 86_400_000))).toMatchObject({ usable: false, why: expect.stringContaining("future") });
		// A revoked answer with one octet changed to say good, and any other change.
		for (let at = 0; at < good.length; at += 7) {
			const changed = Buffer.from(good);
			changed[at] = (changed[at] ?? 0) ^ 1;
			const judged = judge(changed);
			if (judged.usable) expect(judged.status, `octet ${at}`).toBe("good");
		}
		const plain = issueCertificate({ subject: "responder", issuer, ...window });
		expect(judge(answer("V", leaf, plain))).toMatchObject({ usable: false });
	});

	it("is a value for any octets", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => void expect(judge(octets).usable).toBe(false)));
		expect(judge(Buffer.from("30030a0106", "hex"))).toEqual({ usable: false, why: "the responder answered with status 6" });
		expect(judge(Buffer.alloc(70_000))).toMatchObject({ usable: false });
	});
});
