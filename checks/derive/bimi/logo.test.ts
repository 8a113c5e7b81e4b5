import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logoFaults } from "./logo.ts";

const root = 'version="1.2" baseProfile="tiny-ps" xmlns="http://www.w3.org/2000/svg"';
const drawing = (inner: string, attributes = root): string => `<svg ${attributes}><title>Clinic</title>${inner}</svg>`;
const faultsOf = (body: string | Uint8Array, more: Partial<Parameters<typeof logoFaults>[0]> = {}) =>
	logoFaults({ httpStatus: 200, body: Buffer.from(body as string), truncated: false, ...more });

describe("logoFaults", () => {
	it("accepts references inside the file, however they are written", () => {
		for (const inner of [
			'<use href="#a"/>',
			'<path fill="url(#g)"/>',
			"<path fill='url( \"#g\" )'/>",
			'<a xlink:href="#x"/>',
			"<style>.a{fill:url(#g)}</style>",
		])
			expect(faultsOf(drawing(inner)), inner).toEqual([]);
		expect(faultsOf(`<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->${drawing("<g/>")}\n`)).toEqual([]);
		expect(faultsOf('<s:svg xmlns:s="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps"><s:title>x</s:title></s:svg>')).toEqual([]);
		expect(faultsOf(gzipSync(drawing("<g/>")))).toEqual([]);
	});

	it("names references that lead out of the file", () => {
		for (const inner of [
			'<use href="https://example.net/x"/>',
			'<use href="&#104;ttps://example.net/x"/>',
			'<g xml:base="https://example.net/"/>',
			'<path fill="url(https://example.net/g)"/>',
			"<path fill='url(\"x.svg#g\")'/>",
			"<image/>",
			"<style>@import 'x'</style>",
			"<style><![CDATA[a{fill:url(x)}]]></style>",
			"<style>a{fill:\\75rl(x)}</style>",
		])
			expect(faultsOf(drawing(inner)), inner).toEqual(["external_reference"]);
		expect(faultsOf(`<?xml-stylesheet href="https://example.net/x.css"?>${drawing("")}`)).toEqual(["external_reference"]);
	});

	it("names scripts, handlers, another profile, size and status", () => {
		for (const inner of ["<script>1</script>", "<x:script>1</x:script>", '<path onload="x()"/>', "<handler/>"])
			expect(faultsOf(drawing(inner)), inner).toEqual(["script"]);
		expect(faultsOf(drawing('<a href="&#x6a;avascript:x()"/>'))).toEqual(["script", "external_reference"]);
		expect(faultsOf(drawing("", root.replace("1.2", "1.1")))).toEqual(["not_tiny_ps"]);
		expect(faultsOf(drawing("", `${root} x="0"`))).toEqual(["not_tiny_ps"]);
		expect(faultsOf(drawing("<animate/>"))).toEqual(["not_tiny_ps"]);
		expect(faultsOf(`<svg ${root}/>`)).toEqual(["no_title"]);
		expect(faultsOf(`<svg ${root}><g><title>below</title></g></svg>`)).toEqual(["no_title"]);
		expect(faultsOf(drawing(" ".repeat(32 * 1024)))).toEqual(["too_large"]);
		expect(faultsOf(drawing(""), { truncated: true })).toEqual(["too_large"]);
		expect(faultsOf(drawing(""), { httpStatus: 404 })).toEqual(["http_status"]);
		expect(faultsOf('<svg version="1.2" baseProfile="tiny-ps"><title>x</title></svg>')).toEqual(["not_svg"]);
		expect(faultsOf("<html xmlns='http://www.w3.org/1999/xhtml'></html>")).toEqual(["not_svg", "not_tiny_ps", "no_title"]);
	});

	it("reads nothing that another reader might read otherwise", () => {
		for (const body of [
			"",
			"\x89PNG",
			"<html><br></html>",
			drawing("<g>"),
			`<!-- <svg ${root}><title>x</title> -->`,
			`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${drawing("&x;")}`,
			drawing("&undefined;"),
			`<?xml version="1.0" encoding="UTF-7"?>${drawing("")}`,
		])
			expect(faultsOf(body), body).toEqual(["not_well_formed"]);
		expect(faultsOf(Buffer.from(drawing("\xe9"), "latin1"))).toEqual(["not_well_formed"]);
	});

	it("unpacks no bomb", () => {
		expect(faultsOf(gzipSync(Buffer.alloc(50_000_000)))).toEqual(["too_large"]);
		expect(faultsOf(gzipSync(drawing("<g/>")).subarray(0, 40))).toEqual(["too_large"]);
	});

	it("takes any octets and any text, and much of the same", () => {
		fc.assert(fc.property(fc.uint8Array(), (body) => Array.isArray(faultsOf(body))));
		fc.assert(fc.property(fc.string({ unit: "binary" }), (inner) => Array.isArray(faultsOf(drawing(inner)))));
		for (const piece of ["<svg", "url( ", " on", 'href="#', "<svg version", "&#x6a;", "<g>", "<!--"]) {
			expect(faultsOf(piece.repeat(20_000).slice(0, 32_000)).length, piece).toBeGreaterThan(0);
			expect(faultsOf(drawing(piece.repeat(20_000).slice(0, 30_000))).length, piece).toBeGreaterThanOrEqual(0);
		}
	});
});
