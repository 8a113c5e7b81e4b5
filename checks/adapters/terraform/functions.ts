// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { byCodeUnit } from "../../../model/canonical.ts";
import { tooDeep } from "./json-text.ts";
import {
	booleanOfValue,
	EvaluationError,
	equalValues,
	fromJson,
	hasUnknown,
	InstanceReference,
	isList,
	isMap,
	isSensitive,
	maxItems,
	maxText,
	numberOfValue,
	ResourceReference,
	SetValue,
	textOfValue,
	Unknown,
	unknown,
	type Value,
	withheld,
} from "./values.ts";

/** Elements of a list or set; null is an error, as it is in Terraform. */
export function itemsOf(value: Value): readonly Value[] {
	if (value instanceof SetValue) return value.items;
	if (isList(value)) return value;
	throw new EvaluationError("not a list");
}

function mapOf(value: Value): ReadonlyMap<string, Value> {
	if (isMap(value)) return value;
	throw new EvaluationError("not a map");
}

/** Key order of Terraform's maps and objects. */
export function sortedEntries(map: ReadonlyMap<string, Value>): [string, Value][] {
	return [...map].sort(([a], [b]) => byCodeUnit(a, b));
}

function makeSet(items: readonly Value[]): SetValue {
	const unique: Value[] = [];
	const seen = new Set<string>();
	for (const item of items) {
		if (typeof item === "string") {
			if (seen.has(item)) continue;
			seen.add(item);
		} else if (unique.some((other) => equalValues(other, item))) continue;
		unique.push(item);
	}
	// Sets of strings are ordered by their text; a mix of types becomes strings.
	if (unique.every((item) => typeof item === "string")) return new SetValue([...unique].sort((a, b) => byCodeUnit(String(a), String(b))));
	return new SetValue(unique);
}

/** Terraform calculates in decimals of any length; what a float cannot hold exactly is not known here. */
export function exact(value: number): Value {
	return Number.isSafeInteger(value) ? value : unknown;
}

function bounded<T extends Value>(value: T): Value {
	if (typeof value === "string" && value.length > maxText) return unknown;
	if (Array.isArray(value) && value.length > maxItems) return unknown;
	return value;
}

/** As Terraform writes it: keys in order, and <, > and & escaped. Unknown parts stay as `${...}` in the template. */
export function encodeJson(value: Value): Value {
	if (isSensitive(value)) return withheld;
	let opaque = false;
	// By hand, since JSON.stringify would put keys that look like numbers first.
	const write = (item: Value): string => {
		if (item instanceof Unknown) {
			if (item.template === undefined) opaque = true;
			return JSON.stringify(item.template ?? null);
		}
		if (item instanceof SetValue) return `[${item.items.map(write).join(",")}]`;
		if (isList(item)) return `[${item.map(write).join(",")}]`;
		if (isMap(item))
			return `{${sortedEntries(item)
				.map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`)
				.join(",")}}`;
		if (item instanceof ResourceReference || item instanceof InstanceReference) {
			opaque = true;
			return "null";
		}
		return JSON.stringify(item);
	};
	const text = write(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
	if (opaque) return unknown;
	return hasUnknown(value) ? new Unknown(text) : bounded(text);
}

function flatten(items: readonly Value[], into: Value[]): Value[] {
	for (const item of items) {
		if (item instanceof SetValue || isList(item)) flatten(itemsOf(item), into);
		else into.push(item);
		if (into.length > maxItems) throw new EvaluationError("too many items");
	}
	return into;
}

/** The verbs of Go's formatting that configurations use: %s %d %v %t %%, without flags. */
function format(pattern: string, values: readonly Value[]): Value {
	let next = 0;
	let odd = false;
	const text = pattern.replace(/%(.?)/gs, (_, verb: string) => {
		if (verb === "%") return "%";
		const value = values[next++];
		if (value === undefined || value === null) odd = true;
		else if (verb === "s" || verb === "v") {
			if (typeof value === "object") odd = true;
			else return textOfValue(value);
		} else if (verb === "d" && Number.isInteger(numberOfValue(value))) return String(numberOfValue(value));
		else if (verb === "t") return String(booleanOfValue(value));
		else odd = true;
		return "";
	});
	return odd || next !== values.length ? unknown : bounded(text);
}

function strip(text: string, characters: string, where: "both" | "start" | "end"): string {
	const set = new Set(characters);
	const points = [...text];
	let start = 0;
	let end = points.length;
	if (where !== "end") while (start < end && set.has(points[start] as string)) start += 1;
	if (where !== "start") while (end > start && set.has(points[end - 1] as string)) end -= 1;
	return points.slice(start, end).join("");
}

type Call = (...parameters: Value[]) => Value;

function text1(work: (text: string) => Value): Call {
	return (value = null) => work(textOfValue(value));
}

/** Functions over wholly known parameters. What is not here is unknown. Each may throw EvaluationError. */
const known: Record<string, Call> = {
	abs: (value = null) => Math.abs(numberOfValue(value)),
	base64encode: text1((text) => Buffer.from(text, "utf8").toString("base64")),
	ceil: (value = null) => Math.ceil(numberOfValue(value)),
	chunklist: () => unknown,
	compact: (list = null) => itemsOf(list).filter((item) => item !== null && item !== ""),
	contains: (list = null, value = null) => itemsOf(list).some((item) => equalValues(item, value)),
	distinct: (list = null) => {
		const set: Value[] = [];
		for (const item of itemsOf(list)) if (!set.some((other) => equalValues(other, item))) set.push(item);
		return set;
	},
	endswith: (text = null, end = null) => textOfValue(text).endsWith(textOfValue(end)),
	floor: (value = null) => Math.floor(numberOfValue(value)),
	format: (pattern = null, ...values) => format(textOfValue(pattern), values),
	join: (separator = null, ...lists) =>
		bounded(
			lists
				.flatMap((list) => itemsOf(list))
				.map(textOfValue)
				.join(textOfValue(separator)),
		),
	jsondecode: text1((text) => {
		if (tooDeep(text)) return unknown;
		try {
			return fromJson(JSON.parse(text));
		} catch (error) {
			if (error instanceof SyntaxError) throw new EvaluationError("not JSON");
			throw error;
		}
	}),
	lower: text1((text) => text.toLowerCase()),
	max: (...values) => Math.max(...values.map(numberOfValue)),
	min: (...values) => Math.min(...values.map(numberOfValue)),
	range: (...bounds) => {
		const [a = 0, b, c] = bounds.map(numberOfValue);
		const [start, end] = b === undefined ? [0, a] : [a, b];
		const step = c ?? (start <= end ? 1 : -1);
		if (step === 0 || (end - start) / step > 1024) throw new EvaluationError("bad range");
		const list: number[] = [];
		for (let value = start; step > 0 ? value < end : value > end; value += step) list.push(value);
		return list;
	},
	replace: (text = null, find = null, by = null) => {
		const pattern = textOfValue(find);
		// Between slashes it is a regular expression of Go's syntax, which is not ours to imitate.
		if (pattern === "" || (pattern.length > 1 && pattern.startsWith("/") && pattern.endsWith("/"))) return unknown;
		return bounded(textOfValue(text).split(pattern).join(textOfValue(by)));
	},
	split: (separator = null, text = null) => bounded(textOfValue(text).split(textOfValue(separator))),
	startswith: (text = null, start = null) => textOfValue(text).startsWith(textOfValue(start)),
	strcontains: (text = null, part = null) => textOfValue(text).includes(textOfValue(part)),
	substr: (text = null, start = null, length = null) => {
		const points = [...textOfValue(text)];
		const from = numberOfValue(start) < 0 ? points.length + numberOfValue(start) : numberOfValue(start);
		const count = numberOfValue(length);
		return points.slice(from, count < 0 ? undefined : from + count).join("");
	},
	sum: (list = null) => {
		let total = 0;
		for (const item of itemsOf(list)) total += numberOfValue(item);
		return exact(total);
	},
	title: text1((text) => text.replace(/(^|\s)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())),
	tobool: (value = null) => (value === null ? null : booleanOfValue(value)),
	tonumber: (value = null) => (value === null ? null : numberOfValue(value)),
	trim: (text = null, characters = null) => strip(textOfValue(text), textOfValue(characters), "both"),
	trimprefix: (text = null, prefix = null) => {
		const whole = textOfValue(text);
		return whole.startsWith(textOfValue(prefix)) ? whole.slice(textOfValue(prefix).length) : whole;
	},
	trimspace: text1((text) => text.trim()),
	trimsuffix: (text = null, suffix = null) => {
		const whole = textOfValue(text);
		const end = textOfValue(suffix);
		return end !== "" && whole.endsWith(end) ? whole.slice(0, -end.length) : whole;
	},
	upper: text1((text) => text.toUpperCase()),
};

/** Functions that look at the shape only, so that unknown elements may pass through. */
const shallow: Record<string, Call> = {
	coalesce: (...values) => {
		for (const value of values) {
			if (value instanceof Unknown) return value;
			if (value !== null && value !== "") return value;
		}
		throw new EvaluationError("nothing to coalesce");
	},
	coalescelist: (...lists) => {
		for (const list of lists) {
			if (list instanceof Unknown) return list;
			if (list !== null && itemsOf(list).length > 0) return list;
		}
		throw new EvaluationError("nothing to coalesce");
	},
	concat: (...lists) => (lists.some((list) => list instanceof Unknown) ? unknown : bounded(lists.flatMap((list) => itemsOf(list)))),
	element: (list = null, index = null) => {
		const items = itemsOf(list);
		if (items.length === 0) throw new EvaluationError("empty list");
		const at = numberOfValue(index);
		// Versions differ on negative positions.
		return at < 0 ? unknown : (items[Math.trunc(at) % items.length] ?? null);
	},
	flatten: (list = null) => {
		const flat = flatten(itemsOf(list), []);
		// An unknown element might itself be a list.
		return flat.some((item) => item instanceof Unknown && item.template === undefined) ? unknown : flat;
	},
	keys: (map = null) => sortedEntries(mapOf(map)).map(([key]) => key),
	length: (value = null) => {
		if (typeof value === "string") return [...value].length;
		if (isMap(value)) return value.size;
		if (value instanceof SetValue && hasUnknown(value)) return unknown;
		return itemsOf(value).length;
	},
	lookup: (map = null, key = null, otherwise) => {
		const found = mapOf(map).get(textOfValue(key));
		if (found !== undefined) return found;
		if (otherwise === undefined) throw new EvaluationError("no such key");
		return otherwise;
	},
	merge: (...maps) => {
		if (maps.some((map) => map instanceof Unknown)) return unknown;
		const merged = new Map<string, Value>();
		for (const map of maps) {
			if (map === null) continue;
			for (const [key, item] of mapOf(map)) merged.set(key, item);
		}
		return merged.size > maxItems ? unknown : merged;
	},
	one: (list = null) => {
		const items = itemsOf(list);
		if (items.length > 1) throw new EvaluationError("more than one");
		return items[0] ?? null;
	},
	reverse: (list = null) => [...itemsOf(list)].reverse(),
	slice: (list = null, start = null, end = null) => itemsOf(list).slice(numberOfValue(start), numberOfValue(end)),
	tolist: (value = null) => (value === null ? null : itemsOf(value)),
	tomap: (value = null) => (value === null ? null : mapOf(value)),
	tostring: (value = null) => (value === null ? null : textOfValue(value)),
	values: (map = null) => sortedEntries(mapOf(map)).map(([, item]) => item),
	zipmap: (keys = null, values = null) => {
		const items = itemsOf(values);
		return new Map(itemsOf(keys).map((key, index) => [textOfValue(key), items[index] ?? null]));
	},
};

export function isFunction(name: string): boolean {
	return name === "jsonencode" || name === "toset" || name === "sort" || Object.hasOwn(known, name) || Object.hasOwn(shallow, name);
}

/** The value of a call; unknown where a parameter it depends on is, or the function is not one of these. */
export function callFunction(name: string, parameters: readonly Value[]): Value {
	if (parameters.some(isSensitive)) return withheld;
	const [first = null] = parameters;
	if (name === "jsonencode") return encodeJson(first);
	if (name === "sensitive") return withheld;
	if (name === "tostring" && first instanceof Unknown) return first;
	if (name === "coalesce" || name === "coalescelist") return shallow[name]?.(...parameters) ?? unknown;
	if (parameters.some((value) => value instanceof Unknown)) return unknown;
	if (name === "toset" || name === "sort") {
		if (first === null) return null;
		if (hasUnknown(first)) return unknown;
		if (name === "toset") return makeSet(itemsOf(first));
		return itemsOf(first).map(textOfValue).sort(byCodeUnit);
	}
	const easy = Object.hasOwn(shallow, name) ? shallow[name] : undefined;
	if (easy !== undefined) return easy(...parameters);
	const call = Object.hasOwn(known, name) ? known[name] : undefined;
	if (call === undefined || parameters.some(hasUnknown)) return unknown;
	return call(...parameters);
}
