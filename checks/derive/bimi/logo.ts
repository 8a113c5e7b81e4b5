/** Why a logo would not be shown; the words are stable. */
export type LogoFault = "http_status" | "too_large" | "not_svg" | "not_tiny_ps" | "no_title" | "script" | "external_reference";

export interface LogoFetch {
	httpStatus: number;
	/** Octets served. */
	bytes: number;
	/** latin1: one code point per octet. */
	body: string;
	truncated: boolean;
}

/** 32 KB, as the SVG profile for BIMI asks (draft-svg-tiny-ps-abrotman). */
const maxLogoBytes = 32 * 1024;

/** What speaks against a logo, from its text alone: it is never drawn. Linear in its length. */
export function logoFaults(logo: LogoFetch): LogoFault[] {
	if (logo.httpStatus !== 200) return ["http_status"];
	const faults: LogoFault[] = [];
	if (logo.truncated || logo.bytes > maxLogoBytes) faults.push("too_large");
	const text = logo.body.slice(0, maxLogoBytes);
	// Two searches instead of one pattern: the time stays linear however often a tag is opened.
	const start = text.search(/<svg\b/i);
	const end = start === -1 ? -1 : text.indexOf(">", start);
	if (end === -1) return [...faults, "not_svg"];
	const root = text.slice(start, end);
	if (!/\bbaseProfile\s*=\s*["']tiny-ps["']/.test(root) || !/\bversion\s*=\s*["']1\.2["']/.test(root)) faults.push("not_tiny_ps");
	if (!/<title\b/.test(text)) faults.push("no_title");
	if (/<(?:\w+:)?script\b|\son[a-z]+\s*=|javascript:/i.test(text)) faults.push("script");
	// Inside the file only #names; an entity could bring in anything.
	if (/<!ENTITY|<(?:image|foreignObject)\b|\bhref\s*=\s*["'](?!#)|url\(\s*(?:["'](?!#)|(?![\s"'#]))|@import/i.test(text)) faults.push("external_reference");
	return faults;
}
