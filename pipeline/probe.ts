import type { KeyObject } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { lstat } from "node:fs/promises";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { discoverMx } from "../checks/collectors/dns/discover-mx.ts";
import { Recorder } from "../checks/collectors/dns/recorder.ts";
import { arpaName } from "../checks/collectors/dns/reverse-name.ts";
import smtp from "../checks/collectors/smtp/index.ts";
import { canonicalAddress, classifyAddress } from "../checks/network/address.ts";
import { normalizeName, recordsOf } from "../checks/protocols/resolver.ts";
import { byCodeUnit, canonicalJson, evidenceLine } from "../model/canonical.ts";
import type { Evidence, Target } from "../model/evidence.ts";
import { ioMessage } from "../model/input-file.ts";
import { InputError } from "../model/source.ts";
import { type CollectOptions, type CollectRun, openRun } from "./collect.ts";
import { isLook, type ProbeDocument, type ProbeTarget, probePayloadType, probeSchemaId } from "./probe-file.ts";
import { signDsse } from "./signing.ts";
import { unique } from "./targets.ts";
import { packageInfo } from "./version.ts";

export interface ProbeOptions extends Pick<CollectOptions, "config" | "request" | "now" | "signal" | "log" | "progress" | "concurrency"> {
	/** Each a domain, a host, host|ip or host|ip|port, as checkProbeHosts has found them to be well formed. */
	hosts: readonly string[];
	/** Address that others see this machine under; without, the local address. */
	vantage?: string | undefined;
}

/** What a host named on the command line is. */
export type ProbeHost = { type: "name"; name: string } | { type: "address"; host: string; address: string; port: number | undefined };

const hostPattern = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Reads a HOST argument. Undefined for what is none. */
export function parseProbeHost(text: string): ProbeHost | undefined {
	const [name = "", address, port, rest] = text.trim().split("|");
	const host = normalizeName(domainToASCII(name) || name);
	if (rest !== undefined || !hostPattern.test(host)) return undefined;
	// An address alone has no name to send as SNI or to find in the certificate.
	if (isIP(host) !== 0) return undefined;
	if (address === undefined) return { type: "name", name: host };
	const canonical = canonicalAddress(address.replace(/^\[(.*)\]$/, "$1"));
	if (canonical === undefined) return undefined;
	if (port === undefined) return { type: "address", host, address: canonical, port: undefined };
	const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
	return number >= 1 && number <= 65_535 ? { type: "address", host, address: canonical, port: number } : undefined;
}

/** Canonical text of an address that the user gave; undefined when it is none. */
export function canonicalIp(text: string): string | undefined {
	return canonicalAddress(text);
}

/** Throws InputError if there is a file already: evidence is not overwritten, and that is to be known before anyone is contacted. */
export async function checkNewFile(file: string): Promise<void> {
	try {
		await lstat(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw new InputError([{ file, line: 1, column: 1, message: ioMessage(error) }]);
	}
	throw new InputError([{ file, line: 1, column: 1, message: "exists already and is not overwritten; name another file" }]);
}

/** Runs the SMTP and TLS collector alone on the MX addresses of domains, on hosts and on single addresses. */
export async function probe(options: ProbeOptions): Promise<ProbeDocument> {
	const { now, signal } = options;
	const startedAt = now().toISOString();
	const run = await openRun(options);
	try {
		const found = await Promise.all(options.hosts.map((host) => findAddresses(host, run)));
		const targets = unique(found.flatMap((one) => one.open));
		let done = 0;
		const looks = await Promise.all(
			targets.map((target) =>
				run.context.limit("probe", options.concurrency, async () => {
					options.progress({ type: "target-started", target: target.id, kind: "mx" });
					const items: Evidence[] = [];
					for await (const item of smtp.collect(target, run.context)) items.push(item);
					done += 1;
					const errors = items.filter((item) => item.status === "error").length;
					options.progress({ type: "target-finished", target: target.id, kind: "mx", items: items.length, errors, done, of: targets.length });
					return items;
				}),
			),
		);
		const vantage = await vantageOf(options.vantage, targets, run);
		const items = [...found.flatMap((one) => one.items), ...looks.flat().filter((item) => isLook(item.kind))];
		return {
			schema: probeSchemaId,
			tool: { name: "mailward", version: packageInfo().version },
			vantage,
			startedAt,
			endedAt: now().toISOString(),
			interrupted: signal.aborted,
			targets: found.map((one) => one.target),
			evidence: inOrder(items),
		};
	} finally {
		await run.close();
	}
}

/** The file: one JSON document, signed as a DSSE envelope when there is a key. The same document and key give the same octets. */
export function probeText(document: ProbeDocument, key: KeyObject | undefined): string {
	const text = canonicalJson(document);
	return key === undefined ? `${text}\n` : `${canonicalJson(signDsse(probePayloadType, Buffer.from(text), key))}\n`;
}

/** The addresses that could not be looked at, with why: they make a probe incomplete. */
export function unseen(document: ProbeDocument): { what: string; why: string }[] {
	const nowhere = document.targets.filter((target) => target.fault !== null).map((target) => ({ what: target.asked, why: target.fault ?? "" }));
	const silent = document.evidence
		.map(({ line }) => JSON.parse(line) as Evidence)
		.filter((item) => item.kind === "smtp.starttls" && item.status === "error")
		.map((item) => ({ what: item.id, why: `${item.error?.code}: ${item.error?.message}` }));
	return [...nowhere, ...silent];
}

interface Found {
	target: ProbeTarget;
	open: Target[];
	/** The questions that led there. */
	items: Evidence[];
}

async function findAddresses(asked: string, { context }: CollectRun): Promise<Found> {
	const host = parseProbeHost(asked);
	if (host === undefined) throw new TypeError(`"${asked}" is no host to probe`);
	const smtpPort = context.config.network.ports.smtp;
	if (host.type === "address") {
		const id = `${host.host}|${host.address}|${host.port ?? smtpPort}`;
		return { target: { asked, domain: null, mx: [], addresses: [id], fault: null }, open: [{ id, type: "mx", domains: [host.host] }], items: [] };
	}
	const { name } = host;
	const recorder = new Recorder(context, name);
	const answer = await recorder.resolve(name, "MX");
	const mx = recordsOf(answer, "MX")
		.map((record) => record.data as { preference: number; exchange: string })
		.map(({ preference, exchange }) => ({ preference, exchange: normalizeName(exchange) }))
		.sort((a, b) => a.preference - b.preference || byCodeUnit(a.exchange, b.exchange));
	const hosts =
		answer.status === "error" ? [] : mx.length === 0 ? [name] : [...new Set(mx.map((one) => one.exchange))].filter((one) => one !== "." && one !== "");
	for (const one of hosts) await Promise.all([recorder.resolve(one, "A"), recorder.resolve(one, "AAAA")]);
	const items = recorder.items();
	const open = discoverMx(name, items, smtpPort);
	const unanswered = items.filter((item) => item.status === "error").map((item) => `${item.source.call}: ${item.error?.code}`);
	const fault =
		unanswered.length > 0
			? unanswered.slice(0, 5).join("; ").slice(0, 1000)
			: open.length > 0
				? null
				: mx.length > 0 && hosts.length === 0
					? "the domain says that it takes no mail (null MX)"
					: "no address was found";
	return { target: { asked, domain: name, mx, addresses: open.map((target) => target.id), fault }, open, items };
}

/** Items in the order of kind and id; what two domains share stands once. */
function inOrder(items: readonly Evidence[]): ProbeDocument["evidence"] {
	const lines = new Map<string, { key: string; sha256: string; line: string }>();
	for (const item of items) {
		const key = `${item.kind}\n${item.id}\n${item.source.target}`;
		if (!lines.has(key)) lines.set(key, { key, ...evidenceLine(item) });
	}
	return [...lines.values()].sort((a, b) => byCodeUnit(a.key, b.key)).map(({ sha256, line }) => ({ sha256, line }));
}

async function vantageOf(told: string | undefined, targets: readonly Target[], { context }: CollectRun): Promise<ProbeDocument["vantage"]> {
	const first = targets[0]?.id.split("|").at(-2);
	const address = told ?? (first === undefined || context.config.network.connectOnly ? null : await localAddressTowards(first));
	// Private addresses have no name that means anything elsewhere.
	const arpa = address === null || classifyAddress(address) !== "public" ? undefined : arpaName(address);
	if (arpa === undefined) return { address, reverseName: null };
	const names = recordsOf(await context.resolver.resolve(arpa, "PTR", context.signal), "PTR").map((record) => normalizeName(String(record.data)));
	return { address, reverseName: names.sort()[0]?.slice(0, 255) ?? null };
}

/** The address that this machine would speak from. Connecting a UDP socket sends nothing: it only looks the route up. */
async function localAddressTowards(address: string): Promise<string | null> {
	const socket = createSocket(isIP(address) === 6 ? "udp6" : "udp4");
	try {
		socket.connect(9, address);
		await once(socket, "connect", { signal: AbortSignal.timeout(1000) });
		return canonicalAddress(socket.address().address) ?? null;
	} catch {
		// No route: the vantage stays unnamed, and the collector's own items say what could not be reached.
		return null;
	} finally {
		socket.close();
	}
}
