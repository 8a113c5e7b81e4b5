/** The import rule of docs/architecture.md, "Layout": what each part may import, so that collecting, judging and reporting stay apart. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** What a part of the project may import besides itself. Test files are exempt. */
const allowed: Readonly<Record<string, readonly string[]>> = {
	model: [],
	lab: [],
	constructs: ["model"],
	checks: ["model"],
	reports: ["model"],
	pipeline: ["model", "constructs", "checks", "reports", "lab"],
	cli: ["pipeline", "model"],
};
const exempt = /\.(?:test|test-support)\.ts$|(?:^|\/)(?:testing|fixtures)\//;
/** Loading it costs seconds and hundreds of megabytes: resources have entries of their own. */
const barrels = /^@(?:cdktf|cdktn)\/provider-aws(?:\/(?!lib\/).*|\/lib\/?)?$/;
const specifiers = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\bnew URL\(\s*)(["'])([^"'\n]+)\1/g;

export interface ImportProblem {
	file: string;
	line: number;
	message: string;
}

/** Problems of one file; the path is relative to the root, with slashes. */
export function lintImports(file: string, text: string): ImportProblem[] {
	const part = file.split("/")[0] ?? "";
	const rule = allowed[part];
	if (rule === undefined || exempt.test(file)) return [];
	const problems: ImportProblem[] = [];
	const code = withoutComments(text);
	for (const match of code.matchAll(specifiers)) {
		const specifier = match[2] ?? "";
		const message = problemOf(part, rule, file, specifier, match[0].startsWith("new URL"));
		if (message !== undefined) problems.push({ file, line: code.slice(0, match.index).split("\n").length, message });
	}
	return problems;
}

function problemOf(part: string, rule: readonly string[], file: string, specifier: string, isUrl: boolean): string | undefined {
	if (barrels.test(specifier))
		return `imports ${specifier}, which loads every resource; import ${specifier.split("/").slice(0, 2).join("/")}/lib/<resource>/index.js`;
	if (!specifier.startsWith(".")) return undefined;
	const target = normalize(join(dirname(file), specifier));
	if (target.startsWith("..")) return `imports ${specifier}, which lies outside the project`;
	const other = target.split("/")[0] ?? "";
	// Data is read by URL from the package's own root: only code carries the rule.
	if (isUrl && !/\.[cm]?[jt]s$/.test(specifier)) return undefined;
	if (exempt.test(target)) return `imports ${specifier}; what serves the tests is not shipped`;
	if (other === part || rule.includes(other)) return undefined;
	if (["test", "scripts", "bench", "examples"].includes(other)) return `imports ${specifier}; ${other}/ is not shipped`;
	if (!Object.hasOwn(allowed, other)) return undefined;
	const may = rule.length === 0 ? "nothing of ours" : rule.join(", ");
	return `imports ${specifier}; ${part} may import ${may} and itself, not ${other}`;
}

/** Comments become spaces, so that an example in one is no import; strings stay. */
function withoutComments(text: string): string {
	return text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
		token.startsWith("//") || token.startsWith("/*") ? token.replaceAll(/[^\n]/g, " ") : token,
	);
}

function* filesBelow(root: string, folder: string): Generator<string> {
	for (const name of readdirSync(join(root, folder)).sort()) {
		const path = `${folder}/${name}`;
		if (statSync(join(root, path)).isDirectory()) yield* filesBelow(root, path);
		else if (/\.ts$/.test(name) && !name.endsWith(".d.ts")) yield path;
	}
}

if (import.meta.main) {
	const root = join(import.meta.dirname, "..");
	const files = Object.keys(allowed).flatMap((part) => [...filesBelow(root, part)]);
	const problems = files.flatMap((file) => lintImports(file, readFileSync(join(root, file), "utf8")));
	for (const { file, line, message } of problems) process.stderr.write(`${file}:${line}: ${message}\n`);
	process.stdout.write(`${files.length} files, ${problems.length} problems of imports\n`);
	if (problems.length > 0) process.exitCode = 1;
}
