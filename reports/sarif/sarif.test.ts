import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { resultDocument, resultItem } from "../testing/result-builder.ts";
import { filesOf, nothingAssessed, sampleDocuments } from "../testing/samples.ts";
import { noSchemas, schemaJson } from "../testing/shared-schemas.ts";
import { defaultTheme } from "../theme/theme.ts";
import { fullWriter, resultsPerFile, writer } from "./index.ts";

interface Log {
	runs: {
		tool: { driver: { rules: { id: string }[] } };
		automationDetails: { id: string };
		invocations: {
			executionSuccessful: boolean;
			toolExecutionNotifications: { level: string; message: { text: string }; associatedRule: { id: string; index: number } }[];
		}[];
		results: {
			ruleId: string;
			ruleIndex: number;
			kind: string;
			level: string;
			message: { text: string };
			suppressions?: object[];
			locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
			properties: { state: string };
		}[];
		properties: { omittedResults: number };
	}[];
}

const plan = "infra/cdktf.out/stacks/mail stack/cdk.tf.json";
const inPlan = (resource: string, more: object = {}) => resultItem({ check: "sending.tls_required", target: plan, resource, status: "fail", ...more });
const planScope = { scope: { targets: [{ id: plan, type: "plan" as const }], notRequested: [] } };

function logs(result: Parameters<typeof filesOf>[1], of = writer): Log[] {
	return [...filesOf(of, result).values()].map((text) => JSON.parse(text) as Log);
}

describe.each([writer, fullWriter])("$format", (of) => {
	it.skipIf(noSchemas !== null)("is valid by the OASIS schema, for every sample", () => {
		const ajv = new AjvDraft04.default({ strict: false });
		addFormats.default(ajv);
		const validate = ajv.compile(schemaJson("sarif/sarif-schema-2.1.0.json"));
		for (const [name, result] of sampleDocuments()) {
			for (const log of logs(result, of)) {
				validate(log);
				expect([name, validate.errors]).toEqual([name, null]);
			}
		}
		expect(validate({ version: "2.1.0", runs: [{}] })).toBe(false);
	});

	it("keeps rule ids, indexes, kinds and levels in step", () => {
		for (const [, result] of sampleDocuments()) {
			for (const run of logs(result, of).flatMap((log) => log.runs)) {
				const rules = run.tool.driver.rules.map((rule) => rule.id);
				for (const item of run.results) {
					expect(rules[item.ruleIndex]).toBe(item.ruleId);
					if (item.kind !== "fail") expect(item.level).toBe("none");
					if (item.properties.state === "exception") expect(item.suppressions).toHaveLength(1);
				}
				for (const { associatedRule } of run.invocations.flatMap((one) => one.toolExecutionNotifications))
					expect(rules[associatedRule.index]).toBe(associatedRule.id);
			}
		}
	});
});

describe("results.sarif", () => {
	it("holds a failing plan resource at its file, relative to the repository", () => {
		const result = resultDocument([inPlan("aws_sesv2_configuration_set.a"), inPlan("aws_sesv2_configuration_set.b", { status: "pass" })], [], planScope);
		const run = logs(result)[0]?.runs[0];
		expect(run?.results.map((item) => [item.level, item.locations[0]?.physicalLocation.artifactLocation.uri])).toEqual([
			["warning", "infra/cdktf.out/stacks/mail%20stack/cdk.tf.json"],
		]);
		expect(run?.properties.omittedResults).toBe(0);
	});

	it("counts and tells what stands in no file", () => {
		const result = resultDocument([resultItem({ check: "dmarc.policy_enforced", resource: "a.example", status: "fail" })], []);
		const [file] = [...writer.write(result, defaultTheme)];
		expect(file?.omitted).toContain("1 result");
		expect(logs(result)[0]?.runs[0]?.properties.omittedResults).toBe(1);
	});

	it("says that the run did not succeed where nothing could be assessed", () => {
		const run = logs(nothingAssessed())[0]?.runs[0];
		expect(run?.invocations[0]?.executionSuccessful).toBe(false);
		expect(run?.invocations[0]?.toolExecutionNotifications.map((one) => one.level)).toEqual(["error"]);
		expect(run?.results).toEqual([]);
	});

	it("splits above what code scanning shows, severest first, and counts the rest", () => {
		const many = Array.from({ length: resultsPerFile + 1 }, (_, index) =>
			inPlan(`aws_sesv2_configuration_set.a${index}`, { severity: index === 0 ? "low" : "high" }),
		);
		const other = inPlan("aws_kms_key.k", { check: "keys.rotation_enabled" });
		const parts = logs(resultDocument([...many, other], [], planScope)).flatMap((log) => log.runs);
		expect(parts.map((run) => [run.automationDetails.id, run.results.length, run.properties.omittedResults])).toEqual([
			["mailward/hipaa/keys/", 1, 0],
			["mailward/hipaa/sending/", resultsPerFile, 1],
		]);
		expect(parts[1]?.results.some((item) => item.level === "note")).toBe(false);
	});
});
