import type { EvidenceRef, ResultDocument, ResultItem, State } from "../../model/result.ts";
import { oneLine } from "../internal/prose.ts";
import { reasonText } from "../internal/reason-text.ts";
import { buildModel, compareResults } from "../internal/report-model.ts";
import { resourceParts } from "../internal/resource-parts.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";
import { evidenceObject } from "./evidence.ts";

/** ocsf.json: one OCSF 1.8.0 Compliance Finding (class 2003) a line, one line a result. */
export const writer: ReportWriter = {
	format: "ocsf",
	*write(result): Iterable<ReportFile> {
		const model = buildModel(result);
		yield { path: "ocsf.json", chunks: lines(model.document) };
	},
};

const severityIds = { critical: [5, "Critical"], high: [4, "High"], medium: [3, "Medium"], low: [2, "Low"], info: [1, "Informational"] } as const;

/** compliance.status_id. 2 Warning is OCSF's word for "no result because information is missing". */
const complianceStatus: Readonly<Record<State, readonly [number, string]>> = {
	pass: [1, "Pass"],
	attested: [1, "Pass"],
	fail: [3, "Fail"],
	exception: [3, "Fail"],
	not_assessed: [2, "Warning"],
	manual_pending: [2, "Warning"],
	not_applicable: [99, "Not applicable"],
};

function* lines(document: ResultDocument): Iterable<string> {
	const evidence = new Map(document.evidence.map((one) => [one.sha256, one]));
	const controls = new Map(document.controls.map((one) => [one.id, one]));
	for (const item of [...document.results].sort(compareResults)) yield `${JSON.stringify(finding(document, item, controls, evidence))}\n`;
}

function finding(
	document: ResultDocument,
	item: ResultItem,
	controls: ReadonlyMap<string, ResultDocument["controls"][number]>,
	evidence: ReadonlyMap<string, EvidenceRef>,
): object {
	const { run } = document;
	const time = Date.parse(run.asOf);
	// The first time a result is seen its finding is made; later runs speak of the same one.
	const isFirst = item.firstSeen >= run.startedAt || item.firstSeen >= run.asOf;
	const keepsSeverity = item.state === "fail" || item.state === "exception" || item.state === "not_assessed";
	const [severityId, severity] = severityIds[keepsSeverity ? item.severity : "info"];
	const [statusId, status] = complianceStatus[item.state];
	const own = item.controls.map((id) => controls.get(id)).filter((one) => one !== undefined);
	const refs = item.evidence.map((sha256) => evidence.get(sha256)).filter((one) => one !== undefined);
	const standards = standardsOf(own.map((control) => control.family));
	return {
		activity_id: isFirst ? 1 : 2,
		activity_name: isFirst ? "Create" : "Update",
		category_uid: 2,
		category_name: "Findings",
		class_uid: 2003,
		class_name: "Compliance Finding",
		type_uid: isFirst ? 200301 : 200302,
		type_name: `Compliance Finding: ${isFirst ? "Create" : "Update"}`,
		time,
		severity_id: severityId,
		severity,
		...(item.state === "fail" ? { status_id: 1, status: "New" } : item.state === "exception" ? { status_id: 3, status: "Suppressed" } : {}),
		...(item.message === "" ? {} : { message: oneLine(item.message) }),
		...commentOf(item),
		metadata: {
			version: "1.8.0",
			product: { name: run.tool.name, vendor_name: "mailward", version: oneLine(run.tool.version), feature: { name: run.profile, uid: run.policySha256 } },
			uid: `${item.id}:${run.asOf}`,
		},
		finding_info: {
			uid: item.id,
			title: oneLine(item.title),
			desc: oneLine(item.message === "" ? item.title : item.message),
			first_seen_time: timeOf(item.firstSeen, time),
			last_seen_time: time,
			created_time: timeOf(item.firstSeen, time),
			modified_time: time,
		},
		compliance: {
			...(standards.length === 0 ? {} : { standards }),
			...(item.citations.length === 0 ? {} : { requirements: item.citations.map(oneLine) }),
			...(own[0] === undefined ? {} : { control: `${own[0].id} ${oneLine(own[0].title)}` }),
			checks: [
				{
					uid: item.check,
					name: oneLine(item.title),
					desc: oneLine(item.expected ?? item.title),
					version: run.policySha256,
					severity_id: severityIds[item.severity][0],
					severity: severityIds[item.severity][1],
					status_id: statusId,
					status,
				},
			],
			status_id: statusId,
			status,
			status_code: item.reason === null ? item.state : `${item.state}.${item.reason.kind}`,
			status_details: [`status=${item.status}`, `state=${item.state}`, ...(item.reason === null ? [] : [`reason=${reasonText(item)}`])],
		},
		resources: [resourceOf(item)],
		...(item.remediation === "" ? {} : { remediation: { desc: oneLine(item.remediation) } }),
		...(refs.length === 0 ? {} : { evidences: refs.map(evidenceObject) }),
	};
}

function commentOf(item: ResultItem): { comment?: string } {
	if (item.waiver !== null) return { comment: `waiver ${oneLine(item.waiver)}: ${item.disposition}` };
	if (item.attestation !== null) return { comment: `attestation ${oneLine(item.attestation)}: ${item.disposition}` };
	return {};
}

function resourceOf(item: ResultItem): object {
	const parts = resourceParts(item);
	return {
		uid: oneLine(item.resource) || "unnamed",
		name: oneLine(item.resource) || "unnamed",
		type: parts.type,
		...(parts.host === null ? {} : { hostname: parts.host.name }),
		labels: [
			`target:${oneLine(item.target)}`,
			...item.domains.map((domain) => `domain:${oneLine(domain)}`),
			...(parts.account === null ? [] : [`account:${parts.account}`]),
			...(parts.region === null ? [] : [`region:${parts.region}`]),
		],
	};
}

const standardOfFamily: Readonly<Record<string, string>> = {
	privacy: "HIPAA Privacy Rule",
	"business-associates": "HIPAA Security Rule",
	administrative: "HIPAA Security Rule",
	physical: "HIPAA Security Rule",
	technical: "HIPAA Security Rule",
	content: "HIPAA Privacy Rule",
	breach: "HIPAA Breach Notification Rule",
	"can-spam": "CAN-SPAM",
};

function standardsOf(families: readonly string[]): string[] {
	const names = new Set<string>();
	for (const family of families) {
		const name = Object.hasOwn(standardOfFamily, family) ? standardOfFamily[family] : undefined;
		if (name !== undefined) names.add(name);
	}
	return [...names];
}

function timeOf(text: string, otherwise: number): number {
	const time = Date.parse(text);
	return Number.isNaN(time) ? otherwise : time;
}
