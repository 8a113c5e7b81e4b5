import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { SMTPServer } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { configSchema } from "../../../model/config.ts";
import smtp from "./index.ts";
import { closeStubs, errorOf, host, keys, otherKeys, type Peer, probe, stub, usual } from "./testing/scripted-server.ts";

afterEach(closeStubs);

describe("a server in order", () => {
	it("is seen whole: greeting, EHLO, STARTTLS, session, chain, versions", async () => {
		const server = await stub(usual());
		const { starttls, session, values, tls, items } = await probe(server.port);
		expect(starttls).toMatchObject({
			status: "ok",
			values: {
				host,
				address: "127.0.0.1",
				port: server.port,
				greeting: { code: 220, lines: [`${host} ESMTP`] },
				ehlo: { command: "EHLO", code: 250, keywords: ["PIPELINING", "SIZE", "STARTTLS"] },
				starttls: { advertised: true, overwritten: false, replyCode: 220, replyText: "go ahead", plaintextAfterReply: false, upgraded: true },
			},
			source: { collector: "smtp", version: "1" },
		});
		expect(values.transcript.map(({ from, line }) => `${from}: ${line}`)).toEqual([
			`server: 220 ${host} ESMTP`,
			"client: EHLO scanner.example.org",
			`server: 250-${host} hello`,
			"server: 250-PIPELINING",
			"server: 250-SIZE 1000",
			"server: 250 STARTTLS",
			"client: STARTTLS",
			"server: 220 go ahead",
			"client: EHLO scanner.example.org",
			`server: 250-${host} again`,
			"server: 250-SIZE 1000",
			"server: 250 REQUIRETLS",
			"client: QUIT",
		]);
		expect(session).toMatchObject({ status: "ok", values: { host, servername: host, protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" } });
		expect(values.ehloTls).toEqual(["SIZE", "REQUIRETLS"]);
		expect(tls).toMatchObject({ ocspStaple: null, earlyDataBytes: 0 });
		expect(tls.group?.name).toBeTruthy();
		expect(tls.chain).toHaveLength(1);
		expect(tls.chain[0]).toBe(keys.cert.replace(/-----[A-Z ]+-----|\s/g, ""));
		expect(tls.accepted).toEqual({ TLSv1: false, "TLSv1.1": false, "TLSv1.2": true, "TLSv1.3": true });
		expect(server.connections).toBe(3);
		for (const kind of smtp.produces)
			expect(items.find((item) => item.kind === "listing" && item.id.startsWith(`${kind}@`))).toMatchObject({ status: "ok", values: { complete: true } });
	});

	it("speaks with a real mail server and never sends MAIL, RCPT or DATA", async () => {
		const commands: string[] = [];
		const server = new SMTPServer({
			...keys,
			authOptional: true,
			logger: false,
			onMailFrom: (address, _session, callback) => {
				commands.push(address.address);
				callback();
			},
		});
		server.on("error", () => undefined);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		try {
			const { starttls, tls } = await probe((server.server.address() as AddressInfo).port, { timeoutMs: { smtp: 3000 } });
			expect(starttls).toMatchObject({ status: "ok", values: { starttls: { upgraded: true } } });
			expect(tls.protocol).toBe("TLSv1.3");
			expect(commands).toEqual([]);
		} finally {
			await new Promise<void>((resolve) => server.close(() => resolve()));
		}
	});

	it("the certificate for SNI = MX host is the one that counts", async () => {
		const seen: string[] = [];
		const server = await stub(async (peer) => {
			peer.say("220 x\r\n");
			await peer.hear();
			peer.say("250-x\r\n250 STARTTLS\r\n");
			await peer.hear();
			peer.say("220 go\r\n");
			peer.secure({
				...otherKeys,
				SNICallback: (name: string, callback: (error: null, context: unknown) => void) => {
					seen.push(name);
					callback(null, createSecureContext(keys));
				},
			});
		});
		const { tls } = await probe(server.port);
		expect(seen[0]).toBe(host);
		expect(tls.chain[0]).toBe(keys.cert.replace(/-----[A-Z ]+-----|\s/g, ""));
	});

	it("a greeting in several lines, without ESMTP, with markup and control characters is taken as it is", async () => {
		const odd = "<b>\u0007\u00e9</b>";
		const { starttls, values } = await probe((await stub(usual({ greeting: `220-first\r\n220-${odd}\r\n220 last\r\n` }))).port);
		expect(starttls.status).toBe("ok");
		expect(values.greeting).toEqual({ code: 220, lines: ["first", odd, "last"] });
	});

	it("a late greeting is waited for, and nothing is said before it is whole", async () => {
		const early: boolean[] = [];
		const server = await stub(async (peer) => {
			let spoken = false;
			peer.socket.once("data", () => {
				spoken = true;
			});
			peer.say("220-wait\r\n");
			await new Promise((resolve) => setTimeout(resolve, 80));
			early.push(spoken);
			await usual({ greeting: "220 now\r\n" })(peer);
		});
		expect((await probe(server.port, { timeoutMs: { smtp: 5000 } })).starttls.status).toBe("ok");
		expect(early).toEqual([false, false, false]);
	});
});

describe("STARTTLS that is not as it should be", () => {
	it("HELO only after EHLO is refused: no extensions", async () => {
		const server = await stub(async (peer) => {
			peer.say("220 old\r\n");
			for (let line = await peer.hear(); line !== undefined; line = await peer.hear()) peer.say(line.startsWith("HELO") ? "250 hello\r\n" : "502 no\r\n");
		});
		const { starttls, session } = await probe(server.port);
		expect(starttls).toMatchObject({
			status: "ok",
			values: { ehlo: { command: "HELO", code: 250, keywords: [] }, starttls: { advertised: false, replyCode: 502, upgraded: false } },
		});
		expect(session).toMatchObject(errorOf("starttls_unavailable"));
		expect(server.heard.slice(0, 2)).toEqual(["1 EHLO scanner.example.org", "1 HELO scanner.example.org"]);
		expect(server.connections).toBe(1);
	});

	it("not advertised is a positive answer, whatever the server makes of the command", async () => {
		const { starttls, session } = await probe((await stub(usual({ keywords: ["SIZE 1"], starttls: "500 no\r\n" }))).port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: false, replyCode: 500 } } });
		expect(session).toMatchObject(errorOf("starttls_unavailable"));
		const hangsUp = await stub(async (peer) => {
			peer.say("220 x\r\n");
			await peer.hear();
			peer.say("250 x\r\n");
			await peer.hear();
			peer.socket.destroy();
		});
		const second = await probe(hangsUp.port);
		expect(second.starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: false, replyCode: null } } });
		expect(second.session).toMatchObject(errorOf("starttls_unavailable"));
		const later = await stub(usual({ keywords: [], starttls: "454 later\r\n" }));
		expect((await probe(later.port)).starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: false, replyCode: 454 } } });
		expect(later.connections).toBe(1);
	});

	it("accepted though not advertised: both facts are kept", async () => {
		const { starttls, session } = await probe((await stub(usual({ keywords: ["SIZE 1"] }))).port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: false, replyCode: 220, upgraded: true } } });
		expect(session.status).toBe("ok");
	});

	it("454 is tried again twice, then stands; a server that gives in is judged normally", async () => {
		const never = await stub(usual({ starttls: "454 TLS not available\r\n" }));
		const { starttls, session } = await probe(never.port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: true, replyCode: 454, upgraded: false } } });
		expect(session).toMatchObject(errorOf("starttls_unavailable"));
		expect(never.connections).toBe(3);
		const once = await stub((peer) => usual(peer.connection === 1 ? { starttls: "454 later\r\n" } : {})(peer));
		const second = await probe(once.port);
		expect(second.starttls).toMatchObject({ status: "ok", values: { starttls: { replyCode: 220, upgraded: true } } });
		expect(once.connections).toBe(3);
		expect(second.tls.accepted["TLSv1.2"]).toBeNull();
	});

	it("octets in clear behind the 220 are recorded and end the connection", async () => {
		for (const pause of [0, 5]) {
			let handshakes = 0;
			const server = await stub(async (peer) => {
				peer.say("220 x\r\n");
				await peer.hear();
				peer.say("250-x\r\n250 STARTTLS\r\n");
				await peer.hear();
				if (pause === 0) peer.say("220 go\r\n250 injected\r\n");
				else {
					peer.say("220 go\r\n");
					setTimeout(() => peer.say("250 injected\r\n"), pause);
				}
				peer.socket.on("data", () => {
					handshakes += 1;
				});
			});
			const { starttls, session, values } = await probe(server.port);
			expect(starttls).toMatchObject({ status: "ok", values: { starttls: { plaintextAfterReply: true, upgraded: false, replyCode: 220 } } });
			expect(values.transcript.at(-1)).toEqual({ from: "server", line: "250 injected" });
			expect(session).toMatchObject(errorOf("starttls_unavailable"));
			expect(handshakes).toBe(0);
		}
	});

	it("XXXXXXXA in place of the keyword is told", async () => {
		const { starttls } = await probe((await stub(usual({ keywords: ["SIZE 1", "XXXXXXXA"], starttls: "500 no\r\n" }))).port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: false, overwritten: true } } });
	});

	it("silence or a closed connection after an offered STARTTLS is no answer", async () => {
		const until = (end: (peer: Peer) => void) => async (peer: Peer) => {
			peer.say("220 x\r\n");
			await peer.hear();
			peer.say("250-x\r\n250 STARTTLS\r\n");
			await peer.hear();
			end(peer);
		};
		const closed = await probe((await stub(until((peer) => peer.socket.end()))).port);
		expect(closed.starttls).toMatchObject({ ...errorOf("protocol_error"), values: { starttls: { advertised: true } } });
		expect(closed.session).toMatchObject(errorOf("protocol_error"));
		const silent = await probe((await stub(until(() => undefined))).port, { timeoutMs: { smtp: 400 } });
		expect(silent.starttls).toMatchObject(errorOf("timeout"));
	});
});

it("a target that is not host|ip|port is a defect of the caller", async () => {
	for (const id of ["x", "a|b|25", "a|192.0.2.1|0", "|192.0.2.1|25", "a|192.0.2.1|25|x"]) {
		expect(() => smtp.touches({ id, type: "mx" }, { config: configSchema.parse({ version: 1 }) })).toThrow(/is not host\|ip\|port/);
	}
	expect(smtp.touches({ id: "a|2001:db8::1|25", type: "mx" }, { config: configSchema.parse({ version: 1 }) })).toEqual(["tcp [2001:db8::1]:25 (SMTP of a)"]);
});
