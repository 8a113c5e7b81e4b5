import { parseReportUriList, type ReportUri } from "./report-uri.ts";
import { quote, trimWsp } from "./text.ts";

export type DmarcPolicy = "none" | "quarantine" | "reject";

/** What is odd about a record, for checks that need more than prose. */
export interface DmarcIssue {
	code: "version" | "syntax" | "repeated" | "invalid_value" | "unknown_tag" | "historic" | "uri" | "no_policy" | "many_uris" | "no_effect";
	/** Lower-case name of the tag, or "" where no tag can be named. */
	tag: string;
	message: string;
}

/** A DMARC policy record, RFC 9989 section 4.7. */
export interface DmarcRecord {
	/** False: receivers apply no DMARC on account of this text. Then policy is undefined and errors says why. */
	valid: boolean;
	/** Every well-formed tag as published, without surrounding white space; of a repeated tag the first. */
	tags: Record<string, string>;
	/** What p= amounts to: "none" when actsAsNone. Before t=. */
	policy?: DmarcPolicy;
	/** Oddities with which the record still works. */
	warnings: string[];
	/** Empty exactly when valid. */
	errors: string[];
	/** v=DMARC1 comes first: the text counts as a DMARC record on a tree walk, even when it is not valid. */
	identified: boolean;
	/** p is missing or bad, or sp or np is bad, and a rua URI is valid: the record counts as p=none (section 4.10.1). */
	actsAsNone: boolean;
	/** p, sp and np as published, where their value is a policy. */
	p?: DmarcPolicy;
	sp?: DmarcPolicy;
	np?: DmarcPolicy;
	/** t=y: every policy acts one step weaker. */
	testing: boolean;
	psd: "y" | "n" | "u";
	adkim: "r" | "s";
	aspf: "r" | "s";
	/** Failure reporting options, ["0"] by default and without a valid ruf. */
	fo: string[];
	rua: ReportUri[];
	ruf: ReportUri[];
	/** Everything noticed, in the order of the tags; at most 100. */
	issues: DmarcIssue[];
}

const knownTags: ReadonlySet<string> = new Set(["v", "p", "sp", "np", "adkim", "aspf", "fo", "rua", "ruf", "t", "psd"]);
/** Withdrawn by RFC 9989; receivers still on RFC 7489 may honour them. */
const historicTags: ReadonlySet<string> = new Set(["pct", "rf", "ri"]);
/** A hostile record of 64 kB must not become a report of megabytes. */
const maxIssues = 100;

/**
 * Parses one TXT text (strings joined, octets as latin1). Any text in, a value out; never throws; linear time.
 *
 * Tag names are compared case-sensitively (RFC 6376 section 3.2, to which RFC 9989 section 4.7 refers); values of all
 * tags but v without regard to case. A syntax error after v costs only its tag. A repeated tag is such an error, since
 * receivers disagree on which of its values counts: it falls back to the default, and a repeated p is no valid p.
 */
export function parseDmarc(text: string): DmarcRecord {
	const issues: DmarcIssue[] = [];
	const note = (code: DmarcIssue["code"], tag: string, message: string) => {
		if (issues.length < maxIssues) issues.push({ code, tag, message });
	};
	const [first = "", ...rest] = text.split(";");
	if (!isVersion(first)) {
		note("version", "v", `the text does not begin with the tag v=DMARC1 (${quote(first)})`);
		return refused(issues);
	}
	const { tags, bad } = readTags(rest, note);
	tags.set("v", "DMARC1");

	const p = policyOf("p", tags, bad, note);
	const sp = policyOf("sp", tags, bad, note);
	const np = policyOf("np", tags, bad, note);
	const rua = urisOf("rua", tags, bad, note);
	const ruf = urisOf("ruf", tags, bad, note);
	const option = <T extends string>(tag: string, allowed: readonly T[], fallback: T) => oneOf(tag, allowed, fallback, tags, bad, note);
	const record: DmarcRecord = {
		valid: true,
		tags: Object.fromEntries(tags),
		warnings: [],
		errors: [],
		identified: true,
		actsAsNone: false,
		testing: option("t", ["n", "y"], "n") === "y",
		psd: option("psd", ["u", "y", "n"], "u"),
		adkim: option("adkim", ["r", "s"], "r"),
		aspf: option("aspf", ["r", "s"], "r"),
		fo: failureOptions(tags, bad, ruf, note),
		rua,
		ruf,
		issues,
	};
	if (p !== undefined) record.p = p;
	if (sp !== undefined) record.sp = sp;
	if (np !== undefined) record.np = np;

	// RFC 9989 section 4.10.1. A tag that is there but cannot be read counts as not valid, not as absent.
	const spBad = sp === undefined && (tags.has("sp") || bad.has("sp"));
	const npBad = np === undefined && (tags.has("np") || bad.has("np"));
	if (p === undefined && !tags.has("p") && !bad.has("p")) note("no_policy", "p", "the tag p is missing");
	if (p === undefined || spBad || npBad) {
		const culprit = p === undefined ? "p" : spBad ? "sp" : "np";
		if (rua.some((uri) => uri.valid)) {
			record.actsAsNone = true;
			record.policy = "none";
			record.warnings.push(`without a valid ${culprit} the record acts as p=none`);
		} else {
			record.valid = false;
			record.errors.push(`without a valid ${culprit} and without a valid rua URI the record has no effect`);
		}
	} else {
		record.policy = p;
	}
	for (const issue of issues) {
		const fatal = !record.valid && (issue.tag === "p" || issue.tag === "sp" || issue.tag === "np" || issue.tag === "rua");
		(fatal ? record.errors : record.warnings).push(issue.message);
	}
	return record;
}

type Note = (code: DmarcIssue["code"], tag: string, message: string) => void;

/** dmarc-version: no white space before v, exact case of the value (RFC 9989 section 4.8). */
function isVersion(element: string): boolean {
	const equals = element.indexOf("=");
	if (equals < 0 || !element.startsWith("v")) return false;
	return trimWsp(element.slice(0, equals)) === "v" && trimWsp(element.slice(equals + 1)) === "DMARC1";
}

/** Whether a TXT text counts as a DMARC record at all; the rest of it may be wrong. */
export function isDmarcText(text: string): boolean {
	const end = text.indexOf(";");
	return isVersion(end < 0 ? text : text.slice(0, end));
}

function readTags(elements: string[], note: Note): { tags: Map<string, string>; bad: Set<string> } {
	const tags = new Map<string, string>();
	/** Names of tags that are there but unusable: malformed value or repeated. */
	const bad = new Set<string>();
	let empty = 0;
	let seenVersion = false;
	for (const [index, element] of elements.entries()) {
		const trimmed = trimWsp(element);
		if (trimmed.length === 0) {
			if (index < elements.length - 1) empty += 1;
			continue;
		}
		const equals = trimmed.indexOf("=");
		const name = equals < 0 ? trimmed : trimWsp(trimmed.slice(0, equals));
		if (equals < 0 || !/^[A-Za-z]+$/.test(name)) {
			note("syntax", "", `${quote(trimmed)} is not of the form name=value`);
			continue;
		}
		if (name === "v") {
			if (!seenVersion) note("repeated", "v", "the tag v is repeated");
			seenVersion = true;
			continue;
		}
		const value = trimWsp(trimmed.slice(equals + 1));
		if (tags.has(name) || bad.has(name)) {
			if (knownTags.has(name)) {
				note("repeated", name, `the tag ${name} is repeated; receivers disagree on which value counts`);
				bad.add(name);
			}
			continue;
		}
		if (value.length === 0 || /[^\x20-\x7e]/.test(value)) {
			note("syntax", name, value.length === 0 ? `the tag ${name} has no value` : `the tag ${name} holds octets that are not printable ASCII`);
			bad.add(name);
			continue;
		}
		tags.set(name, value);
		if (historicTags.has(name)) note("historic", name, historicMessage(name, value));
		else if (!knownTags.has(name)) note("unknown_tag", name, unknownMessage(name));
	}
	if (empty > 0) note("syntax", "", `${empty} empty element${empty === 1 ? "" : "s"} between semicolons`);
	return { tags, bad };
}

function historicMessage(name: string, value: string): string {
	const legacy = name === "pct" && value !== "100" ? `; receivers still on RFC 7489 may apply the policy to ${quote(value)} percent only` : "";
	return `the tag ${name} is historic: RFC 9989 withdrew it and receivers ignore it${legacy}`;
}

function unknownMessage(name: string): string {
	const lower = name.toLowerCase();
	const hint = knownTags.has(lower) ? `; tag names are case-sensitive, write ${lower}` : "";
	return `the tag ${quote(name)} is unknown and ignored${hint}`;
}

/** Exact values only: "rej" is no policy. */
function policyOf(tag: string, tags: Map<string, string>, bad: Set<string>, note: Note): DmarcPolicy | undefined {
	const value = tags.get(tag);
	if (value === undefined || bad.has(tag)) return undefined;
	const lower = value.toLowerCase();
	if (lower === "none" || lower === "quarantine" || lower === "reject") return lower;
	note("invalid_value", tag, `${tag}=${quote(value)} is not none, quarantine or reject`);
	return undefined;
}

function oneOf<T extends string>(tag: string, allowed: readonly T[], fallback: T, tags: Map<string, string>, bad: Set<string>, note: Note): T {
	const value = tags.get(tag);
	if (value === undefined || bad.has(tag)) return fallback;
	const found = allowed.find((candidate) => candidate === value.toLowerCase());
	if (found !== undefined) return found;
	note("invalid_value", tag, `${tag}=${quote(value)} is not ${[...allowed].sort().join(" or ")}; the default ${fallback} applies`);
	return fallback;
}

function urisOf(tag: "rua" | "ruf", tags: Map<string, string>, bad: Set<string>, note: Note): ReportUri[] {
	const value = tags.get(tag);
	if (value === undefined || bad.has(tag)) return [];
	const uris = parseReportUriList(value);
	for (const uri of uris) {
		if (!uri.valid) note("uri", tag, `${tag}: ${uri.error}`);
		else if (uri.scheme !== "mailto") note("uri", tag, `${tag}: receivers need not support ${quote(`${uri.scheme}:`)} and ignore it`);
		if (uri.sizeSuffix !== undefined) note("historic", tag, `${tag}: the size suffix ${quote(`!${uri.sizeSuffix}`)} is historic and ignored`);
	}
	if (uris.length > 2) note("many_uris", tag, `${tag} names ${uris.length} addresses; receivers have only ever had to send to two`);
	return uris;
}

/** RFC 9989 section 4.7: a colon list of 0, 1, d and s; 0 and 1 exclude each other; ignored without ruf. */
function failureOptions(tags: Map<string, string>, bad: Set<string>, ruf: ReportUri[], note: Note): string[] {
	const value = tags.get("fo");
	if (value === undefined || bad.has("fo")) return ["0"];
	const options = value
		.toLowerCase()
		.split(":")
		.map((option) => trimWsp(option));
	const allowed = options.every((option) => option === "0" || option === "1" || option === "d" || option === "s");
	if (!allowed || new Set(options).size !== options.length || (options.includes("0") && options.includes("1"))) {
		note("invalid_value", "fo", `fo=${quote(value)} is not 0 or 1, with d and s after colons; the default 0 applies`);
		return ["0"];
	}
	if (ruf.some((uri) => uri.valid)) return options;
	note("no_effect", "fo", "fo has no effect without ruf");
	return ["0"];
}

function refused(issues: DmarcIssue[]): DmarcRecord {
	return {
		valid: false,
		tags: {},
		warnings: [],
		errors: issues.map((issue) => issue.message),
		identified: false,
		actsAsNone: false,
		testing: false,
		psd: "u",
		adkim: "r",
		aspf: "r",
		fo: ["0"],
		rua: [],
		ruf: [],
		issues,
	};
}
