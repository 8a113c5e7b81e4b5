import { type Answer, all, any, hasPlaceholder, of, wildcard } from "./answer.ts";

type Json = Record<string, unknown>;

const maxDepth = 20;

/**
 * Reads an EventBridge pattern (EventBridge User Guide, "Creating Amazon EventBridge event patterns") and gives what tells whether it
 * takes an event. Keys are joined by and, the entries of a list by or. Text that is no JSON object is "unknown".
 */
export function eventPattern(text: string): (event: Json) => Answer {
	let pattern: unknown;
	try {
		pattern = JSON.parse(text);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	return (event) => (isObject(pattern) ? matchesObject(pattern, event, 0) : "unknown");
}

function matchesObject(pattern: Json, event: unknown, depth: number): Answer {
	if (depth > maxDepth) return "unknown";
	return all(
		Object.entries(pattern).map(([key, wanted]) => {
			if (key === "$or")
				return Array.isArray(wanted) ? any(wanted.map((one) => (isObject(one) ? matchesObject(one, event, depth + 1) : "unknown"))) : "unknown";
			const value = isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;
			if (Array.isArray(wanted)) return any(wanted.map((one) => matchesEntry(one, value)));
			return isObject(wanted) ? matchesObject(wanted, value, depth + 1) : "unknown";
		}),
	);
}

function matchesEntry(entry: unknown, value: unknown): Answer {
	const values = Array.isArray(value) ? value : [value];
	if (!isObject(entry)) {
		if (typeof entry === "string" && hasPlaceholder(entry)) return "unknown";
		return of(values.some((one) => one === entry));
	}
	const [operator = "", ...others] = Object.keys(entry);
	if (others.length > 0) return "unknown";
	const wanted = entry[operator];
	if (operator === "exists") return of((value !== undefined) === (wanted === true));
	if (operator === "anything-but") return anythingBut(wanted, value);
	if (typeof wanted !== "string") return "unknown";
	if (hasPlaceholder(wanted)) return "unknown";
	const texts = values.filter((one) => typeof one === "string");
	switch (operator) {
		case "prefix":
			return of(texts.some((one) => one.startsWith(wanted)));
		case "suffix":
			return of(texts.some((one) => one.endsWith(wanted)));
		case "equals-ignore-case":
			return of(texts.some((one) => one.toLowerCase() === wanted.toLowerCase()));
		case "wildcard":
			return of(texts.some((one) => wildcard(wanted, one)));
		default:
			return "unknown";
	}
}

function anythingBut(wanted: unknown, value: unknown): Answer {
	const listed = Array.isArray(wanted) ? wanted : [wanted];
	if (listed.some((one) => isObject(one) || (typeof one === "string" && hasPlaceholder(one)))) return "unknown";
	return of(value !== undefined && !listed.includes(value));
}

function isObject(value: unknown): value is Json {
	return value !== null && typeof value === "object" && !Array.isArray(value);
}
