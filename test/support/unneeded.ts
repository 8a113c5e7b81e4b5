import type { Evidence } from "../../model/evidence.ts";
import type { Mutation } from "./mutations.ts";

/**
 * Items in the basis of a passing verdict that it survives, each with the reason why it truly cannot matter. An entry that no
 * case uses any more is refused by the test.
 */
export interface Unneeded {
	checks: RegExp;
	/** Kinds of the items; for listings, the kind that is listed. */
	kinds: RegExp;
	ids?: RegExp;
	mutations: readonly Mutation[];
	/** For listings instead of items. */
	listing?: true;
	why: string;
}

export const unneeded: readonly Unneeded[] = [
	{
		checks: /^certificate\.(in_date|names_host|strong)$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "dates, names and strength of the leaf are judged whatever root it leads to: fewer roots, seen to be fewer, change nothing",
	},
	{
		checks: /^mta_sts\.(policy_served|record_published)$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "the record and the HTTP status are judged whatever root the certificate leads to; mta_sts.policy_host_certificate judges that",
	},
	{
		checks: /^mta_sts\.record_published$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor)$/,
		mutations: ["drop and uncount", "error"],
		why: "the record stands in DNS; what the policy host answered is judged by mta_sts.policy_served and policy_valid",
	},
	{
		checks: /^mta_sts\.(?!covers_mx$)/,
		kinds: /^dns\.mx$/,
		mutations: ["drop and uncount", "error"],
		why: "only mta_sts.covers_mx compares the policy with the MX hosts",
	},
	{
		checks: /^dkim\.key_published$/,
		kinds: /^dns\.txt$/,
		ids: /\._domainkey\./,
		mutations: ["drop and uncount", "error"],
		why: "one usable key under a declared selector proves it; the guesses and the wildcard probe could only add others",
	},
	{
		checks: /^mx\.hosts_resolve$/,
		kinds: /^dns\.(a|aaaa)$/,
		mutations: ["drop and uncount", "error"],
		why: "a host with an address of one family can be reached: the other family is a second proof",
	},
	{
		checks: /^mx\.plain_hosts$/,
		kinds: /^dns\.(a|aaaa)$/,
		mutations: ["drop and uncount", "error"],
		why: "an alias shows in the answer for either family (RFC 1034 3.6.2): one that names no CNAME is proof enough",
	},
	{
		checks: /^sending\.tracking_disabled$/,
		kinds: /^aws_sesv2_configuration_set(_event_destination)?$/,
		mutations: ["drop and uncount", "error"],
		why: "set and destination are judged each on its own values; the verdict on one cites the other because it names it",
	},
	{
		checks: /^vendors\.none_left_over$/,
		kinds: /^record\.baa$/,
		mutations: ["drop and uncount"],
		why: "a register seen to hold no row for the vendor holds no row that has ended: vendors.declared judges the want of one",
	},
	{
		checks: /^vendors\.all_seen$/,
		kinds: /^config\.trust_anchor$/,
		mutations: ["drop and uncount"],
		why: "fewer roots, seen to be fewer, leave nothing unread",
	},
	{
		checks: /^vendors\.(baa_offered|declared|none_left_over|plan_proven)$/,
		kinds: /^(https\.mta_sts_policy|config\.trust_anchor)$/,
		listing: true,
		mutations: ["drop", "error"],
		why: "the vendor shows by other signals; what may hide in the policy that was not read is vendors.all_seen's gap",
	},
];

/** Checks whose resources are found by looking: where a look failed there is no resource to say so, and another check tells it. */
export const gapsTold: readonly { checks: RegExp; by: string }[] = [{ checks: /^vendors\.(?!all_seen$)/, by: "vendors.all_seen" }];

export function excuseOf(check: string, victim: Evidence, kind: string, mutation: Mutation): Unneeded | undefined {
	const isListing = victim.kind === "listing";
	return unneeded.find(
		(one) =>
			one.checks.test(check) &&
			one.kinds.test(kind) &&
			(one.listing ?? false) === isListing &&
			(isListing || one.ids === undefined || one.ids.test(victim.id)) &&
			one.mutations.includes(mutation),
	);
}
