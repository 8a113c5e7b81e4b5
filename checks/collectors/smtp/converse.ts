import type { Socket } from "node:net";
import { hostname } from "node:os";
import type { TLSSocket } from "node:tls";
import type { NetworkConfig } from "../../../model/config.ts";
import type { Connector } from "../../network/connector.ts";
import type { TlsAnswer } from "../../protocols/tls/index.ts";
import { askHello } from "./ask-hello.ts";
import { ConversationFault } from "./conversation-fault.ts";
import { renegotiate } from "./renegotiate.ts";
import { type Reply, ReplyReader } from "./reply-reader.ts";
import type { ActiveValues, StarttlsValues, TlsFacts, TlsVersion } from "./schema.ts";
import { handshake, type Tickets } from "./tls-handshake.ts";

export interface ConverseOptions {
	host: string;
	address: string;
	port: number;
	connector: Connector;
	signal: AbortSignal;
	/** A session of the runtime's TLS in a range of versions, or one ClientHello of our own whose answer is read and no more. */
	tls: { minVersion: TlsVersion; maxVersion: TlsVersion } | { hello: Uint8Array };
	/** EHLO again inside TLS. */
	ehloInTls?: boolean;
	/** Tries so many renegotiations in the session (TLS 1.2 and older). */
	renegotiate?: number;
	/** Active tests: MAIL and RCPT for this stranger before STARTTLS, and NOOP in one packet with it. */
	strangerTo?: string;
	/** Listen a while for octets behind the 220; on further connections the first has settled that. */
	listenAfterReply: boolean;
}

export interface Conversation {
	values: StarttlsValues;
	/** The SMTP part could not be seen to its end. */
	fault?: ConversationFault;
	/** Present when STARTTLS was accepted and the handshake was tried. */
	tls?: TlsFacts | ConversationFault;
	/** Present when a ClientHello of our own was sent. */
	answer?: TlsAnswer;
	/** How many renegotiations the server took part in. */
	renegotiations?: number;
	relay?: NonNullable<ActiveValues["relay"]>;
	pipelined?: NonNullable<ActiveValues["pipelined"]>;
}

const maxTranscriptLines = 100;
const maxLineCharacters = 512;
/** How long to listen for octets behind the 220. A second packet waits for our delayed acknowledgement of the first, 40 ms mostly. */
const afterReplyMs = 75;
/** A server that was going to answer a command from before the handshake does so at once. */
const speaksFirstMs = 500;
const renegotiationMs = 3000;
/** EHLO inside TLS is an extra question: a server that does not answer it is not waited for long. */
const insideMs = 10_000;
/** Nobody waits long for the reply to QUIT. */
const quitMs = 2000;

/**
 * One connection: greeting, EHLO (HELO when EHLO is refused), STARTTLS, handshake, QUIT. Never MAIL, RCPT or DATA.
 * STARTTLS is also tried when it is not advertised: senders will not use it then, but a server that does it has its certificate seen.
 * Does not throw for what the server does.
 */
export async function converse(o: ConverseOptions): Promise<Conversation> {
	const values: StarttlsValues = {
		host: o.host,
		address: o.address,
		port: o.port,
		greeting: null,
		ehlo: null,
		starttls: { advertised: false, overwritten: false, replyCode: null, replyText: null, plaintextAfterReply: false, upgraded: false },
		ehloTls: null,
		transcript: [],
	};
	const timeoutMs = o.connector.network.timeoutMs.smtp;
	const deadline = performance.now() + 2 * timeoutMs;
	const connected = await o.connector.connect(o.address, o.port, { timeoutMs, signal: o.signal });
	if (!connected.ok) return { values, fault: new ConversationFault(connected.code, connected.message) };
	const { socket } = connected;
	const conversation: Conversation = { values };
	try {
		await talk(o, socket, conversation, { timeoutMs, deadline });
	} catch (error) {
		if (!(error instanceof ConversationFault)) throw error;
		conversation.fault = error;
	} finally {
		socket.destroy();
	}
	return conversation;
}

interface Clock {
	timeoutMs: number;
	deadline: number;
}

async function talk(o: ConverseOptions, socket: Socket, conversation: Conversation, clock: Clock): Promise<void> {
	const { values } = conversation;
	const record = (from: "client" | "server", line: string): void => {
		if (values.transcript.length < maxTranscriptLines) values.transcript.push({ from, line: line.slice(0, maxLineCharacters) });
	};
	const reader = new ReplyReader(socket, {
		signal: o.signal,
		replyTimeoutMs: clock.timeoutMs,
		deadline: clock.deadline,
		onLine: (line) => record("server", line),
	});
	const command = (line: string): Promise<Reply> => {
		for (const part of line.split("\r\n")) record("client", part);
		socket.write(`${line}\r\n`, "latin1");
		return reader.reply();
	};
	try {
		// The whole greeting before a word of ours (RFC 5321 4.3.1): talking early is what spam sources do.
		const greeting = await reader.reply();
		values.greeting = { code: greeting.code, lines: greeting.lines.map((line) => line.slice(0, maxLineCharacters)) };
		refuse(greeting, "greeting");
		values.ehlo = await introduce(o.connector.network, socket, command);
		const { starttls } = values;
		starttls.advertised = values.ehlo.keywords.includes("STARTTLS");
		// Firewalls that "fix up" SMTP overwrite the keyword in place, letter by letter.
		starttls.overwritten = !starttls.advertised && values.ehlo.keywords.some((keyword) => /^X{5,}[A-Z]?$/.test(keyword));
		if (o.strangerTo !== undefined) conversation.relay = await tryRelay(o.connector.network, socket, o.strangerTo, command);
		// RFC 3207 4.2: what was sent before the handshake is to be forgotten. NOOP is the most harmless thing to be remembered.
		const line = o.strangerTo === undefined ? "STARTTLS" : "STARTTLS\r\nNOOP";
		const reply = starttls.advertised ? await command(line) : await uncalledFor(() => command("STARTTLS"));
		if (reply === undefined) return;
		starttls.replyCode = reply.code;
		starttls.replyText = reply.lines.join(" ").slice(0, maxLineCharacters);
		if (o.strangerTo !== undefined && starttls.advertised) conversation.pipelined = { replyCode: reply.code, answered: reply.code === 220 ? null : false };
		if (reply.code === 421 && starttls.advertised) throw new ConversationFault("throttled", "the server closes the connection for now", "421");
		if (reply.code !== 220) {
			await quit(command, socket);
			return;
		}
		if (await reader.hasMore(o.listenAfterReply ? afterReplyMs : 0)) {
			// Never read as replies under TLS: the connection ends here.
			starttls.plaintextAfterReply = true;
			return;
		}
		reader.detach();
		await upgrade(o, socket, conversation, clock, record);
	} finally {
		reader.detach();
	}
}

/** A command that the server did not offer: that it hangs up or stays silent takes nothing from what its EHLO reply has said. */
async function uncalledFor(ask: () => Promise<Reply>): Promise<Reply | undefined> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof ConversationFault) || error.code === "interrupted") throw error;
		return undefined;
	}
}

/** Greeting that lets nobody in: 4xx now, 5xx at all (RFC 5321 3.1, RFC 7504 for 521). */
function refuse(reply: Reply, what: string): void {
	if (reply.code >= 400 && reply.code < 500) throw new ConversationFault("throttled", `${what}: the server asks to come back later`, String(reply.code));
	if (reply.code >= 500) throw new ConversationFault("rejected", `${what}: the server does not talk to this client`, String(reply.code));
	const expected = what === "greeting" ? 220 : 250;
	if (reply.code !== expected) throw new ConversationFault("protocol_error", `${what}: the reply is not ${expected}`, String(reply.code));
}

/** EHLO always first, whatever the greeting says; HELO only when EHLO is refused (RFC 5321 3.2). */
async function introduce(network: NetworkConfig, socket: Socket, command: (line: string) => Promise<Reply>): Promise<NonNullable<StarttlsValues["ehlo"]>> {
	const name = ehloName(network, socket);
	const ehlo = await command(`EHLO ${name}`);
	if (ehlo.code < 500) {
		refuse(ehlo, "EHLO");
		return { command: "EHLO", code: ehlo.code, keywords: keywordsOf(ehlo) };
	}
	const helo = await command(`HELO ${name}`);
	refuse(helo, "HELO");
	return { command: "HELO", code: helo.code, keywords: [] };
}

export function keywordsOf(reply: Reply): string[] {
	return reply.lines.slice(1).map((line) => (line.trim().split(/\s+/, 1)[0] ?? "").toUpperCase().slice(0, maxLineCharacters));
}

/** network.ehloName, else the host's own name, else the address literal of our side (RFC 5321 4.1.4). */
export function ehloName(network: NetworkConfig, socket: Socket): string {
	const name = network.ehloName ?? hostname();
	if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)) return name;
	const address = socket.localAddress ?? "127.0.0.1";
	return address.includes(":") ? `[IPv6:${address}]` : `[${address}]`;
}

async function upgrade(
	o: ConverseOptions,
	socket: Socket,
	conversation: Conversation,
	clock: Clock,
	record: (from: "client" | "server", line: string) => void,
): Promise<void> {
	const timeoutMs = Math.min(clock.timeoutMs, clock.deadline - performance.now());
	if ("hello" in o.tls) {
		conversation.answer = await askHello(socket, o.tls.hello, { timeoutMs, signal: o.signal });
		return;
	}
	try {
		const { tls, facts, tickets } = await handshake(socket, { servername: o.host, ...o.tls, timeoutMs, signal: o.signal });
		conversation.tls = facts;
		conversation.values.starttls.upgraded = true;
		if (conversation.pipelined !== undefined) conversation.pipelined.answered = await speaksFirst(tls);
		if (o.renegotiate !== undefined) conversation.renegotiations = await renegotiate(tls, o.renegotiate, renegotiationMs);
		if (o.ehloInTls === true) conversation.values.ehloTls = await ehloInside(o, tls, clock, record);
		record("client", "QUIT");
		if (await leave(tls)) addTickets(facts, tickets);
	} catch (error) {
		if (!(error instanceof ConversationFault)) throw error;
		conversation.tls = error;
	}
}

/** Tickets come behind the handshake and before the server's next reply, as a rule. */
export function addTickets(facts: TlsFacts, tickets: Tickets): void {
	if (facts.protocol !== "TLSv1.3") return;
	facts.earlyDataBytes = tickets.earlyDataBytes;
	if (facts.group === null && tickets.group !== null) facts.group = { type: "KEM", name: tickets.group, bits: null };
}

/** MAIL and RCPT for a domain that is none of the server's, then RSET (RFC 2505 2.1). Nothing is ever sent. */
async function tryRelay(
	network: NetworkConfig,
	socket: Socket,
	recipient: string,
	command: (line: string) => Promise<Reply>,
): Promise<NonNullable<ActiveValues["relay"]>> {
	const sender = `relay-test@${ehloName(network, socket)}`;
	const mail = await command(`MAIL FROM:<${sender}>`);
	const rcpt = mail.code < 400 ? await command(`RCPT TO:<${recipient}>`) : undefined;
	await command("RSET");
	return { sender, recipient, mailCode: mail.code, rcptCode: rcpt?.code ?? null, rcptText: rcpt?.lines.join(" ").slice(0, maxLineCharacters) ?? null };
}

/** Whether anything comes inside TLS before we have said a word: an answer to what was sent in clear. */
function speaksFirst(tls: TLSSocket): Promise<boolean> {
	return new Promise((resolve) => {
		const done = (answer: boolean) => (): void => {
			clearTimeout(timer);
			tls.off("data", onData);
			tls.off("close", onClose);
			resolve(answer);
		};
		const onData = done(true);
		const onClose = done(false);
		const timer = setTimeout(done(false), speaksFirstMs);
		tls.once("data", onData);
		tls.once("close", onClose);
	});
}

/** The keywords inside TLS; null when there is no such reply: what the conversation has shown before stands. */
async function ehloInside(
	o: ConverseOptions,
	tls: TLSSocket,
	clock: Clock,
	record: (from: "client" | "server", line: string) => void,
): Promise<string[] | null> {
	const reader = new ReplyReader(tls, {
		signal: o.signal,
		replyTimeoutMs: Math.min(clock.timeoutMs, insideMs),
		deadline: clock.deadline,
		onLine: (line) => record("server", line),
	});
	try {
		const line = `EHLO ${ehloName(o.connector.network, tls)}`;
		record("client", line);
		tls.write(`${line}\r\n`, "latin1");
		const reply = await reader.reply();
		return reply.code === 250 ? keywordsOf(reply) : null;
	} catch (error) {
		if (!(error instanceof ConversationFault) || error.code === "interrupted") throw error;
		return null;
	} finally {
		reader.detach();
	}
}

async function quit(command: (line: string) => Promise<Reply>, socket: Socket): Promise<void> {
	const timer = setTimeout(() => socket.destroy(), quitMs);
	try {
		await command("QUIT");
	} catch (error) {
		// Everything that counts has been seen; how the server takes leave does not.
		if (!(error instanceof ConversationFault) || error.code === "interrupted") throw error;
	} finally {
		clearTimeout(timer);
	}
}

/** QUIT inside TLS; waits for an answer or the end, briefly. False when neither came. */
export function leave(tls: TLSSocket, line = "QUIT"): Promise<boolean> {
	return new Promise((resolve) => {
		const done = (seen: boolean) => (): void => {
			clearTimeout(timer);
			tls.destroy();
			resolve(seen);
		};
		const timer = setTimeout(done(false), quitMs);
		tls.once("data", done(true));
		tls.once("close", done(true));
		tls.write(`${line}\r\n`);
	});
}
