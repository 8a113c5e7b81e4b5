import type { EvidenceRef, ResultDocument, ResultItem } from "../../model/result.ts";
import { type Finding, groupFindings } from "../internal/findings.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { uuidOf } from "../internal/uuid.ts";

/**
 * The ids that the OSCAL files share. They are made from what a thing is, not from when it was seen, so that an observation, a finding
 * or a risk keeps its id from run to run; the tests look every reference up.
 */
export const toolId = uuidOf("component", "mailward");
export const platformId = uuidOf("platform", "mailward");
export const catalogResourceId = uuidOf("resource", "catalog");
export const noPlanResourceId = uuidOf("resource", "no-ssp");

export function partyId(document: ResultDocument): string {
	return uuidOf("party", document.entity.legalName);
}

/** Role of those who approved a waiver. */
export const approverRole = "waiver-approver";

/** A person as a record names one: name and role. */
export function personId(person: string): string {
	return uuidOf("person", person);
}

export function itemId(resource: string): string {
	return uuidOf("inventory-item", resource);
}

export function observationId(item: ResultItem): string {
	return uuidOf("observation", item.id);
}

export function riskId(finding: Finding): string {
	return uuidOf("risk", finding.id);
}

export function findingId(controlId: string): string {
	return uuidOf("finding", controlId);
}

export function poamItemId(finding: Finding): string {
	return uuidOf("poam-item", finding.id);
}

export function evidenceFileId(kind: string): string {
	return uuidOf("resource", `evidence/${kind}.jsonl`);
}

/** Every finding, those that only proposed rules ask for left out as everywhere. */
export function findingsOf(model: ReportModel): Finding[] {
	return groupFindings(model.results, model.homes);
}

/** The kinds of evidence that are files of the bundle: what is derived is recomputed and has none. */
export function evidenceKinds(evidence: readonly EvidenceRef[]): string[] {
	const kinds = new Set<string>();
	for (const ref of evidence) if (!ref.kind.startsWith("derived.") && !(ref.kind === "listing" && ref.id.startsWith("derived."))) kinds.add(ref.kind);
	return [...kinds].sort();
}
