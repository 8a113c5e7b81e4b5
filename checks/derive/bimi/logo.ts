import { gunzipSync } from "node:zlib";
import { ReportFault } from "../../protocols/mail-reports/report-fault.ts";
import { XmlReader } from "../../protocols/mail-reports/xml-reader.ts";

/** Why a logo would not be shown; the words are stable. */
export type LogoFault = "http_status" | "too_large" | "not_well_formed" | "not_svg" | "not_tiny_ps" | "no_title" | "script" | "external_reference";

/** 32 KB, as the SVG profile for BIMI asks (draft-svg-tiny-ps-abrotman). */
const maxLogoBytes = 32 * 1024;
const svgNamespace = "http://www.w3.org/2000/svg";
const limits = { xmlDepth: 64, xmlElements: 10_000, xmlTag: maxLogoBytes, xmlAttributes: 64 };

/** The octets of a logo, unpacked where it is an svgz; undefined where it cannot be unpacked or is far too large. */
export function logoOctets(body: Uint8Array): Uint8Array | undefined {
	if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
	try {
		return gunzipSync(body, { maxOutputLength: 2 * maxLogoBytes });
	} catch (error) {
		// Not gzip after all, cut off, or a bomb: zlib's errors carry a code.
		if (error instanceof Error && "code" in error) return undefined;
		throw error;
	}
}

/**
 * What speaks against a logo, from its text alone: it is never drawn. A document that another reader might take for something else
 * (no well-formed XML, a document type, another encoding) is refused whole. Linear in its length.
 */
export function logoFaults(logo: { httpStatus: number | null; body: Uint8Array; truncated: boolean }): LogoFault[] {
	if (logo.httpStatus !== 200) return ["http_status"];
	const octets = logo.truncated ? undefined : logoOctets(logo.body);
	if (octets === undefined || octets.length > maxLogoBytes) return ["too_large"];
	const faults = new Set<LogoFault>();
	const text = decoded(octets);
	try {
		if (text === undefined) return ["not_well_formed"];
		readDrawing(text, faults);
	} catch (error) {
		if (error instanceof ReportFault) return ["not_well_formed"];
		throw error;
	}
	return order.filter((fault) => faults.has(fault));
}

const order: readonly LogoFault[] = ["not_svg", "not_tiny_ps", "no_title", "script", "external_reference"];

function decoded(octets: Uint8Array): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(octets);
	} catch (error) {
		if (error instanceof TypeError) return undefined;
		throw error;
	}
}

const scripts: ReadonlySet<string> = new Set(["script", "handler", "listener"]);
const outside: ReadonlySet<string> = new Set(["image", "foreignObject", "audio", "video"]);
const moving: ReadonlySet<string> = new Set(["animate", "animateColor", "animateMotion", "animateTransform", "set", "discard", "animation"]);

function readDrawing(text: string, faults: Set<LogoFault>): void {
	// The reader skips instructions; this one brings in a style sheet.
	if (/<\?xml-stylesheet/i.test(text)) faults.add("external_reference");
	const open: string[] = [];
	let style = "";
	let title = "";
	const reader = new XmlReader(
		{
			open(name, attributes) {
				const own = local(name);
				if (open.length === 0) checkRoot(name, attributes, faults);
				open.push(own);
				if (scripts.has(own)) faults.add("script");
				if (outside.has(own)) faults.add("external_reference");
				if (moving.has(own)) faults.add("not_tiny_ps");
				for (const [attribute, value] of attributes) checkAttribute(local(attribute), value, faults);
			},
			text(piece) {
				if (open.at(-1) === "style") style += piece;
				if (open.length === 2 && open[1] === "title") title += piece;
			},
			close() {
				open.pop();
			},
		},
		limits,
	);
	reader.write(text);
	reader.end();
	if (leadsOut(style) || /@import|\\/i.test(style)) faults.add("external_reference");
	if (title.trim() === "") faults.add("no_title");
}

function checkRoot(name: string, attributes: ReadonlyMap<string, string>, faults: Set<LogoFault>): void {
	const prefix = name.includes(":") ? `xmlns:${name.slice(0, name.indexOf(":"))}` : "xmlns";
	if (local(name) !== "svg" || attributes.get(prefix) !== svgNamespace) faults.add("not_svg");
	if (attributes.get("version") !== "1.2" || attributes.get("baseProfile") !== "tiny-ps" || attributes.has("x") || attributes.has("y"))
		faults.add("not_tiny_ps");
}

/** Inside the file only #names. */
function checkAttribute(name: string, value: string, faults: Set<LogoFault>): void {
	if (/^on/i.test(name)) faults.add("script");
	if (/^[\s\0-\x1f]*javascript:/i.test(value)) faults.add("script");
	if ((name === "href" || name === "src" || name === "base") && !value.trim().startsWith("#")) faults.add("external_reference");
	if (leadsOut(value) || (name === "style" && value.includes("\\"))) faults.add("external_reference");
}

function leadsOut(value: string): boolean {
	return /url\(\s*(?:["'](?!#)|(?![\s"'#]))/i.test(value);
}

function local(name: string): string {
	return name.slice(name.indexOf(":") + 1);
}
