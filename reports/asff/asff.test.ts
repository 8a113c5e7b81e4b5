import { describe, expect, it } from "vitest";
import { resultDocument, resultItem } from "../testing/result-builder.ts";
import { filesOf, nothingAssessed, sampleDocuments } from "../testing/samples.ts";
import { defaultTheme } from "../theme/theme.ts";
import { writer } from "./index.ts";

interface Asff {
	Id: string;
	ProductArn: string;
	AwsAccountId: string;
	Title: string;
	Description: string;
	Severity: { Label: string };
	Workflow: { Status: string };
	Compliance: { Status: string; StatusReasons: { ReasonCode: string; Description: string }[]; RelatedRequirements?: string[] };
	ProductFields: Record<string, string>;
	Resources: { Id: string; Region?: string }[];
}

function findings(result: Parameters<typeof filesOf>[1]): Asff[] {
	return JSON.parse(filesOf(writer, result).get("asff.json") ?? "") as Asff[];
}

const short = (text: string, limit: number): void => {
	expect(text.length).toBeGreaterThan(0);
	expect(text.length).toBeLessThanOrEqual(limit);
};

describe("asff.json", () => {
	it("keeps the limits of the format in every sample", () => {
		for (const [, result] of sampleDocuments()) {
			for (const one of findings(result)) {
				short(one.Id, 512);
				short(one.Title, 256);
				short(one.Description, 1024);
				expect(one.AwsAccountId).toMatch(/^\d{12}$/);
				expect(one.ProductArn).toMatch(new RegExp(`^arn:aws[a-z-]*:securityhub:[a-z0-9-]+:${one.AwsAccountId}:product/${one.AwsAccountId}/default$`));
				expect(Object.keys(one.ProductFields).length).toBeLessThanOrEqual(50);
				for (const value of Object.values(one.ProductFields)) short(value, 2048);
				for (const reason of one.Compliance.StatusReasons) short(reason.ReasonCode, 100);
				expect(one.Compliance.RelatedRequirements?.length ?? 0).toBeLessThanOrEqual(32);
			}
		}
	});

	it("sends everything but what is not applicable, and says how much that is", () => {
		for (const [, result] of sampleDocuments()) {
			const left = result.results.filter((item) => item.state === "not_applicable").length;
			expect(findings(result).length).toBe(result.results.length - left);
			const [file] = [...writer.write(result, defaultTheme)];
			expect(file?.omitted?.includes(`leaves out ${left} results`) ?? false).toBe(left > 0);
		}
	});

	it("maps no gap to PASSED", () => {
		for (const [, result] of sampleDocuments()) {
			const { pass, attested } = result.totals.results as Record<string, number>;
			expect(findings(result).filter((one) => one.Compliance.Status === "PASSED").length).toBe((pass ?? 0) + (attested ?? 0));
		}
		expect(findings(nothingAssessed()).map((one) => one.Compliance)).toEqual([
			expect.objectContaining({
				Status: "NOT_AVAILABLE",
				StatusReasons: [{ ReasonCode: "NOT_ASSESSED_PERMISSION", Description: "permission_denied (ses:GetConfigurationSet)" }],
			}),
		]);
	});

	it("names at most 32 related requirements and counts the others", () => {
		const citations = Array.from({ length: 40 }, (_, index) => `45 CFR 164.${index}`);
		const [one] = findings(resultDocument([resultItem({ check: "a.b", resource: "a.example", status: "fail", citations })], []));
		expect(one?.Compliance.RelatedRequirements).toHaveLength(32);
		expect(one?.ProductFields["mailward/requirementsLeftOut"]).toBe("8");
	});

	it("suppresses an exception and takes account and Region from the resource", () => {
		const resource = "arn:aws-us-gov:ses:us-gov-west-1:123456789012:identity/a.example";
		const [one] = findings(resultDocument([resultItem({ check: "a.b", resource, status: "fail", disposition: "waived", waiver: "W-1" })], []));
		expect([one?.Workflow.Status, one?.Compliance.Status, one?.AwsAccountId, one?.Resources[0]?.Region, one?.ProductArn]).toEqual([
			"SUPPRESSED",
			"FAILED",
			"123456789012",
			"us-gov-west-1",
			"arn:aws-us-gov:securityhub:us-gov-west-1:123456789012:product/123456789012/default",
		]);
	});
});
