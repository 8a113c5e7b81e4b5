import type { ResultDocument, ResultItem, State } from "../../model/result.ts";
import { cutLine } from "../internal/prose.ts";
import { reasonText } from "../internal/reason-text.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, compareResults } from "../internal/report-model.ts";
import { resourceParts } from "../internal/resource-parts.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";

/**
 * asff.json: findings in the AWS Security Finding Format, 2018-10-08, as BatchImportFindings takes them, account and Region filled in
 * where the result knows them; `mailward send security-hub` sets those of the account it sends to for the rest.
 */
export const writer: ReportWriter = {
	format: "asff",
	*write(result): Iterable<ReportFile> {
		const { document } = buildModel(result);
		const sent = document.results.filter((item) => item.state !== "not_applicable");
		const left = document.results.length - sent.length;
		const file = { path: "asff.json", chunks: chunks(document, sent.sort(compareResults)) };
		yield left === 0 ? file : { ...file, omitted: `asff.json leaves out ${left} results that are not applicable: the format has no status for them` };
	},
};

/** Stand for the account and Region that are known only when findings are sent. */
export const placeholderAccount = "000000000000";
export const placeholderRegion = "us-east-1";

const complianceStatus: Readonly<Record<Exclude<State, "not_applicable" | "not_assessed">, string>> = {
	pass: "PASSED",
	attested: "PASSED",
	fail: "FAILED",
	exception: "FAILED",
	manual_pending: "WARNING",
};

const severityLabels = { critical: "CRITICAL", high: "HIGH", medium: "MEDIUM", low: "LOW", info: "INFORMATIONAL" } as const;

function* chunks(document: ResultDocument, results: readonly ResultItem[]): Iterable<string> {
	let lead = "[\n";
	for (const item of results) {
		yield `${lead}${JSON.stringify(findingOf(document, item))}`;
		lead = ",\n";
	}
	yield results.length === 0 ? "[]\n" : "\n]\n";
}

function findingOf(document: ResultDocument, item: ResultItem): object {
	const { run } = document;
	const { type, account, region, host } = resourceParts(item);
	const accountId = account ?? placeholderAccount;
	const where = region === null || region === "" ? placeholderRegion : region;
	const partition = /^arn:([a-z0-9-]+):/.exec(item.resource)?.[1] ?? partitionOf(where);
	const keepsSeverity = item.state === "fail" || item.state === "exception" || item.state === "not_assessed";
	const reason = item.reason === null ? item.state : `${item.state}_${item.reason.kind}`;
	const requirements = [...item.controls, ...item.citations];
	return {
		SchemaVersion: "2018-10-08",
		Id: cutLine(`${item.target}/${item.id}`, 512),
		ProductArn: `arn:${partition}:securityhub:${where}:${accountId}:product/${accountId}/default`,
		ProductName: "mailward",
		CompanyName: "mailward",
		Region: where,
		GeneratorId: cutLine(`mailward/${run.profile}/${item.check}`, 512),
		AwsAccountId: accountId,
		Types: ["Software and Configuration Checks/Industry and Regulatory Standards"],
		FirstObservedAt: item.firstSeen,
		LastObservedAt: run.asOf,
		CreatedAt: item.firstSeen,
		UpdatedAt: run.asOf,
		Severity: { Label: severityLabels[keepsSeverity ? item.severity : "info"] },
		Title: cutLine(item.title, 256) || item.check,
		Description: cutLine(item.message === "" ? item.title : item.message, 1024) || item.check,
		...(item.remediation === "" ? {} : { Remediation: { Recommendation: { Text: cutLine(item.remediation, 512) } } }),
		ProductFields: productFields(document, item, requirements.length),
		Resources: [
			{
				Type: "Other",
				Id: cutLine(item.resource, 512) || "unnamed",
				Partition: partition,
				...(region === null || region === "" ? {} : { Region: region }),
				Details: { Other: { type, target: cutLine(item.target, 512), ...(host === null ? {} : { address: host.address }) } },
			},
		],
		Compliance: {
			Status: statusOf(item),
			StatusReasons: [{ ReasonCode: reason.toUpperCase(), Description: cutLine(reasonText(item) ?? item.message, 1024) || reason }],
			...(requirements.length === 0 ? {} : { RelatedRequirements: requirements.slice(0, 32).map((one) => cutLine(one, 256)) }),
		},
		Workflow: { Status: item.state === "exception" ? "SUPPRESSED" : item.state === "fail" ? "NEW" : item.status === "pass" ? "RESOLVED" : "NEW" },
		RecordState: "ACTIVE",
	};
}

function statusOf(item: ResultItem): string {
	if (item.state === "not_assessed")
		return item.reason?.kind === "error" || item.reason?.kind === "permission" || item.reason === null ? "NOT_AVAILABLE" : "WARNING";
	return complianceStatus[item.state as keyof typeof complianceStatus];
}

/** At most 50 pairs of at most 2,048 characters (AwsSecurityFinding.ProductFields). */
function productFields(document: ResultDocument, item: ResultItem, requirements: number): Record<string, string> {
	return {
		"mailward/state": item.state,
		"mailward/status": item.status,
		"mailward/reason": cutLine(reasonText(item) ?? "", 2048) || "none",
		"mailward/check": item.check,
		"mailward/controls": cutLine(item.controls.join(" "), 2048) || "none",
		"mailward/evidence": cutLine(item.evidence.join(" "), 2048) || "none",
		"mailward/fingerprint": item.id,
		"mailward/report": reportId(document),
		"mailward/policySha256": document.run.policySha256,
		...(item.path === null ? {} : { "mailward/path": cutLine(item.path, 2048) || "none" }),
		...(requirements > 32 ? { "mailward/requirementsLeftOut": String(requirements - 32) } : {}),
	};
}

function partitionOf(region: string): string {
	if (region.startsWith("cn-")) return "aws-cn";
	return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
