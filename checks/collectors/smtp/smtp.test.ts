import { constants } from "node:crypto";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import fc from "fast-check";
import { generate } from "selfsigned";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../../model/canonical.ts";
import { type Config, configSchema } from "../../../model/config.ts";
import { type Evidence, evidenceSchema, type Target } from "../../../model/evidence.ts";
import { createConnector } from "../../network/create-connector.ts";
import { zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import { ConversationFault } from "./conversation-fault.ts";
import smtp from "./index.ts";
import { ReplyReader } from "./reply-reader.ts";
import type { StarttlsValues, TlsSessionValues } from "./schema.ts";

const host = "mx.example.org";
let keys: { key: string; cert: string };
let otherKeys: { key: string; cert: string };

beforeAll(async () => {
	const make = async (name: string): Promise<{ key: string; cert: string }> => {
		const pems = await generate([{ name: "commonName", value: name }], { keySize: 2048 });
		return { key: pems.private, cert: pems.cert };
	};
	[keys, otherKeys] = await Promise.all([make(host), make("default.example.org")]);
});

const open: (() => void)[] = [];
afterEach(() => {
	for (const close of open.splice(0)) close();
});

interface Peer {
	socket: Socket;
	/** Number of this connection, from 1. */
	connection: number;
	say(text: string): void;
	/** The next command; undefined when the client is gone. */
	hear(): Promise<string | undefined>;
	/** Server side of the handshake. */
	secure(options?: Record<string, unknown>): TLSSocket;
}

interface Stub {
	port: number;
	/** Commands heard in clear, with the number of their connection. */
	heard: string[];
	connections: number;
}

/** A scripted SMTP server on a loopback port. */
async function stub(script: (peer: Peer) => Promise<void> | void): Promise<Stub> {
	const state: Stub = { port: 0, heard: [], connections: 0 };
	const sockets = new Set<Socket>();
	const server: Server = createServer((socket) => {
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		state.connections += 1;
		const lines: string[] = [];
		let wake: (() => void) | undefined;
		let gone = false;
		const onData = (chunk: Buffer): void => {
			for (const line of chunk.toString("latin1").split("\r\n").slice(0, -1)) lines.push(line);
			wake?.();
		};
		socket.on("data", onData);
		socket.on("close", () => {
			gone = true;
			wake?.();
		});
		const peer: Peer = {
			socket,
			connection: state.connections,
			say: (text) => void socket.write(text, "latin1"),
			async hear() {
				while (lines.length === 0 && !gone) await new Promise<void>((resolve) => (wake = resolve));
				const line = lines.shift();
				if (line !== undefined) state.heard.push(`${peer.connection} ${line}`);
				return line;
			},
			secure(options = {}) {
				socket.off("data", onData);
				const tls = new TLSSocket(socket, { isServer: true, ...keys, ...options });
				tls.on("error", () => tls.destroy());
				tls.on("data", (chunk: Buffer) => {
					const ehlo = chunk.toString("latin1").startsWith("EHLO");
					if (ehlo) tls.write(`250-${host} again\r\n250-SIZE 1000\r\n250 REQUIRETLS\r\n`);
					else tls.end("221 bye\r\n");
				});
				return tls;
			},
		};
		void script(peer);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	state.port = (server.address() as AddressInfo).port;
	return state;
}

/** Greets, answers EHLO with the keywords, and STARTTLS with the reply; then the handshake. */
function usual(o: { keywords?: string[]; starttls?: string; greeting?: string; tls?: Record<string, unknown> } = {}) {
	return async (peer: Peer): Promise<void> => {
		peer.say(o.greeting ?? `220 ${host} ESMTP\r\n`);
		for (let line = await peer.hear(); line !== undefined; line = await peer.hear()) {
			if (line.startsWith("EHLO")) {
				const all = [`${host} hello`, ...(o.keywords ?? ["PIPELINING", "SIZE 1000", "STARTTLS"])];
				peer.say(all.map((keyword, index) => `250${index === all.length - 1 ? " " : "-"}${keyword}\r\n`).join(""));
			} else if (line === "STARTTLS") {
				peer.say(o.starttls ?? "220 go ahead\r\n");
				if (o.starttls === undefined) {
					peer.secure(o.tls);
					return;
				}
			} else if (line === "QUIT") {
				peer.say("221 bye\r\n");
				peer.socket.end();
			} else peer.say("500 what\r\n");
		}
	};
}

interface Probe {
	starttls: Evidence;
	session: Evidence;
	items: Evidence[];
	values: StarttlsValues;
	tls: TlsSessionValues;
}

function contextOf(network: Record<string, unknown>, extraRoots: string[] = [], signal: AbortSignal = new AbortController().signal): CollectContext {
	const config: Config = configSchema.parse({
		version: 1,
		network: { allowPrivate: true, ehloName: "scanner.example.org", timeoutMs: { smtp: 3000 }, retryWaitMs: 10, ...network },
	});
	const silent = (): undefined => undefined;
	return {
		config,
		path: "",
		domain: () => undefined,
		resolver: zoneResolver({ "good.example": { A: ["127.0.0.1"] }, "broken.example": "SERVFAIL" }),
		connector: createConnector(config.network, extraRoots),
		now: () => "2026-11-01T00:00:00Z",
		signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: silent, info: silent, warn: silent },
	};
}

async function probe(port: number, network: Record<string, unknown> = {}, context = contextOf(network)): Promise<Probe> {
	const target: Target = { id: `${host}|127.0.0.1|${port}`, type: "mx", domains: ["example.org"] };
	const items: Evidence[] = [];
	for await (const item of smtp.collect(target, context)) items.push(evidenceSchema.parse(item) as Evidence);
	const find = (kind: string): Evidence => {
		const found = items.filter((item) => item.kind === kind && item.id === target.id);
		expect(found).toHaveLength(1);
		return found[0] as Evidence;
	};
	const [starttls, session] = [find("smtp.starttls"), find("tls.session")];
	return { starttls, session, items, values: starttls.values as StarttlsValues, tls: session.values as TlsSessionValues };
}

const errorOf = (code: string): Record<string, unknown> => ({ status: "error", error: { code } });

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

describe("servers that do not let us look", () => {
	it.each(["421", "450", "451"])("a %s greeting is throttled after two retries", async (code) => {
		const server = await stub((peer) => {
			peer.say(`${code} busy\r\n`);
			peer.socket.end();
		});
		const { starttls, session } = await probe(server.port);
		expect(starttls).toMatchObject({ status: "error", error: { code: "throttled", detail: code }, values: { greeting: { code: Number(code) } } });
		expect(session).toMatchObject({ status: "error", error: { code: "throttled" } });
		expect(server.connections).toBe(3);
	});

	it("throttled once, then let in: judged normally, with the connections that are left", async () => {
		const server = await stub((peer) => (peer.connection === 1 ? peer.say("421 busy\r\n") : usual()(peer)));
		const { starttls, tls } = await probe(server.port);
		expect(starttls.status).toBe("ok");
		expect(tls.accepted).toEqual({ TLSv1: false, "TLSv1.1": false, "TLSv1.2": null, "TLSv1.3": true });
		expect(server.connections).toBe(3);
	});

	it("throttled after the first session: the versions that were not seen stay unknown", async () => {
		const server = await stub((peer) => (peer.connection === 1 ? usual()(peer) : peer.say("421 busy\r\n")));
		const { starttls, tls } = await probe(server.port);
		expect(starttls.status).toBe("ok");
		expect(tls.accepted).toEqual({ TLSv1: null, "TLSv1.1": null, "TLSv1.2": null, "TLSv1.3": true });
	});

	it.each(["554", "521"])("a %s greeting is rejected, the greeting kept", async (code) => {
		const server = await stub((peer) => peer.say(`${code} go away\r\n`));
		const { starttls, session } = await probe(server.port);
		expect(starttls).toMatchObject({
			status: "error",
			error: { code: "rejected", detail: code },
			values: { greeting: { code: Number(code), lines: ["go away"] } },
		});
		expect(session).toMatchObject(errorOf("rejected"));
		expect(server.connections).toBe(1);
	});

	it("closing without a word, or talk that is no SMTP, is a protocol error", async () => {
		expect((await probe((await stub((peer) => void peer.socket.end())).port)).starttls).toMatchObject(errorOf("protocol_error"));
		expect((await probe((await stub((peer) => peer.say("SSH-2.0-x\r\n"))).port)).starttls).toMatchObject(errorOf("protocol_error"));
		expect((await probe((await stub((peer) => peer.say("220-a\r\n250 b\r\n"))).port)).starttls).toMatchObject(errorOf("protocol_error"));
	});

	it("a closed port is refused, a cut connection reset", async () => {
		const gone = createServer();
		await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
		const { port } = gone.address() as AddressInfo;
		await new Promise((resolve) => gone.close(resolve));
		const { starttls, session } = await probe(port);
		expect(starttls).toMatchObject(errorOf("refused"));
		expect(session).toMatchObject(errorOf("refused"));
		expect((await probe((await stub((peer) => void peer.socket.resetAndDestroy())).port)).starttls).toMatchObject(errorOf("reset"));
	});

	it("silence is a timeout, and it says that our egress was not checked", async () => {
		const { starttls, session } = await probe((await stub(() => undefined)).port, { timeoutMs: { smtp: 80 } });
		expect(starttls).toMatchObject({ status: "error", error: { code: "timeout", message: expect.stringContaining("our egress was not checked") } });
		expect(session).toMatchObject(errorOf("timeout"));
	});

	it("one octet at a time ends at the deadline", async () => {
		const drip = await stub((peer) => {
			const timer = setInterval(() => peer.say("2"), 10);
			peer.socket.on("close", () => clearInterval(timer));
		});
		const started = performance.now();
		expect((await probe(drip.port, { timeoutMs: { smtp: 150 } })).starttls).toMatchObject(errorOf("timeout"));
		expect(performance.now() - started).toBeLessThan(1000);
		// Each line comes in time; the connection as a whole does not end.
		const chatty = await stub((peer) => {
			const timer = setInterval(() => peer.say("220-more\r\n"), 10);
			peer.socket.on("close", () => clearInterval(timer));
		});
		expect((await probe(chatty.port, { timeoutMs: { smtp: 150 } })).starttls).toMatchObject(errorOf("timeout"));
	});

	it("endless and very long lines are malformed", async () => {
		const flood = (text: string) => stub((peer) => peer.say(text));
		expect((await probe((await flood("2".repeat(5000))).port)).starttls).toMatchObject(errorOf("malformed"));
		expect((await probe((await flood(`220 ${"x".repeat(5000)}\r\n`)).port)).starttls).toMatchObject(errorOf("malformed"));
		const many = await probe((await flood("220-x\r\n".repeat(300))).port);
		expect(many.starttls).toMatchObject(errorOf("malformed"));
		expect(many.values.transcript.length).toBeLessThanOrEqual(100);
		expect((await probe((await flood("220-xxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(9000))).port)).starttls).toMatchObject(errorOf("malformed"));
	});

	it("a stopped run ends at once", async () => {
		const stop = new AbortController();
		const server = await stub(() => undefined);
		setTimeout(() => stop.abort(), 30);
		const started = performance.now();
		const { starttls } = await probe(server.port, {}, contextOf({ timeoutMs: { smtp: 10_000 } }, [], stop.signal));
		expect(starttls).toMatchObject(errorOf("interrupted"));
		expect(performance.now() - started).toBeLessThan(1000);
		const busy = await stub((peer) => peer.say("421 busy\r\n"));
		const later = new AbortController();
		setTimeout(() => later.abort(), 60);
		expect((await probe(busy.port, {}, contextOf({ retryWaitMs: 60_000 }, [], later.signal))).starttls).toMatchObject(errorOf("throttled"));
	});
});

describe("TLS", () => {
	const old = { minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" };

	it("TLS 1.0 only is seen as that, not as an absent STARTTLS", async () => {
		const server = await stub(usual({ tls: { ...old, maxVersion: "TLSv1" } }));
		const { starttls, tls } = await probe(server.port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { upgraded: true } } });
		expect(tls.protocol).toBe("TLSv1");
		expect(tls.accepted).toEqual({ TLSv1: true, "TLSv1.1": false, "TLSv1.2": false, "TLSv1.3": false });
		expect(server.connections).toBe(1);
	});

	it("old versions beside new ones are found", async () => {
		const all = await probe((await stub(usual({ tls: { ...old, maxVersion: "TLSv1.3" } }))).port);
		expect(all.tls.protocol).toBe("TLSv1.3");
		expect(all.tls.accepted).toEqual({ TLSv1: null, "TLSv1.1": true, "TLSv1.2": true, "TLSv1.3": true });
		const middle = await probe((await stub(usual({ tls: { ...old, maxVersion: "TLSv1.2" } }))).port);
		expect(middle.tls.accepted).toEqual({ TLSv1: null, "TLSv1.1": true, "TLSv1.2": true, "TLSv1.3": false });
		const older = await probe((await stub(usual({ tls: { ...old, maxVersion: "TLSv1.1" } }))).port);
		expect(older.tls.accepted).toEqual({ TLSv1: true, "TLSv1.1": true, "TLSv1.2": false, "TLSv1.3": false });
	});

	it("1.3 alone refuses 1.2; RSA key exchange has no group; DH tells its size", async () => {
		const only = await probe((await stub(usual({ tls: { minVersion: "TLSv1.3" } }))).port);
		expect(only.tls.accepted).toEqual({ TLSv1: false, "TLSv1.1": false, "TLSv1.2": false, "TLSv1.3": true });
		const rsa = await probe((await stub(usual({ tls: { maxVersion: "TLSv1.2", ciphers: "AES256-SHA" } }))).port);
		expect(rsa.tls).toMatchObject({ protocol: "TLSv1.2", cipher: "TLS_RSA_WITH_AES_256_CBC_SHA", group: null });
		const dhe = await probe((await stub(usual({ tls: { maxVersion: "TLSv1.2", ciphers: "DHE-RSA-AES256-GCM-SHA384", dhparam: "auto" } }))).port);
		expect(dhe.tls.group).toMatchObject({ type: "DH", bits: expect.any(Number) });
		const p256 = await probe((await stub(usual({ tls: { ecdhCurve: "prime256v1" } }))).port);
		expect(p256.tls.group).toEqual({ type: "ECDH", name: "prime256v1", bits: 256 });
	});

	it("no shared cipher is an alert: STARTTLS was offered, the session is not assessed", async () => {
		const { starttls, session } = await probe((await stub(usual({ tls: { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" } }))).port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: true, replyCode: 220, upgraded: false } } });
		expect(session).toMatchObject({ status: "error", error: { code: "tls_alert", detail: expect.stringMatching(/handshake failure/i) } });
	});

	it("anonymous suites are not offered: a server that prefers them shows its certificate", async () => {
		const tls = { maxVersion: "TLSv1.2", ciphers: "aNULL:HIGH:@SECLEVEL=0", honorCipherOrder: true, secureOptions: constants.SSL_OP_CIPHER_SERVER_PREFERENCE };
		expect((await probe((await stub(usual({ tls }))).port)).tls.chain).toHaveLength(1);
	});

	it("clear text, silence or a closed connection in place of the handshake", async () => {
		const afterReply = (act: (peer: Peer) => void) => async (peer: Peer) => {
			peer.say("220 x\r\n");
			await peer.hear();
			peer.say("250-x\r\n250 STARTTLS\r\n");
			await peer.hear();
			peer.say("220 go\r\n");
			act(peer);
		};
		const clear = await probe((await stub(afterReply((peer) => peer.socket.once("data", () => peer.say("500 what is this\r\n"))))).port);
		expect(clear.session).toMatchObject(errorOf("protocol_error"));
		expect(clear.starttls).toMatchObject({ status: "ok", values: { starttls: { upgraded: false, replyCode: 220 } } });
		expect((await probe((await stub(afterReply(() => undefined))).port, { timeoutMs: { smtp: 400 } })).session).toMatchObject(errorOf("timeout"));
		expect((await probe((await stub(afterReply((peer) => peer.socket.once("data", () => peer.socket.destroy())))).port)).session).toMatchObject(
			errorOf("reset"),
		);
		expect((await probe((await stub(afterReply((peer) => peer.socket.end()))).port)).session).toMatchObject(errorOf("reset"));
	});

	it("the user's own roots travel with the evidence", async () => {
		const { items } = await probe((await stub(usual())).port, {}, contextOf({}, [keys.cert + otherKeys.cert]));
		const der = keys.cert.replace(/-----[A-Z ]+-----|\s/g, "");
		const anchors = items.filter((item) => item.kind === "config.trust_anchor");
		expect(anchors).toHaveLength(2);
		expect(anchors).toContainEqual(expect.objectContaining({ id: sha256Hex(Buffer.from(der, "base64")), values: { der } }));
	});
});

describe("is outgoing SMTP open here", () => {
	async function closedPort(): Promise<number> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		return port;
	}

	it("all probes fail: every target is egress_blocked at once, and the probes run once", async () => {
		const target = await stub(usual());
		const context = contextOf({ egressProbes: [`127.0.0.1:${await closedPort()}`, `good.example:${await closedPort()}`] });
		for (let round = 0; round < 2; round++) {
			const { starttls, session } = await probe(target.port, {}, context);
			expect(starttls).toMatchObject(errorOf("egress_blocked"));
			expect(session).toMatchObject(errorOf("egress_blocked"));
		}
		expect(target.connections).toBe(0);
		expect((context.resolver as unknown as { asked: string[] }).asked).toEqual(["A good.example"]);
	});

	it("one probe works: a silent target is its own fault", async () => {
		const good = await stub((peer) => peer.say("220 x\r\n"));
		const silent = await stub(() => undefined);
		const { starttls } = await probe(silent.port, { egressProbes: [`good.example:${good.port}`, `127.0.0.1:${await closedPort()}`], timeoutMs: { smtp: 400 } });
		expect(starttls).toMatchObject(errorOf("timeout"));
		expect(starttls.error?.message).not.toContain("egress");
	});

	it("probes that could not even be tried say nothing about the network", async () => {
		const silent = await stub(() => undefined);
		const { starttls } = await probe(silent.port, { egressProbes: ["broken.example", "169.254.169.254", ":::"], timeoutMs: { smtp: 60 } });
		expect(starttls).toMatchObject({ error: { code: "timeout", message: expect.stringContaining("our egress was not checked") } });
	});
});

describe("any octets", () => {
	it("replies are read or refused, however they are cut into packets", async () => {
		const piece = fc.oneof(
			fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets).toString("latin1")),
			fc.constantFrom("220 ok\r\n", "220-more\r\n", "\r\n", "\n", "220\r\n", "x".repeat(4200)),
		);
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		try {
			await fc.assert(
				fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
					const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
					const client = connect(port, "127.0.0.1");
					const peer = await accepted;
					peer.on("error", () => peer.destroy());
					peer.setNoDelay(true);
					const reader = new ReplyReader(client, {
						signal: new AbortController().signal,
						replyTimeoutMs: 2000,
						deadline: performance.now() + 2000,
						onLine: () => undefined,
					});
					for (const text of pieces) peer.write(text, "latin1");
					peer.end();
					try {
						const reply = await reader.reply();
						expect(reply.code).toBeGreaterThanOrEqual(200);
						expect(reply.lines.length).toBeGreaterThan(0);
					} catch (error) {
						expect(error).toBeInstanceOf(ConversationFault);
						expect((error as ConversationFault).code).not.toBe("timeout");
					} finally {
						client.destroy();
					}
				}),
				{ numRuns: 150 },
			);
		} finally {
			server.close();
		}
	});

	it("a target that is not host|ip|port is a defect of the caller", async () => {
		for (const id of ["x", "a|b|25", "a|192.0.2.1|0", "|192.0.2.1|25", "a|192.0.2.1|25|x"]) {
			expect(() => smtp.touches({ id, type: "mx" }, { config: configSchema.parse({ version: 1 }) })).toThrow(/is not host\|ip\|port/);
		}
		expect(smtp.touches({ id: "a|2001:db8::1|25", type: "mx" }, { config: configSchema.parse({ version: 1 }) })).toEqual(["tcp [2001:db8::1]:25 (SMTP of a)"]);
	});
});
