import type { EvidenceError, Gap } from "../../../model/evidence.ts";
import { reasonCodeOf } from "../../collectors/dnssec/schema.ts";
import type { HostSecurity, MailSecurity, Outcome, ZoneSecurity } from "../../protocols/dnssec/index.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { replaySecurity, signedKinds } from "./replay.ts";
import { zoneFacts } from "./zone-facts.ts";

/**
 * derived.dnssec, one per domain, and derived.dnssec_host, one per MX host of it: security of the mail names (RFC 4035 5), and of a
 * signed zone its algorithms, NSEC3 settings and the days its signatures have left.
 */
const derivation: Derivation = {
	id: "dnssec",
	target: "domain",
	needs: ["config.domain", "dns.mx", ...signedKinds],
	produces: ["derived.dnssec", "derived.dnssec_host"],
	async derive(view): Promise<DerivedItem[]> {
		const replayed = await replaySecurity(view);
		const own = { kind: "derived.dnssec", id: view.target };
		const host = { kind: "derived.dnssec_host", id: view.target };
		if (!replayed.ok) {
			const { error, basis } = replayed;
			return [
				{ ...own, error, basis },
				{ ...host, error, basis },
			];
		}
		const { seen, items, at, sends, receives, basisOf, hostsUnknown } = replayed.value;
		const made: DerivedItem[] = [];
		const basis = basisOf([view.target], seen.names);
		const error = openError(seen);
		if (error !== undefined) made.push({ ...own, error, basis });
		else {
			const zone = signedZone(seen, view.target);
			const facts = zone === undefined ? { algorithms: [], digestTypes: [], keys: [], denial: null, signatures: null } : zoneFacts(zone, items, at);
			const gaps = gapsOf(seen.names, "names");
			// A zone that does not validate is asked nothing further, and what was not answered may hold the signature that ends first.
			if (facts.denial === null)
				gaps.denial = gaps.names ?? { code: seen.security === "bogus" ? "bogus" : "not_collected", detail: `proof of absence in ${zone ?? view.target}` };
			if (gaps.names !== undefined) gaps.signatures = gaps.names;
			const names = seen.names.map(shownOutcome);
			const values = { sends, receives, ...shownZone(seen), signed: zone !== undefined, names, open: gaps.names !== undefined, ...facts };
			made.push({ ...own, values, gaps, basis });
		}
		if (!receives) return made;
		if (hostsUnknown !== undefined) return [...made, { ...host, error: hostsUnknown, basis }];
		return [...made, ...seen.hosts.map((one) => hostItem(one, basisOf([view.target, one.name], [...seen.names.slice(0, 1), ...one.addresses, ...one.tlsa])))];
	},
};

export default derivation;

function hostItem(host: HostSecurity, basis: DerivedItem["basis"]): DerivedItem {
	const own = { kind: "derived.dnssec_host", id: host.name, basis };
	const error = openError(host);
	if (error !== undefined) return { ...own, error };
	const names = [...host.addresses, ...host.tlsa];
	const gaps = gapsOf(names, "names");
	return { ...own, values: { host: host.name, ...shownZone(host), names: names.map(shownOutcome), open: gaps.names !== undefined }, gaps };
}

/** A chain that could not be followed to its end. */
function openError(zone: ZoneSecurity): EvidenceError | undefined {
	if (zone.security !== "indeterminate") return undefined;
	return { code: reasonCodeOf(zone.reason), detail: zone.detail ?? zone.zone, message: "the DNSSEC chain could not be followed" };
}

/** The zone that the domain's names are signed in, if it is signed: validated, or with a DS record that should have made it so. */
function signedZone(seen: MailSecurity, domain: string): string | undefined {
	if (seen.security === "secure") return seen.zone;
	const name = seen.detail?.replace(/^\S+ /, "") ?? "";
	const claimed = seen.security === "bogus" || seen.reason === "unsupported_algorithm" || seen.reason === "unsupported_digest";
	// A fault further up, in a top-level domain, says nothing of the domain's own zone.
	return claimed && (name === domain || domain.endsWith(`.${name}`)) && name.includes(".") && name !== "." ? name : undefined;
}

export function shownZone(zone: ZoneSecurity): { security: string; reason: string | null; detail: string | null; zone: string } {
	return { security: zone.security, reason: zone.reason, detail: zone.detail, zone: zone.zone };
}

export function shownOutcome({ name, type, security, reason, detail }: Outcome): {
	name: string;
	type: string;
	security: string;
	reason: string | null;
	detail: string | null;
} {
	return { name, type, security, reason, detail };
}

export function gapsOf(outcomes: readonly Outcome[], path: string): Record<string, Gap> {
	const open = outcomes.find((one) => one.security === "indeterminate");
	return open === undefined ? {} : { [path]: { code: reasonCodeOf(open.reason), detail: open.detail ?? `${open.type} ${open.name}` } };
}
