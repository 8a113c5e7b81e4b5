// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
/** Syntax tree of Terraform expressions. `opaque` is what this reader does not understand: its value is unknown. */
export type Node =
	| { readonly kind: "literal"; readonly value: string | number | boolean | null }
	| { readonly kind: "template"; readonly parts: readonly Node[] }
	| { readonly kind: "name"; readonly name: string }
	| { readonly kind: "attribute"; readonly on: Node; readonly name: string }
	| { readonly kind: "index"; readonly on: Node; readonly key: Node }
	| { readonly kind: "splat"; readonly on: Node; readonly each: Node }
	| { readonly kind: "item" }
	| { readonly kind: "call"; readonly name: string; readonly parameters: readonly Node[]; readonly spread: boolean }
	| { readonly kind: "unary"; readonly operator: string; readonly operand: Node }
	| { readonly kind: "binary"; readonly operator: string; readonly left: Node; readonly right: Node }
	| { readonly kind: "condition"; readonly test: Node; readonly yes: Node; readonly no: Node }
	| { readonly kind: "tuple"; readonly items: readonly Node[] }
	| { readonly kind: "object"; readonly entries: readonly (readonly [Node, Node])[] }
	| {
			readonly kind: "for";
			readonly keyName: string | undefined;
			readonly valueName: string;
			readonly over: Node;
			readonly key: Node | undefined;
			readonly value: Node;
			readonly group: boolean;
			readonly filter: Node | undefined;
	  }
	| { readonly kind: "opaque"; readonly text: string };

class Unsupported extends Error {}

const maxNesting = 100;

/**
 * A string of a JSON configuration as a template: `a${b}c`. Text outside of `${}` is taken as it is, since JSON has already
 * undone its escapes; `$${` and `%%{` stand for themselves. Directives (`%{if}`), heredocs and whatever else is not understood
 * make the whole opaque.
 */
export function parseTemplate(text: string): Node {
	if (!text.includes("${") && !text.includes("%{")) return { kind: "literal", value: text };
	try {
		return new Parser(text).template(undefined);
	} catch (error) {
		if (!(error instanceof Unsupported)) throw error;
		return { kind: "opaque", text };
	}
}

const precedence: ReadonlyMap<string, number> = new Map([
	["||", 1],
	["&&", 2],
	["==", 3],
	["!=", 3],
	["<", 4],
	[">", 4],
	["<=", 4],
	[">=", 4],
	["+", 5],
	["-", 5],
	["*", 6],
	["/", 6],
	["%", 6],
]);

const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const number = /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** What begins neither a template nor, in quotes, an escape or the end. */
const plainText = /[^$%]+/y;
const plainQuoted = /[^$%"\\]+/y;
const operator = /\|\||&&|==|!=|<=|>=|[<>+\-*/%]/y;

class Parser {
	private readonly text: string;
	private at = 0;
	private nesting = 0;

	constructor(text: string) {
		this.text = text;
	}

	done(): boolean {
		return this.at >= this.text.length;
	}

	space(): void {
		for (;;) {
			const code = this.text.charCodeAt(this.at);
			if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) this.at += 1;
			else if (code === 0x23 || this.text.startsWith("//", this.at)) {
				const end = this.text.indexOf("\n", this.at);
				this.at = end === -1 ? this.text.length : end;
			} else if (this.text.startsWith("/*", this.at)) {
				const end = this.text.indexOf("*/", this.at + 2);
				if (end === -1) throw new Unsupported();
				this.at = end + 2;
			} else return;
		}
	}

	private match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0];
		if (found !== undefined) this.at += found.length;
		return found;
	}

	private take(token: string): boolean {
		this.space();
		if (!this.text.startsWith(token, this.at)) return false;
		this.at += token.length;
		return true;
	}

	private need(token: string): void {
		if (!this.take(token)) throw new Unsupported();
	}

	private nested<T>(work: () => T): T {
		this.nesting += 1;
		if (this.nesting > maxNesting) throw new Unsupported();
		const result = work();
		this.nesting -= 1;
		return result;
	}

	/** Up to the closing quote, which is consumed, or to the end of the text. Inside quotes backslashes are escapes. */
	template(quote: '"' | undefined): Node {
		const parts: Node[] = [];
		let literal = "";
		const flush = (): void => {
			if (literal !== "") parts.push({ kind: "literal", value: literal });
			literal = "";
		};
		for (;;) {
			if (this.done()) {
				if (quote !== undefined) throw new Unsupported();
				break;
			}
			const plain = this.match(quote === undefined ? plainText : plainQuoted);
			if (plain !== undefined) {
				literal += plain;
				continue;
			}
			const character = this.text[this.at] as string;
			if (character === quote) {
				this.at += 1;
				break;
			}
			if (quote !== undefined && character === "\\") {
				literal += this.escape();
			} else if (this.text.startsWith("$${", this.at) || this.text.startsWith("%%{", this.at)) {
				literal += `${character}{`;
				this.at += 3;
			} else if (this.text.startsWith("${", this.at)) {
				if (this.text[this.at + 2] === "~") throw new Unsupported();
				this.at += 2;
				flush();
				parts.push(this.nested(() => this.expression()));
				this.need("}");
			} else if (this.text.startsWith("%{", this.at)) {
				throw new Unsupported();
			} else {
				literal += character;
				this.at += 1;
			}
		}
		flush();
		const [only] = parts;
		if (only === undefined) return { kind: "literal", value: "" };
		// "${x}" alone keeps the type of x.
		return parts.length === 1 ? only : { kind: "template", parts };
	}

	private escape(): string {
		const next = this.text[this.at + 1] ?? "";
		const simple = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" }[next];
		if (simple !== undefined) {
			this.at += 2;
			return simple;
		}
		const digits = next === "u" ? 4 : next === "U" ? 8 : 0;
		const code = this.text.slice(this.at + 2, this.at + 2 + digits);
		if (digits === 0 || code.length !== digits || !/^[0-9a-fA-F]+$/.test(code) || Number.parseInt(code, 16) > 0x10ffff) throw new Unsupported();
		this.at += 2 + digits;
		return String.fromCodePoint(Number.parseInt(code, 16));
	}

	expression(): Node {
		return this.nested(() => {
			const test = this.binary(1);
			if (!this.take("?")) return test;
			const yes = this.expression();
			this.need(":");
			return { kind: "condition", test, yes, no: this.expression() };
		});
	}

	private binary(least: number): Node {
		let left = this.unary();
		for (;;) {
			this.space();
			operator.lastIndex = this.at;
			const found = operator.exec(this.text)?.[0];
			const level = found === undefined ? undefined : precedence.get(found);
			if (found === undefined || level === undefined || level < least) return left;
			this.at += found.length;
			left = { kind: "binary", operator: found, left, right: this.nested(() => this.binary(level + 1)) };
		}
	}

	private unary(): Node {
		this.space();
		const sign = this.text[this.at];
		if (sign === "!" || sign === "-") {
			this.at += 1;
			return { kind: "unary", operator: sign, operand: this.nested(() => this.unary()) };
		}
		return this.steps(this.primary());
	}

	private steps(start: Node): Node {
		let node = start;
		for (let count = 0; ; count++) {
			if (count > 1000) throw new Unsupported();
			this.space();
			if (this.text.startsWith("...", this.at)) return node;
			if (this.text[this.at] === ".") {
				this.at += 1;
				if (this.take("*")) {
					// The attribute-only splat stops at the first index.
					let each: Node = { kind: "item" };
					while (this.text[this.at] === ".") {
						this.at += 1;
						const name = this.match(identifier);
						if (name === undefined) throw new Unsupported();
						each = { kind: "attribute", on: each, name };
					}
					node = { kind: "splat", on: node, each };
					continue;
				}
				const index = this.match(/[0-9]+/y);
				if (index !== undefined) {
					node = { kind: "index", on: node, key: { kind: "literal", value: Number(index) } };
					continue;
				}
				const name = this.match(identifier);
				if (name === undefined) throw new Unsupported();
				node = { kind: "attribute", on: node, name };
			} else if (this.text[this.at] === "[") {
				this.at += 1;
				if (this.take("*")) {
					this.need("]");
					return { kind: "splat", on: node, each: this.nested(() => this.steps({ kind: "item" })) };
				}
				const key = this.expression();
				this.need("]");
				node = { kind: "index", on: node, key };
			} else return node;
		}
	}

	private primary(): Node {
		this.space();
		const character = this.text[this.at];
		if (character === "(") {
			this.at += 1;
			const inner = this.expression();
			this.need(")");
			return inner;
		}
		if (character === '"') {
			this.at += 1;
			return this.nested(() => this.template('"'));
		}
		if (character === "[") return this.tuple();
		if (character === "{") return this.object();
		const digits = this.match(number);
		if (digits !== undefined) {
			if (Math.abs(Number(digits)) > Number.MAX_SAFE_INTEGER) throw new Unsupported();
			return { kind: "literal", value: Number(digits) };
		}
		const name = this.match(identifier);
		if (name === undefined) throw new Unsupported();
		if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
		if (name === "null") return { kind: "literal", value: null };
		this.space();
		if (this.text[this.at] === "(") return this.call(name);
		return { kind: "name", name };
	}

	private call(name: string): Node {
		this.need("(");
		const parameters: Node[] = [];
		let spread = false;
		while (!this.take(")")) {
			parameters.push(this.expression());
			if (this.take("...")) {
				spread = true;
				this.need(")");
				break;
			}
			if (!this.take(",")) {
				this.need(")");
				break;
			}
		}
		return { kind: "call", name, parameters, spread };
	}

	private tuple(): Node {
		this.need("[");
		const loop = this.forIntro();
		if (loop !== undefined) {
			const value = this.expression();
			const filter = this.filter();
			this.need("]");
			return { kind: "for", ...loop, key: undefined, value, group: false, filter };
		}
		const items: Node[] = [];
		while (!this.take("]")) {
			items.push(this.expression());
			if (!this.take(",")) {
				this.need("]");
				break;
			}
		}
		return { kind: "tuple", items };
	}

	private object(): Node {
		this.need("{");
		const loop = this.forIntro();
		if (loop !== undefined) {
			const key = this.expression();
			this.need("=>");
			const value = this.expression();
			const group = this.take("...");
			const filter = this.filter();
			this.need("}");
			return { kind: "for", ...loop, key, value, group, filter };
		}
		const entries: [Node, Node][] = [];
		while (!this.take("}")) {
			this.space();
			const computed = this.text[this.at] === "(";
			let key = this.expression();
			// A bare word is a key of that name; in parentheses it is a reference.
			if (key.kind === "name" && !computed) key = { kind: "literal", value: key.name };
			if (!this.take("=")) this.need(":");
			entries.push([key, this.expression()]);
			this.take(",");
		}
		return { kind: "object", entries };
	}

	private forIntro(): { keyName: string | undefined; valueName: string; over: Node } | undefined {
		this.space();
		const start = this.at;
		if (this.match(identifier) !== "for") {
			this.at = start;
			return undefined;
		}
		this.space();
		const first = this.match(identifier);
		if (first === undefined) {
			this.at = start;
			return undefined;
		}
		let second: string | undefined;
		if (this.take(",")) {
			this.space();
			second = this.match(identifier);
			if (second === undefined) throw new Unsupported();
		}
		this.space();
		if (this.match(identifier) !== "in") throw new Unsupported();
		const over = this.expression();
		this.need(":");
		return { keyName: second === undefined ? undefined : first, valueName: second ?? first, over };
	}

	private filter(): Node | undefined {
		this.space();
		const start = this.at;
		if (this.match(identifier) === "if") return this.expression();
		this.at = start;
		return undefined;
	}
}
