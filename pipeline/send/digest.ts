import type { ResultDocument, ResultItem } from "../../model/result.ts";

/** What leaves the house about a scan: counts, and only where it is asked for what failed. */
export interface Digest {
	schema: "mailward/digest/v1";
	tool: string;
	asOf: string;
	profile: string;
	complete: boolean;
	totals: ResultDocument["totals"];
	/** Results in state fail, by severity. */
	failed: Record<ResultItem["severity"], number>;
	results?: { id: string; check: string; title: string; state: string; severity: string; resource: string; reason: string | null }[];
}

/** Counts name nobody: no entity, no domain, no account. `withResults` adds each result that fails or was not assessed. */
export function digestOf(result: ResultDocument, withResults: boolean): Digest {
	const failed = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
	for (const item of result.results) if (item.state === "fail") failed[item.severity] += 1;
	const { tool, asOf, profile, complete } = result.run;
	const digest: Digest = { schema: "mailward/digest/v1", tool: `${tool.name} ${tool.version}`, asOf, profile, complete, totals: result.totals, failed };
	if (!withResults) return digest;
	const open = result.results.filter((item) => item.state === "fail" || item.state === "not_assessed");
	return {
		...digest,
		results: open.map(({ id, check, title, state, severity, resource, reason }) => ({
			id,
			check,
			title,
			state,
			severity,
			resource,
			reason: reason?.code ?? null,
		})),
	};
}

/** The same in lines for people. */
export function digestText(digest: Digest): string {
	const { results } = digest.totals;
	const lines = [
		`Results as of ${digest.asOf}, profile ${digest.profile}${digest.complete ? "" : " - INCOMPLETE"}`,
		"",
		...Object.entries(results).map(([state, count]) => `${String(count).padStart(7)}  ${state.replaceAll("_", " ")}`),
		"",
		`Failed: ${Object.entries(digest.failed)
			.map(([severity, count]) => `${count} ${severity}`)
			.join(", ")}`,
	];
	if (digest.results !== undefined) {
		lines.push("");
		for (const one of digest.results)
			lines.push(`${one.state}${one.reason === null ? "" : ` (${one.reason})`}, ${one.severity}: ${one.title} [${one.check}] ${one.resource}`);
	}
	lines.push("", `${digest.tool}. The report says what was seen; it gives no legal advice and is no certification.`, "");
	return lines.join("\n");
}
