import { describe, expect, it } from "vitest";
import { judgeStack } from "./testing.ts";

const stack = (tlsPolicy: string) => ({
	resource: { aws_sesv2_configuration_set: { a: { configuration_set_name: "a", delivery_options: { tls_policy: tlsPolicy } } } },
});

describe("judgeStack", () => {
	it("names the check, resource and path that fail", async () => {
		const { failed } = await judgeStack(stack("OPTIONAL"));
		const finding = failed.find((one) => one.check === "sending.tls_required");
		expect(finding).toMatchObject({
			resource: "aws_sesv2_configuration_set.a",
			path: "delivery_options.tls_policy",
			observed: "OPTIONAL",
			expected: "REQUIRE",
		});
	});

	it("takes the text that synthesis prints and passes what is right", async () => {
		const { passed, failed } = await judgeStack(JSON.stringify(stack("REQUIRE")));
		expect(passed.map((one) => one.check)).toContain("sending.tls_required");
		expect(failed.map((one) => one.check)).not.toContain("sending.tls_required");
	});

	it("leaves out what is skipped", async () => {
		const { result } = await judgeStack(stack("OPTIONAL"), { skip: ["sending.*"] });
		expect(result.results.filter((one) => one.check.startsWith("sending."))).toEqual([]);
	});

	it("refuses what is no stack", async () => {
		await expect(judgeStack("not json")).rejects.toThrow(/cdk\.tf\.json:1:/);
	});
});
