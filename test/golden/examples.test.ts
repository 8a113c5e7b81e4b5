import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeStack } from "../../pipeline/testing.ts";

/** What is said of each example's stack. A change of these files is a change of what users are told: read it before committing. */
const examples = ["first-stack", "minimal", "complete", "business-associate", "existing-organization"];
const update = process.env.UPDATE_GOLDEN === "1";

describe.each(examples)("the verdicts on examples/%s", (example) => {
	it("are those on file, and none is a fail", async () => {
		const stack = readFileSync(join(import.meta.dirname, "../../examples", example, "cdktf.out/stacks/mail/cdk.tf.json"), "utf8");
		const { failed, result } = await judgeStack(stack);
		expect(failed.map(({ check, resource, message }) => `${check} ${resource}: ${message}`)).toEqual([]);
		const lines = result.results
			.filter(({ state }) => state !== "not_applicable")
			.map((one) => JSON.stringify([one.check, one.resource, one.state, one.reason?.code ?? null]));
		const text = `[\n${lines.sort().join(",\n")}\n]\n`;
		const file = join(import.meta.dirname, `${example}.json`);
		if (update) writeFileSync(file, text);
		expect(text, "changed verdicts: if they are meant, run with UPDATE_GOLDEN=1").toBe(readFileSync(file, "utf8"));
	});
});
