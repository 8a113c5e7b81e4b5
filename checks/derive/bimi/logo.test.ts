import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logoFaults } from "./logo.ts";

const drawing = (inner: string, root = 'version="1.2" baseProfile="tiny-ps"'): string => `<svg ${root}><title>Clinic</title>${inner}</svg>`;
const fetched = (body: string, more: Partial<Parameters<typeof logoFaults>[0]> = {}) =>
	logoFaults({ httpStatus: 200, bytes: body.length, body, truncated: false, ...more });

describe("logoFaults", () => {
	it("accepts references inside the file, however they are written", () => {
		for (const inner of ['<use href="#a"/>', '<path fill="url(#g)"/>', "<path fill='url( \"#g\" )'/>", '<a xlink:href="#x"/>'])
			expect(fetched(drawing(inner)), inner).toEqual([]);
	});

	it("names references that lead out of the file", () => {
		for (const inner of [
			'<use href="https://example.net/x"/>',
			'<path fill="url(https://example.net/g)"/>',
			"<path fill='url(\"x.svg#g\")'/>",
			"<image/>",
			"<style>@import 'x'</style>",
		])
			expect(fetched(drawing(inner)), inner).toEqual(["external_reference"]);
	});

	it("names scripts, handlers, another profile, size and status", () => {
		expect(fetched(drawing("<script>1</script>"))).toEqual(["script"]);
		expect(fetched(drawing('<path onload="x()"/>'))).toEqual(["script"]);
		expect(fetched(drawing("", 'version="1.1"'))).toEqual(["not_tiny_ps"]);
		expect(fetched(drawing(""), { bytes: 32 * 1024 + 1 })).toEqual(["too_large"]);
		expect(fetched("<html></html>")).toEqual(["not_svg"]);
		expect(fetched(drawing(""), { httpStatus: 404 })).toEqual(["http_status"]);
	});

	it("takes any text, in bounded time", () => {
		fc.assert(fc.property(fc.string({ unit: "binary" }), (body) => Array.isArray(fetched(body))));
		const before = performance.now();
		for (const piece of ["<svg", "url( ", " on", 'href="#', "<svg version"]) fetched(piece.repeat(20_000));
		expect(performance.now() - before).toBeLessThan(1500);
	});
});
