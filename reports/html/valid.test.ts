import { HtmlValidate } from "html-validate";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { hostileResult, hostileTexts } from "../testing/hostile.ts";
import { largeResult, realisticResult } from "../testing/realistic.ts";
import { resultDocument } from "../testing/result-builder.ts";
import { nothingAssessed } from "../testing/samples.ts";
import { themeOf } from "../theme/theme.ts";
import { htmlReport } from "./index.ts";
import { defaultLimits, type Limits } from "./limits.ts";

const validator = new HtmlValidate({ extends: ["html-validate:standard", "html-validate:a11y"] });

const documents: [string, ResultDocument, Limits?][] = [
	["every kind of result", realisticResult()],
	["no result", resultDocument([], [])],
	["nothing assessed", nothingAssessed()],
	["rows left out", largeResult(40), { ...defaultLimits, allRows: 30, firstRows: 2, findingRows: 2, repeatedRows: 20 }],
	["hostile text", hostileResult(realisticResult(), hostileTexts.join(" ").slice(0, 400))],
];

describe("HTML by html-validate", () => {
	it.each(documents)("is valid: %s", async (_, result, limits = defaultLimits) => {
		const html = [...htmlReport(result, themeOf(result), limits).chunks].join("");
		const report = await validator.validateString(html);
		expect(report.results.flatMap((file) => file.messages.slice(0, 10)).map((message) => `${message.ruleId} ${message.line}: ${message.message}`)).toEqual([]);
	});
});
