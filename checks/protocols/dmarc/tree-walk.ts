import type { ErrorCode } from "../../../model/reasons.ts";
import { type DnsAnswer, type Resolver, txtStrings } from "../resolver.ts";
import { toQueryName } from "./domain-name.ts";
import { type DmarcRecord, isDmarcText, parseDmarc } from "./parse-dmarc.ts";

/** A record that counts on the walk: the only one with v=DMARC1 at its name. Its policy may still be unusable. */
export interface FoundRecord {
	domain: string;
	text: string;
	record: DmarcRecord;
}

/** DMARC records that receivers do not use, and why. */
export interface DiscardedRecords {
	domain: string;
	texts: string[];
	/** several: more than one at the name (RFC 9989 section 4.10); no_policy: neither a valid policy nor a valid rua (4.10.1). */
	reason: "several" | "no_policy";
}

export type RecordAtName = { kind: "found"; found: FoundRecord } | { kind: "none"; discarded?: DiscardedRecords } | { kind: "error"; code: ErrorCode };

/** What a walk saw, longest name first. */
export interface Walk {
	found: FoundRecord[];
	discarded: DiscardedRecords[];
	/** Set when a question stayed without an answer; the walk stopped there and says nothing about the names above. */
	code?: ErrorCode;
}

/**
 * The names of RFC 9989 section 4.10 in their order: the start, then, from 8 labels on, the right-most 7, then one
 * label less each time down to the top-level domain. At most 8 names.
 */
export function walkNames(start: string): string[] {
	const labels = start.split(".");
	const names = [start];
	const upper = labels.slice(labels.length < 8 ? 1 : labels.length - 7);
	for (let index = 0; index < upper.length; index += 1) names.push(upper.slice(index).join("."));
	return names;
}

/** Asks _dmarc under each name until one stops the walk (psd=y or psd=n). Appends the names asked to `queries`. */
export async function walk(names: string[], resolver: Resolver, queries: string[], signal?: AbortSignal): Promise<Walk> {
	const result: Walk = { found: [], discarded: [] };
	for (const name of names) {
		const at = await recordAt(name, resolver, queries, signal);
		if (at.kind === "error") return { ...result, code: at.code };
		if (at.kind === "none") {
			if (at.discarded !== undefined) result.discarded.push(at.discarded);
			continue;
		}
		result.found.push(at.found);
		if (at.found.record.psd !== "u") return result;
	}
	return result;
}

export async function recordAt(domain: string, resolver: Resolver, queries: string[], signal?: AbortSignal): Promise<RecordAtName> {
	const name = toQueryName(`_dmarc.${domain}`);
	// Longer than DNS allows: nothing can stand there, so that this is a positive "none".
	if (name === undefined) return { kind: "none" };
	queries.push(name);
	const answer = await resolver.resolve(name, "TXT", signal);
	const code = failureOf(answer);
	if (code !== undefined) return { kind: "error", code };
	const texts = txtStrings(answer).filter(isDmarcText);
	const [text] = texts;
	if (text === undefined) return { kind: "none" };
	if (texts.length > 1) return { kind: "none", discarded: { domain, texts, reason: "several" } };
	return { kind: "found", found: { domain, text, record: parseDmarc(text) } };
}

/** RFC 9989 section 4.10.2, over the records of a whole walk that began at `start`. */
export function chooseOrganizational(start: string, found: FoundRecord[]): string {
	for (const { domain, record } of found) {
		if (record.psd === "n") return domain;
		if (record.psd === "y" && domain !== start) return oneLabelBelow(domain, start);
	}
	return found.at(-1)?.domain ?? start;
}

function oneLabelBelow(suffix: string, start: string): string {
	return start
		.split(".")
		.slice(-(suffix.split(".").length + 1))
		.join(".");
}

/** The reason why an answer says nothing about the name; undefined when it does. */
export function failureOf(answer: DnsAnswer): ErrorCode | undefined {
	if (answer.status === "ok") return answer.cnameLoop === true ? "cname_loop" : undefined;
	if (answer.code !== undefined) return answer.code;
	if (answer.rcode === "SERVFAIL") return "servfail";
	if (answer.rcode === "REFUSED") return "refused";
	return "protocol_error";
}
