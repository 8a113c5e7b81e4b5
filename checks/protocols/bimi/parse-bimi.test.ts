import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBimi } from "./parse-bimi.ts";

const logo = "https://example.com/logo.svg";
const one = (text: string) => parseBimi([text]);

describe("BIMI record", () => {
	it("reads logo and evidence", () => {
		expect(one(`v=BIMI1; l=${logo}; a=https://example.com/vmc.pem;`)).toMatchObject({
			valid: true,
			declined: false,
			logo,
			evidence: "https://example.com/vmc.pem",
			warnings: [],
		});
		expect(one(`v=BIMI1;l=${logo}`)).toMatchObject({ valid: true, logo });
		expect(one(`v = BIMI1 ; l = ${logo} ; a = ; avp=brand; lps=`).evidence).toBeUndefined();
		expect(one(`v=BIMI1; l=${logo}; new=1`)).toMatchObject({ valid: true, warnings: [expect.stringContaining("new")] });
	});

	it("knows the record that declines", () => {
		expect(one("v=BIMI1; l=; a=;")).toMatchObject({ valid: true, declined: true });
		expect(one("v=BIMI1; l=")).toMatchObject({ valid: true, declined: true });
	});

	it.each([
		"v=BIMI1",
		"v=BIMI1; a=https://example.com/vmc.pem",
		"v=BIMI1; l=; a=https://example.com/vmc.pem",
		"v=BIMI1; l=http://example.com/logo.svg",
		"v=BIMI1; l=example.com/logo.svg",
		"v=BIMI1; l=https://",
		"v=BIMI1; l=https://example.com/a,https://example.com/b",
		`v=BIMI1; l=${logo}; a=self`,
		`v=BIMI1; l=${logo}; a=http://example.com/vmc.pem`,
		`v=BIMI1; l=${logo}; l=${logo}`,
		`v=BIMI1;; l=${logo}`,
		`v=BIMI1; l=${logo}\0`,
		`v=BIMI1; l=${logo}; rubbish`,
	])("refuses %j with a reason", (text) => {
		const record = one(text);
		expect(record).toMatchObject({ valid: false, candidates: 1 });
		expect(record.error).toMatch(/^[\x20-\x7e]+$/);
	});

	it("wants exactly one text with the exact version in front", () => {
		const good = `v=BIMI1; l=${logo}`;
		for (const other of ["", "v=spf1 -all", `v=bimi1; l=${logo}`, `l=${logo}; v=BIMI1`, " v=BIMI1; l=", "v=BIMI10; l="]) {
			expect(parseBimi([other, good])).toMatchObject({ valid: true, candidates: 1 });
			expect(parseBimi([other])).toMatchObject({ valid: false, candidates: 0 });
		}
		expect(parseBimi([good, good])).toMatchObject({ valid: false, candidates: 2 });
		expect(parseBimi([])).toMatchObject({ valid: false, candidates: 0 });
	});

	it("gives a value for any texts", () => {
		const near = fc
			.array(fc.oneof(fc.constantFrom("l=", "a=", logo, ";", "=", " ", "avp=brand"), fc.string({ maxLength: 4, unit: "binary" })), { maxLength: 10 })
			.map((parts) => `v=BIMI1;${parts.join("")}`);
		fc.assert(
			fc.property(fc.array(fc.oneof(near, fc.string({ unit: "binary" })), { maxLength: 3 }), (texts) => {
				const record = parseBimi(texts);
				expect(record.valid).toBe(record.error === undefined);
				expect(record.valid).toBe(record.declined || record.logo !== undefined);
			}),
			{ numRuns: 500 },
		);
	});

	it.each([
		["spaces", (n: number) => `v=BIMI1;${" ".repeat(n)}x`],
		["semicolons", (n: number) => `v=BIMI1${";".repeat(n)}`],
		["tags", (n: number) => `v=BIMI1;${Array.from({ length: n / 8 }, (_, i) => `t${i}=x;`).join("")}l=`],
		["a long path", (n: number) => `v=BIMI1; l=https://example.com/${"a/".repeat(n / 2)}`],
	])("is linear on hostile %s", (_, make) => {
		const text = make(100_000);
		const started = performance.now();
		expect(parseBimi([text]).warnings.length).toBeLessThanOrEqual(20);
		expect(performance.now() - started).toBeLessThan(1500);
	});
});
