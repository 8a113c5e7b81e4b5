import type { Gap } from "../../../model/evidence.ts";
import type { TlsaRecord } from "../../protocols/dane/index.ts";
import type { HostSecurity, Outcome } from "../../protocols/dnssec/index.ts";
import type { Resolver } from "../../protocols/resolver.ts";
import { tlsaRecords } from "./facts.ts";
import { gapOf } from "./hosts.ts";

export interface FoundRecords {
	/** Of the name where they are, or were looked for last. */
	outcome: Outcome;
	/** Questions that the outcome rests on. */
	walked: Outcome[];
	records: TlsaRecord[];
	/** Why the records are not known. */
	gap: Gap | undefined;
	/** Why it is not known whether they are secure, though they are known. */
	open: Gap | undefined;
	/** A TLSA question that ended in SERVFAIL, or an answer that does not validate: senders put the mail off (RFC 7672 2.1.2). */
	blocked: { reason: string; name: string } | undefined;
}

/** As a client does: the first name that has records; a failure on the way ends the search (RFC 7672 2.2.2). */
export async function findRecords(host: HostSecurity, plain: Pick<Resolver, "resolve">): Promise<FoundRecords> {
	const none: Outcome = { name: host.name, type: "TLSA", security: "indeterminate", reason: "not_collected", detail: null, answer: undefined };
	const found: FoundRecords = { outcome: host.tlsa[0] ?? none, walked: [], records: [], gap: undefined, open: undefined, blocked: undefined };
	// Whether the host is an alias, at whose end the records would be, shows in either family.
	const unseen = host.security === "secure" && host.addresses.every((one) => one.security === "indeterminate") ? host.addresses[0] : undefined;
	if (unseen !== undefined) return { ...found, outcome: { ...found.outcome, security: "indeterminate" }, gap: gapOf(unseen) };
	for (const one of host.tlsa) {
		found.outcome = one;
		found.walked.push(one);
		const asked = one.answer !== undefined;
		if (one.security === "bogus" || (one.security === "indeterminate" && asked)) {
			const stops = one.security === "bogus" || one.reason === "servfail";
			return { ...found, gap: gapOf(one), blocked: stops ? { reason: one.reason ?? "bogus", name: one.name } : undefined };
		}
		// In a zone that is not signed, or whose chain could not be followed, only the plain question was asked.
		const answer = one.answer ?? (await plain.resolve(one.name, "TLSA"));
		if (answer.status === "error") return { ...found, gap: { code: answer.code ?? "malformed", detail: `TLSA ${one.name}` } };
		found.records = tlsaRecords(answer);
		if (found.records.length === 0) continue;
		return one.security === "indeterminate" ? { ...found, open: gapOf(one) } : found;
	}
	return found;
}
