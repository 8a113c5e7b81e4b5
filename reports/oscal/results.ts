import type { EvidenceRef, ResultDocument, ResultItem } from "../../model/result.ts";
import type { Finding } from "../internal/findings.ts";
import { valueLine } from "../internal/prose.ts";
import { reasonText } from "../internal/reason-text.ts";
import { readRegisters } from "../internal/registers.ts";
import { type ControlModel, compareResults, type ReportModel } from "../internal/report-model.ts";
import { uuidOf } from "../internal/uuid.ts";
import type { Theme } from "../theme/theme.ts";
import { metadata, withId } from "./frame.ts";
import { assessmentAssets, catalogResource, reviewedControls } from "./plan.ts";
import { decisionsOf, riskOf } from "./risk.ts";
import { evidenceFileId, evidenceKinds, findingId, findingsOf, itemId, observationId, riskId, toolId } from "./subject.ts";
import { endOfDay, line, prop, some, token } from "./values.ts";

/** One observation per result, one finding per control, one risk per cause of failure. */
export function assessmentResults(document: ResultDocument, model: ReportModel, theme: Theme): object {
	const { run } = document;
	const findings = findingsOf(model);
	const decisions = decisionsOf(document);
	const attested = validityOf(document);
	const risksByResult = new Map<string, Finding>();
	for (const finding of findings) for (const item of finding.results) risksByResult.set(item.id, finding);
	const evidence = new Map(document.evidence.map((ref) => [ref.sha256, ref]));
	const resources = new Set([...document.scope.targets.map((target) => target.id), ...document.results.map((item) => item.resource)]);
	return withId("assessment-results", {
		metadata: metadata(document, "Assessment results"),
		"import-ap": { href: "assessment-plan.json" },
		results: [
			{
				uuid: uuidOf("result", `${run.configSha256}:${run.policySha256}:${run.asOf}`),
				title: "Scan",
				description: line(`Scan of ${document.scope.targets.length} targets as of ${run.asOf}`, "Scan"),
				start: run.startedAt,
				end: run.endedAt,
				props: [...prop("complete", String(run.complete)), ...prop("interrupted", String(run.interrupted))],
				"local-definitions": {
					...some(
						"inventory-items",
						[...resources].sort().map((id) => ({ uuid: itemId(id), description: line(id, "unnamed"), ...some("props", prop("resource-id", id)) })),
					),
					"assessment-assets": assessmentAssets(document),
				},
				"reviewed-controls": reviewedControls(model),
				"assessment-log": {
					entries: [
						{
							uuid: uuidOf("log", `collect:${run.startedAt}`),
							title: "Evidence collected and judged",
							start: run.startedAt,
							end: run.endedAt,
						},
					],
				},
				...some(
					"observations",
					[...document.results].sort(compareResults).map((item) => observation(document, item, evidence, attested)),
				),
				...some(
					"risks",
					findings.map((finding) => riskOf(document, finding, decisions, true)),
				),
				...some(
					"findings",
					model.families.flatMap(({ controls }) =>
						controls.filter(({ control }) => control.state !== "not_applicable").map((one) => findingOf(one, risksByResult)),
					),
				),
			},
		],
		"back-matter": { resources: [catalogResource, ...evidenceKinds(document.evidence).map((kind) => evidenceFile(kind, theme))] },
	});
}

function evidenceFile(kind: string, { evidenceFiles }: Theme): object {
	const file = evidenceFiles?.find(({ path }) => path === `evidence/${kind}.jsonl`);
	const hashes = some("hashes", file === undefined ? [] : [{ algorithm: "SHA-256", value: file.sha256 }]);
	return {
		uuid: evidenceFileId(kind),
		title: line(`Evidence of the kind ${kind}`, "Evidence"),
		...(evidenceFiles !== null && file === undefined
			? { description: "The file is not part of this bundle." }
			: { rlinks: [{ href: `../evidence/${encodeURIComponent(kind.toWellFormed())}.jsonl`, "media-type": "application/jsonl", ...hashes }] }),
	};
}

const methods = { test: "TEST", examine: "EXAMINE", interview: "INTERVIEW" } as const;

function observation(document: ResultDocument, item: ResultItem, evidence: ReadonlyMap<string, EvidenceRef>, attested: ReadonlyMap<string, string>): object {
	const { run } = document;
	const isOpen = item.state === "not_assessed" || item.state === "manual_pending";
	const refs = item.evidence.map((sha256) => evidence.get(sha256)).filter((one) => one !== undefined);
	const filed = new Set(evidenceKinds(refs));
	let collected = "";
	for (const ref of refs) if (ref.collectedAt > collected) collected = ref.collectedAt;
	const collectedAt = collected === "" ? run.asOf : collected;
	return {
		uuid: observationId(item),
		title: line(item.title, item.check),
		description: line(item.message, line(item.title, item.check)),
		props: [
			...prop("status", item.state),
			...prop("raw-status", item.status),
			...prop("status-reason", item.reason === null ? null : item.reason.kind),
			...prop("reason-code", item.reason === null ? null : item.reason.code),
			...prop("reason-detail", item.reason?.detail ?? null),
			...prop("check-id", item.check),
			...prop("pack", run.profile),
			...prop("fingerprint", item.id),
			...prop("severity", item.severity),
			...prop("path", item.path),
			...prop("observed", valueLine(item.observed)),
			...prop("expected", item.expected),
			...prop("waiver", item.waiver),
			...prop("attestation", item.attestation),
		],
		methods: [isOpen ? "UNKNOWN" : methods[item.method]],
		types: [item.state === "pass" || item.state === "attested" ? "control-objective" : "finding"],
		origins: [{ actors: [{ type: "tool", "actor-uuid": toolId }] }],
		subjects: [{ "subject-uuid": itemId(item.resource), type: "inventory-item" }],
		...some(
			"relevant-evidence",
			refs
				.filter((ref) => filed.has(ref.kind))
				.map((ref) => ({
					href: `#${evidenceFileId(ref.kind)}`,
					description: line(`${ref.kind} ${ref.id}`, ref.sha256),
					props: [...prop("sha256", ref.sha256), ...prop("call", ref.call)],
				})),
		),
		collected: collectedAt,
		...expiryOf(item, collectedAt, attested),
		...(item.reason === null ? {} : { remarks: line(`Not assessed: ${reasonText(item)}`, "Not assessed") }),
	};
}

/** What was too old expired when it was collected, and what a person stated holds to the day that the statement names; a scan says nothing of tomorrow. */
function expiryOf(item: ResultItem, collectedAt: string, attested: ReadonlyMap<string, string>): { expires?: string } {
	if (item.reason?.kind === "stale") return { expires: collectedAt };
	const until = item.attestation === null ? undefined : attested.get(item.attestation);
	return until === undefined ? {} : { expires: until };
}

function validityOf(document: ResultDocument): Map<string, string> {
	const validity = new Map<string, string>();
	for (const { id, validUntil } of readRegisters(document).known.attestations ?? []) {
		const until = endOfDay(validUntil);
		if (until !== null) validity.set(id, until);
	}
	return validity;
}

const targetStatus = {
	pass: ["satisfied", "pass"],
	attested: ["satisfied", "other"],
	fail: ["not-satisfied", "fail"],
	exception: ["not-satisfied", "fail"],
	not_assessed: ["not-satisfied", "other"],
	manual_pending: ["not-satisfied", "other"],
	not_applicable: ["not-satisfied", "other"],
} as const;

function findingOf({ control, results, counts }: ControlModel, risks: ReadonlyMap<string, Finding>): object {
	const [state, reason] = targetStatus[control.state];
	const related = [...new Set(results.map((item) => risks.get(item.id)).filter((one) => one !== undefined))];
	return {
		uuid: findingId(control.id),
		title: line(control.title, control.id),
		description: line(
			`${control.id}: ${counts.pass} pass, ${counts.attested} attested, ${counts.exception} exception, ${counts.fail} fail, ${counts.not_assessed} not assessed, ${counts.manual_pending} pending, ${counts.not_applicable} not applicable`,
			control.id,
		),
		props: [...prop("status", control.state), ...prop("status-reason", control.reason?.kind ?? null), ...prop("reason-code", control.reason?.code ?? null)],
		origins: [{ actors: [{ type: "tool", "actor-uuid": toolId }] }],
		target: {
			type: "statement-id",
			"target-id": token(`${control.id}_smt`),
			title: line(control.title, control.id),
			status: { state, reason, ...remarksOf(control.state, control.attestation) },
		},
		...some(
			"related-observations",
			results.map((item) => ({ "observation-uuid": observationId(item) })),
		),
		...some(
			"related-risks",
			related.map((finding) => ({ "risk-uuid": riskId(finding) })),
		),
	};
}

function remarksOf(state: ControlModel["control"]["state"], attestation: string | null): { remarks?: string } {
	if (state === "attested") return { remarks: line(`Attested by a person: ${attestation ?? "see the observations"}`, "Attested by a person") };
	if (state === "manual_pending") return { remarks: "manual assessment pending" };
	return state === "not_assessed" ? { remarks: "No verdict: this was not assessed, which is no statement that the requirement is met or not met." } : {};
}
