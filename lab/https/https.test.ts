import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchHttps } from "../fixtures/clients.ts";
import { type Lab, startLab } from "../index.ts";

const path = "/.well-known/mta-sts.txt";
const policy = "version: STSv1\nmode: none\nmax_age: 0\n";
const hosts = {
	good: { policy },
	missing: {},
	error: { policy: { status: 503, times: 1, after: { body: policy } } },
	moved: { policy: { redirect: "https://elsewhere.example/" } },
	html: { policy: { contentType: "text/html; charset=utf-8", headers: { "X-Lab": "yes" }, body: "<script>alert(1)</script>" } },
	large: { policy: { body: policy, bytes: 70_000, chunked: true } },
	late: { policy: { body: policy, delayMs: 120 } },
	slow: { policy: { body: policy, bytesPerSecond: 10 } },
	bodyless: { policy: { body: policy, bodyless: true } },
	raw: { policy: { raw: "220 this is no HTTP\r\n" } },
	silent: { silent: true },
	refused: { refuse: true },
	alert: { tls: { fail: "alert" } },
	expired: { policy, tls: { certificate: "expired" } },
	"wrong-name": { policy, tls: { certificate: "wrong-name" } },
	"self-signed": { policy, tls: { certificate: "self-signed" } },
	incomplete: { policy, tls: { certificate: "incomplete-chain" } },
	untrusted: { policy, tls: { certificate: "untrusted-ca" } },
} as const;

let lab: Lab;
const port = (name: string): string => lab.network.connect[`192.0.2.${Object.keys(hosts).indexOf(name) + 1}:443`] ?? "";
const fetch = (name: keyof typeof hosts, timeoutMs?: number) => fetchHttps(port(name), `${name}.example`, path, lab.caPem, timeoutMs);

beforeAll(async () => {
	const names = Object.keys(hosts).map((name, index) => [`${name}.example`, { A: `192.0.2.${index + 1}` }] as const);
	lab = await startLab({
		dns: { names: Object.fromEntries(names) },
		https: Object.fromEntries(Object.entries(hosts).map(([name, host]) => [`${name}.example`, host])),
	});
});
afterAll(() => lab.close());

describe("policy hosts", () => {
	it("serve a policy as text/plain under a valid certificate, and 404 elsewhere", async () => {
		expect(await fetch("good")).toMatchObject({
			status: 200,
			body: policy,
			headers: { "content-type": "text/plain", "content-length": String(policy.length) },
		});
		expect(await fetch("missing")).toMatchObject({ status: 404 });
		expect(lab.stats.https[`good.example ${path}`]).toBe(1);
		expect(lab.stats.httpsConnections["192.0.2.1:443"]).toBe(1);
	});

	it("answer with any status, media type, header and redirect, and can recover", async () => {
		expect(await fetch("error")).toMatchObject({ status: 503 });
		expect(await fetch("error")).toMatchObject({ status: 200, body: policy });
		expect(await fetch("moved")).toMatchObject({ status: 301, headers: { location: "https://elsewhere.example/" } });
		expect(await fetch("html")).toMatchObject({ headers: { "content-type": "text/html; charset=utf-8", "x-lab": "yes" }, body: "<script>alert(1)</script>" });
	});

	it("send too much, in chunks", async () => {
		const answer = await fetch("large");
		expect(answer.headers).toMatchObject({ "transfer-encoding": "chunked" });
		expect(answer.body).toHaveLength(70_000);
		expect(answer.body.startsWith(policy)).toBe(true);
	});

	it("are late, slow, without a body or without HTTP", async () => {
		expect((await fetch("late", 60)).error?.code).toBe("TIMEOUT");
		expect(await fetch("late")).toMatchObject({ status: 200, body: policy });
		const slow = await fetch("slow", 350);
		expect([slow.status, slow.error?.code]).toEqual([200, "TIMEOUT"]);
		expect(slow.body.length).toBeLessThan(8);
		expect(await fetch("bodyless", 120)).toMatchObject({ status: 200, body: "", error: { code: "TIMEOUT" } });
		expect((await fetch("raw")).error?.code).toMatch(/^HPE_/);
		expect((await fetch("silent", 120)).error?.code).toBe("TIMEOUT");
		expect((await fetch("refused")).error?.code).toBe("ECONNREFUSED");
		expect((await fetch("alert")).error?.message).toContain("alert handshake failure");
	});

	it("show certificates that a client must refuse, each for its own reason", async () => {
		expect((await fetch("expired")).error?.code).toBe("CERT_HAS_EXPIRED");
		expect((await fetch("wrong-name")).error?.code).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
		expect((await fetch("self-signed")).error?.code).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
		expect((await fetch("incomplete")).error?.code).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
		expect((await fetch("untrusted")).error?.code).toBe("UNABLE_TO_GET_ISSUER_CERT_LOCALLY");
	});

	it("share an address and are told apart by SNI", async () => {
		const shared = await startLab({
			dns: { names: {} },
			https: { "one.example": { addresses: ["192.0.2.1"], policy: "one" }, "two.example": { addresses: ["192.0.2.1", "2001:DB8::1"], policy: "two" } },
		});
		const v4 = shared.network.connect["192.0.2.1:443"] ?? "";
		expect((await fetchHttps(v4, "one.example", path, shared.caPem)).body).toBe("one");
		expect((await fetchHttps(v4, "two.example", path, shared.caPem)).body).toBe("two");
		expect((await fetchHttps(shared.network.connect["[2001:db8::1]:443"] ?? "", "two.example", path, shared.caPem)).body).toBe("two");
		await shared.close();
	});
});
