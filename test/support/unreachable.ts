import type { Status } from "../../model/result.ts";

/** Statuses that a check cannot give, and why: for these no case is asked for. */
export const unreachable: readonly { status: Status; checks: readonly string[]; why: string }[] = [
	{ status: "fail", checks: ["baa.register_kept"], why: "an empty register is a gap (record_missing): nothing shows that there are business associates" },
	{ status: "fail", checks: ["vendors.all_seen"], why: "it says how far the look went: a name that could not be read is a gap, never a fail" },
	{
		status: "fail",
		checks: ["smtp.hybrid_key_exchange", "smtp.requiretls_offered"],
		why: "the catalogue has it as information: absence is out of scope, and never a fail",
	},
	{
		status: "fail",
		checks: ["mx.hosts_answer"],
		why: "whatever keeps an address from greeting is in error under its own code: one vantage point cannot tell it from our own network",
	},
	{
		status: "not_applicable",
		checks: [
			"certificate.not_revoked",
			"mailbox.passwords_under_tls",
			"mx.hosts_answer",
			"mx.no_open_relay",
			"smtp.commands_discarded",
			"smtp.extensions_safe",
			"smtp.forward_secrecy_preferred",
			"smtp.implementation_flaws_absent",
			"smtp.key_exchange_strong",
			"smtp.no_weak_suites",
			"smtp.starttls_not_stripped",
			"smtp.tls_profile_met",
			"submission.passwords_under_tls",
			"baa.register_kept",
			"certificate.in_date",
			"certificate.names_host",
			"certificate.strong",
			"certificate.trusted",
			"dmarc.record_published",
			"dns.vantages_agree",
			"dnssec.domain_validates",
			"smtp.starttls_offered",
			"smtp.tls_1_2_or_later",
			"smtp.tls_1_3_supported",
			"vendors.all_seen",
		],
		why: "every target has exactly one item of the kind, read or in error, and the check judges each",
	},
];
