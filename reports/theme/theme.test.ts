import { describe, expect, it } from "vitest";
import { realisticResult } from "../testing/realistic.ts";
import { ReportError } from "../writer.ts";
import { contrast } from "./contrast.ts";
import { checkTheme, defaultTheme, logoFrom, themeOf } from "./theme.ts";

describe("contrast", () => {
	it("is that of WCAG 2.2", () => {
		expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
		expect(contrast("#ffffff", "#ffffff")).toBe(1);
		expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
	});
});

describe("theme", () => {
	it("follows the report settings of the result", () => {
		const theme = themeOf(realisticResult(), { edition: "final" });
		expect(theme.preparedBy).toEqual({ name: "Harbor Audit Partners", contact: "https://harbor.example/contact" });
		expect([theme.classification, theme.paperSize, theme.edition]).toEqual(["Confidential", "Letter", "final"]);
	});

	it("has default colours that can be read", () => {
		expect(() => checkTheme(defaultTheme)).not.toThrow();
	});

	it("refuses colours that cannot be read or are none, and says what to do", () => {
		const with_ = (accent: string, accentDark: string) => () => checkTheme({ ...defaultTheme, colours: { accent, accentDark } });
		expect(with_("#ffee00", "#8fbde6")).toThrow(/report\.theme\.colours\.accent: #ffee00 has a contrast of 1\.\d\d:1 on #ffffff; take a darker one/);
		expect(with_("#1c4f7c", "#000033")).toThrow(/accentDark.*take a lighter one/);
		for (const colour of ["red", "#fff", "#1c4f7c;}body{display:none}", "url(https://example.org)", ""])
			expect(with_(colour, "#8fbde6"), colour).toThrow(ReportError);
	});

	it("takes logos as images only, of a bounded size", () => {
		const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
		expect(logoFrom(png, "Firm").dataUri).toBe("data:image/png;base64,iVBORw0KGgo=");
		expect(logoFrom(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "Firm").dataUri).toMatch(/^data:image\/svg\+xml;base64,/);
		expect(() => logoFrom(Buffer.from("<html>"), "Firm")).toThrow(/PNG, JPEG or SVG/);
		for (const dataUri of ["https://example.org/logo.png", "data:text/html;base64,PGI+", 'data:image/png;base64,"><script>', "javascript:1"]) {
			expect(() => checkTheme({ ...defaultTheme, logo: { dataUri, alt: "x" } }), dataUri).toThrow(ReportError);
		}
		expect(() => checkTheme({ ...defaultTheme, logo: { dataUri: `data:image/png;base64,${"A".repeat(400_000)}`, alt: "x" } })).toThrow(
			/use an image of at most/,
		);
	});
});
