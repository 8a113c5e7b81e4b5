/** Just enough of Rego's surface to lint it: strings and comments blanked, brackets matched, arguments split. */

/** A call found in the text: its arguments as written, and where it starts. */
export interface Call {
	name: string;
	args: string[];
	index: number;
}

const opening = "([{";
const closing = ")]}";

/** The text with every comment and the inside of every string replaced by spaces, of the same length. */
export function blankRego(text: string): string {
	return text.replaceAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*/g, (token) => {
		if (token.startsWith("#")) return " ".repeat(token.length);
		return token[0] + token.slice(1, -1).replaceAll(/[^\n]/g, " ") + token[0];
	});
}

/** Index of the bracket that closes the one at `start`; the end of the text if none does. */
export function closeOf(blank: string, start: number): number {
	let depth = 0;
	for (let index = start; index < blank.length; index++) {
		const char = blank.charAt(index);
		if (opening.includes(char)) depth += 1;
		else if (closing.includes(char)) {
			depth -= 1;
			if (depth === 0) return index;
		}
	}
	return blank.length;
}

/** Splits at a separator that stands in no bracket and no string. Empty parts (a trailing comma) are left out. */
export function splitTop(text: string, separator: string): string[] {
	const blank = blankRego(text);
	const parts: string[] = [];
	let depth = 0;
	let from = 0;
	for (let index = 0; index <= blank.length; index++) {
		const char = blank.charAt(index);
		if (opening.includes(char) && char !== "") depth += 1;
		else if (closing.includes(char) && char !== "") depth -= 1;
		if (index < blank.length && !(depth === 0 && char === separator)) continue;
		const part = text.slice(from, index).trim();
		if (part !== "") parts.push(part);
		from = index + 1;
	}
	return parts;
}

/** Every call of one of the named functions. */
export function callsOf(text: string, names: readonly string[]): Call[] {
	const blank = blankRego(text);
	const calls: Call[] = [];
	for (const name of names) {
		for (let index = blank.indexOf(`${name}(`); index !== -1; index = blank.indexOf(`${name}(`, index + 1)) {
			if (/[\w.]/.test(blank.charAt(index - 1))) continue;
			const open = index + name.length;
			calls.push({ name, args: splitTop(text.slice(open + 1, closeOf(blank, open)), ","), index });
		}
	}
	return calls.sort((a, b) => a.index - b.index);
}

/** Reads an expression as one whole call: `name(args)`, nothing behind it. */
export function asCall(expression: string): Call | undefined {
	const match = /^([A-Za-z_][\w.]*)\(/.exec(expression);
	const name = match?.[1];
	if (name === undefined) return undefined;
	const blank = blankRego(expression);
	if (closeOf(blank, name.length) !== blank.length - 1) return undefined;
	return { name, args: splitTop(expression.slice(name.length + 1, -1), ","), index: 0 };
}

export function lineOf(text: string, index: number): number {
	return text.slice(0, index).split("\n").length;
}

/** Top-level statements: a rule with its `else` branches may be several, each from column 0 to the next one. */
export function statementsOf(text: string): { text: string; line: number }[] {
	const lines = text.split("\n");
	const blank = blankRego(text).split("\n");
	const statements: { text: string; line: number }[] = [];
	blank.forEach((line, index) => {
		if (/^[A-Za-z_]/.test(line)) statements.push({ text: lines[index] ?? "", line: index + 1 });
		else {
			const last = statements.at(-1);
			if (last !== undefined && line.trim() !== "") last.text += `\n${lines[index] ?? ""}`;
		}
	});
	return statements;
}
