/**
 * What OPA does not check of our policies. Undefined is silent in Rego: an undefined option of a finding undoes the denial, and
 * a comparison of null with a number is true, and so is a negated call undefined whose argument is. Each would turn a fail into a pass, so each is
 * refused here. With --fix,
 * findings that are too wide are wrapped; run npm run policies after it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMetadata } from "../checks/engine/metadata.ts";
import { listPolicies } from "./list-policies.ts";
import { asCall, blankRego, callsOf, lineOf, splitTop, statementsOf } from "./rego-text.ts";

export interface Problem {
	file: string;
	line: number;
	message: string;
}

const maxColumns = 120;
const tabWidth = 4;
/** Ids of controls and of the catalogue: metadata has fields for them, prose is for people. */
const idForm = /\b[A-Z]{3,6}-\d{2,3}\b(?!-)/;
/** Names that look like such ids and are none. */
const noIds = /\b(?:SHA|AES|RSA|TLS|RFC|ISO|UTF|CVE|SMTP)-\d+/g;
/** Defined whenever their arguments are. */
const totalFunctions = new Set([
	"sprintf",
	"concat",
	"sort",
	"count",
	"lower",
	"upper",
	"object.filter",
	"object.remove",
	"object.keys",
	"array.concat",
	"array.slice",
	"object.union",
]);
const localBound = /^[a-z]\w*$/;

/** Problems of one policy or library; `id` is the check's, undefined for a library. */
export function lintPolicy(text: string, file: string, id: string | undefined): Problem[] {
	const problems: Problem[] = [];
	const add = (line: number, message: string) => problems.push({ file, line, message });
	if (id !== undefined) metadataProblems(text, file, id, add);
	const ruleText = text.slice(Math.max(0, text.search(/^package /m)));
	const offset = lineOf(text, text.length - ruleText.length) - 1;
	ruleText.split("\n").forEach((line, index) => {
		const columns = widthOf(line);
		if (columns > maxColumns) add(offset + index + 1, `is ${columns} columns wide; the limit is ${maxColumns}: wrap the arguments`);
	});
	const statements = statementsOf(ruleText);
	for (const statement of statements) {
		for (const call of callsOf(statement.text, ["evidence.finding", "evidence.finding_with"])) {
			const line = offset + statement.line + lineOf(statement.text, call.index) - 1;
			for (const message of findingProblems(call.args, statement.text, statements)) add(line, message);
		}
		for (const { index, message } of negationProblems(statement.text)) add(offset + statement.line + lineOf(statement.text, index) - 1, message);
		if (!file.endsWith("lib/evidence.rego"))
			for (const { index, message } of comparisonProblems(statement.text)) add(offset + statement.line + lineOf(statement.text, index) - 1, message);
	}
	return problems;
}

function metadataProblems(text: string, file: string, id: string, add: (line: number, message: string) => void): void {
	try {
		const { title, description, remediation, expected } = readMetadata(text, file, id);
		for (const [field, prose] of Object.entries({ title, description, remediation, expected })) {
			const found = idForm.exec(prose.replaceAll(noIds, ""))?.[0];
			if (found !== undefined) add(1, `${field} carries the id ${found}; ids stand in controls and reference`);
		}
	} catch (error) {
		add(1, error instanceof Error ? error.message : String(error));
	}
	for (const [literal] of blankRegoStrings(text)) {
		const found = idForm.exec(literal.replaceAll(noIds, ""))?.[0];
		if (found !== undefined) add(lineOf(text, text.indexOf(literal)), `a message carries the id ${found}; ids stand in controls and reference`);
	}
}

function blankRegoStrings(text: string): IterableIterator<RegExpMatchArray> {
	return text.slice(text.search(/^package /m)).matchAll(/"(?:[^"\\\n]|\\.)*"/g);
}

function findingProblems(args: readonly string[], rule: string, statements: readonly { text: string }[]): string[] {
	const [item = "", path = "", message = "", options] = args;
	const problems: string[] = [];
	const scope = { rule, statements };
	if (!localBound.test(item)) problems.push(`the item of a finding must be a bound variable, not ${item}`);
	for (const [what, value] of [
		["path", path],
		["message", message],
	] as const) {
		if (!isTotal(value, scope)) problems.push(`the ${what} of a finding may be undefined: ${shorten(value)}; ${remedy}`);
	}
	if (options === undefined) return problems;
	if (!options.startsWith("{")) return [...problems, `the options of finding_with must be written out as an object, not ${shorten(options)}`];
	for (const entry of splitTop(options.slice(1, -1), ",")) {
		const [key = "", ...rest] = splitTop(entry, ":");
		const value = rest.join(":");
		if (!isTotal(value, scope)) problems.push(`the option ${key} may be undefined, which would undo the denial: ${shorten(value)}; ${remedy}`);
	}
	return problems;
}

const remedy = "use evidence.shown, a comprehension, a literal, or a function with a default or an unconditional else";

interface Scope {
	/** The rule that the expression stands in: what its body reads is defined. */
	rule: string;
	statements: readonly { text: string }[];
}

/** True if the expression has a value whatever the evidence holds. */
export function isTotal(expression: string, scope: Scope): boolean {
	const text = expression.trim();
	if (text === "") return false;
	if (/^(?:"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\})$/.test(text)) return true;
	if (/^input\.parameters\.\w+$/.test(text) || text === "input.asOf") return true;
	if (localBound.test(text)) return true;
	if (/^[[{]/.test(text)) {
		const inner = text.slice(1, -1);
		// A comprehension is empty where nothing fits.
		if (splitTop(inner, "|").length > 1) return true;
		return splitTop(inner, ",").every((part) => splitTop(part, ":").every((side) => isTotal(side, scope)));
	}
	const call = asCall(text);
	if (call === undefined) return isRead(text, scope.rule);
	if (call.name === "evidence.shown") return call.args.length === 2 && call.args.every((arg) => isTotal(arg, scope));
	if (call.name === "object.get") return call.args.length === 3 && call.args.every((arg) => isTotal(arg, scope));
	if (totalFunctions.has(call.name)) return call.args.every((arg) => isTotal(arg, scope));
	return call.name.startsWith("_") && isTotalFunction(call.name, scope);
}

/** The argument of a negated call is read before the negation: where it is undefined the whole body is, and the denial vanishes. */
function negationProblems(statement: string): { index: number; message: string }[] {
	const names = new Set([...statement.matchAll(/\bnot\s+([\w.]+)\(/g)].map((match) => match[1] ?? ""));
	return callsOf(statement, [...names]).flatMap(({ args, index }) => {
		if (!/\bnot\s+$/.test(statement.slice(0, index))) return [];
		return args
			.filter((arg) => /^[a-z]\w*(?:\.\w+|\["[^"]*"\])+$/.test(arg) && !arg.startsWith("input.") && !isRead(arg, statement))
			.map((arg) => ({
				index,
				message: `${arg} under "not" makes the line undefined where there is no such value: ask evidence.is_set, or read it in a line of its own`,
			}));
	});
}

/** A reference that a line of the rule's body, not negated, reads itself or goes through: without it there is no denial to undo. */
function isRead(reference: string, rule: string): boolean {
	if (!/^[a-z]\w*(?:\.\w+|\["[^"]*"\])+$/.test(reference)) return false;
	const body = rule.slice(rule.search(/ if\b/) + 1);
	const pattern = new RegExp(`(?<![\\w.])${reference.replaceAll(/[.[\]]/g, "\\$&")}(?![\\w])`);
	return body.split("\n").some((line) => !/^\s*not /.test(line) && pattern.test(line));
}

/** A local function with a `default`, an unconditional `else`, or one definition without a condition. */
function isTotalFunction(name: string, scope: Scope): boolean {
	const isNamed = new RegExp(`^(?:default )?${name}\\(`);
	const own: string[] = [];
	let inside = false;
	for (const { text } of scope.statements) {
		if (isNamed.test(text)) own.push(text);
		else if (inside && text.startsWith("else")) own.push(text);
		inside = isNamed.test(text) || (inside && text.startsWith("else"));
	}
	if (own.some((text) => text.startsWith("default "))) return true;
	for (const text of own) {
		for (const { value, conditional } of branchesOf(text)) if (!conditional && isTotal(value, { rule: "", statements: scope.statements })) return true;
	}
	return false;
}

/** The `:= value` of a definition and of each `else` behind it, and whether an `if` guards it. */
function branchesOf(statement: string): { value: string; conditional: boolean }[] {
	const blank = blankRego(statement);
	const branches: { value: string; conditional: boolean }[] = [];
	for (const match of blank.matchAll(/^(?:\S.*?\)|else)\s*:=|\}\s*else\s*:=/gm)) {
		const from = match.index + match[0].length;
		let depth = 0;
		let end = from;
		for (; end < blank.length; end++) {
			const char = blank.charAt(end);
			if ("([{".includes(char)) depth += 1;
			if (")]}".includes(char)) depth -= 1;
			if (depth < 0 || (depth === 0 && /^\s+(?:if|else)\b/.test(blank.slice(end)))) break;
		}
		branches.push({ value: statement.slice(from, end).trim(), conditional: /^\s+if\b/.test(blank.slice(end)) });
	}
	return branches;
}

/** Comparisons by size whose sides are not surely numbers: null is below and text above every number. */
function comparisonProblems(statement: string): { index: number; message: string }[] {
	const blank = blankRego(statement);
	const problems: { index: number; message: string }[] = [];
	for (const match of blank.matchAll(/(?<=\s)(?:<=|>=|<|>)(?=\s)/g)) {
		const left = operandBefore(statement.slice(0, match.index));
		const right = operandAfter(statement.slice(match.index + match[0].length));
		const unsure = [left, right].filter((side) => !isNumber(side, statement));
		if (unsure.length > 0)
			problems.push({ index: match.index, message: `${unsure.join(" and ")} may be no number; compare with evidence.at_least, at_most, above or earlier` });
	}
	return problems;
}

function operandBefore(text: string): string {
	const line = text.slice(text.lastIndexOf("\n") + 1).trim();
	return (splitTop(line, ";").at(-1) ?? "")
		.replace(/^.*\bif\s+(?:\{\s*)?/, "")
		.replace(/^(?:not)\s+/, "")
		.trim();
}

function operandAfter(text: string): string {
	return (splitTop(text.split("\n")[0] ?? "", ";")[0] ?? "").trim();
}

function isNumber(side: string, statement: string): boolean {
	if (/^-?\d+(?:\.\d+)?$/.test(side)) return true;
	if (asCall(side)?.name === "count") return true;
	const terms = splitTop(side, "+");
	if (terms.length > 1) return terms.every((term) => isNumber(term, statement));
	return localBound.test(side) && new RegExp(`\\bis_number\\(${side}\\)|\\b${side} := count\\(`).test(statement);
}

/** The text with the arguments of too wide findings on lines of their own, as opa fmt keeps them. */
export function wrapFindings(text: string): string {
	const wrapped = text.split("\n").map((line) => {
		const match = widthOf(line) > maxColumns ? /^(deny contains evidence\.finding(?:_with)?)\((.*)\) if \{$/.exec(line) : null;
		const [, head, inner] = match ?? [];
		if (head === undefined || inner === undefined) return line;
		const args = splitTop(inner, ",");
		const options = args.at(-1) ?? "";
		const opened = `${head}(${args.slice(0, -1).join(", ")}, {`;
		if (!options.startsWith("{")) return [`${head}(`, ...args.map((arg) => `\t${arg},`), ") if {"].join("\n");
		const entries = splitTop(options.slice(1, -1), ",").map((entry) => `${entry},`);
		if (widthOf(opened) <= maxColumns) return [opened, ...entries.map((entry) => `\t${entry}`), "}) if {"].join("\n");
		return [`${head}(`, ...args.slice(0, -1).map((arg) => `\t${arg},`), "\t{", ...entries.map((entry) => `\t\t${entry}`), "\t},", ") if {"].join("\n");
	});
	return wrapped.join("\n");
}

function widthOf(line: string): number {
	return line.replaceAll("\t", " ".repeat(tabWidth)).length;
}

function shorten(text: string): string {
	const flat = text.replaceAll(/\s+/g, " ");
	return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}

if (import.meta.main) {
	const root = join(import.meta.dirname, "..");
	const { checks, libraries } = listPolicies(root);
	const files: { file: string; id: string | undefined }[] = [...libraries.map((file) => ({ file, id: undefined })), ...checks];
	if (process.argv.includes("--fix")) {
		for (const { file } of files) {
			const text = readFileSync(join(root, file), "utf8");
			const wrapped = wrapFindings(text);
			if (wrapped !== text) writeFileSync(join(root, file), wrapped);
		}
	}
	const problems = files.flatMap(({ file, id }) => lintPolicy(readFileSync(join(root, file), "utf8"), file, id));
	for (const { file, line, message } of problems) process.stderr.write(`${file}:${line}: ${message}\n`);
	process.stdout.write(`${files.length} policies and libraries, ${problems.length} problems\n`);
	if (problems.length > 0) process.exitCode = 1;
}
