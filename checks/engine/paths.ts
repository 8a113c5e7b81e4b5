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
	let current: unknown = value;
	for (const segment of splitPath(path)) {
		if (current === null || typeof current !== "object" || !Object.hasOwn(current, segment)) return undefined;
		current = (current as Record<string, unknown>)[segment];
	}
	return current;
}

/** True if one path is the other or lies below it: an unknown block makes its attributes unknown, and the reverse. */
export function pathsOverlap(a: string, b: string): boolean {
	const left = splitPath(a);
	const right = splitPath(b);
	for (let index = 0; index < Math.min(left.length, right.length); index++) if (left[index] !== right[index]) return false;
	return true;
}
