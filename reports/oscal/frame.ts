import { canonicalJson, sha256Hex } from "../../model/canonical.ts";
import type { ResultDocument } from "../../model/result.ts";
import { personOf } from "../internal/entries.ts";
import { readRegisters } from "../internal/registers.ts";
import { reportId } from "../internal/report-id.ts";
import { uuidOf } from "../internal/uuid.ts";
import { approverRole, partyId, personId } from "./subject.ts";
import { line, oscalVersion, prop } from "./values.ts";

/** metadata of each file: who is assessed, by what, as of when. */
export function metadata(document: ResultDocument, title: string): object {
	const { run } = document;
	const approvers = [...new Set((readRegisters(document).known.waivers ?? []).flatMap((waiver) => personOf(waiver.approvedBy) ?? []))].sort();
	return {
		title,
		"last-modified": run.asOf,
		version: line(run.tool.version, "0"),
		"oscal-version": oscalVersion,
		props: [
			...prop("report-id", reportId(document)),
			...prop("profile", run.profile),
			...prop("policy-sha256", run.policySha256),
			...prop("configuration-sha256", run.configSha256),
			...prop("complete", String(run.complete)),
		],
		roles: [{ id: "assessed-entity", title: "Assessed entity" }, ...(approvers.length === 0 ? [] : [{ id: approverRole, title: "Approves waivers" }])],
		parties: [
			{ uuid: partyId(document), type: "organization", name: line(document.entity.legalName, "Unnamed entity") },
			...approvers.map((person) => ({ uuid: personId(person), type: "person", name: line(person, "Unnamed person") })),
		],
		"responsible-parties": [{ "role-id": "assessed-entity", "party-uuids": [partyId(document)] }],
	};
}

/** The document with its own id, which follows from its content: any change makes another one. */
export function withId<T extends object>(kind: string, content: T): { uuid: string } & T {
	return { uuid: uuidOf(`document:${kind}`, sha256Hex(canonicalJson(content))), ...content };
}

export function textOf(root: string, content: object): Iterable<string> {
	return [`${JSON.stringify({ [root]: content }, null, 1)}\n`];
}
