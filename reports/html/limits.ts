/**
 * What keeps the file usable when a result is very large (docs/architecture.md, "Report size"). Whatever is left out is
 * counted on the spot and stands in full in result.json and the evidence files beside the report.
 */
export interface Limits {
	/** Above this number of results, a control page shows its first rows only. */
	readonly allRows: number;
	/** Rows of a control page then. */
	readonly firstRows: number;
	/** Above this number of results, rows whose full form stands on another control's page are counted, not repeated. */
	readonly repeatedRows: number;
	/** Above this number of results, browsers are told to lay out only what is in sight. */
	readonly wholeLayout: number;
	/** Resources listed under one finding. */
	readonly findingRows: number;
	/** Resources named in a row of what was not assessed. */
	readonly namedResources: number;
	/** Lines of the evidence index. */
	readonly evidenceRows: number;
	/** Characters of one message or observed value. */
	readonly valueLength: number;
}

export const defaultLimits: Limits = {
	allRows: 10_000,
	firstRows: 20,
	repeatedRows: 750,
	wholeLayout: 2_000,
	findingRows: 50,
	namedResources: 10,
	evidenceRows: 3_000,
	valueLength: 600,
};

/** Above `repeatedRows` results, what only points at a row gives way to the rows themselves. */
export function limitsFor(limits: Limits, results: number): Limits {
	if (results <= limits.repeatedRows) return limits;
	const [findingRows, evidenceRows] = results <= 5_000 ? [10, 2_000] : [5, 1_000];
	return { ...limits, findingRows: Math.min(limits.findingRows, findingRows), evidenceRows: Math.min(limits.evidenceRows, evidenceRows) };
}

/** Whether control pages show first rows only. The rest is then owed to the reader as a table, in results.csv. */
export function isSummarized(results: number, limits: Limits = defaultLimits): boolean {
	return results > limits.allRows;
}
