import type { DnsAnswer, DnsRecord, RecordType } from "../resolver.ts";
import { Chain, type ChainOptions, type Located, type SecureZone, stopOf } from "./chain.ts";
import { Proofs } from "./denial.ts";
import { isBelow, isWithin, parentOf, readName, shownName } from "./name.ts";
import { type DnssecReason, type DnssecResult, LimitExceeded, type Security, type Stop } from "./outcome.ts";
import { type Rrset, readSignature, rrsetOf, verifyRrset } from "./rrset.ts";

export interface ValidateDnssecOptions extends ChainOptions {
	name: string;
	type: RecordType;
}

/**
 * Validates one question along the chain from the anchors (RFC 4033 to 4035, 5155, 6840, 9276): the record set, every alias on the
 * way to it, or the proof that there is none. A header bit counts for nothing. Never throws for what DNS answers.
 */
export function validateDnssec(options: ValidateDnssecOptions): Promise<DnssecResult> {
	return new DnssecValidator(options).validate(options.name, options.type);
}

/** Security of one link: the record set or denial at one name. */
type Link = { ok: true; records: DnsRecord[]; next?: string; rcode?: "NOERROR" } | { ok: false; stop: Stop };

/** Several questions over one chain: what stands above them is asked for and checked once. */
export class DnssecValidator {
	private readonly chain: Chain;

	constructor(options: ChainOptions) {
		this.chain = new Chain(options);
	}

	/** What is known of a name before it is asked for: the signed zone that it lies in, or why there is none. Costs the DS questions alone. */
	async locate(asked: string): Promise<{ security: Security; zone: string; reason?: DnssecReason; detail?: string }> {
		const name = readName(asked);
		if (name === undefined) return { security: "indeterminate", zone: ".", reason: "malformed", detail: asked };
		try {
			const located = await this.chain.locate(name);
			return located.ok ? { security: "secure", zone: shownName(located.zone.name) } : located.stop;
		} catch (error) {
			if (!(error instanceof LimitExceeded)) throw error;
			return stopOf("indeterminate", "limit_exceeded", error.message, name);
		}
	}

	async validate(asked: string, type: RecordType): Promise<DnssecResult> {
		const name = readName(asked);
		if (name === undefined)
			return { security: "indeterminate", answer: { status: "error", code: "malformed", answers: [] }, reason: "malformed", detail: asked };
		let answer: DnsAnswer | undefined;
		try {
			answer = await this.chain.ask(name, type);
			return await this.follow(name, type, answer);
		} catch (error) {
			if (!(error instanceof LimitExceeded)) throw error;
			return {
				security: "indeterminate",
				answer: answer ?? { status: "error", code: "too_large", answers: [] },
				reason: "limit_exceeded",
				detail: error.message,
			};
		}
	}

	/**
	 * One link after the other: each name of a chain of aliases is asked for itself, since only then does its own proof come along.
	 * A secure answer is put together from what was checked; whatever else a server put into its first answer is left out.
	 */
	private async follow(first: string, type: RecordType, whole: DnsAnswer): Promise<DnssecResult> {
		const visited = new Set<string>();
		const records: DnsRecord[] = [];
		let answer = whole;
		let insecure: Stop | undefined;
		const stopped = (stop: Stop): DnssecResult => ended(whole, stop.security === "bogus" ? stop : (insecure ?? stop));
		for (let at = first; ; ) {
			const detail = `${type} ${shownName(at)}`;
			if (visited.has(at) || visited.size > this.chain.limits.aliases) return stopped(stopOf("indeterminate", "cname_loop", detail, at));
			visited.add(at);
			if (at !== first) answer = await this.chain.ask(at, type);
			if (answer.status === "error") return stopped(stopOf("indeterminate", answer.code ?? "protocol_error", detail, at));
			if (type === "RRSIG") return stopped(stopOf("indeterminate", "unsupported_question", detail, at));
			const link = await this.link(at, type, answer);
			if (!link.ok) {
				// An alias in an unsigned zone leads to nothing that could be secure; but its end may still be bogus (RFC 4035 5.5).
				const next = link.stop.security === "insecure" && type !== "CNAME" ? readName(rrsetOf(answer.answers, at, "CNAME")?.records[0]?.data) : undefined;
				if (next === undefined) return stopped(link.stop);
				insecure ??= link.stop;
				at = next;
				continue;
			}
			records.push(...link.records);
			if (link.next !== undefined) {
				at = link.next;
				continue;
			}
			if (insecure !== undefined) return ended(whole, insecure);
			const { cnameLoop, ...last } = answer;
			return { security: "secure", answer: { ...last, rcode: link.rcode ?? last.rcode ?? "NOERROR", answers: records }, zone: shownName(link.zone) };
		}
	}

	/** The signer named in the answer tells which zone to go to; where it cannot be right, every name on the way is asked for a cut. */
	private async link(name: string, type: RecordType, answer: DnsAnswer): Promise<Link & { zone: string }> {
		const place = type === "DS" && name !== "" ? parentOf(name) : name;
		const signer = signerOf(answer, name, type, place);
		const hinted = signer === undefined ? undefined : await this.chain.locate(signer);
		let first: (Link & { zone: string }) | undefined;
		if (hinted !== undefined) {
			if (!hinted.ok) return { ...hinted, zone: hinted.stop.zone };
			if (hinted.zone.name === signer) {
				first = { ...(await this.check(hinted.zone, name, type, answer)), zone: hinted.zone.name };
				if (first.ok || signer === place) return first;
			}
		}
		const located: Located = await this.chain.locate(place);
		if (!located.ok) return { ...located, zone: located.stop.zone };
		if (first !== undefined && located.zone.name === signer) return first;
		return { ...(await this.check(located.zone, name, type, answer)), zone: located.zone.name };
	}

	private async check(zone: SecureZone, name: string, type: RecordType, answer: DnsAnswer): Promise<Link> {
		const own = rrsetOf(answer.answers, name, type);
		if (own !== undefined) return this.checkSet(zone, own, answer);
		const redirected = this.checkRedirection(zone, name, answer);
		if (redirected !== undefined) return redirected;
		const alias = type === "CNAME" ? undefined : rrsetOf(answer.answers, name, "CNAME");
		if (alias === undefined) return this.checkDenial(zone, name, type, answer);
		let link = this.checkSet(zone, alias, answer);
		// A server that looked up the rest of the chain itself may have dropped the proof for this part of it.
		if (!link.ok && link.stop.reason === "missing_proof") link = this.checkSet(zone, alias, await this.chain.ask(name, "CNAME"));
		if (!link.ok) return link;
		const next = alias.records.length === 1 ? readName(alias.records[0]?.data) : undefined;
		if (next === undefined) return { ok: false, stop: stopOf("bogus", "malformed", `CNAME ${shownName(name)}`, zone.name) };
		return { ...link, next };
	}

	private checkSet(zone: SecureZone, set: Rrset, answer: DnsAnswer): Link {
		const detail = `${set.type} ${shownName(set.name)}`;
		const { context } = this.chain;
		const verdict = verifyRrset(set, zone.name, zone.keys, context);
		if (!verdict.ok) return { ok: false, stop: stopOf(verdict.fault === "malformed" ? "indeterminate" : "bogus", verdict.fault, detail, zone.name) };
		const checked: Link = { ok: true, records: recordsOfSet(set, answer.answers) };
		if (verdict.closestEncloser === undefined) return checked;
		const proofs = new Proofs(answer.authorities ?? [], zone.name, zone.keys, context);
		const proven = proofs.provesExpansion(set.name, verdict.closestEncloser);
		if (proven === "yes") return checked;
		if (proven === "opt_out") return { ok: false, stop: stopOf("insecure", "nsec3_opt_out", detail, zone.name) };
		if (proven === "iterations") return { ok: false, stop: stopOf("insecure", "nsec3_iterations", detail, zone.name) };
		return { ok: false, stop: stopOf("bogus", "missing_proof", detail, zone.name) };
	}

	/** DNAME (RFC 6672): the record is signed, the alias made from it is not, so that is made again here and compared. */
	private checkRedirection(zone: SecureZone, name: string, answer: DnsAnswer): Link | undefined {
		for (const record of answer.answers) {
			const owner = record.type === "DNAME" ? readName(record.name) : undefined;
			if (owner === undefined || !isBelow(name, owner) || !isWithin(owner, zone.name)) continue;
			const set = rrsetOf(answer.answers, owner, "DNAME");
			const target = set?.records.length === 1 ? readName(record.data) : undefined;
			if (set === undefined || target === undefined) continue;
			const link = this.checkSet(zone, set, answer);
			if (!link.ok) return link;
			const made = readName(`${name.slice(0, name.length - owner.length - (owner === "" ? 0 : 1))}.${shownName(target)}`);
			const alias = readName(rrsetOf(answer.answers, name, "CNAME")?.records[0]?.data);
			if (made === undefined || (alias !== undefined && alias !== made))
				return { ok: false, stop: stopOf("bogus", "bad_signature", `CNAME ${shownName(name)}`, zone.name) };
			return { ok: true, records: [...link.records, { name: shownName(name), type: "CNAME", ttl: record.ttl, data: shownName(made) }], next: made };
		}
		return undefined;
	}

	private checkDenial(zone: SecureZone, name: string, type: RecordType, answer: DnsAnswer): Link {
		const detail = `${type} ${shownName(name)}`;
		const authorities = answer.authorities ?? [];
		const { context } = this.chain;
		// What else the zone says in the same breath has to be right as well.
		const soa = rrsetOf(authorities, zone.name, "SOA");
		if (soa !== undefined && soa.signatures.length > 0) {
			const verdict = verifyRrset(soa, zone.name, zone.keys, context);
			if (!verdict.ok && verdict.fault !== "malformed") return { ok: false, stop: stopOf("bogus", verdict.fault, `SOA ${shownName(zone.name)}`, zone.name) };
		}
		const proofs = new Proofs(authorities, zone.name, zone.keys, context);
		const denials = proofs.denials(name, type);
		if (denials.some((denial) => denial.kind === "nxdomain")) return { ok: true, records: [] };
		// Servers that say NXDOMAIN for a name that exists are put right by their own proof.
		if (denials.some((denial) => denial.kind === "nodata")) return { ok: true, records: [], rcode: "NOERROR" };
		if (denials.some((denial) => denial.kind === "opt_out")) return { ok: false, stop: stopOf("insecure", "nsec3_opt_out", detail, zone.name) };
		if (denials.some((denial) => denial.kind === "iterations")) return { ok: false, stop: stopOf("insecure", "nsec3_iterations", detail, zone.name) };
		const unsigned = !authorities.some((record) => record.type === "RRSIG");
		return { ok: false, stop: stopOf("bogus", proofs.fault ?? (unsigned ? "no_signature" : "missing_proof"), detail, zone.name) };
	}
}

function ended(answer: DnsAnswer, stop: Stop): DnssecResult {
	return { security: stop.security, answer, reason: stop.reason, detail: stop.detail, zone: stop.zone };
}

/** A checked set with the signatures over it. */
function recordsOfSet(set: Rrset, section: readonly DnsRecord[]): DnsRecord[] {
	const over = section.filter(
		(record) => record.type === "RRSIG" && readName(record.name) === set.name && readSignature(record.data)?.typeCovered === set.type,
	);
	return [...set.records, ...over];
}

/** The zone that signed what is said of the name: a hint, checked by the chain. */
function signerOf(answer: DnsAnswer, name: string, type: RecordType, place: string): string | undefined {
	const positive: string[] = [];
	const negative: string[] = [];
	for (const { type: is, name: owner, data } of answer.answers) {
		if (is !== "RRSIG") continue;
		const signature = readSignature(data);
		const at = readName(owner);
		if (signature === undefined || at === undefined || !isWithin(place, signature.signer)) continue;
		const covers = signature.typeCovered;
		if ((at === name && (covers === type || covers === "CNAME")) || (covers === "DNAME" && isBelow(name, at))) positive.push(signature.signer);
	}
	if (positive.length > 0) return longest(positive);
	for (const { type: is, data } of answer.authorities ?? []) {
		const signature = is === "RRSIG" ? readSignature(data) : undefined;
		if (signature !== undefined && isWithin(place, signature.signer)) negative.push(signature.signer);
	}
	return longest(negative);
}

function longest(names: readonly string[]): string | undefined {
	let found: string | undefined;
	for (const name of names) if (found === undefined || isBelow(name, found)) found = name;
	return found;
}
