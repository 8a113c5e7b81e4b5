import { parseReportUri } from "../dmarc/report-uri.ts";
import { quote, trimWsp } from "../dmarc/text.ts";

/** The BIMI record of a domain (draft-brand-indicators-for-message-identification). Only its syntax; nothing is fetched. */
export interface BimiRecord {
	/** Exactly one record, of right syntax. A record that declines to take part is valid. */
	valid: boolean;
	/** l= is there and empty, and so is a=: the domain declines to show an indicator. */
	declined: boolean;
	/** https URI of the logo. */
	logo?: string;
	/** https URI of the mark certificate. */
	evidence?: string;
	/** Well-formed tags as published; of a repeated tag the first. */
	tags: Record<string, string>;
	warnings: string[];
	error?: string;
	/** How many texts begin with v=BIMI1; the others are discarded. */
	candidates: number;
}

const knownTags: ReadonlySet<string> = new Set(["v", "l", "a", "avp", "lps"]);
const maxWarnings = 20;

/**
 * Parses all TXT texts at default._bimi.<domain> (strings joined per record, octets as latin1).
 * Any texts in, a value out; never throws; linear time.
 */
export function parseBimi(texts: string[]): BimiRecord {
	const candidates = texts.filter(isBimiText);
	const record: BimiRecord = { valid: false, declined: false, tags: {}, warnings: [], candidates: candidates.length };
	const refuse = (error: string): BimiRecord => ({ ...record, error });
	const [text] = candidates;
	if (text === undefined) return refuse("no TXT record begins with v=BIMI1");
	if (candidates.length > 1) return refuse(`${candidates.length} TXT records begin with v=BIMI1; receivers then use none`);

	const elements = text.split(";").slice(1);
	if (trimWsp(elements.at(-1) ?? "") === "") elements.pop();
	const tags = new Map<string, string>([["v", "BIMI1"]]);
	for (const element of elements) {
		const equals = element.indexOf("=");
		const name = equals < 0 ? "" : trimWsp(element.slice(0, equals));
		if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return refuse(`${quote(trimWsp(element))} is not of the form name=value`);
		const value = trimWsp(element.slice(equals + 1));
		if (/[^\x20-\x7e]/.test(value)) return refuse(`the tag ${quote(name)} holds octets that are not printable ASCII`);
		if (tags.has(name)) return refuse(`the tag ${quote(name)} is repeated`);
		tags.set(name, value);
		if (!knownTags.has(name) && record.warnings.length < maxWarnings) record.warnings.push(`the tag ${quote(name)} is unknown and ignored`);
	}
	record.tags = Object.fromEntries(tags);
	const logo = tags.get("l");
	const evidence = tags.get("a") ?? "";
	if (logo === undefined) return refuse("the tag l is missing");
	if (logo === "") {
		if (evidence !== "") return refuse("a= names evidence for a logo, but l= is empty");
		return { ...record, valid: true, declined: true };
	}
	const logoError = httpsError("l", logo);
	if (logoError !== undefined) return refuse(logoError);
	if (evidence !== "") {
		const evidenceError = httpsError("a", evidence);
		if (evidenceError !== undefined) return refuse(evidenceError);
		record.evidence = evidence;
	}
	return { ...record, valid: true, logo };
}

/** The version comes first and is compared exactly. */
function isBimiText(text: string): boolean {
	const end = text.indexOf(";");
	const first = end < 0 ? text : text.slice(0, end);
	const equals = first.indexOf("=");
	return text.startsWith("v") && equals > 0 && trimWsp(first.slice(0, equals)) === "v" && trimWsp(first.slice(equals + 1)) === "BIMI1";
}

function httpsError(tag: string, value: string): string | undefined {
	const uri = parseReportUri(value);
	if (!uri.valid) return `${tag}: ${uri.error}`;
	if (uri.scheme !== "https") return `${tag}=${quote(value)} is not an https URI`;
	return undefined;
}
