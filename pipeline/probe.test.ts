import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, type LabWorld, startLab } from "../lab/index.ts";
import { configSchema } from "../model/config.ts";
import type { Evidence } from "../model/evidence.ts";
import { parseProbeHost, probe, probeText, unseen } from "./probe.ts";
import { probeSchema } from "./probe-file.ts";
import { address, clock, domain, probeWith, requestOf, type TwoNetworks, twoNetworks } from "./probe-lab.test-support.ts";

let two: TwoNetworks;
const labs: Lab[] = [];
beforeAll(async () => {
	two = await twoNetworks();
}, 60_000);
afterAll(async () => {
	await Promise.all(labs.map((lab) => lab.close()));
	await two.close();
});

async function probed(world: LabWorld, hosts: string[]): Promise<Awaited<ReturnType<typeof probeWith>>> {
	const lab = await startLab(world, { certificates: two.there.certificates, now: clock });
	labs.push(lab);
	return probeWith(lab, join(two.dir, "ca.pem"), hosts);
}

describe("a HOST", () => {
	it.each([
		["Example.ORG.", { type: "name", name: "example.org" }],
		["bücher.example", { type: "name", name: "xn--bcher-kva.example" }],
		["mx.example|192.0.2.1", { type: "address", host: "mx.example", address: "192.0.2.1", port: undefined }],
		["mx.example|2001:DB8::0:1|2525", { type: "address", host: "mx.example", address: "2001:db8::1", port: 2525 }],
		["mx.example|[2001:db8::1]", { type: "address", host: "mx.example", address: "2001:db8::1", port: undefined }],
	])("%s", (text, expected) => {
		expect(parseProbeHost(text)).toEqual(expected);
	});

	it.each([
		"",
		".",
		"192.0.2.1",
		"0x7f.1",
		"2001:db8::1",
		"mx.example|",
		"mx.example|fe80::1%eth0",
		"mx.example|192.0.2.1|0",
		"mx.example|192.0.2.1|25|x",
		"a..b",
		"-a.example",
		"a b",
		"a\u0000b",
		"x".repeat(254),
	])("%j is none", (text) => {
		expect(parseProbeHost(text)).toBeUndefined();
	});

	it("is read from any text without a throw", () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.string({ unit: "binary" }),
					fc.tuple(fc.domain(), fc.ipV6()).map(([host, ip]) => `${host}|${ip}`),
				),
				(text) => {
					const host = parseProbeHost(text);
					if (host?.type === "name") expect(parseProbeHost(host.name)).toEqual(host);
				},
			),
		);
	});
});

describe("a probe", () => {
	it("holds what was seen, hash by hash, and nothing that was configured", () => {
		const items = two.document.evidence.map(({ line }) => JSON.parse(line) as Evidence);
		expect([...new Set(items.map((item) => item.kind))].sort()).toEqual([
			"dns.a",
			"dns.aaaa",
			"dns.mx",
			"smtp.active",
			"smtp.starttls",
			"tls.offers",
			"tls.session",
		]);
		expect(probeSchema.parse(two.document)).toEqual(two.document);
		expect(two.document).toMatchObject({ vantage: { address: "198.51.100.7", reverseName: null }, startedAt: clock.toISOString(), interrupted: false });
		expect(unseen(two.document)).toEqual([]);
	});

	it("of the same world is the same octets, signed or not", async () => {
		const again = await probeWith(two.there, join(two.dir, "ca.pem"));
		expect(probeText(again, undefined)).toBe(probeText(two.document, undefined));
		expect(probeText(two.document, two.key)).toBe(probeText(structuredClone(two.document), two.key));
	});

	it("looks at an address once, however often it is named, and at no more connections than a scan", async () => {
		const before = two.there.stats.smtp["192.0.2.10:25"]?.connections ?? 0;
		const document = await probeWith(two.there, join(two.dir, "ca.pem"), [domain, domain, "mx1.clinic.example", address]);
		expect((two.there.stats.smtp["192.0.2.10:25"]?.connections ?? 0) - before).toBeLessThanOrEqual(3);
		expect(document.targets).toHaveLength(4);
		expect(document.evidence.filter(({ line }) => line.includes('"kind":"smtp.starttls"'))).toHaveLength(1);
	});

	it("names what it found no way to", async () => {
		const world: LabWorld = {
			dns: {
				names: { "null.example": { MX: ["0 ."] }, "gone.example": { MX: ["10 nowhere.example"] }, "broken.example": { MX: ["10 mx.broken.example"] } },
				faults: { "broken.example": { kind: "servfail" } },
			},
		};
		const document = await probed(world, ["null.example", "gone.example", "broken.example", "none.example"]);
		expect(document.targets.map(({ asked, fault, addresses }) => [asked, fault, addresses])).toEqual([
			["null.example", "the domain says that it takes no mail (null MX)", []],
			["gone.example", "no address was found", []],
			["broken.example", "MX broken.example: servfail", []],
			["none.example", "no address was found", []],
		]);
		expect(unseen(document)).toHaveLength(4);
	});

	it("of hostile names is still one that can be read", async () => {
		const long = `${"x".repeat(63)}.${"y".repeat(63)}.${"z".repeat(63)}.hostile.example`;
		const world: LabWorld = {
			dns: { names: { "hostile.example": { MX: ["10 a|b.hostile.example", `20 ${long}`] }, "*.hostile.example": { A: "192.0.2.10" } } },
			smtp: { "192.0.2.10": { host: "mx1.hostile.example" } },
		};
		const document = await probed(world, ["hostile.example"]);
		expect(document.targets[0]?.addresses).toEqual(["a|b.hostile.example|192.0.2.10|25", `${long}|192.0.2.10|25`]);
		expect(probeSchema.safeParse(document).success).toBe(true);
	});

	it("that is stopped keeps what it has and says so", async () => {
		const config = configSchema.parse({ version: 1, network: two.there.network });
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		const abort = new AbortController();
		abort.abort();
		const document = await probe({
			config,
			request: requestOf(config),
			hosts: [domain, address],
			concurrency: 1,
			now: () => clock,
			signal: abort.signal,
			progress: () => undefined,
			log,
		});
		expect(document.interrupted).toBe(true);
		expect(probeSchema.safeParse(document).success).toBe(true);
		expect(unseen(document).length).toBeGreaterThan(0);
	});
});
