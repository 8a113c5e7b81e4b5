/** Macros of RFC 7208 section 7: the parser, and the static part of a name. Expansion is in expand.ts. */

type MacroLetter = "s" | "l" | "o" | "d" | "i" | "p" | "h" | "v" | "c" | "r" | "t";

interface MacroLiteral {
	kind: "literal";
	/** The text it stands for: "%%", "%_" and "%-" are resolved to "%", " " and "%20". */
	text: string;
	/** True for "%%", "%_" and "%-": the ABNF counts them as macro-expand, so a domain-spec may end in them. */
	escape: boolean;
}

export interface MacroExpansion {
	kind: "macro";
	letter: MacroLetter;
	/** Upper case letter: the value is URL-escaped. */
	escaped: boolean;
	/** Number of right-hand parts to keep; absent = all. */
	parts?: number;
	reversed: boolean;
	/** Characters to split at; "." when none are written. */
	delimiters: string;
}

export type MacroToken = MacroLiteral | MacroExpansion;

export type MacroParse =
	| { ok: true; tokens: MacroToken[] }
	| { ok: false; message: string; offset: number /** A fault of the macro syntax, not of the name. */; macro?: boolean };

const letters = "slodiphvcrt";
const delimiters = ".-+,/_=";
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * Parses a macro-string, or with `explanation` an explain-string, where SP and the letters c, r, t are allowed too
 * (7.2: these three only in "exp" text). `anyLetter` admits them without SP: an unknown modifier's value is never
 * expanded, so only its syntax counts. One pass; offsets count from the start of `text`.
 */
export function parseMacroString(text: string, mode: "domain-spec" | "explanation" | "any-letter" = "domain-spec"): MacroParse {
	const tokens: MacroToken[] = [];
	let literalStart = 0;
	let at = 0;
	const flush = (): void => {
		if (at > literalStart) tokens.push({ kind: "literal", text: text.slice(literalStart, at), escape: false });
	};
	while (at < text.length) {
		const code = text.charCodeAt(at);
		if (code !== 0x25) {
			const allowed = (code >= 0x21 && code <= 0x7e) || (code === 0x20 && mode === "explanation");
			if (!allowed) return { ok: false, message: `character ${describeOctet(code)} is not allowed`, offset: at };
			at += 1;
			continue;
		}
		flush();
		const next = text[at + 1];
		if (next === "%" || next === "_" || next === "-") {
			tokens.push({ kind: "literal", text: next === "%" ? "%" : next === "_" ? " " : "%20", escape: true });
			at += 2;
			literalStart = at;
			continue;
		}
		if (next !== "{") return { ok: false, message: 'a "%" must be followed by "{", "%", "_" or "-"', offset: at, macro: true };
		const start = at;
		at += 2;
		const written = text[at] ?? "";
		const letter = written.toLowerCase();
		if (written === "" || !letters.includes(letter))
			return { ok: false, message: `"${printable(written)}" is not a macro letter`, offset: Math.min(at, text.length - 1), macro: true };
		if (mode === "domain-spec" && "crt".includes(letter)) {
			return { ok: false, message: `the macro letter "${written}" is allowed in exp text only`, offset: at, macro: true };
		}
		at += 1;
		const digitsStart = at;
		while (at < text.length && isDigit(text.charCodeAt(at))) at += 1;
		const digits = text.slice(digitsStart, at);
		const parts = digits === "" ? undefined : Number(digits.slice(-400));
		if (parts === 0) return { ok: false, message: "a macro must keep at least one part", offset: digitsStart, macro: true };
		const reversed = text[at] === "r" || text[at] === "R";
		if (reversed) at += 1;
		const delimitersStart = at;
		while (at < text.length && delimiters.includes(text.charAt(at))) at += 1;
		if (text[at] !== "}") {
			if (at >= text.length) return { ok: false, message: 'a macro is not closed by "}"', offset: start, macro: true };
			return { ok: false, message: `"${printable(text.charAt(at))}" is not allowed in a macro`, offset: at, macro: true };
		}
		const split = text.slice(delimitersStart, at);
		tokens.push({
			kind: "macro",
			letter: letter as MacroLetter,
			escaped: written !== letter,
			...(parts === undefined ? {} : { parts }),
			reversed,
			delimiters: split === "" ? "." : split,
		});
		at += 1;
		literalStart = at;
	}
	flush();
	return { ok: true, tokens };
}

/** domain-spec = macro-string domain-end (7.1): ends in a macro, or in "." toplabel with an optional last dot. */
export function parseDomainSpec(text: string): MacroParse {
	if (text === "") return { ok: false, message: "a domain name is missing", offset: 0 };
	const parsed = parseMacroString(text);
	if (!parsed.ok) return parsed;
	const last = parsed.tokens[parsed.tokens.length - 1];
	if (last === undefined || last.kind === "macro" || last.escape) return parsed;
	const tail = last.text.endsWith(".") ? last.text.slice(0, -1) : last.text;
	const dot = tail.lastIndexOf(".");
	const lastLabelOffset = text.length - last.text.length + dot + 1;
	if (dot === -1) return { ok: false, message: "the domain name has only one label", offset: lastLabelOffset };
	if (!isTopLabel(tail.slice(dot + 1)))
		return { ok: false, message: "the last label is not a valid top-level label", offset: Math.min(lastLabelOffset, text.length - 1) };
	return parsed;
}

/** toplabel (7.1): letters, digits and inner hyphens, not digits alone. */
function isTopLabel(label: string): boolean {
	if (!/^[a-z0-9-]+$/i.test(label) || label.startsWith("-") || label.endsWith("-")) return false;
	return /[a-z-]/i.test(label);
}

/** An octet as a reader can see it: quoted when printable, hex otherwise. */
export function describeOctet(code: number): string {
	return code > 0x20 && code < 0x7f ? `"${String.fromCharCode(code)}"` : `0x${code.toString(16).padStart(2, "0")}`;
}

/** Text cut to 80 characters, with everything outside printable ASCII as \xNN, so that an error message carries no raw octets. */
export function printable(text: string): string {
	let shown = "";
	for (const char of text.slice(0, 80)) {
		const code = char.codePointAt(0) ?? 0;
		shown += code >= 0x20 && code < 0x7f ? char : `\\x${code.toString(16).padStart(2, "0")}`;
	}
	return text.length > 80 ? `${shown}...` : shown;
}
