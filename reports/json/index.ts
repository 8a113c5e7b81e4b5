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

function indent(value: unknown, depth: number): string {
	// JSON has no undefined: in a list it is null, as JSON.stringify has it.
	const text = JSON.stringify(value, null, 2) ?? "null";
	return text.replaceAll("\n", `\n${"  ".repeat(depth)}`);
}
