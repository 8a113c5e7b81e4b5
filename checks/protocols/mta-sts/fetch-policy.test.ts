import { mkdtemp, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { NetworkConfig } from "../../../model/config.ts";
import { createConnector } from "../../network/create-connector.ts";
import { createResolver } from "../../network/create-resolver.ts";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { fetchMtaStsPolicy } from "./fetch-policy.ts";
import { fetchMtaStsRaw } from "./fetch-raw.ts";
import { judgeMtaStsFetch } from "./judge-fetch.ts";
import {
	http,
	type Identity,
	identity,
	labNetwork,
	labNow,
	labRoot,
	type PolicyHost,
	policyText,
	selfSigned,
	startPolicyHost,
	startTcpHost,
} from "./testing/policy-lab.ts";

const goodZone: Zone = { "_mta-sts.good.loc": { TXT: ["v=STSv1; id=1"] }, "mta-sts.good.loc": { A: ["192.0.2.1"] } };
const goodIdentity = identity("mta-sts.good.loc");
const open: PolicyHost[] = [];

afterEach(async () => {
	for (const host of open.splice(0)) await host.close();
});

it("takes the part of a network configuration that a caller writes, and the defaults for the rest", async () => {
	const host = await startPolicyHost(goodIdentity, (socket) => void socket.end(http(200, policyText)));
	open.push(host);
	const caFile = join(await mkdtemp(join(tmpdir(), "partial-")), "ca.pem");
	await writeFile(caFile, labRoot.pem);
	const network = { connect: { "192.0.2.1:443": `127.0.0.1:${host.port}` }, allowPrivate: true, caFile };
	expect(await fetchMtaStsPolicy({ domain: "good.loc", resolver: zoneResolver(goodZone), network, now: labNow })).toMatchObject({
		status: "ok",
		httpStatus: 200,
	});
	const resolver = createResolver({ resolvers: ["127.0.0.1:1"], timeoutMs: { dns: 100 } });
	expect(await resolver.resolve("example.org", "A")).toMatchObject({ status: "error" });
	await resolver.close();
});

function fetchWith(network: NetworkConfig, zone: Zone = goodZone, now = labNow) {
	return fetchMtaStsPolicy({ domain: "good.loc", resolver: zoneResolver(zone), connector: createConnector(network, [labRoot.pem]), now });
}

/** Starts a host behind 192.0.2.1 and fetches from it. */
async function served(answer: (socket: TLSSocket, connection: number) => void, options: { who?: Identity; timeoutMs?: number; now?: Date } = {}) {
	const host = await startPolicyHost(options.who ?? goodIdentity, answer);
	open.push(host);
	const result = await fetchWith(labNetwork({ "192.0.2.1:443": host.port }, options.timeoutMs), goodZone, options.now);
	return { host, result };
}

const good = (socket: TLSSocket) => void socket.end(http(200, policyText));

describe("fetchMtaStsPolicy", () => {
	it("fetches a valid policy with SNI, one request and no cache", async () => {
		const { host, result } = await served(good);
		expect(result).toMatchObject({
			status: "ok",
			httpStatus: 200,
			contentType: "text/plain",
			policy: { mode: "enforce", maxAgeSeconds: 1_209_600, mx: ["mail.good.loc"] },
			chain: { reason: null, trusted: true },
		});
		expect(result).not.toHaveProperty("reason");
		expect(host.names).toEqual(["mta-sts.good.loc"]);
		expect(host.requests).toHaveLength(1);
		expect(host.requests[0]).toMatch(/^GET \/\.well-known\/mta-sts\.txt HTTP\/1\.1\r\nHost: mta-sts\.good\.loc\r\n/);
		expect(host.requests[0]).toMatch(/Cache-Control: no-cache/);
		expect(host.requests[0]).not.toMatch(/If-None-Match|If-Modified-Since/i);
	});

	it.each([301, 302, 303, 307, 308, 201, 204, 206, 304, 404, 410])("status %i is no policy and is not followed", async (status) => {
		const { host, result } = await served(
			(socket) => void socket.end(http(status, status === 204 || status === 304 ? "" : policyText, { Location: "https://mta-sts.good.loc/other" })),
		);
		expect(result).toMatchObject({ status: "invalid", reason: "http_status", httpStatus: status });
		expect(result).not.toHaveProperty("policy");
		expect(host.connections).toBe(1);
	});

	it("asks again once after a 5xx, and no more", async () => {
		const twice = await served((socket) => void socket.end(http(503, policyText)));
		expect(twice.result).toMatchObject({ status: "invalid", reason: "http_status", httpStatus: 503 });
		expect(twice.host.connections).toBe(2);
		const recovered = await served((socket, connection) => void socket.end(connection === 1 ? http(500, "") : http(200, policyText)));
		expect(recovered.result).toMatchObject({ status: "ok", httpStatus: 200 });
	});

	it("keeps the 5xx when the second try only fails to connect", async () => {
		const { result } = await served((socket, connection) => void (connection === 1 ? socket.end(http(500, "")) : socket.destroy()));
		expect(result).toMatchObject({ status: "invalid", reason: "http_status", httpStatus: 500 });
	});

	it("reads the policy whatever its media type, and says which it is", async () => {
		const { result } = await served((socket) => void socket.end(http(200, policyText, { "Content-Type": "text/html; charset=utf-8" })));
		expect(result).toMatchObject({ status: "ok", contentType: "text/html; charset=utf-8", policy: { mode: "enforce" } });
	});

	it("stops at 64 KiB, announced, chunked or endless", async () => {
		const filler = `${policyText}x: ${"a".repeat(65_537 - policyText.length - 3)}`;
		expect(Buffer.byteLength(filler)).toBe(65_537);
		const plain = await served((socket) => void socket.end(http(200, filler)));
		expect(plain.result).toMatchObject({ status: "invalid", reason: "too_large", httpStatus: 200 });
		const exact = await served((socket) => void socket.end(http(200, filler.slice(0, -1))));
		expect(exact.result).toMatchObject({ status: "ok" });
		let closed = false;
		const chunked = await served((socket) => {
			socket.on("close", () => {
				closed = true;
			});
			socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			const part = `4000\r\n${"a".repeat(0x4000)}\r\n`;
			const more = (): void => {
				if (!socket.destroyed) socket.write(part, more);
			};
			more();
		});
		expect(chunked.result).toMatchObject({ status: "invalid", reason: "too_large" });
		await expect.poll(() => closed).toBe(true);
	});

	it("reads a chunked policy, and one that ends with the connection", async () => {
		const half = policyText.length / 2;
		const chunked = await served((socket) => {
			const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
			socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(policyText.slice(0, half))}${chunk(policyText.slice(half))}0\r\n\r\n`);
		});
		expect(chunked.result.status).toBe("ok");
		const unsized = await served((socket) => void socket.end(`HTTP/1.1 200 OK\r\n\r\n${policyText}`));
		expect(unsized.result.status).toBe("ok");
		const informed = await served((socket) => void socket.end(Buffer.concat([Buffer.from("HTTP/1.1 103 Early Hints\r\n\r\n"), http(200, policyText)])));
		expect(informed.result.status).toBe("ok");
	});

	it.each([
		["expired", identity("mta-sts.good.loc", { notAfter: "2026-05-31T23:59:59Z" }), "certificate_expired"],
		["not valid yet", identity("mta-sts.good.loc", { notBefore: "2026-06-01T00:00:01Z" }), "certificate_not_yet_valid"],
		["self-signed", selfSigned("mta-sts.good.loc"), "certificate_self_signed"],
		["for another name", identity("good.loc"), "certificate_wrong_name"],
		["without its intermediate", identity("mta-sts.good.loc", { omitIntermediate: true }), "certificate_incomplete"],
	])("a certificate that is %s makes the policy invalid, with its own reason", async (_, who, reason) => {
		const { result } = await served(good, { who });
		expect(result).toMatchObject({ status: "invalid", reason, httpStatus: 200 });
		expect(result).not.toHaveProperty("policy");
	});

	it("does not trust a private root it was not given", async () => {
		const host = await startPolicyHost(goodIdentity, good);
		open.push(host);
		const network = labNetwork({ "192.0.2.1:443": host.port });
		expect(await fetchMtaStsPolicy({ domain: "good.loc", resolver: zoneResolver(goodZone), network, now: labNow })).toMatchObject({
			status: "invalid",
			reason: "certificate_incomplete",
		});
	});

	it("judges at the injected clock, never at the machine's", async () => {
		expect((await served(good, { now: new Date("2026-12-31T23:59:59Z") })).result.status).toBe("ok");
		expect((await served(good, { now: new Date("2027-01-01T00:00:00Z") })).result).toMatchObject({ status: "invalid", reason: "certificate_expired" });
		const old = identity("mta-sts.good.loc", { notBefore: "2001-01-01T00:00:00Z", notAfter: "2001-12-31T00:00:00Z" });
		expect((await served(good, { who: old, now: new Date("2001-06-01T00:00:00Z") })).result).toMatchObject({
			status: "invalid",
			reason: "certificate_not_yet_valid",
		});
	});

	it("sees the chain as it was served: out of order is noted and stops nobody", async () => {
		const { result } = await served(good, { who: identity("mta-sts.good.loc", { reversed: true }) });
		expect(result).toMatchObject({ status: "ok", chain: { inOrder: false, path: [0, 2, 1], reason: "out_of_order" } });
	});

	it.each([
		["no record", {}, "no_record"],
		["records of other kinds only", { "_mta-sts.good.loc": { TXT: ["v=spf1 -all"] } }, "no_record"],
		["two records", { "_mta-sts.good.loc": { TXT: ["v=STSv1; id=1", "v=STSv1; id=2"] } }, "no_record"],
		["an alias loop at the record", { "_mta-sts.good.loc": { CNAME: ["_mta-sts.good.loc"] } }, "cname_loop"],
		["no policy host", { "_mta-sts.good.loc": { TXT: ["v=STSv1; id=1"] } }, "host_not_found"],
		["a policy host without addresses", { ...goodZone, "mta-sts.good.loc": { TXT: ["x"] } }, "host_not_found"],
		["an alias loop at the host", { ...goodZone, "mta-sts.good.loc": { CNAME: ["mta-sts.good.loc"] } }, "cname_loop"],
		["a parent's record alone", { "_mta-sts.loc": { TXT: ["v=STSv1; id=1"] }, "mta-sts.loc": { A: ["192.0.2.1"] } }, "no_record"],
	] as [string, Zone, string][])("%s: invalid", async (_, zone, reason) => {
		expect(await fetchWith(labNetwork({}), zone)).toMatchObject({ status: "invalid", reason });
	});

	it.each([
		["SERVFAIL for the record", { "_mta-sts.good.loc": "SERVFAIL" }, "servfail"],
		["silence for the record", { "_mta-sts.good.loc": "TIMEOUT" }, "timeout"],
		["SERVFAIL for the host", { ...goodZone, "mta-sts.good.loc": "SERVFAIL" }, "servfail"],
		["no A, silence for AAAA", { ...goodZone, "mta-sts.good.loc": { AAAA: "TIMEOUT" } }, "timeout"],
		["an address that is not mapped", goodZone, "not_mapped"],
	] as [string, Zone, string][])("%s: error, never absent", async (_, zone, code) => {
		expect(await fetchWith(labNetwork({}), zone)).toMatchObject({ status: "error", code });
	});

	it("needs one family of addresses only, and follows aliases at both names", async () => {
		const host = await startPolicyHost(goodIdentity, good);
		open.push(host);
		const network = labNetwork({ "192.0.2.1:443": host.port, "[2001:db8::1]:443": host.port });
		expect(await fetchWith(network, { ...goodZone, "mta-sts.good.loc": { A: ["192.0.2.1"], AAAA: "SERVFAIL" } })).toMatchObject({ status: "ok" });
		expect(await fetchWith(network, { ...goodZone, "mta-sts.good.loc": { AAAA: ["2001:db8::1"] } })).toMatchObject({ status: "ok" });
		const aliased: Zone = {
			"_mta-sts.good.loc": { CNAME: ["record.provider.loc"] },
			"record.provider.loc": { TXT: [["v=STSv1;", " id=1"], "unrelated"] },
			"mta-sts.good.loc": { CNAME: ["host.provider.loc"] },
			"host.provider.loc": { A: ["192.0.2.1"] },
		};
		expect(await fetchWith(network, aliased)).toMatchObject({ status: "ok" });
	});

	it("tries the next address when one cannot be connected to, and only then", async () => {
		const host = await startPolicyHost(goodIdentity, good);
		const dead = await startTcpHost((socket) => socket.destroy());
		const failing = await startPolicyHost(goodIdentity, (socket) => void socket.end(http(404, "")));
		await dead.close();
		open.push(host, failing);
		const zone: Zone = { ...goodZone, "mta-sts.good.loc": { A: ["192.0.2.9", "192.0.2.1"] } };
		expect(await fetchWith(labNetwork({ "192.0.2.9:443": dead.port, "192.0.2.1:443": host.port }), zone)).toMatchObject({ status: "ok" });
		expect(await fetchWith(labNetwork({ "192.0.2.1:443": host.port }), zone)).toMatchObject({ status: "ok" });
		expect(await fetchWith(labNetwork({ "192.0.2.9:443": failing.port, "192.0.2.1:443": host.port }), zone)).toMatchObject({
			status: "invalid",
			httpStatus: 404,
		});
		expect(await fetchWith(labNetwork({ "192.0.2.9:443": dead.port, "192.0.2.1:443": dead.port }), zone)).toMatchObject({ status: "error", code: "refused" });
	});

	it("calls one octet a second, or headers without a body, a timeout", async () => {
		const start = performance.now();
		const drip = await served(
			(socket) => {
				socket.write("HTTP/1.1 200 OK\r\n\r\n");
				const timer = setInterval(() => socket.write("v"), 100);
				socket.on("close", () => clearInterval(timer));
			},
			{ timeoutMs: 600 },
		);
		expect(drip.result).toMatchObject({ status: "error", code: "timeout", httpStatus: 200 });
		const headers = await served((socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), { timeoutMs: 300 });
		expect(headers.result).toMatchObject({ status: "error", code: "timeout" });
		const silent = await served((socket) => void socket.pause(), { timeoutMs: 300 });
		expect(silent.result).toMatchObject({ status: "error", code: "timeout" });
		expect(silent.result).not.toHaveProperty("httpStatus");
		expect(performance.now() - start).toBeLessThan(4000);
	});

	it.each([
		["nothing at all", (socket: Socket) => void socket.pause(), "timeout"],
		["a banner in clear text", (socket: Socket) => void socket.write("220 mail.good.loc ESMTP\r\n"), "tls_alert"],
		["an alert", (socket: Socket) => void socket.once("data", () => void socket.end(Buffer.from("15030300020228", "hex"))), "tls_alert"],
		["the end of the connection", (socket: Socket) => void socket.once("data", () => void socket.destroy()), "reset"],
	] as [string, (socket: Socket) => void, string][])("a host that answers the handshake with %s could not be looked at", async (_, handle, code) => {
		const host = await startTcpHost(handle);
		open.push(host);
		expect(await fetchWith(labNetwork({ "192.0.2.1:443": host.port }, 400))).toMatchObject({ status: "error", code });
	});

	it.each([
		["no HTTP", "hello\r\n\r\n", "protocol_error"],
		["a header that never ends", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(40_000)}`, "too_large"],
		["a cut body", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nversion: STSv1\n", "reset"],
		["a cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nversion: STSv1\n", "reset"],
		["two lengths", `HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n${policyText}`, "protocol_error"],
	])("an answer with %s is an error", async (_, octets, code) => {
		const { result } = await served((socket) => void socket.end(octets));
		expect(result).toMatchObject({ status: "error", code });
	});

	it("calls a switch of protocols what it is: not 200", async () => {
		const { result } = await served((socket) => void socket.end("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"));
		expect(result).toMatchObject({ status: "invalid", httpStatus: 101 });
	});

	it.each([
		["markup", "<html></html>"],
		["an empty body", ""],
		["gzip", Buffer.from("1f8b0800", "hex")],
		["no mx in enforce", "version: STSv1\nmode: enforce\nmax_age: 1\n"],
	])("a body with %s is a syntax fault", async (_, body) => {
		const { result } = await served((socket) => void socket.end(http(200, body)));
		expect(result).toMatchObject({ status: "invalid", reason: "syntax", detail: expect.any(String) });
	});

	it("stops at once when the run is stopped", async () => {
		const host = await startPolicyHost(goodIdentity, (socket) => void socket.pause());
		open.push(host);
		const stop = new AbortController();
		setTimeout(() => stop.abort(), 150);
		const start = performance.now();
		const connector = createConnector(labNetwork({ "192.0.2.1:443": host.port }), [labRoot.pem]);
		const result = await fetchMtaStsPolicy({ domain: "good.loc", resolver: zoneResolver(goodZone), connector, now: labNow, signal: stop.signal });
		expect(result).toMatchObject({ status: "error", code: "interrupted" });
		expect(performance.now() - start).toBeLessThan(2000);
	});

	it("reads network.caFile, and says so when it cannot", async () => {
		const host = await startPolicyHost(goodIdentity, good);
		open.push(host);
		const folder = await mkdtemp(join(tmpdir(), "mta-sts-"));
		const caFile = join(folder, "ca.pem");
		await writeFile(caFile, labRoot.pem);
		const network = { ...labNetwork({ "192.0.2.1:443": host.port }), caFile };
		const options = { domain: "good.loc", resolver: zoneResolver(goodZone), now: labNow };
		expect(await fetchMtaStsPolicy({ ...options, network })).toMatchObject({ status: "ok" });
		await expect(fetchMtaStsPolicy({ ...options, network: { ...network, caFile: join(folder, "none.pem") } })).rejects.toThrow(/network\.caFile.*ENOENT/);
	});

	it("judges the same from stored facts, at any later clock", async () => {
		const host = await startPolicyHost(goodIdentity, good);
		open.push(host);
		const connector = createConnector(labNetwork({ "192.0.2.1:443": host.port }), []);
		const raw = await fetchMtaStsRaw("good.loc", { resolver: zoneResolver(goodZone), connector, signal: new AbortController().signal });
		const stored = JSON.parse(JSON.stringify(raw)) as typeof raw;
		expect(judgeMtaStsFetch(stored, { roots: [labRoot.der], now: labNow })).toMatchObject({ status: "ok" });
		expect(judgeMtaStsFetch(stored, { roots: [], now: labNow })).toMatchObject({ status: "invalid", reason: "certificate_incomplete" });
		expect(judgeMtaStsFetch(stored, { roots: [labRoot.der], now: new Date("2030-01-01T00:00:00Z") })).toMatchObject({ reason: "certificate_expired" });
		expect(judgeMtaStsFetch({ ...stored, chain: [] }, { roots: [labRoot.der], now: labNow })).toMatchObject({ status: "error", code: "malformed" });
		expect(judgeMtaStsFetch({ ...stored, body: null }, { roots: [labRoot.der], now: labNow })).toMatchObject({ status: "error", code: "malformed" });
	});
});
