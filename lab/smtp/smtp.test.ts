import { createHash } from "node:crypto";
import { rootCertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { ask, SmtpClient, startTls } from "../fixtures/clients.ts";
import { type Lab, type LabWorld, type SmtpPersonality, startLab } from "../index.ts";

const host = "mx.a.example";
const name = "192.0.2.10:25";
let open: Lab[] = [];
afterEach(async () => {
	await Promise.all(open.map((lab) => lab.close()));
	open = [];
});

async function lab(personality: Partial<SmtpPersonality>): Promise<{ lab: Lab; target: string }> {
	const started = await startLab({ dns: { names: {} }, smtp: { "192.0.2.10": { host, ...personality } as NonNullable<LabWorld["smtp"]>[string] } });
	open.push(started);
	return { lab: started, target: started.network.connect[name] ?? "" };
}

describe("greetings", () => {
	it("are whole replies, with several lines or without the word ESMTP", async () => {
		const { target } = await lab({ greeting: { lines: ["first", "second", "hello"] } });
		const client = await SmtpClient.open(target);
		expect(await client.reply()).toEqual({ code: 220, lines: ["first", "second", "hello"] });
		expect(await client.command("EHLO scanner.example")).toEqual({
			code: 250,
			lines: ["mx.a.example at your service", "PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES", "STARTTLS"],
		});
		expect(await client.command("QUIT")).toMatchObject({ code: 221 });
	});

	it("of 421 close the connection, of 450, 521 and 554 wait for QUIT", async () => {
		for (const code of [421, 450, 521, 554]) {
			const { target } = await lab({ greeting: { code, lines: ["not now"] } });
			const client = await SmtpClient.open(target);
			expect(await client.reply()).toEqual({ code, lines: ["not now"] });
			if (code === 421) expect(await client.reply()).toBeUndefined();
			else expect(await client.command("QUIT")).toMatchObject({ code: 221 });
		}
	});

	it("can differ for the first connections, as with greylisting", async () => {
		const { target } = await lab({ firstConnections: { count: 1, greeting: { code: 421, lines: ["try again"] } } });
		expect(await (await SmtpClient.open(target)).reply()).toMatchObject({ code: 421 });
		expect(await (await SmtpClient.open(target)).reply()).toMatchObject({ code: 220 });
	});

	it("can fail to come: silent close, reset, silence, refusal", async () => {
		const silent = await lab({ greeting: { close: "silently" } });
		expect(await (await SmtpClient.open(silent.target)).reply()).toBeUndefined();
		const reset = await lab({ greeting: { close: "reset", delayMs: 30 } });
		expect(await (await SmtpClient.open(reset.target)).reply()).toBeUndefined();
		const never = await lab({ greeting: { close: "never" } });
		const waiting = await SmtpClient.open(never.target);
		expect([await waiting.octets(1, 80), waiting.ended]).toEqual(["", false]);
		const refused = await lab({ refuse: true });
		await expect(SmtpClient.open(refused.target)).rejects.toMatchObject({ code: "ECONNREFUSED" });
	});

	it("can be late, slow, endless or hostile", async () => {
		const late = await lab({ greeting: { delayMs: 80 } });
		const client = await SmtpClient.open(late.target);
		client.socket.write("EHLO early.example\r\n");
		expect(await client.octets(1, 40)).toBe("");
		expect(await client.reply()).toMatchObject({ code: 220 });
		expect(await client.reply()).toMatchObject({ code: 250 });
		expect(late.lab.stats.smtp[name]?.earlyTalk).toBe(1);

		const slow = await lab({ greeting: { bytesPerSecond: 50, lines: ["slow"] } });
		const patient = await SmtpClient.open(slow.target);
		const start = performance.now();
		expect(await patient.reply()).toEqual({ code: 220, lines: ["slow"] });
		expect(performance.now() - start).toBeGreaterThan(150);

		const endless = await lab({ greeting: { endlessBytes: 200_000 } });
		const flooded = await SmtpClient.open(endless.target);
		const text = await flooded.octets(200_000, 2000);
		expect(text.length).toBeGreaterThan(190_000);
		expect(text).not.toContain("\n");
		flooded.close();

		const hostile = await lab({ greeting: { raw: "220 <script>\x07\x1b[2J\xff\0 hi\r\n" }, keywords: ["X-<b>\x1b[31m"] });
		const reader = await SmtpClient.open(hostile.target);
		expect(await reader.reply()).toEqual({ code: 220, lines: ["<script>\x07\x1b[2J\xff\0 hi"] });
		expect((await reader.command("EHLO x"))?.lines).toEqual([`${host} at your service`, "X-<b>\x1b[31m", "STARTTLS"]);
	});

	it("turn away more connections than are allowed at a time", async () => {
		const { target, lab: running } = await lab({ maxConnections: 1 });
		const first = await SmtpClient.open(target);
		expect(await first.reply()).toMatchObject({ code: 220 });
		expect(await (await SmtpClient.open(target)).reply()).toMatchObject({ code: 421 });
		await first.command("QUIT");
		first.close();
		expect(running.stats.smtp[name]).toMatchObject({ connections: 2, peak: 2, commands: { QUIT: 1 } });
	});
});

describe("commands", () => {
	it("refuse EHLO and take HELO", async () => {
		const { target } = await lab({ ehloCode: 502 });
		const client = await SmtpClient.open(target);
		await client.reply();
		expect(await client.command("EHLO scanner.example")).toMatchObject({ code: 502 });
		expect(await client.command("HELO scanner.example")).toEqual({ code: 250, lines: [host] });
	});

	it("relay for nobody by default and for anybody where the world says so", async () => {
		for (const [accepts, code] of [
			[["a.example"], 550],
			[["*"], 250],
		] as const) {
			const { target } = await lab({ accepts: [...accepts] });
			const client = await SmtpClient.open(target);
			await client.reply();
			await client.command("EHLO scanner.example");
			expect(await client.command("MAIL FROM:<probe@scanner.example>")).toMatchObject({ code: 250 });
			expect(await client.command("RCPT TO:<someone@elsewhere.example>")).toMatchObject({ code });
			expect(await client.command("RCPT TO:<someone@A.example>")).toMatchObject({ code: 250 });
			expect(await client.command("RSET")).toMatchObject({ code: 250 });
			expect(await client.command("DATA")).toMatchObject({ code: 554 });
			expect(await client.command("TURN \xff")).toMatchObject({ code: 500 });
		}
	});

	it("end a line that does not", async () => {
		const { target } = await lab({});
		const client = await SmtpClient.open(target);
		await client.reply();
		client.socket.write("x".repeat(70_000));
		expect(await client.reply()).toMatchObject({ code: 500 });
		expect(await client.reply()).toBeUndefined();
	});
});

describe("STARTTLS", () => {
	it("ends in a session with a certificate of the lab's CA for the host", async () => {
		const { target, lab: running } = await lab({ tls: {} });
		const { client, tls } = await startTls(target, { ca: [...rootCertificates, running.caPem], servername: host, rejectUnauthorized: true });
		if (tls instanceof Error) throw tls;
		expect([tls.authorized, tls.getProtocol()]).toEqual([true, "TLSv1.3"]);
		expect(tls.getPeerCertificate().subjectaltname).toBe("DNS:mx.a.example");
		expect(tls.getPeerCertificate().raw).toEqual(running.certificateOf("192.0.2.10").chain[0]);
		expect((await client.command("EHLO scanner.example"))?.lines).not.toContain("STARTTLS");
		expect(await client.command("STARTTLS")).toMatchObject({ code: 503 });
		expect(await client.command("QUIT")).toMatchObject({ code: 221 });
		expect(running.stats.smtp[name]).toMatchObject({ tlsSessions: { "TLSv1.3": 1 }, commands: { EHLO: 2, STARTTLS: 2, QUIT: 1 } });
	});

	it("is absent, overwritten or hidden", async () => {
		for (const [starttls, keyword, code] of [
			["absent", undefined, 502],
			["overwritten", "XXXXXXXA", 502],
			["hidden", undefined, 220],
		] as const) {
			const { target } = await lab({ starttls });
			const client = await SmtpClient.open(target);
			await client.reply();
			const keywords = (await client.command("EHLO scanner.example"))?.lines ?? [];
			expect(keywords).not.toContain("STARTTLS");
			if (keyword !== undefined) expect(keywords).toContain(keyword);
			expect(await client.command("STARTTLS")).toMatchObject({ code });
			if (starttls === "hidden") expect(await client.upgrade()).not.toBeInstanceOf(Error);
			client.close();
		}
	});

	it("is offered and then refused, closed or left hanging", async () => {
		const unavailable = await lab({ starttls: "unavailable" });
		const client = await SmtpClient.open(unavailable.target);
		await client.reply();
		expect((await client.command("EHLO scanner.example"))?.lines).toContain("STARTTLS");
		expect(await client.command("STARTTLS")).toMatchObject({ code: 454 });
		const closing = await SmtpClient.open((await lab({ starttls: "close" })).target);
		await closing.reply();
		expect(await closing.command("STARTTLS")).toBeUndefined();
		const hanging = await SmtpClient.open((await lab({ starttls: "hang" })).target);
		await hanging.reply();
		hanging.socket.write("STARTTLS\r\n");
		expect([await hanging.octets(1, 80), hanging.ended]).toEqual(["", false]);
	});

	it("is followed by clear text in the same packet (CVE-2011-0411, towards the client)", async () => {
		const { target } = await lab({ starttls: "injected" });
		const client = await SmtpClient.open(target);
		await client.reply();
		await client.command("EHLO scanner.example");
		expect(await client.command("STARTTLS")).toMatchObject({ code: 220 });
		expect(await client.reply()).toEqual({ code: 250, lines: ["injected in clear text"] });
	});

	it("discards commands sent in clear, unless the server is vulnerable (CVE-2011-0411, towards the server)", async () => {
		for (const [starttls, answered] of [
			["offered", false],
			["command-injection", true],
		] as const) {
			const { target } = await lab({ starttls });
			const client = await SmtpClient.open(target);
			await client.reply();
			expect(await client.command("STARTTLS\r\nNOOP")).toMatchObject({ code: 220 });
			await client.upgrade();
			expect((await client.octets(3, answered ? 1000 : 80)).slice(0, 3)).toBe(answered ? "250" : "");
			client.close();
		}
	});

	it("speaks the versions and suites that the world says", async () => {
		const cases = [
			[{ minVersion: "TLSv1", maxVersion: "TLSv1" }, "TLSv1", true],
			[{ minVersion: "TLSv1", maxVersion: "TLSv1" }, "TLSv1.2", false],
			[{ minVersion: "TLSv1" }, "TLSv1.1", true],
			[{}, "TLSv1.1", false],
			[{}, "TLSv1.2", true],
			[{ maxVersion: "TLSv1.2" }, "TLSv1.3", false],
			[{ ciphers: "AES128-SHA", maxVersion: "TLSv1.2", certificate: { key: "rsa-1024" } }, "TLSv1.2", true],
		] as const;
		for (const [tls, version, accepted] of cases) {
			const { target } = await lab({ tls });
			const { client, tls: session } = await startTls(target, { minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" });
			expect([tls, version, !(session instanceof Error)]).toEqual([tls, version, accepted]);
			if (!(session instanceof Error)) expect(session.getProtocol()).toBe(version);
			client.close();
		}
	});

	it("chooses the certificate by SNI", async () => {
		const { target } = await lab({ tls: { certificate: "self-signed", sni: { "mx.a.example": "valid", "other.example": { names: ["other.example"] } } } });
		for (const [servername, expected] of [
			["mx.a.example", "Mailward Lab Issuing CA"],
			["unknown.example", "mx.a.example"],
			["other.example", "Mailward Lab Issuing CA"],
		] as const) {
			const { client, tls } = await startTls(target, { servername });
			if (tls instanceof Error) throw tls;
			expect([servername, tls.getPeerCertificate().issuer.CN]).toEqual([servername, expected]);
			client.close();
		}
	});

	it("breaks the handshake with an alert, a close, silence or octets that are no TLS", async () => {
		for (const [fail, expected] of [
			["alert", "alert handshake failure"],
			["close", "closed|reset|disconnected"],
			["garbage", "wrong version number|packet length"],
		] as const) {
			const { target } = await lab({ tls: { fail } });
			const { tls } = await startTls(target);
			expect(tls).toBeInstanceOf(Error);
			expect((tls as Error).message).toMatch(new RegExp(expected));
		}
		const { target } = await lab({ tls: { fail: "hang" } });
		const client = await SmtpClient.open(target);
		await client.reply();
		await client.command("STARTTLS");
		const winner = await Promise.race([client.upgrade(), new Promise((resolve) => setTimeout(() => resolve("hanging"), 80))]);
		expect(winner).toBe("hanging");
		client.close();
	});

	it("matches TLSA records that are made of what the server shows", async () => {
		const started = await startLab({
			dns: { names: { "_25._tcp.mx.a.example": { TLSA: ["3 1 1 of 192.0.2.10", "2 0 2 of 192.0.2.10:25", `3 1 1 ${"00".repeat(32)}`] } } },
			smtp: { "192.0.2.10": { host } },
		});
		open.push(started);
		const { client, tls } = await startTls(started.network.connect[name] ?? "");
		if (tls instanceof Error) throw tls;
		const leaf = tls.getPeerX509Certificate();
		const spki = leaf?.publicKey.export({ type: "spki", format: "der" }) ?? Buffer.alloc(0);
		const issuer = leaf?.issuerCertificate?.raw ?? Buffer.alloc(0);
		const answer = await ask(started.network.resolvers[0] ?? "", "_25._tcp.mx.a.example", "TLSA");
		expect(answer.answers.map((record) => (record.data as { certificate: Buffer }).certificate.toString("hex"))).toEqual([
			createHash("sha256").update(spki).digest("hex"),
			createHash("sha512").update(issuer).digest("hex"),
			"00".repeat(32),
		]);
		client.close();
		const names = { "a.example": { TLSA: "3 1 1 of 192.0.2.10" }, "mx.a.example": { A: "192.0.2.10" } };
		const down = await startLab({ dns: { names } });
		const gone = createHash("sha256").update("nothing listens at 192.0.2.10").digest();
		expect((await ask(down.network.resolvers[0] ?? "", "a.example", "TLSA")).answers[0]?.data).toMatchObject({ certificate: gone });
		await down.close();
		await expect(startLab({ dns: { names: { "a.example": { TLSA: "3 1 1 of 192.0.2.77" } } } })).rejects.toThrow('The lab has no server "192.0.2.77"');
	});

	it("is not needed on a port that speaks TLS at once", async () => {
		const started = await startLab({ dns: { names: {} }, smtp: { "192.0.2.10:465": { host, implicitTls: true } } });
		open.push(started);
		const client = await SmtpClient.open(started.network.connect["192.0.2.10:465"] ?? "");
		expect(await client.upgrade({ ca: started.caPem, servername: host, rejectUnauthorized: true })).not.toBeInstanceOf(Error);
		expect(await client.reply()).toMatchObject({ code: 220 });
		expect((await client.command("EHLO scanner.example"))?.lines).not.toContain("STARTTLS");
		client.close();
	});
});
