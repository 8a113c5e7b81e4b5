import { describe, expect, it } from "vitest";
import { expectSatisfied, onlyResource, resources, synthesize } from "../testing/judge.test-support.ts";
import { AccountBaseline, type AccountBaselineProps } from "./index.ts";

function build(props: AccountBaselineProps = {}): string {
	return synthesize((stack) => {
		new AccountBaseline(stack, "account", props);
	});
}

describe("AccountBaseline", () => {
	it("satisfies the checks it names, with GuardDuty too", async () => {
		await expectSatisfied("account-baseline", build({ guardDuty: true }));
	});

	it("asks for long passwords of every kind, changed and never used again", () => {
		expect(onlyResource(build(), "aws_iam_account_password_policy")).toMatchObject({
			minimum_password_length: 14,
			max_password_age: 90,
			password_reuse_prevention: 24,
			require_lowercase_characters: true,
			require_uppercase_characters: true,
			require_numbers: true,
			require_symbols: true,
		});
		expect(onlyResource(build({ minimumPasswordLength: 20, maxPasswordAgeDays: 60 }), "aws_iam_account_password_policy")).toMatchObject({
			minimum_password_length: 20,
			max_password_age: 60,
		});
	});

	it("closes buckets, suppresses, and tracks nobody", () => {
		const json = build();
		expect(onlyResource(json, "aws_s3_account_public_access_block")).toMatchObject({
			block_public_acls: true,
			block_public_policy: true,
			ignore_public_acls: true,
			restrict_public_buckets: true,
		});
		expect(onlyResource(json, "aws_sesv2_account_suppression_attributes").suppressed_reasons).toEqual(["BOUNCE", "COMPLAINT"]);
		expect(onlyResource(json, "aws_sesv2_account_vdm_attributes")).toMatchObject({ dashboard_attributes: { engagement_metrics: "DISABLED" } });
	});

	it("has the analyzer unless told otherwise, and GuardDuty with its S3 feature when told", () => {
		const kinds = (props: AccountBaselineProps) =>
			["aws_accessanalyzer_analyzer", "aws_guardduty_detector", "aws_guardduty_detector_feature"].map((type) => resources(build(props), type).length);
		expect(kinds({})).toEqual([1, 0, 0]);
		expect(kinds({ accessAnalyzer: false, guardDuty: true })).toEqual([0, 1, 1]);
		expect(onlyResource(build({ guardDuty: true }), "aws_guardduty_detector_feature")).toMatchObject({ name: "S3_DATA_EVENTS", status: "ENABLED" });
	});

	it.each<[string, AccountBaselineProps, RegExp]>([
		["short passwords", { minimumPasswordLength: 8 }, /mail\/account: minimumPasswordLength must be a whole number from 14 to 128, got 8/],
		["passwords without end", { maxPasswordAgeDays: 0 }, /maxPasswordAgeDays must be .* from 1 to 90, got 0/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
