import type { ResultDocument } from "../../model/result.ts";
import { ReportError } from "../report-error.ts";
import { contrast } from "./contrast.ts";

/**
 * What a firm may change about a report. A theme adds; it can take nothing away: the disclaimer, the status words, the
 * INCOMPLETE banner, the list of what was not assessed, tool name, version and hashes are not part of it.
 */
export interface Theme {
	/** Firm that hands the report over; null: the tool itself. */
	preparedBy: { name: string; contact: string | null } | null;
	logo: { dataUri: string; alt: string } | null;
	/** #rrggbb; accent stands on light paper, accentDark on the dark scheme. */
	colours: { accent: string; accentDark: string };
	classification: string;
	paperSize: "Letter" | "A4";
	coverText: string | null;
	footerText: string | null;
	/** Report language, BCP 47. Texts are English. */
	language: "en";
	edition: "draft" | "final";
	/** Hashes that only the pipeline knows; printed in the integrity section. */
	evidenceManifestSha256: string | null;
	/** The evidence files that stand in the bundle; null: not known. */
	evidenceFiles: readonly { readonly path: string; readonly sha256: string }[] | null;
	/** Of manifest.json of the bundle before this one. */
	previousManifestSha256: string | null;
}

/** Where an accent has the least contrast: --wash of styles.css, in the light scheme and print, and in the dark scheme. */
export const backgrounds = { light: "#f5f7f9", dark: "#1a2029" } as const;

/** WCAG 2.2, 1.4.3: accents colour links and headings. */
const minimumContrast = 4.5;
const logoLimitBytes = 256 * 1024;
const colourForm = /^#[0-9a-f]{6}$/i;
const logoForm = /^data:image\/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/;

export const defaultTheme: Theme = {
	preparedBy: null,
	logo: null,
	colours: { accent: "#1c4f7c", accentDark: "#8fbde6" },
	classification: "Confidential",
	paperSize: "Letter",
	coverText: null,
	footerText: null,
	language: "en",
	edition: "draft",
	evidenceManifestSha256: null,
	evidenceFiles: null,
	previousManifestSha256: null,
};

/**
 * The theme that a result asks for by its `report` settings, with what the caller adds. `report.preparedBy.logo` is a
 * path and reports read no files: the caller reads it and gives `logo` as a data URI (see logoFrom).
 */
export function themeOf(result: Pick<ResultDocument, "report">, more: Partial<Theme> = {}): Theme {
	const { preparedBy, classification, paperSize, theme } = result.report;
	return checkTheme({
		...defaultTheme,
		preparedBy: preparedBy === undefined ? null : { name: preparedBy.name, contact: preparedBy.contact ?? null },
		colours: coloursOf(theme ?? {}),
		coverText: theme?.coverText ?? null,
		footerText: theme?.footerText ?? null,
		classification,
		paperSize,
		...more,
	});
}

/** A firm has one colour: without its own for the dark scheme that is the same one, lightened until it can be read there. */
function coloursOf({ accent, accentDark }: { accent?: string | undefined; accentDark?: string | undefined }): Theme["colours"] {
	return {
		accent: accent ?? defaultTheme.colours.accent,
		accentDark: accentDark ?? (accent === undefined || !colourForm.test(accent) ? defaultTheme.colours.accentDark : readable(accent, "dark")),
	};
}

/** PNG, JPEG or SVG bytes as a logo. An SVG enters through <img> only, where it can run nothing and fetch nothing. */
export function logoFrom(bytes: Uint8Array, alt: string): { dataUri: string; alt: string } {
	const type = imageType(bytes);
	if (type === null) throw new ReportError("expected a PNG, JPEG or SVG image");
	if (bytes.length > logoLimitBytes) throw new ReportError(`has ${bytes.length} bytes; use an image of at most ${logoLimitBytes} bytes`);
	return { dataUri: `data:${type};base64,${Buffer.from(bytes).toString("base64")}`, alt };
}

/** Returns the theme as it is, or throws ReportError naming the setting, the value got and what to do. */
export function checkTheme(theme: Theme): Theme {
	for (const [setting, colour, scheme] of [
		["accent", theme.colours.accent, "light"],
		["accentDark", theme.colours.accentDark, "dark"],
	] as const) {
		const problem = accentProblem(colour, scheme);
		if (problem !== null) throw new ReportError(`report.theme.${setting}: ${problem}`);
	}
	if (theme.logo === null) return theme;
	if (!logoForm.test(theme.logo.dataUri)) throw new ReportError("report.preparedBy.logo: expected a base64 data URI of a PNG, JPEG or SVG image");
	const bytes = Math.floor((theme.logo.dataUri.length - theme.logo.dataUri.indexOf(",")) * 0.75);
	if (bytes > logoLimitBytes) throw new ReportError(`report.preparedBy.logo: ${bytes} bytes; use an image of at most ${logoLimitBytes} bytes`);
	return theme;
}

/** Why a colour cannot be an accent, with one that can; null: it can. */
export function accentProblem(colour: string, scheme: keyof typeof backgrounds): string | null {
	if (!colourForm.test(colour)) return `got ${JSON.stringify(colour)}; expected #rrggbb`;
	const ratio = contrast(colour, backgrounds[scheme]);
	if (ratio >= minimumContrast) return null;
	const tone = scheme === "light" ? "darker" : "lighter";
	return `${colour} has a contrast of ${ratio.toFixed(2)}:1 on ${backgrounds[scheme]}, and WCAG 2.2 AA asks for ${minimumContrast}:1; take a ${tone} one, such as ${readable(colour, scheme)}`;
}

/** The nearest colour of the same hue with enough contrast: black or white mixed in by the twentieth. */
function readable(colour: string, scheme: keyof typeof backgrounds): string {
	const end = scheme === "light" ? 0 : 255;
	for (let part = 0; part < 20; part++) {
		const mixed = mix(colour, end, part / 20);
		if (contrast(mixed, backgrounds[scheme]) >= minimumContrast) return mixed;
	}
	return mix(colour, end, 1);
}

function mix(colour: string, end: number, share: number): string {
	const value = Number.parseInt(colour.slice(1), 16);
	const channels = [(value >> 16) & 255, (value >> 8) & 255, value & 255].map((channel) => Math.round(channel + (end - channel) * share));
	return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function imageType(bytes: Uint8Array): "image/png" | "image/jpeg" | "image/svg+xml" | null {
	if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return "image/png";
	if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
	const start = Buffer.from(bytes.subarray(0, 1024)).toString("utf8");
	return /^\uFEFF?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)/.test(start) ? "image/svg+xml" : null;
}
