/** A JSON object whose members are unknown yet. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one: absent and misshapen sections read as "holds nothing". */
export function objectOf(value: unknown): JsonObject {
	return isObject(value) ? value : {};
}

export function arrayOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** An own member: hostile documents name things __proto__ and constructor. */
export function member(value: unknown, key: string): unknown {
	return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}
