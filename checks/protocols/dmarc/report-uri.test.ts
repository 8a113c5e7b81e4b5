import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toQueryName } from "./domain-name.ts";
import { parseReportUri, parseReportUriList } from "./report-uri.ts";

describe("report URI", () => {
	it.each([
		["mailto:dmarc@example.org", "dmarc@example.org", "example.org"],
		["MAILTO:dmarc@EXAMPLE.org", "dmarc@example.org", "example.org"],
		[" \tmailto:d@example.org\t ", "d@example.org", "example.org"],
		["mailto:a%2Cb%21c@example.org", "a,b!c@example.org", "example.org"],
		["mailto:d+tag@example.org?subject=x", "d+tag@example.org", "example.org"],
		["mailto:d@sub.example.org#frag", "d@sub.example.org", "sub.example.org"],
		["mailto:gr%C3%BC%C3%9Fe@example.org", "gr\u00fc\u00dfe@example.org", "example.org"],
		["mailto:d@b%C3%BCcher.example", "d@xn--bcher-kva.example", "xn--bcher-kva.example"],
		["mailto:%22a%20b%22@example.org", '"a b"@example.org', "example.org"],
	])("%j", (text, address, host) => {
		expect(parseReportUri(text)).toMatchObject({ valid: true, scheme: "mailto", address, host });
	});

	it.each([
		"",
		"dmarc@example.org",
		"mailto:",
		"mailto:dmarc",
		"mailto:@example.org",
		"mailto:d@",
		"mailto:d@-example.org",
		"mailto:d@exa mple.org",
		"mailto:d@[192.0.2.1]",
		"mailto:d@192.0.2.1",
		"mailto:d@example..org",
		"mailto:d@example.org.",
		`mailto:d@${"l".repeat(64)}.org`,
		`mailto:d@${"abcdefgh.".repeat(33)}org`,
		"mailto:d%@example.org",
		"mailto:d%4@example.org",
		"mailto:d%ff@example.org",
		"mailto:d%0d%0aBcc:x@example.org",
		"mailto:d%00@example.org",
		"mailto:d!x@example.org",
		"mailto:d;x@example.org",
		"mailto:d\u00e9@example.org",
		"mailto:<d@example.org>",
		"https:example.org",
		"https:///path",
		"https://192.0.2.1/",
		"https://[2001:db8::1]/",
		"://x",
		"ftp:",
	])("refuses %j with a reason", (text) => {
		const uri = parseReportUri(text);
		expect(uri.valid).toBe(false);
		expect(uri.error).toMatch(/^[\x20-\x7e]+$/);
		expect(uri.host).toBeUndefined();
	});

	it("reads hosts of https and keeps other schemes as valid URIs without a host", () => {
		expect(parseReportUri("https://Reports.Example.org/x?y=1")).toMatchObject({ valid: true, scheme: "https", host: "reports.example.org" });
		expect(parseReportUri("urn:example:a")).toEqual({ text: "urn:example:a", valid: true, scheme: "urn" });
	});

	it.each(["10m", "1", "500K", "2g", "9T"])("takes the historic suffix !%s off", (suffix) => {
		expect(parseReportUri(`mailto:d@example.org!${suffix}`)).toMatchObject({ valid: true, text: "mailto:d@example.org", sizeSuffix: suffix });
	});

	it.each(["!", "!m", "!10x", "!10mm", "!1!1"])("does not take %s for a size suffix", (suffix) => {
		expect(parseReportUri(`mailto:d@example.org${suffix}`).valid).toBe(false);
	});

	it("splits lists at commas only", () => {
		expect(parseReportUriList("mailto:a@example.org , mailto:b@example.net,https://c.example/").map((uri) => uri.host)).toEqual([
			"example.org",
			"example.net",
			"c.example",
		]);
	});

	it("gives a value for any text", () => {
		const near = fc.array(
			fc.oneof(
				fc.constantFrom("mailto:", "https://", "a", "@", ".", "%41", "%", "!", "10m", "[", "?", "#", '"', "\\"),
				fc.string({ maxLength: 3, unit: "binary" }),
			),
			{ maxLength: 12 },
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: "binary" }),
					near.map((parts) => parts.join("")),
				),
				(text) => {
					const uri = parseReportUri(text);
					expect(uri.valid).toBe(uri.error === undefined);
					if (uri.host !== undefined) expect(toQueryName(uri.host)).toBe(uri.host);
					if (uri.address !== undefined) expect(uri.address).not.toMatch(/[\x00-\x1f]/);
				},
			),
			{ numRuns: 500 },
		);
	});
});

describe("query names", () => {
	it.each([
		["Example.ORG.", "example.org"],
		["b\u00fccher.example", "xn--bcher-kva.example"],
		["_dmarc.example.org", "_dmarc.example.org"],
		["127.1", "127.1"],
	])("%s", (from, to) => {
		expect(toQueryName(from)).toBe(to);
	});

	it.each(["", ".", "..", "a..b", ".a", "a b.org", "a\0.org", `${"l".repeat(64)}.org`, "abcdefg.".repeat(40), "x".repeat(100_000)])("refuses %j", (name) => {
		expect(toQueryName(name)).toBeUndefined();
	});
});
