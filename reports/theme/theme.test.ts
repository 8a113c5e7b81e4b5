import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ReportError } from "../report-error.ts";
import { realisticResult } from "../testing/realistic.ts";
import { contrast } from "./contrast.ts";
import { accentProblem, backgrounds, checkTheme, defaultTheme, logoFrom, themeOf } from "./theme.ts";

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

	it("refuses colours that cannot be read or are none, and names one that can", () => {
		const with_ = (accent: string, accentDark: string) => () => checkTheme({ ...defaultTheme, colours: { accent, accentDark } });
		expect(with_("#ffee00", "#8fbde6")).toThrow(
			/report\.theme\.accent: #ffee00 has a contrast of 1\.\d\d:1 on #f5f7f9, and WCAG 2\.2 AA asks for 4\.5:1; take a darker one, such as #[0-9a-f]{6}$/,
		);
		expect(with_("#1c4f7c", "#000033")).toThrow(/accentDark.*take a lighter one/);
		for (const colour of ["red", "#fff", "#1c4f7c;}body{display:none}", "url(https://example.org)", ""])
			expect(with_(colour, "#8fbde6"), colour).toThrow(ReportError);
	});

	it("proposes and derives colours that pass, whatever the firm's own is", () => {
		for (const colour of ["#ffee00", "#ffffff", "#000000", "#ff0000", "#0000ff", "#777777"]) {
			const proposed = /such as (#[0-9a-f]{6})$/.exec(accentProblem(colour, "light") ?? `such as ${colour}`)?.[1] ?? "";
			expect(accentProblem(proposed, "light"), colour).toBeNull();
			const result = realisticResult();
			const { colours } = themeOf({ ...result, report: { ...result.report, theme: { accent: proposed } } });
			expect(colours.accent).toBe(proposed);
			expect(accentProblem(colours.accentDark, "dark"), colour).toBeNull();
		}
	});

	it("measures against the washed boxes of the style sheet, where contrast is least", () => {
		const css = readFileSync(new URL("../html/styles.css", import.meta.url), "utf8");
		expect([...css.matchAll(/--wash: (#[0-9a-f]{6})/g)].map((match) => match[1])).toEqual([backgrounds.light, backgrounds.dark]);
	});

	it("carries texts of the firm on cover and foot", () => {
		const result = realisticResult();
		const theme = themeOf({ ...result, report: { ...result.report, theme: { coverText: "For the board.", footerText: "Harbor LLC" } } });
		expect([theme.coverText, theme.footerText, theme.colours]).toEqual(["For the board.", "Harbor LLC", defaultTheme.colours]);
	});

	it("takes logos as images only, of a bounded size", () => {
		const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
		expect(logoFrom(png, "Firm").dataUri).toBe("data:image/png;base64,iVBORw0KGgo=");
		expect(logoFrom(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "Firm").dataUri).toMatch(/^data:image\/svg\+xml;base64,/);
		expect(() => logoFrom(Buffer.from("<html>"), "Firm")).toThrow(/PNG, JPEG or SVG/);
		expect(() => logoFrom(Buffer.concat([png, Buffer.alloc(300_000)]), "Firm")).toThrow(/has 300008 bytes; use an image of at most 262144 bytes/);
		for (const dataUri of ["https://example.org/logo.png", "data:text/html;base64,PGI+", 'data:image/png;base64,"><script>', "javascript:1"]) {
			expect(() => checkTheme({ ...defaultTheme, logo: { dataUri, alt: "x" } }), dataUri).toThrow(ReportError);
		}
		expect(() => checkTheme({ ...defaultTheme, logo: { dataUri: `data:image/png;base64,${"A".repeat(400_000)}`, alt: "x" } })).toThrow(
			/use an image of at most/,
		);
	});
});
