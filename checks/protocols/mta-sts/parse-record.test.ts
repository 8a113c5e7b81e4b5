import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMtaStsRecord } from "./parse-record.ts";

describe("parseMtaStsRecord (RFC 8461 3.1)", () => {
	it.each([
		["v=STSv1; id=20160831085700Z;", "20160831085700Z"],
		["v=STSv1; id=20160831085700Z", "20160831085700Z"],
		["v=STSv1;id=a", "a"],
		["v=STSv1; \t id=a \t;\t", "a"],
		[`v=STSv1; id=${"1".repeat(32)}`, "1".repeat(32)],
		// Unknown fields are ignored, before and after the id.
		["v=STSv1; ext.1=a:b; id=a; _x=", undefined],
		["v=STSv1; ext.1=a:b; id=a; x_-.=!<>~", "a"],
		["v=STSv1; ID=b; id=a", "a"],
	])("%j", (text, id) => {
		const parsed = parseMtaStsRecord([text]);
		expect(parsed.valid).toBe(id !== undefined);
		expect(parsed.id).toBe(id);
	});

	it.each([
		["v=STSv1;", "id is missing"],
		["v=STSv1; ", "id is missing"],
		["v=STSv1; ext=1;", "id is missing"],
		["v=STSv1; ID=1", "id is missing"],
		["v=STSv1; id=", "id is not 1 to 32 letters and digits"],
		["v=STSv1; id=a-b", "id is not 1 to 32 letters and digits"],
		["v=STSv1; id = a", 'field name "id " is not allowed'],
		["v=STSv1; id=a ", "id is not 1 to 32 letters and digits"],
		[`v=STSv1; id=${"1".repeat(33)}`, "id is not 1 to 32 letters and digits"],
		["v=STSv1; id=a; id=a", "id stands more than once"],
		["v=STSv1;; id=a", "empty field"],
		["v=STSv1; id=a;;", "empty field"],
		["v=STSv1; id=a; flag", 'field "flag" has no "="'],
		["v=STSv1; id=a; -x=1", 'field name "-x" is not allowed'],
		[`v=STSv1; id=a; ${"x".repeat(33)}=1`, `field name "${"x".repeat(33)}" is not allowed`],
		["v=STSv1; id=a; x=a=b", 'value of field "x" is not allowed'],
		["v=STSv1; id=a; x=a b", 'value of field "x" is not allowed'],
		["v=STSv1; id=a\0", "id is not 1 to 32 letters and digits"],
		["v=STSv1; id=a\r", "id is not 1 to 32 letters and digits"],
		["v=STSv1; id=a; x=\xe9", 'value of field "x" is not allowed'],
	])("%j: %s", (text, error) => {
		expect(parseMtaStsRecord([text])).toEqual({ valid: false, error });
	});

	it("leaves out what does not begin with the version, to the letter", () => {
		const others = ["", "google-site-verification=x", "v=stsv1; id=1", "V=STSv1; id=1", " v=STSv1; id=1", "v=STSv1 ; id=1", "v=STSv10; id=1", "v=STSv1"];
		expect(parseMtaStsRecord(others)).toEqual({ valid: false, error: "no TXT record begins with v=STSv1;" });
		expect(parseMtaStsRecord([...others, "v=STSv1; id=1"])).toEqual({ valid: true, id: "1" });
		expect(parseMtaStsRecord([])).toMatchObject({ valid: false });
	});

	it("wants exactly one, and counts an invalid second one too", () => {
		expect(parseMtaStsRecord(["v=STSv1; id=1", "v=STSv1; id=1"])).toMatchObject({ valid: false, error: expect.stringContaining("2 TXT records") });
		expect(parseMtaStsRecord(["v=STSv1; id=1", "v=STSv1;"]).valid).toBe(false);
	});

	it("takes any text in linear time", () => {
		const tail = fc.string({ unit: "binary", maxLength: 60 });
		fc.assert(
			fc.property(tail, tail, (a, b) => {
				const parsed = parseMtaStsRecord([`v=STSv1;${a}`, b]);
				expect(parsed.valid).toBe(parsed.id !== undefined);
				expect(parsed.valid).toBe(parsed.error === undefined);
			}),
		);
		const start = performance.now();
		for (const filler of [" ", ";", " ;", "x=1;", "a"]) parseMtaStsRecord([`v=STSv1;${filler.repeat(65_535 / filler.length)}`]);
		expect(performance.now() - start).toBeLessThan(500);
	});

	it("equals the grammar for every record made from it", () => {
		const wsp = fc.stringMatching(/^[ \t]{0,2}$/);
		const delimiter = fc.tuple(wsp, wsp).map(([before, after]) => `${before};${after}`);
		const extension = fc.tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/), fc.stringMatching(/^[\x21-\x3a\x3c\x3e-\x7e]{1,20}$/));
		const fields = fc.array(
			extension.filter(([name]) => name !== "id"),
			{ maxLength: 3 },
		);
		fc.assert(
			fc.property(wsp, fields, fields, fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), delimiter, fc.option(delimiter), (lead, before, after, id, between, close) => {
				const all = [...before.map(([name, value]) => `${name}=${value}`), `id=${id}`, ...after.map(([name, value]) => `${name}=${value}`)];
				expect(parseMtaStsRecord([`v=STSv1;${lead}${all.join(between)}${close ?? ""}`])).toEqual({ valid: true, id });
			}),
		);
	});
});
