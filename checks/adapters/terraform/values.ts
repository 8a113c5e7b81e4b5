// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
/**
 * A value that only apply, or a file this reader does not have, can tell. `template` is its text with `${address.attribute}`
 * in the unknown places, where that much is known. `sensitive` values are known to Terraform and withheld here.
 */
export class Unknown {
	readonly template: string | undefined;
	readonly sensitive: boolean;
	constructor(template?: string, sensitive = false) {
		this.template = sensitive ? undefined : template;
		this.sensitive = sensitive;
	}
}

export const unknown = new Unknown();
export const withheld = new Unknown(undefined, true);

/** Terraform's set: its order means nothing. */
export class SetValue {
	readonly items: readonly Value[];
	constructor(items: readonly Value[]) {
		this.items = items;
	}
}

/** A resource or data source as an expression names it, before an attribute is read. */
export class ResourceReference {
	readonly mode: "managed" | "data";
	readonly type: string;
	readonly name: string;
	constructor(mode: "managed" | "data", type: string, name: string) {
		this.mode = mode;
		this.type = type;
		this.name = name;
	}
}

/** One instance of it; key as in InstanceKey. */
export class InstanceReference {
	readonly resource: ResourceReference;
	readonly key: number | string | undefined;
	constructor(resource: ResourceReference, key: number | string | undefined) {
		this.resource = resource;
		this.key = key;
	}
}

export type Value =
	| null
	| boolean
	| number
	| string
	| readonly Value[]
	| ReadonlyMap<string, Value>
	| SetValue
	| Unknown
	| ResourceReference
	| InstanceReference;

/** What Terraform would refuse: `try` and `can` catch it; elsewhere the value is unknown. */
export class EvaluationError extends Error {}

/** Bounds that hostile configurations run into: locals that double each other, ranges of a billion. */
export const maxText = 4 * 1024 * 1024;
export const maxItems = 100_000;

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
	return value instanceof Map;
}

export function isList(value: Value): value is readonly Value[] {
	return Array.isArray(value);
}

/** Whether a value, however deep, holds something unknown. */
export function hasUnknown(value: Value): boolean {
	if (value instanceof Unknown || value instanceof ResourceReference || value instanceof InstanceReference) return true;
	if (value instanceof SetValue) return value.items.some(hasUnknown);
	if (isList(value)) return value.some(hasUnknown);
	if (isMap(value)) {
		for (const item of value.values()) if (hasUnknown(item)) return true;
	}
	return false;
}

export function isSensitive(value: Value): boolean {
	if (value instanceof Unknown) return value.sensitive;
	if (value instanceof SetValue) return value.items.some(isSensitive);
	if (isList(value)) return value.some(isSensitive);
	if (isMap(value)) {
		for (const item of value.values()) if (isSensitive(item)) return true;
	}
	return false;
}

/** Unknown without a template: it was put to use, and its text is not what comes out. */
export function plain(value: Unknown): Unknown {
	return value.sensitive ? withheld : unknown;
}

/** `${data.x.y}` and `.z` make `${data.x.y.z}`. */
export function extended(value: Unknown, step: string): Unknown {
	if (value.sensitive) return withheld;
	const { template } = value;
	if (template === undefined || !/^\$\{[^{}]*\}$/.test(template)) return unknown;
	return new Unknown(`${template.slice(0, -1)}${step}}`);
}

/** JSON to a value, taken literally: variables' defaults and jsondecode. */
export function fromJson(json: unknown): Value {
	if (json === null || json === undefined) return null;
	if (typeof json === "string" || typeof json === "number" || typeof json === "boolean") return json;
	if (Array.isArray(json)) return json.map(fromJson);
	const map = new Map<string, Value>();
	for (const [key, item] of Object.entries(json)) map.set(key, fromJson(item));
	return map;
}

/** A wholly known value as JSON. */
export function toJson(value: Value): unknown {
	if (value instanceof SetValue) return value.items.map(toJson);
	if (isList(value)) return value.map(toJson);
	if (isMap(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toJson(item)]));
	return value;
}

export function textOfValue(value: Value): string {
	if (typeof value === "string") return value;
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	throw new EvaluationError("not a string");
}

export function numberOfValue(value: Value): number {
	if (typeof value === "number") return value;
	if (typeof value === "string" && /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(value)) return Number(value);
	throw new EvaluationError("not a number");
}

export function booleanOfValue(value: Value): boolean {
	if (typeof value === "boolean") return value;
	if (value === "true" || value === "false") return value === "true";
	throw new EvaluationError("not a bool");
}

export function equalValues(left: Value, right: Value): boolean {
	if (left instanceof SetValue && right instanceof SetValue) return equalValues(left.items, right.items);
	if (isList(left) && isList(right)) return left.length === right.length && left.every((item, index) => equalValues(item, right[index] ?? null));
	if (isMap(left) && isMap(right)) {
		if (left.size !== right.size) return false;
		for (const [key, item] of left) if (!right.has(key) || !equalValues(item, right.get(key) ?? null)) return false;
		return true;
	}
	return left === right;
}
