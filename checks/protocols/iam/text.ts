import { nameless, one, type Sym, star } from "./glob.ts";

/**
 * A text of a policy, taken apart once. A `variable` is filled from the request (IAM User Guide, "Policy variables"); an
 * `unknown` is a placeholder of a Terraform configuration, whose value only apply will tell.
 */
export type Part =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "star" }
	| { readonly kind: "one" }
	| { readonly kind: "variable"; readonly key: string; readonly fallback?: string }
	| { readonly kind: "unknown"; readonly name: string };

export interface PolicyText {
	/** As written. */
	readonly text: string;
	readonly parts: readonly Part[];
}

export interface TextRules {
	/** `*` and `?` stand for any text and any character. */
	readonly wildcards: boolean;
	/** `${aws:username}` is filled: from language version 2012-10-17 on, and only where the language allows it. */
	readonly variables: boolean;
}

// `aws_s3_bucket.b[0].arn`, `data.aws_caller_identity.c.account_id`, `module.m["k"].arn`, `var.x`, or the nameless `unknown`.
const placeholder = /\$\{(?:unknown|[A-Za-z_][\w-]*(?:\.[\w*-]+|\[\d+\]|\[\\?"[^"\\{}]*\\?"\])*(?:\.[\w*-]+|\[\d+\]|\[\\?"[^"\\{}]*\\?"\]))\}/y;

/** The Terraform placeholder that begins at the place, or undefined. IAM's own variables have a colon and are none. */
export function placeholderAt(text: string, at: number): string | undefined {
	placeholder.lastIndex = at;
	return placeholder.exec(text)?.[0];
}

/** Whether the text is one placeholder and nothing else, and could therefore be anything. */
export function isPlaceholder(text: string): boolean {
	return text.startsWith("${") && placeholderAt(text, 0) === text;
}

export function readText(text: string, rules: TextRules): PolicyText {
	const parts: Part[] = [];
	let plain = "";
	const flush = (): void => {
		if (plain !== "") parts.push({ kind: "text", text: plain });
		plain = "";
	};
	for (let i = 0; i < text.length; i++) {
		const unit = text[i] ?? "";
		if (unit === "$" && text[i + 1] === "{") {
			const name = placeholderAt(text, i);
			if (name !== undefined) {
				flush();
				parts.push({ kind: "unknown", name });
				i += name.length - 1;
				continue;
			}
			const variable = rules.variables ? variableAt(text, i) : undefined;
			if (variable !== undefined) {
				if (variable.part.kind === "text") plain += variable.part.text;
				else {
					flush();
					parts.push(variable.part);
				}
				i = variable.end;
				continue;
			}
		}
		if (rules.wildcards && (unit === "*" || unit === "?")) {
			flush();
			// "**" means no more than "*".
			if (unit === "?") parts.push({ kind: "one" });
			else if (parts.at(-1)?.kind !== "star") parts.push({ kind: "star" });
			continue;
		}
		plain += unit;
	}
	flush();
	return { text, parts };
}

/** Longer names are not names: it keeps the search for the closing brace short. */
const maxVariableLength = 512;

function variableAt(text: string, at: number): { part: Part; end: number } | undefined {
	const body = text.slice(at + 2, at + 2 + maxVariableLength);
	const length = body.indexOf("}");
	if (length < 0) return undefined;
	const inner = body.slice(0, length);
	const end = at + 2 + length;
	// The three characters that have a meaning of their own elsewhere.
	if (inner === "*" || inner === "?" || inner === "$") return { part: { kind: "text", text: inner }, end };
	const comma = inner.indexOf(",");
	const key = (comma < 0 ? inner : inner.slice(0, comma)).trim();
	const fallback = comma < 0 ? undefined : /^\s*'(.*)'\s*$/s.exec(inner.slice(comma + 1))?.[1];
	return { part: fallback === undefined ? { kind: "variable", key } : { kind: "variable", key, fallback }, end };
}

/** What a variable stands for: its value, `absent` (the request has no such key), or `unknown`. */
export type VariableValue = { readonly value: string } | "absent" | "unknown";

export interface ResolvedText {
	readonly symbols: readonly Sym[];
	/** Names of placeholders and keys of variables that are not known. */
	readonly unknowns: readonly string[];
}

/** Fills the variables. Undefined when one has no value and no default: the statement then does not apply to the request. */
export function resolveText(text: PolicyText, variable: (key: string) => VariableValue): ResolvedText | undefined {
	const symbols: Sym[] = [];
	const unknowns: string[] = [];
	for (const part of text.parts) {
		switch (part.kind) {
			case "text":
				for (let i = 0; i < part.text.length; i++) symbols.push(part.text.charAt(i));
				break;
			case "star":
				symbols.push(star);
				break;
			case "one":
				symbols.push(one);
				break;
			case "unknown":
				symbols.push(part.name);
				unknowns.push(part.name);
				break;
			case "variable": {
				const value = variable(part.key);
				if (value === "unknown") {
					symbols.push(`\${${part.key}}`);
					unknowns.push(part.key);
					break;
				}
				const text = value === "absent" ? part.fallback : value.value;
				if (text === undefined) return undefined;
				for (let i = 0; i < text.length; i++) symbols.push(text.charAt(i));
			}
		}
	}
	return { symbols, unknowns };
}

/** The text when it has no wildcards, variables or unknown parts. */
export function fixedText(text: PolicyText): string | undefined {
	if (text.parts.length === 0) return "";
	const [part] = text.parts;
	return text.parts.length === 1 && part?.kind === "text" ? part.text : undefined;
}

export function hasUnknown(text: PolicyText): boolean {
	return text.parts.some(({ kind }) => kind === "unknown");
}

/** A question's own pattern or a thing asked about: wildcards as asked, placeholders of the plan understood. */
export function questionSymbols(text: string, wildcards: boolean): Sym[] {
	const resolved = resolveText(readText(text, { wildcards, variables: false }), () => "unknown");
	return resolved === undefined ? [nameless] : [...resolved.symbols];
}
