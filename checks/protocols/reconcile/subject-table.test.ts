import { describe, expect, it } from "vitest";
import { SubjectTable } from "./subject-table.ts";

const letters = "abcdefghijklmnopqrstuvwxyz234567";
/** The same beginning for all lengths of one number, so that only whole references tell them apart. */
const subject = (number: number, length: number): string =>
	`sub_${letters[number & 31]}${letters[(number >> 5) & 31]}${letters[(number >> 10) & 31]}`.padEnd(4 + length, "a");

describe("subjects by number", () => {
	it("are found whole among longer and shorter ones, in any case, over every growth", () => {
		const table = new SubjectTable();
		const rows = new Map<string, number>();
		for (let number = 0; number < 3000; number++) {
			// The first long one comes when many short ones are there.
			for (const length of number < 1500 ? [26] : [26, 27, 52]) {
				expect(table.first(subject(number, length))).toBe(-1);
				rows.set(subject(number, length), table.add(subject(number, length)));
			}
		}
		expect(table.size).toBe(rows.size);
		for (const [one, row] of rows) expect([table.first(one), table.first(`sub_${one.slice(4).toUpperCase()}`), table.after(row)]).toEqual([row, row, -1]);
	});

	it("keep the rows of one subject in a chain when keys become wider", () => {
		const table = new SubjectTable();
		const first = table.add(subject(1, 26));
		const second = table.add(subject(1, 26));
		table.add(subject(2, 52));
		expect([table.first(subject(1, 26)), table.after(second), table.after(first)]).toEqual([second, first, -1]);
	});
});
