/** Dotted paths into evidence values: `event_destination.matching_event_types`, `rule[0].status` or `rule.0.status`. */
export function splitPath(path: string): string[] {
	return path === ""
		? []
		: path
				.replaceAll(/\[(\d+)\]/g, ".$1")
				.replace(/^\./, "")
				.split(".");
}

export function valueAt(value: unknown, path: string): unknown {
	if (isName(path)) return memberOf(value, path);
	let current: unknown = value;
	for (const segment of splitPath(path)) {
		current = memberOf(current, segment);
		if (current === undefined) return undefined;
	}
	return current;
}

/** Most paths are one name, with nothing to take apart. */
function isName(path: string): boolean {
	return path !== "" && !path.includes(".") && !path.includes("[");
}

function memberOf(value: unknown, name: string): unknown {
	return value !== null && typeof value === "object" && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** True if one path is the other or lies below it: an unknown block makes its attributes unknown, and the reverse. */
export function pathsOverlap(a: string, b: string): boolean {
	if (isName(a) && isName(b)) return a === b;
	const left = splitPath(a);
	const right = splitPath(b);
	for (let index = 0; index < Math.min(left.length, right.length); index++) if (left[index] !== right[index]) return false;
	return true;
}
