import { detectIdentifiers, type IdentifierHit } from "../../../model/records/identifiers.ts";
import type { RecordKind } from "../../../model/records/kind.ts";
import { isStaffSchema } from "../../../model/records/shared.ts";
import { formatPath, type PathSegment, type Problem, type YamlSource } from "../../../model/source.ts";

const maxDepth = 60;
const maxVisited = 1_000_000;

/** REC-120: every text and every field name of a file, but for the `email` of a staff reference. A hit names place and detector, never the value. */
export function planted(value: unknown, kind: RecordKind, source: YamlSource): Problem[] {
	const problems: Problem[] = [];
	const pending: { value: unknown; path: PathSegment[]; schemas: unknown[] }[] = [{ value, path: [], schemas: [kind.file] }];
	let visited = 0;
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		visited += 1;
		// An alias that repeats a large part, or leads into itself, would make this walk endless.
		if (visited > maxVisited || next.path.length > maxDepth) {
			const { line, column } = source.locate(next.path.slice(0, 4));
			return [
				{
					file: source.file,
					line,
					column,
					code: "REC-100",
					field: formatPath(next.path.slice(0, 4)),
					message: "nested or repeated beyond the limit; write the values out without aliases",
				},
			];
		}
		const { value: current, path } = next;
		if (typeof current === "string") {
			const hit = firstHit(current, path);
			if (hit !== undefined) problems.push(hitProblem(hit, path, source, false));
		} else if (Array.isArray(current)) {
			const schemas = next.schemas.flatMap((schema) => below(schema, 0));
			for (const [index, item] of current.entries()) pending.push({ value: item, path: [...path, index], schemas });
		} else if (typeof current === "object" && current !== null) {
			const staff = next.schemas.flatMap(unwrap).some(isStaffSchema);
			for (const [key, item] of Object.entries(current)) {
				const keyHit = firstHit(key, []);
				if (keyHit !== undefined) problems.push(hitProblem(keyHit, [...path, key], source, true));
				if (staff && key === "email") continue;
				// A name that is not shown must not come back as part of a path further down.
				if (keyHit !== undefined) continue;
				pending.push({ value: item, path: [...path, key], schemas: next.schemas.flatMap((schema) => below(schema, key)) });
			}
		}
	}
	return problems;
}

function firstHit(text: string, path: readonly PathSegment[]): IdentifierHit | undefined {
	const field = path.findLast((segment) => typeof segment === "string");
	return detectIdentifiers(text, field === undefined ? {} : { context: String(field) })[0];
}

function hitProblem(hit: IdentifierHit, path: readonly PathSegment[], source: YamlSource, onKey: boolean): Problem {
	const { line, column } = source.locate(path, onKey);
	const field = formatPath(onKey ? path.slice(0, -1) : path);
	const what = onKey ? `the name of a field here looks like ${hit.label}; name not shown` : `looks like ${hit.label}; value not shown`;
	return { file: source.file, line, column, code: "REC-120", field, message: `${what} (detector ${hit.detector})` };
}

interface Definition {
	type: string;
	shape?: Record<string, unknown>;
	element?: unknown;
	innerType?: unknown;
	options?: unknown[];
}

function definitionOf(schema: unknown): Definition {
	return (schema as { def: Definition }).def;
}

/** The schemas behind optionals, defaults and unions. */
function unwrap(schema: unknown): object[] {
	const definition = definitionOf(schema);
	if (definition.innerType !== undefined) return unwrap(definition.innerType);
	if (definition.type === "union") return (definition.options ?? []).flatMap(unwrap);
	return [schema as object];
}

function below(schema: unknown, key: PathSegment): unknown[] {
	const next: unknown[] = [];
	for (const candidate of unwrap(schema)) {
		const definition = definitionOf(candidate);
		if (definition.type === "object" && definition.shape !== undefined && Object.hasOwn(definition.shape, key)) next.push(definition.shape[key]);
		else if (definition.type === "array" && typeof key === "number") next.push(definition.element);
	}
	return next;
}
