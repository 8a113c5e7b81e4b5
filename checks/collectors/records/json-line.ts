/** Offset of the second of two equal keys of one object in a text that JSON.parse accepts, or -1. Linear. */
export function duplicateKeyOffset(text: string): number {
	const open: (Set<string> | undefined)[] = [];
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === "{") open.push(new Set());
		else if (character === "[") open.push(undefined);
		else if (character === "}" || character === "]") open.pop();
		else if (character === '"') {
			const end = endOfString(text, at);
			const keys = open.at(-1);
			if (keys !== undefined && isKey(text, end)) {
				const key = JSON.parse(text.slice(at, end)) as string;
				if (keys.has(key)) return at;
				keys.add(key);
			}
			at = end - 1;
		}
	}
	return -1;
}

/** Just behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
	let at = start + 1;
	while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
	return at + 1;
}

function isKey(text: string, end: number): boolean {
	let at = end;
	while (text[at] === " " || text[at] === "\t" || text[at] === "\r" || text[at] === "\n") at += 1;
	return text[at] === ":";
}

export interface ShapeLimits {
	nesting: number;
	keysPerMap: number;
	nodes: number;
}

/** What about the shape of a value is beyond the limits, or undefined. */
export function shapeOf(value: unknown, limits: ShapeLimits): string | undefined {
	const pending: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
	let nodes = 0;
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		nodes += 1;
		if (nodes > limits.nodes) return `more than ${limits.nodes} values`;
		if (typeof next.value !== "object" || next.value === null) continue;
		if (next.depth > limits.nesting) return `nested deeper than ${limits.nesting} levels`;
		const below = Object.values(next.value);
		if (!Array.isArray(next.value) && below.length > limits.keysPerMap) return `a map with more than ${limits.keysPerMap} fields`;
		for (const item of below) pending.push({ value: item, depth: next.depth + 1 });
	}
	return undefined;
}
