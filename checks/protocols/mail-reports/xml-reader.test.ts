import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { XmlReader } from "./index.ts";
import { ReportFault } from "./report-fault.ts";

/** What a document says, or the message it is refused with. */
function read(text: string, cuts: readonly number[] = []): string {
	const said: string[] = [];
	let pending = "";
	const flush = (): void => {
		if (pending !== "") said.push(JSON.stringify(pending));
		pending = "";
	};
	const reader = new XmlReader({
		open(name, attributes) {
			flush();
			said.push(`<${name}${[...attributes].map(([key, value]) => ` ${key}=${JSON.stringify(value)}`).join("")}>`);
		},
		text(piece) {
			pending += piece;
		},
		close(name) {
			flush();
			said.push(`</${name}>`);
		},
	});
	try {
		const points = [...text];
		let at = 0;
		for (const cut of [...cuts, points.length]) {
			reader.write(points.slice(at, Math.max(at, cut)).join(""));
			at = Math.max(at, cut);
		}
		reader.end();
	} catch (error) {
		if (error instanceof ReportFault) return `${error.code}: ${error.message}`;
		throw error;
	}
	return said.join("");
}

describe("the XML reader", () => {
	it.each([
		["<a/>", "<a></a>"],
		[" \n<?xml version='1.0' encoding='UTF-8'?>\n<a/>", "<a></a>"],
		["<?xml version=\"1.0\" standalone='yes' ?><!-- x --><?pi y?><a b='1' c=\"&lt;>\">t</a> <!-- z -->", '<a b="1" c="<>">"t"</a>'],
		["<a>&amp;&#65;&#x42;&apos;&quot;&gt;</a>", `<a>"&AB'\\">"</a>`],
		["<a><![CDATA[<b>&amp;]] ]]></a>", '<a>"<b>&amp;]] "</a>'],
		["<x:a xmlns:x='u'><x:b/></x:a>", '<x:a xmlns:x="u"><x:b></x:b></x:a>'],
		["<a>\u{1f600}<!-- \u{1f600}--></a>", '<a>"\u{1f600}"</a>'],
	])("reads %j", (text, want) => {
		expect(read(text)).toBe(want);
		// However it is cut, it says the same.
		expect(
			read(
				text,
				Array.from(text, (_one, index) => index),
			),
		).toBe(want);
	});

	it.each([
		["", "no element"],
		["x", "text outside"],
		["<a>", "before its elements are closed"],
		["<a", "within a tag"],
		["<a><!--", "within a comment"],
		["<a><b></a></b>", "not the one that is open"],
		["<a/><b/>", "more than one root"],
		["<a/>x", "text outside"],
		["<!DOCTYPE a><a/>", "document type"],
		["<!ENTITY a 'b'><a/>", "document type"],
		["<a><!ELEMENT b></a>", "document type"],
		["<a>&lol;</a>", "entity"],
		["<a b='&lol;'/>", "entity"],
		["<a>&</a>", "entity"],
		["<a>&#0;</a>", "does not allow"],
		["<a>&#xD800;</a>", "entity"],
		["<a>&#x110000;</a>", "entity"],
		["<a>\u0001</a>", "does not allow"],
		["<a>\ufffe</a>", "does not allow"],
		["<a b=1/>", "attribute"],
		["<a b='1' b='2'/>", "twice"],
		["<a b='<'/>", "attribute"],
		["<a <b/>", "within a tag"],
		["<1a/>", "name is not valid"],
		["< a/>", "name is not valid"],
		["<a>]]></a>", "]]>"],
		["<a><!-- a -- b --></a>", "--"],
		["<a><!-- b ---></a>", "--"],
		["<a/><?xml version='1.0'?>", "not at its beginning"],
		["<?xml version='1.0' encoding='utf-16'?><a/>", "encoding"],
		["<?xml encoding='utf-8'?><a/>", "declaration"],
		["<![CDATA[x]]><a/>", "outside"],
	])("refuses %j", (text, want) => {
		const said = read(text);
		expect(said).toMatch(/^malformed: /);
		expect(said).toContain(want);
		expect(
			read(
				text,
				Array.from(text, (_one, index) => index),
			),
		).toContain(want);
	});

	it("names the line", () => expect(read("<a>\n\n<b>\n</a>")).toContain("(line 4)"));

	it("has caps on depth, attributes and tags", () => {
		expect(read("<a>".repeat(40))).toMatch(/^too_large: .*deeper than 32/);
		expect(read(`<a ${Array.from({ length: 40 }, (_one, index) => `b${index}=''`).join(" ")}/>`)).toMatch(/^too_large: .*32 attributes/);
		expect(read(`<a b='${"x".repeat(20_000)}'/>`)).toMatch(/^too_large: .*16384 characters/);
		expect(read(`<${"a".repeat(20_000)}`)).toMatch(/^too_large: /);
	});

	it("gives an outcome for any text, and the same however it is cut", () => {
		const token = fc.constantFrom(
			"<",
			">",
			"/",
			"a",
			"<a>",
			"</a>",
			"<a/>",
			"&",
			";",
			"&lt;",
			"'",
			'"',
			"=",
			" b='1'",
			"<!--",
			"-->",
			"<![CDATA[",
			"]]>",
			"<?",
			"?>",
			"<!",
			"-",
			"]",
			"\n",
			"\u{1f600}",
			"<?xml version='1.0'?>",
		);
		fc.assert(
			fc.property(fc.array(token, { maxLength: 30 }), fc.array(fc.nat(120), { maxLength: 12 }), (tokens, cuts) => {
				const text = tokens.join("");
				const sorted = cuts.toSorted((a, b) => a - b);
				const strip = (said: string): string => said.replace(/ \(line.*|: the XML.*/s, "");
				expect(strip(read(text, sorted))).toBe(strip(read(text)));
			}),
			{ numRuns: 2000 },
		);
	});
});
