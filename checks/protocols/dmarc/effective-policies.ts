import type { DmarcPolicy, DmarcRecord } from "./parse-dmarc.ts";

export interface PolicyPair {
	/** As the record asks for it, fallbacks applied. */
	policy: DmarcPolicy;
	/** After t=y. */
	effective: DmarcPolicy;
}

export interface EffectivePolicies {
	/** The name that holds the record. */
	domain: PolicyPair;
	/** Names below it that exist; only where the record is that of the organizational or public suffix domain. */
	subdomain: PolicyPair;
	/** Names below it that do not exist (NXDOMAIN), under the same condition. */
	nonexistent: PolicyPair;
}

/** RFC 9989 sections 4.7 and 4.10.1: np falls back to sp, sp to p. Undefined when the record has no effect. */
export function effectivePolicies(record: DmarcRecord): EffectivePolicies | undefined {
	if (!record.valid || record.policy === undefined) return undefined;
	const domain = record.policy;
	const subdomain = record.actsAsNone ? "none" : (record.sp ?? domain);
	const nonexistent = record.actsAsNone ? "none" : (record.np ?? subdomain);
	const pair = (policy: DmarcPolicy): PolicyPair => ({ policy, effective: record.testing ? oneStepWeaker(policy) : policy });
	return { domain: pair(domain), subdomain: pair(subdomain), nonexistent: pair(nonexistent) };
}

function oneStepWeaker(policy: DmarcPolicy): DmarcPolicy {
	return policy === "reject" ? "quarantine" : "none";
}

const strength: Record<DmarcPolicy, number> = { none: 0, quarantine: 1, reject: 2 };

/** Negative when a protects less than b, 0 when alike. */
export function comparePolicies(a: DmarcPolicy, b: DmarcPolicy): number {
	return strength[a] - strength[b];
}
