import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTlsRpt } from "./parse-tls-rpt.ts";

const one = (text: string) => parseTlsRpt([text]);

describe("TLS-RPT record, RFC 8460 section 3", () => {
	it.each([
		["v=TLSRPTv1;rua=mailto:reports@example.com", ["mailto:reports@example.com"]],
		["v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt", ["https://reporting.example.com/v1/tlsrpt"]],
		["v=TLSRPTv1; rua=mailto:a@example.com,https://b.example/x ;", ["mailto:a@example.com", "https://b.example/x"]],
		["v=TLSRPTv1; rua=mailto:a@example.com \t,\t mailto:b@example.com", ["mailto:a@example.com", "mailto:b@example.com"]],
		["v=TLSRPTv1; ext.1=value; rua=mailto:a@example.com; x_y-z=1 ; ", ["mailto:a@example.com"]],
		["v=TLSRPTv1; rua=mailto:a%2Cb%21c%3Bd@example.com", ["mailto:a%2Cb%21c%3Bd@example.com"]],
		["v=TLSRPTv1; rua=ftp://x.example/,mailto:a@example.com", ["mailto:a@example.com"]],
	])("accepts %j", (text, rua) => {
		const record = one(text);
		expect(record).toMatchObject({ valid: true, rua, candidates: 1 });
		expect(record.error).toBeUndefined();
	});

	it.each([
		"v=TLSRPTv1",
		"v=TLSRPTv1;",
		"v=TLSRPTv1; ;",
		"v=TLSRPTv1; x=1",
		"v=TLSRPTv1; rua=",
		"v=TLSRPTv1; rua=reports@example.com",
		"v=TLSRPTv1; rua=mailto:reports",
		"v=TLSRPTv1; rua=http://x.example/",
		"v=TLSRPTv1; rua=mailto:a@example.com!10m",
		"v=TLSRPTv1; rua=mailto:a!b@example.com",
		"v=TLSRPTv1; rua=mailto:a@example.com,",
		"v=TLSRPTv1; rua=mailto:a@example.com,,mailto:b@example.com",
		"v=TLSRPTv1; rua =mailto:a@example.com",
		"v=TLSRPTv1; rua= mailto:a@example.com",
		"v=TLSRPTv1; RUA=mailto:a@example.com",
		"v=TLSRPTv1; rua=mailto:a@example.com ",
		"v=TLSRPTv1;; rua=mailto:a@example.com",
		"v=TLSRPTv1; junk; rua=mailto:a@example.com",
		"v=TLSRPTv1; _x=1; rua=mailto:a@example.com",
		`v=TLSRPTv1; ${"x".repeat(33)}=1; rua=mailto:a@example.com`,
		"v=TLSRPTv1; x=a b; rua=mailto:a@example.com",
		"v=TLSRPTv1; x=; rua=mailto:a@example.com",
		"v=TLSRPTv1; rua=mailto:a@example.com\0",
		"v=TLSRPTv1; rua=mailto:\u00e9@example.com",
	])("refuses %j with a reason", (text) => {
		const record = one(text);
		expect(record).toMatchObject({ valid: false, rua: [] });
		expect(record.error).toMatch(/^[\x20-\x7e]+$/);
	});

	it("discards what does not begin with the version, exactly", () => {
		const good = "v=TLSRPTv1; rua=mailto:a@example.com";
		for (const other of [
			"",
			"v=spf1 -all",
			"v=tlsrptv1; rua=mailto:b@example.com",
			" v=TLSRPTv1; rua=mailto:b@example.com",
			"v=TLSRPTv2; x=1",
			"v=TLSRPTv1 ; rua=mailto:b@example.com",
			"v=TLSRPTv1",
		]) {
			expect(parseTlsRpt([other, good])).toMatchObject({ valid: true, rua: ["mailto:a@example.com"], candidates: 1 });
			expect(parseTlsRpt([other])).toMatchObject({ valid: false, candidates: 0 });
		}
		expect(parseTlsRpt([])).toMatchObject({ valid: false, candidates: 0 });
		expect(parseTlsRpt([good, good])).toMatchObject({ valid: false, rua: [], candidates: 2 });
		// A broken second record counts as well: the discard rule looks at the beginning only.
		expect(parseTlsRpt([good, "v=TLSRPTv1;"])).toMatchObject({ valid: false, candidates: 2 });
	});

	it("agrees with the grammar on mutations of valid records", () => {
		const host = "(?:[a-z]{1,63}\\.)*[a-z]{1,63}";
		const uri = `(?:mailto:[a-z=]+@${host}|https://${host}\\.?(?:/[a-z=]*)?)`;
		const rua = `rua=${uri}(?:[ \\t]*,[ \\t]*${uri})*`;
		const extension = "(?!rua=)[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\\x21-\\x3a\\x3c\\x3e-\\x7e]+";
		const delimiter = "[ \\t]*;[ \\t]*";
		const abnf = new RegExp(`^v=TLSRPTv1;[ \\t]*(?:${extension}${delimiter})*${rua}(?:${delimiter}(?:${extension}|${rua}))*(?:${delimiter})?$`);
		const base = "v=TLSRPTv1; rua=mailto:a@example.com,https://b.example.org/x; ext=value";
		const pieces = [";", " ", "\t", "\0", "\r", "\n", "\u00e9", "=", "x", "; n=1", ";rua=mailto:z@example.com", "l".repeat(64)];
		let checked = 0;
		for (let at = 0; at <= base.length; at += 1) {
			for (const text of [base.slice(0, at) + base.slice(at + 1), ...pieces.map((piece) => base.slice(0, at) + piece + base.slice(at))]) {
				const record = one(text);
				// URIs of other schemes are valid grammar and are left out of rua: not what this expression describes.
				if (record.uris.some((parsed) => parsed.valid && parsed.scheme !== "mailto" && parsed.scheme !== "https")) continue;
				expect([text, record.valid]).toEqual([text, abnf.test(text)]);
				checked += 1;
			}
		}
		expect(checked).toBeGreaterThan(700);
	});

	it("gives a value for any texts", () => {
		const near = fc
			.array(
				fc.oneof(fc.constantFrom("rua=", "mailto:", "a@example.com", ";", ",", "!", "=", " ", "https://", "x"), fc.string({ maxLength: 4, unit: "binary" })),
				{ maxLength: 12 },
			)
			.map((parts) => `v=TLSRPTv1;${parts.join("")}`);
		fc.assert(
			fc.property(fc.array(fc.oneof(near, fc.string({ unit: "binary" })), { maxLength: 4 }), (texts) => {
				const record = parseTlsRpt(texts);
				expect(record.valid).toBe(record.error === undefined);
				expect(record.valid).toBe(record.rua.length > 0);
			}),
			{ numRuns: 500 },
		);
	});

	it.each([
		["spaces", (n: number) => `v=TLSRPTv1;${" ".repeat(n)}x`],
		["semicolons", (n: number) => `v=TLSRPTv1;${";".repeat(n)}`],
		["commas", (n: number) => `v=TLSRPTv1; rua=${",".repeat(n)}`],
		["fields", (n: number) => `v=TLSRPTv1;${"a=b;".repeat(n / 4)}rua=mailto:a@example.com`],
		["names", (n: number) => `v=TLSRPTv1;${"a".repeat(n)}`],
		["addresses", (n: number) => `v=TLSRPTv1; rua=${"mailto:a@example.com,".repeat(n / 21)}x`],
	])("is linear on hostile %s", (_, make) => {
		const text = make(100_000);
		const started = performance.now();
		expect(parseTlsRpt([text]).candidates).toBe(1);
		expect(performance.now() - started).toBeLessThan(1500);
	});
});
