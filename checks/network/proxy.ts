import { BlockList, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ReasonCode } from "../../model/reasons.ts";
import { InputError } from "../../model/source.ts";
import { canonicalAddress, type Endpoint, formatEndpoint } from "./address.ts";
import type { ConnectOutcome } from "./connector.ts";

/** A proxy for HTTPS, as HTTPS_PROXY and NO_PROXY name it. */
export interface HttpsProxy {
	host: string;
	port: number;
	/** The proxy itself is spoken to over TLS, under the system's roots. */
	tls: boolean;
	/** Value of Proxy-Authorization. Never logged, never evidence. */
	authorization: string | undefined;
	/** Whether a connection goes direct: NO_PROXY names the host or address, or the address is loopback. */
	bypasses(host: string, target: Endpoint): boolean;
}

const maxHeadBytes = 16 * 1024;

/**
 * The proxy that the environment asks for, lower-case names first as curl has it; undefined without one. Throws InputError for
 * a URL that cannot be used; the message does not repeat it, for it may hold a password.
 */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): HttpsProxy | undefined {
	const name = (env.https_proxy ?? "") === "" ? "HTTPS_PROXY" : "https_proxy";
	const text = (env[name] ?? "").trim();
	if (text === "") return undefined;
	const url = URL.parse(text.includes("://") ? text : `http://${text}`);
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
		const message = "is not the URL of a proxy, such as http://proxy.example.org:3128; unset it to connect directly";
		throw new InputError([{ file: "environment", line: 1, column: 1, field: name, message }]);
	}
	const tls = url.protocol === "https:";
	const credentials = url.username === "" ? undefined : `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
	return {
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: url.port === "" ? (tls ? 443 : 80) : Number(url.port),
		tls,
		authorization: credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`,
		bypasses: exemptions((env.no_proxy ?? "") === "" ? env.NO_PROXY : env.no_proxy),
	};
}

/** Percent-encoding undone; a sign that begins none stays. */
function percentDecoded(text: string): string {
	return Buffer.from(
		text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
		"latin1",
	).toString("utf8");
}

/** NO_PROXY: names that cover themselves and what is below them, addresses, address/prefix, each with an optional port; `*` for all. */
function exemptions(text: string | undefined): HttpsProxy["bypasses"] {
	const names: { name: string; port: number | undefined }[] = [];
	const addresses = new BlockList();
	addresses.addSubnet("127.0.0.0", 8, "ipv4");
	addresses.addAddress("::1", "ipv6");
	for (const entry of (text ?? "").split(/[\s,]+/)) {
		if (entry === "") continue;
		const [, address = "", prefix] = /^\[?([0-9A-Fa-f:.]+)\]?(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
		const version = isIP(address);
		if (version !== 0 && Number(prefix ?? 0) <= (version === 4 ? 32 : 128)) {
			addresses.addSubnet(address, Number(prefix ?? (version === 4 ? 32 : 128)), version === 4 ? "ipv4" : "ipv6");
			continue;
		}
		const [, name = "", port] = /^(?:\*?\.)?([^:]+)(?::(\d{1,5}))?$/.exec(entry.toLowerCase()) ?? [];
		if (name !== "") names.push({ name, port: port === undefined ? undefined : Number(port) });
	}
	return (host, target) => {
		if (addresses.check(target.address, target.address.includes(":") ? "ipv6" : "ipv4")) return true;
		const asked = host.toLowerCase();
		return names.some(
			({ name, port }) =>
				(port === undefined || port === target.port) &&
				(name === "*" || asked === name || asked.endsWith(`.${name}`) || target.address === canonicalAddress(name)),
		);
	};
}

/**
 * Asks the proxy for a tunnel to an address, never to a name (RFC 9110 9.3.6): what was checked stays what is connected to, as far
 * as the proxy does what it is told, which nobody at this end can see. `socket` is connected to the proxy and is destroyed on a fault.
 */
export function openTunnel(socket: Socket, proxy: HttpsProxy, target: Endpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<ConnectOutcome> {
	const { promise, resolve } = Promise.withResolvers<ConnectOutcome>();
	const way = proxy.tls ? connectTls({ socket, servername: isIP(proxy.host) === 0 ? proxy.host : "", host: proxy.host }) : socket;
	let head = Buffer.alloc(0);
	const settle = (outcome: ConnectOutcome): void => {
		clearTimeout(timer);
		options.signal.removeEventListener("abort", onAbort);
		way.off("data", onData);
		way.off("close", onClose);
		if (!outcome.ok) {
			way.destroy();
			socket.destroy();
		}
		resolve(outcome);
	};
	const fail = (code: ReasonCode, message: string): void => settle({ ok: false, code, message: `the proxy ${message}` });
	const onAbort = (): void => settle({ ok: false, code: "interrupted", message: "the run was stopped" });
	const onClose = (): void => fail("reset", "closed the connection before it opened a tunnel");
	const onData = (chunk: Buffer): void => {
		head = Buffer.concat([head, chunk]);
		const end = head.indexOf("\r\n\r\n");
		if (end === -1) {
			if (head.length > maxHeadBytes) fail("too_large", "answered with a header that does not end");
			return;
		}
		const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)[ \r]/.exec(head.toString("latin1", 0, end + 2))?.[1] ?? 0);
		if (status < 200 || status > 299) {
			fail(
				codes.get(status) ?? (status === 0 ? "protocol_error" : "refused"),
				`answered ${status === 0 ? "with no HTTP" : status} to CONNECT ${formatEndpoint(target)}`,
			);
			return;
		}
		way.pause();
		const rest = head.subarray(end + 4);
		settle({ ok: true, socket: way });
		if (rest.length > 0) way.unshift(rest);
	};
	const timer = setTimeout(() => fail("timeout", `opened no tunnel within ${options.timeoutMs} ms`), options.timeoutMs);
	options.signal.addEventListener("abort", onAbort, { once: true });
	way.on("error", (error: NodeJS.ErrnoException) => fail(proxy.tls ? "tls_alert" : "reset", `failed: ${error.code ?? error.message}`));
	way.on("close", onClose);
	way.on("data", onData);
	const authority = formatEndpoint(target);
	const authorization = proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`;
	way.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
	return promise;
}

/** What a proxy says of the way beyond it; every other refusal is its own. */
const codes: ReadonlyMap<number, ReasonCode> = new Map([
	[502, "unreachable"],
	[503, "unreachable"],
	[504, "timeout"],
]);
