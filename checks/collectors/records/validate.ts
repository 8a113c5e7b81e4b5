import { z } from "zod";
import { detectIdentifiers, showThreshold } from "../../../model/records/identifiers.ts";
import type { LogStatement } from "../../../model/records/index.ts";
import type { RecordKind } from "../../../model/records/kind.ts";
import type { RecordProblemCode } from "../../../model/records/rules.ts";
import { formatPath, nearestKey, type PathSegment, type Problem, problemsOf, typeName, valueAt, type YamlSource } from "../../../model/source.ts";
import { planted } from "./planted.ts";
import type { Parsed } from "./syntax.ts";

export interface FileRecords {
	kind: RecordKind;
	/** As zod gave them back; as they stand in the file where there are problems. */
	records: unknown[];
	/** Of a log: what it says of itself. */
	statement?: LogStatement;
}

const maxProblemsPerFile = 1000;

/** One file against its kind's schema, its rules, and the search for patient identifiers. All problems, in order of position. */
export function validateFile(parsed: Parsed, kinds: readonly RecordKind[]): { file?: FileRecords; problems: Problem[] } {
	const { source } = parsed;
	const chosen = kindOf(parsed, kinds);
	if ("problem" in chosen) return { problems: [chosen.problem] };
	const { kind } = chosen;
	const value = { ...parsed.extra, schema: parsed.schema, ...(parsed.records === undefined ? {} : { records: parsed.records }) };
	const problems = planted(value, kind, source);
	const suspected = new Set(problems.map((problem) => problem.field));
	const result = kind.file.safeParse(value);
	if (!result.success) {
		for (const problem of schemaProblems(result.error, value, kind, source)) {
			// Where an identifier is suspected, its form matters no more, and a message on the form would show it.
			const form = problem.code === "REC-103" || problem.code === "REC-104";
			if (!form || !suspected.has(problem.field)) problems.push(problem);
		}
	}
	problems.sort((a, b) => a.line - b.line || a.column - b.column);
	if (!result.success) return { file: { kind, records: Array.isArray(parsed.records) ? parsed.records : [] }, problems: capped(problems, source.file) };
	const { records, statement } = result.data as { records: unknown[]; statement?: LogStatement };
	return { file: { kind, records, ...(statement === undefined ? {} : { statement }) }, problems: capped(problems, source.file) };
}

function capped(problems: Problem[], file: string): Problem[] {
	if (problems.length <= maxProblemsPerFile) return problems;
	const rest = problems.length - maxProblemsPerFile;
	const last = problems[maxProblemsPerFile];
	return [
		...problems.slice(0, maxProblemsPerFile),
		{ file, line: last?.line ?? 1, column: last?.column ?? 1, code: "REC-100", message: `and ${rest} more problems in this file from here on` },
	];
}

function kindOf({ schema, source }: Parsed, kinds: readonly RecordKind[]): { kind: RecordKind } | { problem: Problem } {
	const say = (message: string): { problem: Problem } => {
		const { line, column } = source.locate(["schema"]);
		return { problem: { file: source.file, line, column, code: "REC-107", field: "schema", message } };
	};
	const names = kinds.map((kind) => kind.kind);
	if (schema === undefined || schema === null) return say(`required field missing; expected mailward/<kind>/v1 with a kind of ${names.join(", ")}`);
	const match = typeof schema === "string" ? /^mailward\/([a-z][a-z-]{0,40})\/v([1-9]\d{0,5})$/.exec(schema) : null;
	if (match === null) return say(`expected mailward/<kind>/v1${got(schema, false)}`);
	const [, name = "", version = ""] = match;
	const kind = kinds.find((one) => one.kind === name);
	if (kind === undefined) {
		const near = nearestKey(name, names);
		return say(`unknown kind of record${got(schema, false)}; ${near === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${near}?`}`);
	}
	if (Number(version) > kind.version) return say(`schema version ${version} is newer than this version of mailward reads (${kind.version}); update mailward`);
	return { kind };
}

function schemaProblems(error: z.ZodError, value: unknown, kind: RecordKind, source: YamlSource): Problem[] {
	const problems: Problem[] = [];
	for (const issue of error.issues) {
		const path = issue.path.filter((segment) => typeof segment !== "symbol") as PathSegment[];
		if (issue.code === "unrecognized_keys") {
			problems.push(...unknownFields(issue, kind, source, path));
			continue;
		}
		const given = valueAt(value, path);
		const absent = given === undefined || given === null;
		const rec = issue.code === "custom" ? (issue.params?.rec as RecordProblemCode | undefined) : undefined;
		const code = rec ?? (absent ? "REC-102" : formCode(issue));
		const { line, column } = source.locate(path);
		problems.push({ file: source.file, line, column, code, field: formatPath(path), message: messageOf(issue, code, given, kind) });
	}
	return problems;
}

/** REC-103 where a set or a range of values is allowed, else REC-104. */
function formCode(issue: z.core.$ZodIssue): RecordProblemCode {
	if (issue.code === "invalid_value") return "REC-103";
	if ((issue.code === "too_big" || issue.code === "too_small") && (issue.origin === "number" || issue.origin === "int")) return "REC-103";
	return "REC-104";
}

function messageOf(issue: z.core.$ZodIssue, code: RecordProblemCode, given: unknown, kind: RecordKind): string {
	if (issue.code === "custom" && issue.params?.rec !== undefined) return code === "REC-121" ? `${issue.message}${got(given, true)}` : issue.message;
	if (code === "REC-102") return given === null ? "required field missing: it has no value" : "required field missing";
	if (issue.code === "invalid_value") return `expected one of ${issue.values.map(String).join(", ")}${got(given, kind.namesSubjects)}`;
	if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input"))
		return `expected ${typeName(issue.expected)}${got(given, kind.namesSubjects)}`;
	if (issue.code === "invalid_union" && issue.message.startsWith("Invalid input")) return `wrong type${got(given, kind.namesSubjects)}`;
	return `${issue.message}${got(given, kind.namesSubjects)}`;
}

/** Field names are the file's words too: one that looks like an identifier is not shown. */
function unknownFields(issue: z.core.$ZodIssueUnrecognizedKeys, kind: RecordKind, source: YamlSource, path: PathSegment[]): Problem[] {
	const problems: Problem[] = [];
	for (const key of issue.keys) {
		const single = new z.ZodError([{ ...issue, keys: [key] }]);
		for (const problem of problemsOf(single, source, kind.file, { codeOf: () => "REC-101" })) {
			if (showable(key, kind.namesSubjects)) problems.push(problem);
			else problems.push({ ...problem, field: formatPath(path), message: `unknown field; its name of ${key.length} characters is not shown` });
		}
	}
	return problems;
}

const maxShown = 60;

/** `, got "..."` where the value may be shown, else its type and length. */
export function got(value: unknown, namesSubjects: boolean): string {
	if (value === undefined) return "";
	if (value === null) return ", got nothing";
	if (Array.isArray(value)) return ", got a list";
	if (typeof value === "object") return ", got a map";
	const text = String(value);
	if (!showable(text, namesSubjects)) return `, got ${typeof value === "string" ? "text" : `a ${typeof value}`} of ${text.length} characters, not shown`;
	return typeof value === "string" ? `, got ${JSON.stringify(text)}` : `, got ${text}`;
}

/** A wrong value may be a patient's data put into the wrong field: short, and nothing at all may fire on it. */
function showable(text: string, namesSubjects: boolean): boolean {
	return !namesSubjects && text.length <= maxShown && !/\d{7}/.test(text) && detectIdentifiers(text, { threshold: showThreshold }).length === 0;
}
