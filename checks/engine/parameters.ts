import type { CheckMetadata, ParameterDeclaration } from "./metadata.ts";

export interface EffectiveParameter {
	check: string;
	name: string;
	value: unknown;
	default: unknown;
	standing: "default" | "stricter" | "looser" | "declared";
}

/**
 * A looser value than the default is shown as such and never applied: judging by it could only turn a fail into a pass.
 * `problems` names settings that no check has.
 */
export function effectiveParameters(
	check: CheckMetadata,
	configured: Record<string, unknown> | undefined,
): { values: Record<string, unknown>; shown: EffectiveParameter[]; problems: string[] } {
	const values: Record<string, unknown> = {};
	const shown: EffectiveParameter[] = [];
	const problems: string[] = [];
	for (const [name, declaration] of Object.entries(check.parameters)) {
		const wanted = configured?.[name];
		if (wanted === undefined || !sameShape(wanted, declaration.default)) {
			if (wanted !== undefined) problems.push(`parameters.${check.id}.${name}: expected ${shapeOf(declaration.default)}`);
			values[name] = declaration.default;
			if (configured !== undefined) shown.push({ check: check.id, name, value: declaration.default, default: declaration.default, standing: "default" });
			continue;
		}
		const standing = standingOf(wanted, declaration);
		values[name] = standing === "looser" ? declaration.default : wanted;
		shown.push({ check: check.id, name, value: wanted, default: declaration.default, standing });
	}
	for (const name of Object.keys(configured ?? {}))
		if (!Object.hasOwn(check.parameters, name)) problems.push(`parameters.${check.id}.${name}: the check has no such parameter`);
	return { values, shown, problems };
}

function standingOf(wanted: unknown, declaration: ParameterDeclaration): EffectiveParameter["standing"] {
	if ("kind" in declaration) return "declared";
	if (JSON.stringify(wanted) === JSON.stringify(declaration.default)) return "default";
	if (declaration.stricter === "higher" || declaration.stricter === "lower") {
		const higher = (wanted as number) > (declaration.default as number);
		return higher === (declaration.stricter === "higher") ? "stricter" : "looser";
	}
	const mine = new Set(wanted as string[]);
	const theirs = new Set(declaration.default as string[]);
	const stricter = declaration.stricter === "superset" ? mine.isSupersetOf(theirs) : mine.isSubsetOf(theirs);
	return stricter ? "stricter" : "looser";
}

function sameShape(wanted: unknown, model: unknown): boolean {
	if (Array.isArray(model)) return Array.isArray(wanted) && wanted.every((entry) => typeof entry === "string");
	// JSON has no NaN and no infinity: the policy would get null for a limit.
	if (typeof model === "number") return Number.isFinite(wanted);
	return typeof wanted === typeof model;
}

function shapeOf(model: unknown): string {
	return Array.isArray(model) ? "a list of strings" : `a ${typeof model}`;
}
