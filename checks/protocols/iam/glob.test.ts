// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { covers, glob, literal, matches, overlaps } from "./glob.ts";

/** All texts over {a, b} up to a length, enough for short patterns. */
function texts(length: number): string[] {
	const all = [""];
	for (const text of all) if (text.length < length) all.push(`${text}a`, `${text}b`);
	return all;
}

/** Matching by definition: exponential, and not the code under test. */
function fits(pattern: string, text: string): boolean {
	if (pattern === "") return text === "";
	if (pattern[0] === "*") return fits(pattern.slice(1), text) || (text !== "" && fits(pattern, text.slice(1)));
	return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && fits(pattern.slice(1), text.slice(1));
}

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 5 });

describe("wildcards", () => {
	it("match as defined", () => {
		const all = texts(6);
		fc.assert(
			fc.property(pattern, (text) => {
				for (const subject of all) expect(covers(glob(text), literal(subject))).toBe(fits(text, subject));
			}),
			{ numRuns: 150 },
		);
	});

	it("against patterns: a common text is found exactly, covering is never claimed wrongly", () => {
		const all = texts(10);
		fc.assert(
			fc.property(pattern, pattern, (a, b) => {
				const inA = all.filter((text) => fits(a, text));
				const inB = all.filter((text) => fits(b, text));
				const both = inA.some((text) => inB.includes(text));
				expect(overlaps(glob(a), glob(b))).toBe(both);
				if (covers(glob(a), glob(b))) expect(inB.every((text) => inA.includes(text))).toBe(true);
			}),
			{ numRuns: 100 },
		);
	});

	it("cover what is usual", () => {
		const cases: [string, string, boolean][] = [
			["*", "arn:aws:kms:us-east-1:111122223333:key/*", true],
			["arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:us-east-1:111122223333:key/*", true],
			["arn:aws:kms:us-east-1:111122223333:key/1234", "arn:aws:kms:us-east-1:111122223333:key/*", false],
			["arn:aws:s3:::b*", "arn:aws:s3:::b/*", true],
			["arn:aws:s3:::b", "arn:aws:s3:::b/*", false],
			["s3:*", "s3:Get*", true],
			["s3:Get*", "s3:*", false],
		];
		for (const [a, b, expected] of cases) expect([a, b, covers(glob(a), glob(b))]).toEqual([a, b, expected]);
	});

	it("know unknown parts for equal when they have the same name, and for nothing else", () => {
		const part = "${aws_s3_bucket.b.arn}";
		expect(matches([part, "/", 0], [part, "/", "x"])).toBe("yes");
		expect(matches([part], literal("arn:aws:s3:::b"))).toBe("unknown");
		expect(matches([part, "/", "y"], literal("arn:aws:s3:::b/x"))).toBe("no");
		expect(matches(["${unknown}"], ["${unknown}"])).toBe("unknown");
		expect(matches([0], [part])).toBe("yes");
	});

	it("take linear time where backtracking would not", () => {
		const hostile = `${"a*".repeat(1000)}b`;
		const began = performance.now();
		for (let i = 0; i < 200; i++) expect(covers(glob(hostile), literal("a".repeat(2048)))).toBe(false);
		expect(performance.now() - began).toBeLessThan(3000);
	});
});
