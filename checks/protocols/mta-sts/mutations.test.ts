import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMtaStsPolicy } from "./parse-policy.ts";
import { parseMtaStsRecord } from "./parse-record.ts";

/**
 * Valid texts, cut, repeated, reordered and sown with odd octets, against the grammar of RFC 8461 written out as patterns:
 * slow and separate from the parsers on purpose.
 */

const odd = [
	"\0",
	"\r",
	"\n",
	"\r\n",
	"\t",
	" ",
	"\xe9",
	"\xff",
	"=",
	":",
	";",
	"*",
	"*.",
	".",
	"-",
	"_",
	"a".repeat(64),
	"ab.".repeat(100),
	"id=1",
	"v=STSv1;",
	"mode: none",
	"x",
];
const edit = fc.record({ place: fc.nat(200), cut: fc.constantFrom(0, 0, 1, 5), put: fc.constantFrom("", ...odd) });

function mutate(text: string, edits: readonly { place: number; cut: number; put: string }[]): string {
	let result = text;
	for (const { place, cut, put } of edits) {
		const at = place % (result.length + 1);
		result = result.slice(0, at) + put + result.slice(at + cut);
	}
	return result;
}

const recordField = "(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\\x21-\\x3a\\x3c\\x3e-\\x7e]+)";
const recordGrammar = new RegExp(`^v=STSv1;[ \\t]*${recordField}(?:[ \\t]*;[ \\t]*${recordField})*(?:[ \\t]*;[ \\t]*)?$`);

function recordByGrammar(text: string): string | undefined {
	if (!recordGrammar.test(text)) return undefined;
	const ids = [...text.matchAll(/;[ \t]*id=([^; \t]*)/g)].map((match) => match[1] ?? "");
	const [id] = ids;
	return ids.length === 1 && id !== undefined && /^[A-Za-z0-9]{1,32}$/.test(id) ? id : undefined;
}

const policyField = "[A-Za-z0-9][A-Za-z0-9_.-]{0,31}:[ \\t]*[\\x21-\\x7e\\x80-\\uffff](?:[\\x20-\\x7e\\x80-\\uffff\\t]*)";
const policyGrammar = new RegExp(`^${policyField}(?:\\r?\\n${policyField})*(?:\\r?\\n)?$`);
const mxGrammar = /^(?:\*\.)?(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

function policyByGrammar(text: string): unknown {
	if (!policyGrammar.test(text)) return undefined;
	const pairs = text
		.split(/\r?\n/)
		.filter((line) => line !== "")
		.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).replace(/^[ \t]+|[ \t]+$/g, "")] as const);
	// A tab inside a value is a control character; at its end it is white space.
	if (pairs.some(([, value]) => value.includes("\t"))) return undefined;
	const first = (name: string) => pairs.find(([key]) => key === name)?.[1];
	const mx = pairs.filter(([key]) => key === "mx").map(([, value]) => value);
	const mode = first("mode");
	const maxAge = first("max_age") ?? "";
	const valid =
		first("version") === "STSv1" &&
		(mode === "enforce" || mode === "testing" || mode === "none") &&
		/^[0-9]{1,10}$/.test(maxAge) &&
		Number(maxAge) <= 31_557_600 &&
		mx.every((pattern) => mxGrammar.test(pattern)) &&
		(mode === "none" || mx.length > 0);
	return valid ? { mode, maxAgeSeconds: Number(maxAge), mx } : undefined;
}

describe("mutations", () => {
	it("of records equal what the grammar says", () => {
		let valid = 0;
		fc.assert(
			fc.property(
				fc.constantFrom("v=STSv1; id=20260601T000000;", "v=STSv1;id=1 ; ext=a.b;", "v=STSv1; x=1; id=abc"),
				fc.array(edit, { maxLength: 3 }),
				(text, edits) => {
					const mutated = mutate(text, edits);
					const expected = mutated.startsWith("v=STSv1;") ? recordByGrammar(mutated) : undefined;
					const parsed = parseMtaStsRecord([mutated]);
					expect(parsed.id, JSON.stringify(mutated)).toBe(expected);
					expect(parsed.valid).toBe(expected !== undefined);
					if (parsed.valid) valid += 1;
				},
			),
			{ numRuns: 5000 },
		);
		// Enough of both kinds, or the comparison says little.
		expect(valid).toBeGreaterThan(500);
		expect(valid).toBeLessThan(4500);
	});

	it("of policies equal what the grammar says", () => {
		const lines = ["version: STSv1", "mode: enforce", "mx: mail.example.com", "mx: *.example.net", "max_age: 604800", "ext: a:b c"];
		const picked = fc.array(fc.constantFrom(...lines), { minLength: 3, maxLength: 8 });
		const whole = fc.shuffledSubarray(lines, { minLength: 5 });
		let valid = 0;
		fc.assert(
			fc.property(
				fc.oneof(picked, whole, whole),
				fc.constantFrom("\n", "\r\n"),
				fc.constantFrom("", "\n", "\r\n"),
				fc.array(edit, { maxLength: 2 }),
				(chosen, end, last, edits) => {
					const mutated = mutate(chosen.join(end) + last, edits);
					const expected = policyByGrammar(mutated);
					const parsed = parseMtaStsPolicy(mutated);
					expect(parsed.policy, JSON.stringify(mutated)).toEqual(expected);
					expect(parseMtaStsPolicy(Buffer.from(mutated)).policy).toEqual(expected);
					if (parsed.valid) valid += 1;
				},
			),
			{ numRuns: 5000 },
		);
		expect(valid).toBeGreaterThan(500);
		expect(valid).toBeLessThan(4500);
	});
});
