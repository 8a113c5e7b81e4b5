/** A merge tag of a template. Names are the author's own and may be shown; defaults are not kept, only where they stand. */
export interface MergeTag {
	/** handlebars, liquid, liquid-block, percent, mailchimp. */
	syntax: "handlebars" | "liquid" | "liquid-block" | "percent" | "mailchimp";
	/** What the tag reads, such as contact.first_name; null where that cannot be told. */
	name: string | null;
	/** Also names that helper arguments, conditions and loops read. */
	others: string[];
	/** Inserted without HTML escaping. */
	raw: boolean;
	start: number;
	end: number;
	/** Text shown when there is no value, by place in the source. */
	defaults: { start: number; end: number }[];
}

const path = /^(?:\.\.\/|@root\.|this\.)*[A-Za-z_][\w-]*(?:\.[\w-]+|\.?\[[^\]]{1,60}\])*$/;
const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'|:,()=<>!]+|[|:,()=<>!]/g;
const keywords = new Set(
	"if unless else each with lookup log end endif endunless endfor elsif for in and or not contains assign capture case when true false null nil empty blank as comment raw include render partial this".split(
		" ",
	),
);
const rawFilters = new Set(["raw", "safe", "safestring", "html_safe", "unescape", "noescape", "unescape_html"]);
/** A tag longer than this is text that happens to hold braces. */
const maxTag = 2000;

/** Every merge tag of a source, in order. Loop variables stay names of their own: what they loop over is read by the tag that opens the loop. Linear in the text. */
export function findMergeTags(source: string): MergeTag[] {
	const tags: MergeTag[] = [];
	// Where each closing mark stands next: looked for once, not again for every opening before it.
	const closings = new Map<string, number>();
	for (let at = 0; at < source.length; ) {
		const next = nextOpening(source, at);
		if (next === null) break;
		const from = next.start + next.open.length;
		let end = closings.get(next.close) ?? 0;
		if (end !== -1 && end < from) {
			end = source.indexOf(next.close, from);
			closings.set(next.close, end);
		}
		if (end === -1 || end - next.start > maxTag) {
			at = from;
			continue;
		}
		const tag = parseTag(source, next, end);
		if (tag !== null) tags.push(tag);
		at = end + next.close.length;
	}
	return tags;
}

interface Opening {
	start: number;
	open: string;
	close: string;
}

const openings: readonly (readonly [string, string])[] = [
	["{{{", "}}}"],
	["{{", "}}"],
	["{%", "%}"],
	["*|", "|*"],
	["%%", "%%"],
];

function nextOpening(source: string, from: number): Opening | null {
	const pattern = /\{\{\{|\{\{|\{%|\*\||%%/g;
	pattern.lastIndex = from;
	const match = pattern.exec(source);
	if (match === null) return null;
	const close = openings.find(([open]) => open === match[0])?.[1] ?? "";
	return { start: match.index, open: match[0], close };
}

function parseTag(source: string, { start, open, close }: Opening, end: number): MergeTag | null {
	const inner = source.slice(start + open.length, end);
	const base = { start, end: end + close.length, others: [], defaults: [] };
	if (open === "*|") {
		const name = inner.trim();
		return /^[A-Z0-9_:.-]{1,80}$/i.test(name) ? { ...base, syntax: "mailchimp", name, raw: false } : null;
	}
	if (open === "%%") {
		const name = inner.trim();
		// Two percent signs also stand in plain text and style sheets.
		return /^[A-Za-z_][\w.-]{0,79}$/.test(name) ? { ...base, syntax: "percent", name, raw: false } : null;
	}
	if (open === "{%") return expression("liquid-block", inner, start + open.length, base, false);
	const sigil = /^\s*[~]?([!#/^>&*]?)/.exec(inner);
	const kind = sigil?.[1] ?? "";
	if (kind === "!" || kind === "/") return null;
	return expression("handlebars", inner.slice(sigil?.[0].length ?? 0), start + open.length + (sigil?.[0].length ?? 0), base, open === "{{{" || kind === "&");
}

function expression(syntax: MergeTag["syntax"], text: string, offset: number, base: Omit<MergeTag, "syntax" | "name" | "raw">, raw: boolean): MergeTag | null {
	const names: string[] = [];
	const defaults: MergeTag["defaults"] = [];
	let isFilter = false;
	let isRaw = raw;
	let hasPipe = false;
	let isOpaque = false;
	for (const match of text.matchAll(token)) {
		const one = match[0];
		if (one === "|") {
			isFilter = true;
			hasPipe = true;
			continue;
		}
		if (/^["']/.test(one)) {
			if (one.length > 2) defaults.push({ start: offset + match.index + 1, end: offset + match.index + one.length - 1 });
			continue;
		}
		if (/^[:,()=<>!~-]$/.test(one) || /^\d/.test(one)) continue;
		if (isFilter) {
			if (rawFilters.has(one.toLowerCase())) isRaw = true;
			isFilter = false;
			continue;
		}
		const bare = one.replace(/~$/, "");
		if (bare === "" || keywords.has(bare.toLowerCase())) continue;
		if (path.test(bare)) names.push(bare.replace(/^(?:\.\.\/|@root\.|this\.)+/, ""));
		else if (/[A-Za-z]/.test(bare)) isOpaque = true;
	}
	const [first, ...others] = names;
	if (first === undefined)
		return isOpaque || defaults.length > 0 ? { ...base, syntax: hasPipe ? "liquid" : syntax, name: null, others: [], raw: isRaw, defaults } : null;
	return { ...base, syntax: hasPipe && syntax === "handlebars" ? "liquid" : syntax, name: first, others, raw: isRaw, defaults };
}
