import { type Answer, all, any, hasPlaceholder, of, wildcard } from "./answer.ts";

type Json = Record<string, unknown>;

/** AWS takes 1,024 characters; a plan may hold anything. */
const maxLength = 4096;
const maxDepth = 50;

type Test = (event: Json) => Answer;

/**
 * Reads a CloudWatch Logs filter pattern over JSON (CloudWatch Logs User Guide, "Filter pattern syntax") and gives what tells whether it
 * takes an event: comparisons `$.path = value`, `IS`, `EXISTS`, joined by `&&` before `||`. A comparison with a field that is not there
 * holds for NOT EXISTS alone. Patterns of other forms (terms, columns, regular expressions) are "unknown".
 */
export function filterPattern(text: string): Test {
	const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1];
	const tokens = inner === undefined || text.length > maxLength ? undefined : tokensOf(inner);
	return tokens === undefined ? undecided : new Parser(tokens).whole();
}

const undecided: Test = () => "unknown";

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
	#at = 0;
	#failed = false;

	constructor(tokens: readonly Token[]) {
		this.#tokens = tokens;
	}

	whole(): Test {
		const test = this.#either(0);
		return this.#failed || this.#at !== this.#tokens.length ? undecided : test;
	}

	#either(depth: number): Test {
		const tests = [this.#both(depth)];
		while (this.#take("||")) tests.push(this.#both(depth));
		return joined(tests, any);
	}

	#both(depth: number): Test {
		const tests = [this.#one(depth)];
		while (this.#take("&&")) tests.push(this.#one(depth));
		return joined(tests, all);
	}

	#one(depth: number): Test {
		if (depth > maxDepth) return this.#fail();
		if (this.#take("(")) {
			const test = this.#either(depth + 1);
			return this.#take(")") ? test : this.#fail();
		}
		const field = this.#next("word");
		if (field === undefined || !field.startsWith("$.")) return this.#fail();
		const operator = this.#next("operator");
		if (operator !== undefined) return this.#compared(field, operator);
		const words = [this.#next("word")?.toUpperCase()];
		if (words[0] === "NOT" || words[0] === "IS") words.push(this.#next("word")?.toUpperCase());
		return this.#stated(field, words.join(" "));
	}

	#compared(field: string, operator: string): Test {
		const token = this.#tokens[this.#at];
		if (token === undefined || !("text" in token) || token.kind === "operator") return this.#fail();
		this.#at += 1;
		if (hasPlaceholder(token.text) || token.text.startsWith("%")) return undecided;
		const path = pathOf(field);
		const limit = Number(token.text);
		return (event) => {
			const value = valueAt(event, path);
			if (value === undefined) return "no";
			if (operator === "=" || operator === "!=") return of(equals(value, token) === (operator === "="));
			const number = Number(value);
			if (Number.isNaN(number) || Number.isNaN(limit)) return "no";
			return of(operator === "<" ? number < limit : operator === ">" ? number > limit : operator === "<=" ? number <= limit : number >= limit);
		};
	}

	#stated(field: string, words: string): Test {
		const path = pathOf(field);
		switch (words) {
			case "EXISTS":
				return (event) => of(valueAt(event, path) !== undefined);
			case "NOT EXISTS":
				return (event) => of(valueAt(event, path) === undefined);
			case "IS NULL":
				return (event) => of(valueAt(event, path) === null);
			case "IS TRUE":
				return (event) => of(valueAt(event, path) === true);
			case "IS FALSE":
				return (event) => of(valueAt(event, path) === false);
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

	#fail(): Test {
		this.#failed = true;
		this.#at = this.#tokens.length;
		return undecided;
	}
}

function joined(tests: readonly Test[], join: (answers: Iterable<Answer>) => Answer): Test {
	const [only] = tests;
	return only !== undefined && tests.length === 1 ? only : (event) => join(tests.map((test) => test(event)));
}

function equals(value: unknown, token: { kind: string; text: string }): boolean {
	if (typeof value === "number") return value === Number(token.text);
	if (typeof value !== "string" && typeof value !== "boolean") return false;
	return wildcard(token.text, String(value));
}

interface Step {
	name: string;
	index: number | undefined;
}

/** `$.a.b[0]` in steps; undefined for what names no field. */
function pathOf(field: string): Step[] | undefined {
	const steps: Step[] = [];
	for (const part of field.slice(2).split(".")) {
		const [, name = "", index] = /^([^[\]]*)(?:\[(\d+)\])?$/.exec(part) ?? [];
		if (name === "") return undefined;
		steps.push({ name, index: index === undefined ? undefined : Number(index) });
	}
	return steps;
}

function valueAt(event: Json, path: readonly Step[] | undefined): unknown {
	if (path === undefined) return undefined;
	let value: unknown = event;
	for (const { name, index } of path) {
		if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
		value = (value as Json)[name];
		if (index !== undefined) value = Array.isArray(value) ? value[index] : undefined;
	}
	return value;
}
