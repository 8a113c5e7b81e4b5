import { domainToASCII } from "node:url";
import type { HeaderField } from "../../protocols/dkim/index.ts";
import { sameOwner } from "../dns/mail-names.ts";
import type { SampleMessage } from "./schema.ts";

const spfResults = ["pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"] as const;
const maxDomains = 20;

/** What the header of a message tells of the domains behind it. Only names of domains are kept; any fields in, a value out. */
export function headerFacts(fields: readonly HeaderField[]): Pick<SampleMessage, "from" | "mailFrom" | "spf" | "bulk" | "received" | "unsubscribe"> {
	const values = (name: string): string[] =>
		fields.filter((field) => field.name === name).map(({ raw }) => raw.slice(raw.indexOf(":") + 1).replaceAll("\r\n", ""));
	const from = [...new Set(values("from").flatMap(addressDomains))].slice(0, maxDomains);
	// The receiver writes its findings on top (RFC 8601 4): what stands below may come from anyone.
	const [seen = ""] = values("authentication-results");
	const [received = ""] = values("received-spf");
	const envelope = plain(seen).match(/\bsmtp\.mailfrom[ \t]*=[ \t]*(?:[^\s;@]*@)?([^\s;]+)/i)?.[1];
	const [returnPath] = values("return-path");
	const mailFrom = returnPath === undefined ? domainOf(envelope) : (addressDomains(returnPath)[0] ?? null);
	const result =
		plain(seen).match(/(?:^|[;\s])spf[ \t]*=[ \t]*([a-z]+)/i)?.[1] ??
		(seen === ""
			? plain(received)
					.trim()
					.match(/^([a-z]+)/i)?.[1]
			: undefined);
	const spf = spfResults.find((one) => one === result?.toLowerCase()) ?? null;
	const isAboutIt = envelope === undefined || domainOf(envelope) === mailFrom;
	const precedence = (values("precedence")[0] ?? "").trim().toLowerCase();
	const bulk = values("list-unsubscribe").length > 0 || values("list-id").length > 0 || precedence === "bulk" || precedence === "list";
	const authority = plain(seen).match(/^[ \t]*([^\s;]+)/)?.[1];
	const unsubscribe = [...new Set(values("list-unsubscribe").flatMap(uriHosts))].slice(0, maxDomains);
	return { from, mailFrom, spf: isAboutIt ? spf : null, bulk, received: sendingHosts(values("received"), domainOf(authority)), unsubscribe };
}

/**
 * Names in the Received lines (RFC 5321 4.4) that the sending side wrote, from the top, where the receiver's own lines stand: those whose
 * `by` shares its organization with whoever wrote Authentication-Results are passed over, but for the host that they had the message from.
 */
function sendingHosts(lines: readonly string[], authority: string | null): string[] {
	const hosts = new Set<string>();
	for (const line of lines) {
		const said = plain(line);
		const from = hostOf(said.match(/^[ \t]*from[ \t]+([^\s;]+)/i)?.[1]);
		const by = hostOf(said.match(/(?:^|[ \t])by[ \t]+([^\s;]+)/i)?.[1]);
		const isReceivers = by !== null && authority !== null && sameOwner(by, authority);
		for (const host of isReceivers ? [from] : [from, by]) {
			if (host === null || (authority !== null && sameOwner(host, authority) && isReceivers)) continue;
			if (hosts.size < maxDomains) hosts.add(host);
		}
	}
	return [...hosts];
}

/** Names of private networks, and of a person's device in one, say nothing of a vendor and may say something of a person. */
function hostOf(name: string | undefined): string | null {
	const host = domainOf(name?.replace(/^\[.*\]$/, ""));
	if (host === null || !host.includes(".") || /(?:^|\.)(?:local|lan|home|internal|localdomain|invalid|arpa)$/.test(host)) return null;
	return /^[\d.]+$/.test(host) ? null : host;
}

/** Hosts of the URIs in angle brackets (RFC 2369 2): of https the host, of mailto the domain of the address. */
function uriHosts(value: string): string[] {
	const hosts: string[] = [];
	for (const [, uri = ""] of value.slice(0, 8192).matchAll(/<([^<>\s]{1,2048})>/g)) {
		const name = /^https?:/i.test(uri) && URL.canParse(uri) ? new URL(uri).hostname : uri.match(/^mailto:[^@?]*@([^?&,;]+)/i)?.[1];
		const host = hostOf(name);
		if (host !== null) hosts.push(host);
	}
	return hosts;
}

/** Domains of the addresses in a list (RFC 5322 3.4): comments and quoted strings left out, for an at sign in them is no address. */
function addressDomains(value: string): string[] {
	const found: string[] = [];
	for (const [, name] of plain(value).matchAll(/@[ \t]*([^\s<>,;:@]+)/g)) {
		const domain = domainOf(name);
		if (domain !== null) found.push(domain);
	}
	return found;
}

function domainOf(name: string | undefined): string | null {
	const bare = (name ?? "").replace(/[>.]+$/, "").slice(0, 255);
	if (bare === "") return null;
	// Octets of an internationalized message (RFC 6532) are UTF-8.
	return domainToASCII(Buffer.from(bare, "latin1").toString("utf8")) || null;
}

/** Without comments, which may nest, and with quoted strings emptied. One pass. */
function plain(value: string): string {
	let out = "";
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < value.length; at++) {
		const character = value[at];
		if (character === "\\") at += 1;
		else if (quoted) quoted = character !== '"';
		else if (depth > 0) depth += character === "(" ? 1 : character === ")" ? -1 : 0;
		else if (character === '"') quoted = true;
		else if (character === "(") depth = 1;
		else out += character;
	}
	return out;
}
