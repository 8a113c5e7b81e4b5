import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { compileTemplate } from "../../scripts/compile-template.ts";
import { ReportError } from "../report-error.ts";
import { strictInstance } from "./templates.ts";
import { Href, prose, sealed, type View } from "./view.ts";

function render(source: string, view: View): string {
	const specification = runInThisContext(`(${compileTemplate("test", source)})`) as TemplateSpecification;
	return strictInstance().template(specification)(sealed(view));
}

describe("templates", () => {
	it("escape what they print", () => {
		expect(render('<p title="{{a}}">{{a}}</p>', { a: "<b \"'`=&>" })).toBe(
			'<p title="&lt;b &quot;&#x27;&#x60;&#x3D;&amp;&gt;">&lt;b &quot;&#x27;&#x60;&#x3D;&amp;&gt;</p>',
		);
	});

	it("are refused when they could print without escaping", () => {
		for (const source of ["{{{a}}}", "{{&a}}", "{{#each a}}{{{this}}}{{/each}}", "{{#if a}}x{{else}}{{{a}}}{{/if}}", "{{* a}}", "\\{{a}}"]) {
			expect(() => render(source, { a: "x" }), source).toThrow(/unescaped|placeholder|decorators/);
		}
	});

	it("stop on a value that is missing, a value that is no text, and a helper that is not known", () => {
		expect(() => render("{{nothing}}", { a: "x" })).toThrow();
		for (const source of ["{{#each nothing}}x{{/each}}", "{{#if nothing}}x{{/if}}", "{{#unless nothing}}x{{/unless}}", "{{#each a.nothing}}x{{/each}}"]) {
			expect(() => render(source, { a: {} }), source).toThrow(/is missing/);
		}
		expect(() => render("{{a}}", { a: { b: "x" } })).toThrow();
		expect(() => render("{{lookup a 'constructor'}}", { a: "x" })).toThrow();
		expect(() => sealed({ a: Number.NaN })).toThrow(ReportError);
		expect(() => sealed({ a: undefined as unknown as View })).toThrow(/missing: a/);
	});

	it("reach nothing beyond the data they were given", () => {
		expect(() => render("{{constructor}}", { a: "x" })).toThrow();
		expect(() => render("{{a.constructor}}", { a: {} })).toThrow();
		expect(() => render("{{__proto__}}", { a: "x" })).toThrow();
	});
});

describe("links", () => {
	it("are https or nothing", () => {
		expect(Href.https("https://example.org/a b")?.value).toBe("https://example.org/a%20b");
		for (const text of [
			"http://example.org",
			"javascript:alert(1)",
			"data:text/html,x",
			"//example.org",
			"https://user:secret@example.org",
			"ftp://example.org",
			"https://",
			" https://example.org",
			"mailto:a@example.org",
		]) {
			expect(Href.https(text), text).toBeNull();
		}
	});

	it("to other files are relative or nothing", () => {
		expect(Href.relative("clinic a/report.html")?.value).toBe("clinic%20a/report.html");
		expect(Href.relative("../clinic/report.html")?.value).toBe("../clinic/report.html");
		for (const text of ["", "/etc/passwd", "//example.org/x", "\\\\server\\x", "javascript:alert(1)", "C:/x", "a?b", "a#b", "a\u0000b", "a\nb", "a\\b"])
			expect(Href.relative(text), text).toBeNull();
	});

	it("inside the file are ids", () => {
		expect(Href.fragment("control-TEC-10").value).toBe("#control-TEC-10");
		expect(() => Href.fragment("a b")).toThrow(ReportError);
	});
});

describe("prose", () => {
	it("keeps lines and links https addresses, without the stop that follows", () => {
		const lines = prose("Do this.\nSee https://example.org/doc. Not http://example.org or javascript:x.");
		expect(lines).toHaveLength(2);
		expect(lines[1]?.map((segment) => [segment.text, segment.href?.value ?? null])).toEqual([
			["See ", null],
			["https://example.org/doc", "https://example.org/doc"],
			[". Not http://example.org or javascript:x.", null],
		]);
	});
});
