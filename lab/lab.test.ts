import { createPublicKey } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, askTcp, dnsPacket, encodeQuestion, fetchHttps, SmtpClient, startTls, texts } from "./fixtures/clients.ts";
import { type Lab, type LabWorld, loadClinics, patchWorld, startLab } from "./index.ts";

let world: LabWorld;
let lab: Lab;
let server = "";
beforeAll(async () => {
	const start = performance.now();
	world = await loadClinics();
	const loaded = performance.now();
	lab = await startLab(world);
	const started = performance.now();
	console.log(
		`clinics.yaml: read in ${(loaded - start).toFixed(0)} ms, ${Object.keys(lab.network.connect).length} endpoints started in ${(started - loaded).toFixed(0)} ms`,
	);
	expect(started - start).toBeLessThan(1000);
	server = lab.network.resolvers[0] ?? "";
});
afterAll(() => lab.close());

/** Over TCP, so that nothing is cut. */
async function txt(name: string): Promise<string[]> {
	const message = await askTcp(server, encodeQuestion(name, "TXT"));
	if (!Buffer.isBuffer(message)) throw new Error(`no answer for ${name}`);
	return texts(dnsPacket.decode(message)).map((parts) => parts.join(""));
}

async function mailServers(domain: string): Promise<{ host: string; address: string; target: string }[]> {
	const found: { host: string; address: string; target: string }[] = [];
	for (const record of (await ask(server, domain, "MX")).answers) {
		const host = (record.data as { exchange: string }).exchange;
		const v4 = (await ask(server, host, "A")).answers.map((answer) => String(answer.data));
		const v6 = (await ask(server, host, "AAAA")).answers.map((answer) => `[${String(answer.data)}]`);
		for (const address of [...v4, ...v6]) found.push({ host, address, target: lab.network.connect[`${address}:25`] ?? "" });
	}
	return found;
}

async function session(target: string, host: string): Promise<{ client: SmtpClient; tls: TLSSocket }> {
	const { client, tls } = await startTls(target, { ca: lab.caPem, servername: host, rejectUnauthorized: true });
	if (tls instanceof Error) throw tls;
	return { client, tls };
}

function dkimBits(record: string): number {
	const p = /p=([^;]+)/.exec(record)?.[1] ?? "";
	return createPublicKey({ key: Buffer.from(p, "base64"), type: "spki", format: "der" }).asymmetricKeyDetails?.modulusLength ?? 0;
}

/** Terms that cost a lookup, over all includes (RFC 7208 4.6.4). */
async function spfCost(domain: string): Promise<number> {
	const record = (await txt(domain)).find((text) => text.startsWith("v=spf1 ")) ?? "";
	let cost = 0;
	for (const term of record.split(" ")) {
		if (/^[+?~-]?(a|mx|ptr|exists)([:/]|$)/.test(term)) cost += 1;
		const include = /^[+?~-]?include:(.+)$/.exec(term)?.[1];
		if (include !== undefined) cost += 1 + (await spfCost(include));
	}
	return cost;
}

describe("the network section", () => {
	it("leads to loopback alone and accepts nothing else", () => {
		expect(lab.network.connectOnly).toBe(true);
		for (const [from, to] of Object.entries(lab.network.connect)) {
			expect(from).toMatch(/^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|\[2001:db8:)/);
			expect(to).toMatch(/^127\.0\.0\.1:\d+$/);
		}
		expect(Object.keys(lab.network).toSorted()).toEqual(["connect", "connectOnly", "egressProbes", "ehloName", "resolvers", "retryWaitMs", "timeoutMs"]);
	});

	it("names the CA file that the lab was told to write, and takes other limits", async () => {
		const folder = await mkdtemp(join(tmpdir(), "mailward-lab-"));
		const caFile = join(folder, "ca.pem");
		const other = await startLab({ dns: { names: {} } }, { caFile, certificates: lab.certificates, timeoutMs: { dns: 77 }, retryWaitMs: 0 });
		expect(await readFile(caFile, "utf8")).toBe(lab.caPem);
		expect(other.network).toMatchObject({ caFile, timeoutMs: { dns: 77, smtp: 5000, https: 5000 }, retryWaitMs: 0 });
		await other.close();
		await rm(folder, { recursive: true });
	});

	it("has one name server behind every NS address", async () => {
		for (const domain of ["exemplary.example", "typical.example", "neglected.example"]) {
			for (const { data } of (await ask(server, domain, "NS")).answers) {
				const [address] = (await ask(server, String(data), "A")).answers;
				expect((await ask(lab.network.connect[`${String(address?.data)}:53`] ?? "", domain, "SOA")).answers).toHaveLength(1);
			}
		}
	});
});

describe("exemplary.example", () => {
	it("has MX hosts on IPv4 and IPv6 with trusted certificates for their names, TLS 1.2 and 1.3 only", async () => {
		const servers = await mailServers("exemplary.example");
		expect(servers.map(({ host, address }) => `${host} ${address}`)).toEqual([
			"mx1.exemplary.example 192.0.2.10",
			"mx1.exemplary.example [2001:db8::10]",
			"mx2.exemplary.example 192.0.2.11",
		]);
		for (const { host, target } of servers) {
			const { client, tls } = await session(target, host);
			expect([tls.authorized, tls.getProtocol()]).toEqual([true, "TLSv1.3"]);
			expect(Date.parse(tls.getPeerCertificate().valid_to) - Date.now()).toBeGreaterThan(30 * 86_400_000);
			expect(await client.command("QUIT")).toMatchObject({ code: 221 });
			const old = await startTls(target, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" });
			expect(old.tls).toBeInstanceOf(Error);
		}
	});

	it("publishes SPF, DKIM, DMARC, MTA-STS and TLS-RPT as the strictest reading asks", async () => {
		expect(await txt("exemplary.example")).toEqual(["v=spf1 include:amazonses.com -all"]);
		expect(await spfCost("exemplary.example")).toBe(1);
		for (const selector of ["s1", "s2"]) {
			const [record = "", ...more] = await txt(`${selector}._domainkey.exemplary.example`);
			expect([more, dkimBits(record)]).toEqual([[], 2048]);
		}
		expect(await txt("_dmarc.exemplary.example")).toEqual([expect.stringContaining("p=reject")]);
		expect(await txt("_mta-sts.exemplary.example")).toEqual([expect.stringMatching(/^v=STSv1; id=[0-9A-Za-z]{1,32}$/)]);
		expect(await txt("_smtp._tls.exemplary.example")).toEqual(["v=TLSRPTv1; rua=mailto:tls-reports@exemplary.example"]);
		const policy = await fetchHttps(lab.network.connect["192.0.2.80:443"] ?? "", "mta-sts.exemplary.example", "/.well-known/mta-sts.txt", lab.caPem);
		expect(policy).toMatchObject({ status: 200, headers: { "content-type": "text/plain" } });
		expect(policy.body.split("\r\n")).toEqual([
			"version: STSv1",
			"mode: enforce",
			"mx: mx1.exemplary.example",
			"mx: mx2.exemplary.example",
			"max_age: 2419200",
			"",
		]);
	});
});

describe("typical.example", () => {
	it("is on Google Workspace with a forgotten server beside it", async () => {
		const servers = await mailServers("typical.example");
		expect(servers.map(({ host }) => host)).toEqual(["aspmx.l.google.com", "aspmx.l.google.com", "alt1.aspmx.l.google.com", "mail.typical.example"]);
		for (const { host, target } of servers) (await session(target, host)).client.close();
		const own = servers.at(-1);
		const old = await startTls(own?.target ?? "", { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" });
		if (old.tls instanceof Error) throw old.tls;
		expect(old.tls.getProtocol()).toBe("TLSv1");
		expect(Math.round((Date.parse(old.tls.getPeerCertificate().valid_to) - Date.now()) / 86_400_000)).toBe(10);
		old.client.close();
		const policy = await fetchHttps(lab.network.connect["192.0.2.180:443"] ?? "", "mta-sts.typical.example", "/.well-known/mta-sts.txt", lab.caPem);
		expect(policy.body).toContain("mode: testing");
		expect(policy.body).not.toContain("mail.typical.example");
	});

	it("has a short DKIM key, live aliases, DMARC without effect and no TLS reports", async () => {
		expect(dkimBits((await txt("google._domainkey.typical.example"))[0] ?? "")).toBe(1024);
		for (const selector of ["k1", "s1"]) expect(dkimBits((await txt(`${selector}._domainkey.typical.example`))[0] ?? "")).toBe(2048);
		expect(await txt("_dmarc.typical.example")).toEqual(["v=DMARC1; p=none; rua=mailto:typical@ag.dmarcian.com"]);
		expect(await txt("typical.example._report._dmarc.ag.dmarcian.com")).toEqual(["v=DMARC1"]);
		expect((await ask(server, "_smtp._tls.typical.example", "TXT")).rcode).toBe("NXDOMAIN");
		expect(await spfCost("typical.example")).toBe(6);
	});
});

describe("neglected.example", () => {
	it("needs twelve lookups to allow everyone, and shows hostile text", async () => {
		expect(await spfCost("neglected.example")).toBe(12);
		const records = await txt("neglected.example");
		expect(records.filter((record) => record.startsWith("v=spf1 "))).toEqual([expect.stringMatching(/ \+all$/)]);
		expect(records).toContain("<script>alert(1)</script>\x07\x1b[31mred\x1b[0m\x1b]0;owned\x07");
		for (const name of ["_dmarc", "_mta-sts", "_smtp._tls", "_domainkey", "s1._domainkey"]) {
			expect([name, (await ask(server, `${name}.neglected.example`, "TXT")).rcode]).toEqual([name, "NXDOMAIN"]);
		}
	});

	it("has one server without STARTTLS and one with a certificate long expired", async () => {
		const [plain, old] = await mailServers("neglected.example");
		const client = await SmtpClient.open(plain?.target ?? "");
		await client.reply();
		expect((await client.command("EHLO scanner.example"))?.lines).not.toContain("STARTTLS");
		client.close();
		const { tls } = await startTls(old?.target ?? "");
		if (tls instanceof Error) throw tls;
		const certificate = tls.getPeerCertificate();
		expect([certificate.issuer.CN, certificate.subject.CN]).toEqual(["old.neglected.example", "old.neglected.example"]);
		expect(Date.parse(certificate.valid_to)).toBeLessThan(Date.now());
		tls.destroy();
	});
});

describe("one fault in the clinics' world", () => {
	it("changes what it names and nothing else", async () => {
		const faulty = await startLab(
			patchWorld(world, {
				dns: { faults: { "_dmarc.exemplary.example": "servfail" } },
				smtp: { "192.0.2.11": { refuse: true }, "192.0.2.10": { greeting: { code: 421 } } },
				https: { "mta-sts.exemplary.example": { tls: { certificate: "expired" } } },
			}),
		);
		const at = faulty.network.resolvers[0] ?? "";
		expect((await ask(at, "_dmarc.exemplary.example", "TXT")).rcode).toBe("SERVFAIL");
		expect((await ask(at, "_dmarc.typical.example", "TXT")).rcode).toBe("NOERROR");
		await expect(SmtpClient.open(faulty.network.connect["192.0.2.11:25"] ?? "")).rejects.toMatchObject({ code: "ECONNREFUSED" });
		expect(await (await SmtpClient.open(faulty.network.connect["192.0.2.10:25"] ?? "")).reply()).toMatchObject({ code: 421 });
		const policy = await fetchHttps(faulty.network.connect["192.0.2.80:443"] ?? "", "mta-sts.exemplary.example", "/.well-known/mta-sts.txt", faulty.caPem);
		expect(policy.error?.code).toBe("CERT_HAS_EXPIRED");
		await faulty.close();
	});

	it("leaves nothing open behind it", async () => {
		const short = await startLab(world);
		const target = short.network.connect["192.0.2.10:25"] ?? "";
		const hanging = await SmtpClient.open(target);
		await hanging.reply();
		await short.close();
		expect(await hanging.reply()).toBeUndefined();
		await expect(SmtpClient.open(target)).rejects.toMatchObject({ code: "ECONNREFUSED" });
	});
});
