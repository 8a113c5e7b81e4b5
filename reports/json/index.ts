import type { ResultDocument } from "../../model/result.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";

/** result.json: the document itself, in its own key order, so that two runs over the same evidence compare byte by byte. */
export const writer: ReportWriter = {
	format: "json",
	*write(result): Iterable<ReportFile> {
		yield { path: "result.json", chunks: chunks(result) };
	},
};

/** Lists are written item by item: the text of a very large result never stands in memory as one string. */
function* chunks(result: ResultDocument): Iterable<string> {
	let separator = "{";
	for (const [key, value] of Object.entries(result)) {
		if (value === undefined) continue;
		yield `${separator}\n  ${JSON.stringify(key)}: `;
		separator = ",";
		if (!Array.isArray(value) || value.length === 0) {
			yield indent(value, 1);
			continue;
		}
		let lead = "[";
		for (const item of value) {
			yield `${lead}\n    ${indent(item, 2)}`;
			lead = ",";
		}
		yield "\n  ]";
	}
	yield "\n}\n";
}

/**
 * The text of a value that stands `depth` levels deep, two blanks for each level. It is written inside as many lists and cut out: one call,
 * where the lines of a text written apart would have to be moved.
 */
function indent(value: unknown, depth: number): string {
	let nested = value;
	for (let level = 0; level < depth; level += 1) nested = [nested];
	// JSON has no undefined: in a list it is null.
	const text = JSON.stringify(nested, null, 2);
	// Each list opens with "[", a new line and the blanks of the next level, and closes likewise.
	return text.slice(depth * (depth + 3), text.length - depth * (depth + 1));
}
