import { type Answer, all, any, hasPlaceholder, of, wildcard } from "./answer.ts";

type Json = Record<string, unknown>;

/** AWS takes 1,024 characters; a plan may hold anything. */
const maxLength = 4096;
const maxDepth = 50;

/**
 * Whether a CloudWatch Logs filter pattern over JSON takes an event (CloudWatch Logs User Guide, "Filter pattern syntax"): comparisons
 * `$.path = value`, `IS`, `EXISTS`, joined by `&&` before `||`. A comparison with a field that is not there holds for NOT EXISTS alone.
 * Patterns of other forms (terms, columns, regular expressions) are "unknown".
 */
export function matchesFilterPattern(text: string, event: Json): Answer {
	const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1];
	if (inner === undefined || text.length > maxLength) return "unknown";
	const tokens = tokensOf(inner);
	if (tokens === undefined) return "unknown";
	const parser = new Parser(tokens, event);
	return parser.whole();
}

type Token = { kind: "(" | ")" | "&&" | "||" } | { kind: "word" | "quoted" | "operator"; text: string };

function tokensOf(text: string): Token[] | undefined {
	const tokens: Token[] = [];
	const form = /\s*(?:(\(|\)|&&|\|\|)|("(?:[^"\\]|\\.)*")|(!=|<=|>=|=|<|>)|((?:\$\{[^}]*\}|[^\s()"=<>!&|])+))/y;
	for (let at = 0; at < text.length; at = form.lastIndex) {
		if (text.slice(at).trim() === "") break;
		form.lastIndex = at;
		const [, sign, quoted, operator, word] = form.exec(text) ?? [];
		if (sign !== undefined) tokens.push({ kind: sign as "(" });
		else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1") });
		else if (operator !== undefined) tokens.push({ kind: "operator", text: operator });
		else if (word !== undefined) tokens.push({ kind: "word", text: word });
		else return undefined;
	}
	return tokens;
}

class Parser {
	readonly #tokens: readonly Token[];
	readonly #event: Json;
	#at = 0;
	#failed = false;

	constructor(tokens: readonly Token[], event: Json) {
		this.#tokens = tokens;
		this.#event = event;
	}

	whole(): Answer {
		const answer = this.#either(0);
		return this.#failed || this.#at !== this.#tokens.length ? "unknown" : answer;
	}

	#either(depth: number): Answer {
		const answers = [this.#both(depth)];
		while (this.#take("||")) answers.push(this.#both(depth));
		return any(answers);
	}

	#both(depth: number): Answer {
		const answers = [this.#one(depth)];
		while (this.#take("&&")) answers.push(this.#one(depth));
		return all(answers);
	}

	#one(depth: number): Answer {
		if (depth > maxDepth) return this.#fail();
		if (this.#take("(")) {
			const answer = this.#either(depth + 1);
			return this.#take(")") ? answer : this.#fail();
		}
		const field = this.#next("word");
		if (field === undefined || !field.startsWith("$.")) return this.#fail();
		const operator = this.#next("operator");
		if (operator !== undefined) return this.#compared(field, operator);
		const words = [this.#next("word")?.toUpperCase()];
		if (words[0] === "NOT" || words[0] === "IS") words.push(this.#next("word")?.toUpperCase());
		return this.#stated(field, words.join(" "));
	}

	#compared(field: string, operator: string): Answer {
		const token = this.#tokens[this.#at];
		if (token === undefined || !("text" in token) || token.kind === "operator") return this.#fail();
		this.#at += 1;
		const value = valueAt(this.#event, field);
		if (hasPlaceholder(token.text) || token.text.startsWith("%")) return "unknown";
		if (value === undefined) return "no";
		if (operator === "=" || operator === "!=") return of(equals(value, token) === (operator === "="));
		const [left, right] = [Number(value), Number(token.text)];
		if (Number.isNaN(left) || Number.isNaN(right)) return "no";
		return of(operator === "<" ? left < right : operator === ">" ? left > right : operator === "<=" ? left <= right : left >= right);
	}

	#stated(field: string, words: string): Answer {
		const value = valueAt(this.#event, field);
		switch (words) {
			case "EXISTS":
				return of(value !== undefined);
			case "NOT EXISTS":
				return of(value === undefined);
			case "IS NULL":
				return of(value === null);
			case "IS TRUE":
				return of(value === true);
			case "IS FALSE":
				return of(value === false);
			default:
				return this.#fail();
		}
	}

	#take(kind: Token["kind"]): boolean {
		const found = this.#tokens[this.#at]?.kind === kind;
		if (found) this.#at += 1;
		return found;
	}

	#next(kind: "word" | "operator"): string | undefined {
		const token = this.#tokens[this.#at];
		if (token?.kind !== kind || !("text" in token)) return undefined;
		this.#at += 1;
		return token.text;
	}

	#fail(): Answer {
		this.#failed = true;
		this.#at = this.#tokens.length;
		return "unknown";
	}
}

function equals(value: unknown, token: { kind: string; text: string }): boolean {
	if (typeof value === "number") return value === Number(token.text);
	if (typeof value !== "string" && typeof value !== "boolean") return false;
	return wildcard(token.text, String(value));
}

function valueAt(event: Json, field: string): unknown {
	let value: unknown = event;
	for (const part of field.slice(2).split(".")) {
		const [, name = "", index] = /^([^[\]]*)(?:\[(\d+)\])?$/.exec(part) ?? [];
		if (name === "" || value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
		value = (value as Json)[name];
		if (index !== undefined) value = Array.isArray(value) ? value[Number(index)] : undefined;
	}
	return value;
}
