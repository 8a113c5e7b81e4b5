import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseMtaStsPolicy } from "../../checks/protocols/mta-sts/index.ts";
import { handler } from "./lambda.ts";

const text = "version: STSv1\nmode: enforce\nmx: mx.clinic.example\nmax_age: 2419200\n";

beforeEach(() => {
	vi.stubEnv("POLICY_TEXT", text);
});

describe("the policy host's function", () => {
	it("answers with the policy as plain text, and no redirect", async () => {
		const answer = await handler();
		expect(answer).toMatchObject({ statusCode: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: text });
		expect(parseMtaStsPolicy(answer.body)).toMatchObject({ valid: true, policy: { mode: "enforce", mx: ["mx.clinic.example"] } });
		expect(Object.keys(answer.headers)).not.toContain("location");
	});

	it("fails without a policy, and says why", async () => {
		vi.stubEnv("POLICY_TEXT", "");
		await expect(handler()).rejects.toThrow("POLICY_TEXT is not set");
	});
});
