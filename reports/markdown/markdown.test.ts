import { describe, expect, it } from "vitest";
import { resultDocument, resultItem } from "../testing/result-builder.ts";
import { filesOf, nothingAssessed, sampleDocuments } from "../testing/samples.ts";
import { writer } from "./index.ts";

const summary = (result: Parameters<typeof filesOf>[1]): string => filesOf(writer, result).get("summary.md") ?? "";

describe("summary.md", () => {
	it("lets no text from outside become markup, a link or a mention", () => {
		for (const [, result] of sampleDocuments()) {
			const own = summary(result).replaceAll(/<\/?sub>/g, "");
			expect(own).not.toMatch(/<[a-z/!]/i);
			expect(own).not.toMatch(/@|:\/\/|\]\(|!\[/);
		}
		const text = "@everyone [a](https://attacker.example) ![b](x) <img src=x> | `code` **bold**\n# heading";
		const own = summary(resultDocument([resultItem({ check: "a.b", resource: text, message: text, status: "fail" })], []));
		expect(own).not.toMatch(/@everyone|\*\*bold|`code`|<img|https:\/\/attacker/);
		expect(own.split("\n").filter((line) => line.startsWith("#")).length).toBe(2);
	});

	it("says incomplete where something has no verdict", () => {
		expect(summary(nothingAssessed())).toContain("**Incomplete:** 1 result has no verdict.");
		expect(summary(nothingAssessed())).toContain("`permission_denied`: 1 result");
	});

	it("lists the first findings and counts the rest", () => {
		const results = Array.from({ length: 60 }, (_, index) =>
			resultItem({ check: `a.b${index}`, resource: "a.example", status: "fail", message: `cause ${index}` }),
		);
		expect(summary(resultDocument(results, []))).toContain("10 further findings in the report.");
	});
});
