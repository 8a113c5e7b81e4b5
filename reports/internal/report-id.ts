import { sha256Hex } from "../../model/canonical.ts";
import type { ResultDocument } from "../../model/result.ts";

/** Names the report by what it rests on, so that the same inputs give the same id. */
export function reportId(document: ResultDocument): string {
	const { policySha256, configSha256, asOf, startedAt, profile } = document.run;
	return `MW-${sha256Hex(JSON.stringify([document.entity.legalName, profile, policySha256, configSha256, asOf, startedAt]))
		.slice(0, 12)
		.toUpperCase()}`;
}
