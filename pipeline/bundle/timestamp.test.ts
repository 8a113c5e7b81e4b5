import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseTimestamp, requestTimestamp, verifyTimestamp } from "./timestamp.ts";
import { TimestampError } from "./timestamp-error.ts";

/** A time stamp authority of OpenSSL behind an HTTP server on this machine: another implementation than the one under test. */
const data = Buffer.from("manifest\n");
const hash = createHash("sha256").update(data).digest();
let dir: string;
let server: Server;
let url: string;
let faulty: ((query: Buffer, answer: (status: number, body: Buffer) => void) => void) | null = null;

const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: dir, stdio: ["ignore", "pipe", "ignore"] });

async function stampFor(query: Buffer): Promise<Buffer> {
	await writeFile(join(dir, "query.tsq"), query);
	openssl("ts", "-reply", "-queryfile", "query.tsq", "-config", "tsa.cnf", "-section", "tsa", "-out", "reply.tsr");
	return readFile(join(dir, "reply.tsr"));
}

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "mailward-tsa-"));
	await writeFile(
		join(dir, "tsa.cnf"),
		`[tsa]
serial = tsa.serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = dn
[dn]
`,
	);
	await writeFile(join(dir, "tsa.serial"), "01\n");
	for (const name of ["ca", "other"]) {
		openssl(
			"req",
			"-x509",
			"-newkey",
			"rsa:2048",
			"-nodes",
			"-keyout",
			`${name}.key`,
			"-out",
			`${name}.pem`,
			"-days",
			"30",
			"-subj",
			`/CN=${name}`,
			"-config",
			"tsa.cnf",
			"-extensions",
			"ca",
		);
	}
	openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Example TSA", "-config", "tsa.cnf");
	openssl(
		"x509",
		"-req",
		"-in",
		"tsa.csr",
		"-CA",
		"ca.pem",
		"-CAkey",
		"ca.key",
		"-CAcreateserial",
		"-days",
		"30",
		"-out",
		"tsa.pem",
		"-extfile",
		"tsa.cnf",
		"-extensions",
		"ext",
	);
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const query = Buffer.concat(chunks);
			const answer = (status: number, body: Buffer): void => void response.writeHead(status, { "content-type": "application/timestamp-reply" }).end(body);
			if (faulty !== null) faulty(query, answer);
			else void stampFor(query).then((body) => answer(200, body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await rm(dir, { recursive: true, force: true });
});

describe("time stamps by RFC 3161", () => {
	it("are had from an authority, and both we and openssl accept them", async () => {
		const stamp = await requestTimestamp(url, hash);
		expect(parseTimestamp(stamp).sha256).toEqual(hash);
		expect(await verifyTimestamp(stamp, data, await readFile(join(dir, "ca.pem"), "latin1"))).toBe(true);
		await writeFile(join(dir, "manifest.json"), data);
		await writeFile(join(dir, "manifest.tsr"), stamp);
		expect(openssl("ts", "-verify", "-data", "manifest.json", "-in", "manifest.tsr", "-CAfile", "ca.pem").toString()).toContain("OK");
	});

	it("are not accepted for other data, from a stranger, or without certificates", async () => {
		const stamp = await requestTimestamp(url, hash);
		expect(await verifyTimestamp(stamp, Buffer.from("other"), await readFile(join(dir, "ca.pem"), "latin1"))).toBe(false);
		expect(await verifyTimestamp(stamp, data, await readFile(join(dir, "other.pem"), "latin1"))).toBe(false);
		expect(await verifyTimestamp(stamp, data, "")).toBe(false);
	});

	it("are refused where the authority answers with anything else, each with a reason", async () => {
		const other = createHash("sha256").update("other").digest();
		const cases: [NonNullable<typeof faulty>, RegExp][] = [
			[(_query, answer) => answer(503, Buffer.alloc(0)), /HTTP status 503/],
			[(_query, answer) => answer(200, Buffer.from("<html>")), /malformed/],
			[(_query, answer) => answer(200, Buffer.alloc(0)), /malformed/],
			[(_query, answer) => answer(200, Buffer.alloc(2 * 1024 * 1024)), /more than 1048576 bytes/],
			[(_query, answer) => answer(200, Buffer.from("30053003020102", "hex")), /refused \(status 2\)/],
			[
				(query, answer) =>
					void stampFor(Buffer.from(query.toString("hex").replace(hash.toString("hex"), other.toString("hex")), "hex")).then((body) => answer(200, body)),
				/another hash/,
			],
		];
		for (const [fault, message] of cases) {
			faulty = fault;
			await expect(requestTimestamp(url, hash)).rejects.toThrow(message);
		}
		const stored = await (async () => {
			faulty = null;
			return requestTimestamp(url, hash);
		})();
		faulty = (_query, answer) => answer(200, stored);
		await expect(requestTimestamp(url, hash)).rejects.toThrow(/another request than ours/);
		faulty = null;
	});

	it("are not waited for where nobody listens, and stop with the run", async () => {
		await expect(requestTimestamp("http://127.0.0.1:1/", hash)).rejects.toThrow(TimestampError);
		faulty = () => undefined;
		const abort = new AbortController();
		const asked = requestTimestamp(url, hash, abort.signal);
		abort.abort();
		await expect(asked).rejects.toThrow(/abort/i);
		faulty = null;
	});

	it("are a value or a TimestampError, whatever the octets", async () => {
		const stamp = await requestTimestamp(url, hash);
		const outcome = (octets: Uint8Array): void => {
			try {
				parseTimestamp(octets);
			} catch (error) {
				expect(error).toBeInstanceOf(TimestampError);
			}
		};
		fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), outcome), { numRuns: 300 });
		fc.assert(
			fc.property(fc.nat(stamp.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
				const changed = Buffer.from(stamp);
				changed[at] = (changed[at] ?? 0) ^ flip;
				outcome(changed);
			}),
			{ numRuns: 300 },
		);
	});
});
