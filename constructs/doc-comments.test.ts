import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { satisfiedBy } from "./testing/judge.test-support.ts";

const root = join(import.meta.dirname, "..");
const constructs = readdirSync(import.meta.dirname, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== "internal" && entry.name !== "testing")
	.map(({ name }) => name);

const reference = join(resolve(root, process.env.MAILWARD_SHARED ?? "../shared"), "reference/aws-checks.yaml");
const rows = existsSync(reference) ? new Set(readFileSync(reference, "utf8").match(/(?<=^- id: )\S+$/gm)) : undefined;
if (rows === undefined)
	console.log("constructs/doc-comments.test.ts: rows after Meets are compared in form alone: reference/aws-checks.yaml is not under MAILWARD_SHARED");

function sourceOf(construct: string): string {
	return readFileSync(join(import.meta.dirname, construct, "index.ts"), "utf8");
}

describe.each(constructs)("%s", (construct) => {
	it("is exported", () => {
		expect(readFileSync(join(import.meta.dirname, "index.ts"), "utf8")).toContain(`"./${construct}/index.ts"`);
	});

	it("names checks that exist after Satisfies, and catalogue rows after Meets", () => {
		const source = sourceOf(construct);
		if (source.includes("Satisfies:")) expect(satisfiedBy(construct).length).toBeGreaterThan(0);
		for (const [, text = ""] of source.matchAll(/Meets:([\s\S]*?)\*\//g)) {
			const ids = text
				.replaceAll(/[\s*]+/g, " ")
				.trim()
				.split(", ");
			for (const id of ids) expect(id).toMatch(/^[A-Z0-9]{2,3}-\d{2}$/);
			expect(new Set(ids).size).toBe(ids.length);
			if (rows !== undefined) for (const id of ids) expect([...rows]).toContain(id);
		}
	});

	it("says the default of every optional prop, and of no other", () => {
		const files = readdirSync(join(import.meta.dirname, construct)).filter((file) => /^(index|props)\.ts$/.test(file));
		for (const file of files) {
			const source = readFileSync(join(import.meta.dirname, construct, file), "utf8");
			for (const [, body = ""] of source.matchAll(/^export interface \w*(?:Props|Topic)\b[^{]*\{\n([\s\S]*?)^\}/gm)) {
				for (const [, comment = "", name, optional] of body.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*readonly (\w+)(\??):/g)) {
					expect(comment.includes("@default"), `${construct}: ${name}`).toBe(optional === "?");
				}
				const documented = body.match(/\*\/\s*readonly /g)?.length ?? 0;
				expect(documented, construct).toBe(body.match(/^\treadonly /gm)?.length ?? 0);
			}
		}
	});
});
