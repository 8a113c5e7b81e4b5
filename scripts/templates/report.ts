import type { Scaffold } from "./names.ts";
import { camelCase, words } from "./names.ts";

/** A working report: one line of text per result, control characters made visible. */
export function reportScaffold(name: string): Scaffold {
	const folder = `reports/${name}`;
	return {
		files: [
			{ path: `${folder}/index.ts`, text: index(name) },
			{ path: `${folder}/index.test.ts`, text: test(name) },
		],
		next: [
			`write the format in ${folder}/index.ts; it stays pure: no clock, no network`,
			`in reports/index.ts: import { writer as ${camelCase(name)} } from "./${name}/index.ts"; and [${camelCase(name)}.format]: ${camelCase(name)} among the writers`,
			`npm test -- ${folder}`,
			"npm run lint && npm run typecheck",
		],
	};
}

const index = (name: string) => `import type { ResultDocument } from "../../model/result.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";

/** ${words(name)}: ${name}.txt, one line per result: state, severity, check, resource and message, divided by tabs. */
export const writer: ReportWriter = {
	format: "${name}",
	*write(result): Iterable<ReportFile> {
		yield { path: "${name}.txt", chunks: lines(result) };
	},
};

function* lines(result: ResultDocument): Iterable<string> {
	for (const { state, severity, check, resource, message } of result.results) yield \`\${[state, severity, check, resource, message].map(oneField).join("\\t")}\\n\`;
}

/** Text of a scanned party cannot break out of its field: tabs, line ends and other control characters become spaces. */
function oneField(text: string): string {
	return text.replaceAll(/[\\p{Cc}\\p{Cf}\\u2028\\u2029]/gu, " ");
}
`;

const test = (name: string) => `import { describe, expect, it } from "vitest";
import { hostileResult, hostileTexts } from "../testing/hostile.ts";
import { realisticResult } from "../testing/realistic.ts";
import { defaultTheme } from "../theme/theme.ts";
import { writer } from "./index.ts";

const textOf = (result: Parameters<typeof writer.write>[0]): string => {
	const [file, ...others] = [...writer.write(result, defaultTheme)];
	expect(others).toEqual([]);
	expect(file?.path).toBe("${name}.txt");
	return [...(file?.chunks ?? [])].join("");
};

describe("${name}", () => {
	it("writes a line for each result, in the document's order", () => {
		const result = realisticResult();
		const rows = textOf(result).trimEnd().split("\\n");
		expect(rows.map((row) => row.split("\\t")[2])).toEqual(result.results.map((one) => one.check));
	});

	it("gives the same bytes for the same document", () => expect(textOf(realisticResult())).toBe(textOf(realisticResult())));

	it("lets no text of others break out of its field", () => {
		for (const text of hostileTexts) {
			const result = hostileResult(realisticResult(), text);
			const rows = textOf(result).split("\\n").slice(0, -1);
			expect(rows).toHaveLength(result.results.length);
			for (const row of rows) expect(row.split("\\t")).toHaveLength(5);
		}
	});
});
`;
