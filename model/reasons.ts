/**
 * Why a verdict could not be given. The list is closed: collectors, the engine, the exit code, `--accept` and the
 * report all use these codes and no others. Extend it here, once; `npm run generate` prints it into docs/reason-codes.md.
 */
export const reasonKinds = ["error", "permission", "no_evidence", "stale", "manual", "unknown_until_apply"] as const;
export type ReasonKind = (typeof reasonKinds)[number];

interface ReasonInfo {
	readonly kind: ReasonKind;
	/** One sentence for a reader of the report. */
	readonly meaning: string;
	/** What to do so that the next run can look. */
	readonly remedy: string;
}

export const reasonCodes = {
	// The outside world did not answer as it should.
	timeout: { kind: "error", meaning: "No answer came within the time limit.", remedy: "Run again; raise network.timeoutMs if the server is slow." },
	refused: { kind: "error", meaning: "The connection or the query was refused.", remedy: "Check that the service listens and admits this network." },
	unreachable: { kind: "error", meaning: "There is no route to the address.", remedy: "Scan from a network that has a route, IPv6 included." },
	reset: { kind: "error", meaning: "The connection was cut while in use.", remedy: "Run again; check middleboxes on the way." },
	servfail: { kind: "error", meaning: "Every resolver answered SERVFAIL.", remedy: "Repair the zone or its DNSSEC signatures, then scan again." },
	truncated: { kind: "error", meaning: "The DNS answer was truncated and TCP did not work.", remedy: "Let DNS over TCP through." },
	malformed: { kind: "error", meaning: "The answer could not be parsed.", remedy: "Compare the raw answer in the evidence with its standard." },
	cname_loop: { kind: "error", meaning: "The name is an alias that leads back to itself.", remedy: "Repair the CNAME records." },
	bogus: { kind: "error", meaning: "The DNSSEC signatures do not validate.", remedy: "Repair the signatures or the DS record." },
	throttled: {
		kind: "error",
		meaning: "The server asked us to come back later, and still did after the retries.",
		remedy: "Scan later or from an address the server knows.",
	},
	rejected: { kind: "error", meaning: "The server refused to talk to this client.", remedy: "Scan from an address that the server accepts." },
	protocol_error: { kind: "error", meaning: "The server broke its protocol.", remedy: "Look at the transcript in the evidence." },
	tls_alert: { kind: "error", meaning: "The TLS handshake failed before anything could be judged.", remedy: "Look at the alert in the evidence." },
	starttls_unavailable: { kind: "error", meaning: "There was no TLS session to judge.", remedy: "Repair STARTTLS first." },
	tampered: { kind: "error", meaning: "Something on the way changed the conversation.", remedy: "Scan from a second network." },
	egress_blocked: {
		kind: "error",
		meaning: "This network does not let port 25 out.",
		remedy: "Scan from a host with port 25 open, or import a probe made there.",
	},
	not_mapped: {
		kind: "error",
		meaning: "network.connectOnly is set and the address is not in network.connect.",
		remedy: "Add the address to network.connect or unset connectOnly.",
	},
	private_address: {
		kind: "error",
		meaning: "The name leads to a private, loopback or link-local address, which is not contacted.",
		remedy: "Set network.allowPrivate if the host is yours.",
	},
	too_large: {
		kind: "error",
		meaning: "The answer was larger than the limit and was not read to its end.",
		remedy: "Reduce the answer; limits stand in the docs.",
	},
	upstream_error: { kind: "error", meaning: "The service answered with an error of its own.", remedy: "Run again; ask the service if it stays so." },
	service_unavailable: { kind: "error", meaning: "The service is not to be had here.", remedy: "Scan the Region where the service runs." },
	evidence_hash_mismatch: {
		kind: "error",
		meaning: "A stored file no longer has the hash that is on record.",
		remedy: "Restore the file or record its new hash.",
	},
	evidence_missing: { kind: "error", meaning: "A file that a record names is not there.", remedy: "Restore the file or mend the path." },
	interrupted: { kind: "error", meaning: "The run was stopped before this was looked at.", remedy: "Run again to the end." },
	check_failed: { kind: "error", meaning: "The check itself could not be evaluated.", remedy: "Report the defect with the bundle's policy hash." },
	// The outside world said no.
	permission_denied: {
		kind: "permission",
		meaning: "The caller may not make this call.",
		remedy: "Grant the action named in the detail (mailward iam-policy prints them all).",
	},
	credentials_expired: { kind: "permission", meaning: "The credentials are no longer valid.", remedy: "Renew the credentials and run again." },
	region_disabled: { kind: "permission", meaning: "The Region is not enabled for the account.", remedy: "Enable the Region or leave it out of aws.regions." },
	// Nothing was given to look at.
	input_not_supplied: {
		kind: "no_evidence",
		meaning: "The input that holds the answer was not given to this run.",
		remedy: "Give the input named in the detail.",
	},
	not_in_plan: {
		kind: "no_evidence",
		meaning: "The setting is not part of this plan: it belongs to the account, the Region or the domain.",
		remedy: "Scan the live account or the domain as well.",
	},
	only_in_plan: {
		kind: "no_evidence",
		meaning: "The setting stands in the plan; a live account does not show it.",
		remedy: "Judge the plan as well.",
	},
	not_at_this_depth: { kind: "no_evidence", meaning: "The chosen depth does not look at this.", remedy: "Set network.tlsDepth to full." },
	single_vantage: { kind: "no_evidence", meaning: "One vantage point cannot tell.", remedy: "Import a probe made from another network." },
	not_permitted: { kind: "no_evidence", meaning: "Active tests were not permitted.", remedy: "Set network.activeTests with the owner's permission." },
	not_collected: { kind: "no_evidence", meaning: "The stored evidence does not hold this item.", remedy: "Collect again with this version." },
	selector_unknown: {
		kind: "no_evidence",
		meaning: "No DKIM selector could be found; selectors cannot be listed.",
		remedy: "Name the selectors in domains[].dkimSelectors.",
	},
	record_missing: { kind: "no_evidence", meaning: "There is no record of this kind.", remedy: "Write the record (mailward init makes the skeleton)." },
	record_incomplete: { kind: "no_evidence", meaning: "The record leaves this question open.", remedy: "Complete the record." },
	depends_on_message: {
		kind: "no_evidence",
		meaning: "The answer differs by message: a name is built by macros.",
		remedy: "Give sample messages, or publish names without macros.",
	},
	vendor_unknown: { kind: "no_evidence", meaning: "The vendor data does not settle this.", remedy: "Ask the vendor and record the answer." },
	no_sample_message: { kind: "no_evidence", meaning: "No sample message was given.", remedy: "Give raw messages with --content." },
	no_join_key: { kind: "no_evidence", meaning: "Recipients and authorizations cannot be joined.", remedy: "Tag sends with subjectRef or give --subject-key." },
	// What was given is too old.
	record_stale: { kind: "stale", meaning: "The record is older than its freshness window.", remedy: "Renew the record." },
	data_stale: { kind: "stale", meaning: "The dated facts this rests on are too old.", remedy: "Update with --data or a newer mailward." },
	evidence_stale: { kind: "stale", meaning: "The evidence is older than its limit.", remedy: "Collect again." },
	attestation_stale: { kind: "stale", meaning: "The attestation is past its date.", remedy: "Attest again." },
	// Only a person can tell.
	manual: { kind: "manual", meaning: "Only a person can judge this.", remedy: "Attest it in records/attestations.yaml." },
	// Terraform knows it after apply.
	unknown_until_apply: {
		kind: "unknown_until_apply",
		meaning: "The value is known only after apply.",
		remedy: "Judge the state or the live account after apply.",
	},
} as const satisfies Record<string, ReasonInfo>;

export type ReasonCode = keyof typeof reasonCodes;
/** Codes an evidence item in status "error" may carry. */
export type ErrorCode = ReasonCode;

export const reasonCodeList = Object.keys(reasonCodes) as ReasonCode[];

export function isReasonCode(text: string): text is ReasonCode {
	return Object.hasOwn(reasonCodes, text);
}

/** Whether a gap is one that the user chose; on a run over plans alone that is also what is known only after apply. */
export function isChosenGap(code: ReasonCode, targetTypes: readonly string[]): boolean {
	if (code === "unknown_until_apply") return targetTypes.every((type) => type === "plan" || type === "records");
	return chosenGaps.has(code);
}

/** Gaps the user chose: they make a run incomplete only with --require-assessed. */
export const chosenGaps: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
	"input_not_supplied",
	"not_in_plan",
	"only_in_plan",
	"not_at_this_depth",
	"single_vantage",
	"not_permitted",
]);
