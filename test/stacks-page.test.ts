import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/stacks.md"), "utf8");
const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
const examples = ["first-stack", "minimal", "complete"];

function piecesOf(example: string, kind: string): number {
	const text = readFileSync(join(root, "examples", example, "cdktf.out/stacks/mail/cdk.tf.json"), "utf8");
	return Object.keys((JSON.parse(text) as { resource: Record<string, object> }).resource[kind] ?? {}).length;
}

describe("docs/stacks.md", () => {
	const priced = rows.filter((cells) => /\(`aws_\w+`\)/.test(cells[1] ?? ""));

	it("counts what is billed by the piece as the examples have it, and adds it up", () => {
		expect(priced).toHaveLength(2);
		const sums = examples.map(() => 0);
		for (const [, what = "", ...cells] of priced) {
			const kind = /`(aws_\w+)`/.exec(what)?.[1] ?? "";
			const price = Number.parseFloat(cells[3] ?? "");
			for (const [index, example] of examples.entries()) {
				expect(Number(cells[index]), `${kind} in examples/${example}`).toBe(piecesOf(example, kind));
				sums[index] = (sums[index] ?? 0) + Number(cells[index]) * price;
			}
		}
		const told = rows.find((cells) => cells[1]?.includes("together"))?.slice(2, 5);
		expect(told).toEqual(sums.map((sum) => `**${sum.toFixed(2)}**`));
	});

	it("gives each price a source and a date", () => {
		for (const [, , , , , price, source] of priced) {
			expect(price).toMatch(/^\d+\.\d\d/);
			expect(source).toMatch(/https:.*\d{4}-\d\d-\d\d/);
		}
		for (const [, , quantity, price, source] of rows.filter((cells) => cells.length === 6 && /^\d/.test(cells[3] ?? ""))) {
			expect(source, `${quantity} at ${price}`).toMatch(/https:|the same/);
		}
	});
});
