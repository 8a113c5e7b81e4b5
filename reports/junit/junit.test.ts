import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { filesOf, nothingAssessed, sampleDocuments } from "../testing/samples.ts";
import { noSchemas, schemaText } from "../testing/shared-schemas.ts";
import { writer } from "./index.ts";

const count = (xml: string, element: string): number => xml.split(`<${element}`).length - 1;

describe("junit.xml", () => {
	it.skipIf(noSchemas !== null).each(sampleDocuments())("is valid by both schemas in use: %s", async (_name, result) => {
		const xml = filesOf(writer, result).get("junit.xml") ?? "";
		for (const schema of ["junit/jenkins-junit-10.xsd", "junit/JUnit.xsd"]) {
			const { valid, errors } = await validateXML({
				xml: [{ fileName: "junit.xml", contents: xml }],
				schema: [{ fileName: "schema.xsd", contents: schemaText(schema) }],
			});
			expect(errors.map((error) => error.message)).toEqual([]);
			expect(valid).toBe(true);
		}
	});

	it("counts what it holds, and every result once", () => {
		for (const [, result] of sampleDocuments()) {
			const xml = filesOf(writer, result).get("junit.xml") ?? "";
			const sum = (name: string): number =>
				[...xml.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, "g"))].reduce((total, match) => total + Number(match[1]), 0);
			const { totals } = result;
			expect(sum("tests")).toBe(result.results.length);
			expect(sum("failures")).toBe(totals.results.fail);
			expect(count(xml, "failure ")).toBe(totals.results.fail);
			expect(sum("errors")).toBe(totals.results.not_assessed);
			expect(count(xml, "error ")).toBe(totals.results.not_assessed);
			expect(sum("skipped")).toBe(count(xml, "skipped "));
		}
	});

	it("never reads as passed where nothing was assessed", () => {
		const xml = filesOf(writer, nothingAssessed()).get("junit.xml") ?? "";
		expect(xml).toContain('tests="1" failures="0" errors="1"');
		expect(xml).toContain("ses:GetConfigurationSet");
	});
});
