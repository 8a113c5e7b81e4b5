import { checkWorld } from "./load.ts";
import type { LabWorld } from "./schema.ts";

/** A part of a world: mappings are merged, everything else replaces, null takes a key away (as in RFC 7396). */
export type WorldPatch = PatchOf<LabWorld>;
type PatchOf<Value> = Value extends readonly unknown[]
	? Value
	: Value extends object
		? { [Key in keyof Value]?: PatchOf<Value[Key]> | null | undefined }
		: Value;

/** Puts a fault into a world, or takes one out. The base stays as it is. Throws a WorldError when the result is no world. */
export function patchWorld(base: LabWorld, patch: WorldPatch): LabWorld {
	return checkWorld(merge(base, patch));
}

function merge(base: unknown, patch: unknown): unknown {
	if (!isMapping(patch)) return patch;
	const result = new Map<string, unknown>(isMapping(base) ? Object.entries(base) : []);
	for (const [key, value] of Object.entries(patch)) {
		if (value === null || value === undefined) result.delete(key);
		else result.set(key, merge(result.get(key), value));
	}
	return Object.fromEntries(result);
}

function isMapping(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
