import { z } from "zod";
import { domainOf } from "./dmarc-report.ts";
import { defaultLimits, type MailReportLimits } from "./limits.ts";
import { type ReportError, ReportFault, reportError } from "./report-fault.ts";

export interface TlsPolicyResult {
	/** sts, tlsa, no-policy-found; other: none that RFC 8460 names. */
	type: "sts" | "tlsa" | "no-policy-found" | "other";
	/** The domain that the policy is of. */
	domain: string;
	/** Sessions, as the summary counts them. */
	successful: number;
	failed: number;
	/** By result type and receiving host, added up. */
	failures: { resultType: string; sessions: number; receivingMx: string | null }[];
}

export interface TlsReport {
	organization: string | null;
	reportId: string | null;
	/** RFC 3339, UTC. */
	begin: string;
	end: string;
	policies: TlsPolicyResult[];
	/** Sums over the summaries of the policies. */
	successful: number;
	failed: number;
	/** Objects in failure-details of the report. */
	details: number;
	/** What was read otherwise than written; sorted. */
	notes: TlsReportNote[];
}

/** details_differ: the failure details of a policy add up to another number than its summary. */
export type TlsReportNote = "details_differ" | "unknown_policy_type" | "unknown_result_type" | "values_not_lower_case";

export type TlsReportResult = { ok: true; report: TlsReport } | { ok: false; error: ReportError };

/** RFC 8460 section 4.3. */
const tlsResultTypes: readonly string[] = [
	"starttls-not-supported",
	"certificate-host-mismatch",
	"certificate-expired",
	"certificate-not-trusted",
	"validation-failure",
	"tlsa-invalid",
	"dnssec-invalid",
	"dane-required",
	"sts-policy-fetch-error",
	"sts-policy-invalid",
	"sts-webpki-invalid",
];
const maxPolicies = 1000;
const maxDetails = 100_000;

const sessions = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** The fields that are read; policy-string, addresses and free text are left where they are. */
const reportSchema = z.object({
	"organization-name": z.string().max(1024).nullish(),
	"report-id": z.string().max(1024).nullish(),
	"date-range": z.object({ "start-datetime": z.string().max(64), "end-datetime": z.string().max(64) }),
	policies: z
		.array(
			z.object({
				policy: z.object({ "policy-type": z.string().max(1024), "policy-domain": z.string().max(1024) }),
				summary: z.object({ "total-successful-session-count": sessions, "total-failure-session-count": sessions }),
				"failure-details": z
					.array(z.object({ "result-type": z.string().max(1024), "failed-session-count": sessions, "receiving-mx-hostname": z.string().max(1024).nullish() }))
					.max(maxDetails)
					.nullish(),
			}),
		)
		.min(1)
		.max(maxPolicies),
});

/** A TLS report (RFC 8460 section 4) from the octets of its JSON. The whole report or an error. */
export function parseTlsReport(octets: Uint8Array, limits: MailReportLimits = defaultLimits): TlsReportResult {
	try {
		if (octets.length > limits.heldBytes) throw new ReportFault("too_large", `the report has more than ${limits.heldBytes} octets`);
		if (nestsDeeper(octets, limits.xmlDepth)) throw new ReportFault("too_large", `the report has objects nested deeper than ${limits.xmlDepth}`);
		return { ok: true, report: reportOf(jsonOf(octets)) };
	} catch (error) {
		return { ok: false, error: reportError(error) };
	}
}

/** What is nested deep costs the parser of JSON far more than it is worth. */
function nestsDeeper(octets: Uint8Array, limit: number): boolean {
	let depth = 0;
	let isText = false;
	for (let at = 0; at < octets.length; at++) {
		const octet = octets[at];
		if (isText) {
			if (octet === 0x5c) at += 1;
			else if (octet === 0x22) isText = false;
		} else if (octet === 0x22) isText = true;
		else if (octet === 0x7b || octet === 0x5b) {
			depth += 1;
			if (depth > limit) return true;
		} else if (octet === 0x7d || octet === 0x5d) depth -= 1;
	}
	return false;
}

function jsonOf(octets: Uint8Array): unknown {
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
	} catch (error) {
		if (error instanceof TypeError) throw new ReportFault("malformed", "the report is not UTF-8");
		throw error;
	}
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof RangeError) throw new ReportFault("malformed", "the report is no JSON");
		throw error;
	}
}

function reportOf(value: unknown): TlsReport {
	const parsed = reportSchema.safeParse(value);
	if (!parsed.success) {
		// Only the path and what was expected: the value is a stranger's.
		const issue = parsed.error.issues[0];
		throw new ReportFault("malformed", `this is no TLS report: ${issue?.path.map(String).join(".") || "the top"} is not as RFC 8460 section 4.4 has it`);
	}
	const { data } = parsed;
	const begin = instantOf(data["date-range"]["start-datetime"]);
	const end = instantOf(data["date-range"]["end-datetime"]);
	if (begin === undefined || end === undefined || begin > end) throw new ReportFault("malformed", "date-range of the report is no range of RFC 3339 times");
	const notes = new Set<TlsReportNote>();
	const policies: TlsPolicyResult[] = [];
	let details = 0;
	for (const { policy, summary, "failure-details": failures } of data.policies) {
		const domain = domainOf(policy["policy-domain"]);
		if (domain === null) throw new ReportFault("malformed", "a policy of the report names no policy-domain");
		details += failures?.length ?? 0;
		if (details > maxDetails) throw new ReportFault("too_large", `the report has more than ${maxDetails} failure details`);
		const merged = new Map<string, TlsPolicyResult["failures"][number]>();
		let sum = 0;
		for (const failure of failures ?? []) {
			const resultType = resultTypeOf(failure["result-type"], notes);
			const receivingMx = domainOf(failure["receiving-mx-hostname"] ?? undefined);
			const count = failure["failed-session-count"];
			sum += count;
			const key = `${resultType} ${receivingMx}`;
			const known = merged.get(key);
			if (known === undefined) merged.set(key, { resultType, sessions: count, receivingMx });
			else known.sessions += count;
		}
		const failed = summary["total-failure-session-count"];
		if (sum !== failed) notes.add("details_differ");
		policies.push({
			type: policyTypeOf(policy["policy-type"], notes),
			domain,
			successful: summary["total-successful-session-count"],
			failed,
			failures: [...merged.values()],
		});
	}
	const total = (field: "successful" | "failed"): number => {
		let sum = 0;
		for (const policy of policies) sum += policy[field];
		return sum;
	};
	const [successful, failed] = [total("successful"), total("failed")];
	if (!Number.isSafeInteger(successful) || !Number.isSafeInteger(failed))
		throw new ReportFault("malformed", "the session counts of the report are no numbers of sessions");
	const name = (text: string | null | undefined): string | null => text?.trim() || null;
	return {
		organization: name(data["organization-name"]),
		reportId: name(data["report-id"]),
		begin,
		end,
		policies,
		successful,
		failed,
		details,
		notes: [...notes].sort(),
	};
}

function policyTypeOf(text: string, notes: Set<TlsReportNote>): TlsPolicyResult["type"] {
	const type = text.trim().toLowerCase();
	if (type !== text) notes.add("values_not_lower_case");
	if (type === "sts" || type === "tlsa" || type === "no-policy-found") return type;
	notes.add("unknown_policy_type");
	return "other";
}

/** A type that RFC 8460 does not name stays a failure of its own; no other text of a stranger's is kept. */
function resultTypeOf(text: string, notes: Set<TlsReportNote>): string {
	const type = text.trim().toLowerCase();
	if (type !== text) notes.add("values_not_lower_case");
	if (tlsResultTypes.includes(type)) return type;
	notes.add("unknown_result_type");
	return "other";
}

function instantOf(text: string): string | undefined {
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i.test(text)) return undefined;
	const time = new Date(text);
	return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
