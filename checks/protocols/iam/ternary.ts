/** Kleene's three-valued logic: what is said with "unknown" may turn out either way, what is said with "yes" or "no" may not. */
export type Ternary = "yes" | "no" | "unknown";

export function not(value: Ternary): Ternary {
	return value === "yes" ? "no" : value === "no" ? "yes" : "unknown";
}

export function and(...values: readonly Ternary[]): Ternary {
	let result: Ternary = "yes";
	for (const value of values) {
		if (value === "no") return "no";
		if (value === "unknown") result = "unknown";
	}
	return result;
}

export function or(...values: readonly Ternary[]): Ternary {
	let result: Ternary = "no";
	for (const value of values) {
		if (value === "yes") return "yes";
		if (value === "unknown") result = "unknown";
	}
	return result;
}

export function ternary(value: boolean): Ternary {
	return value ? "yes" : "no";
}

/** The value if both agree, unknown otherwise: for a thing that is one of two. */
export function either(a: Ternary, b: Ternary): Ternary {
	return a === b ? a : "unknown";
}
