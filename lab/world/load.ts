import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type LabWorld, worldSchema } from "./schema.ts";

/** The file is no valid world. The message has one line per fault: file, line, place, what is wrong. */
export class WorldError extends Error {
	readonly faults: readonly string[];
	constructor(faults: readonly string[]) {
		super(faults.join("\n"));
		this.name = "WorldError";
		this.faults = faults;
	}
}

/** Reads and checks a world. Throws a WorldError that names file and line of every fault. */
export function loadWorld(yamlText: string, fileName: string): LabWorld {
	const lines = new LineCounter();
	const document = parseDocument(yamlText, { lineCounter: lines, merge: true, prettyErrors: false });
	const broken = [...document.errors, ...document.warnings].map((error) => `${fileName}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
	if (broken.length > 0) throw new WorldError(broken);
	return checkWorld(plainValue(document, fileName), (path) => `${fileName}:${lineOf(document, lines, path)}: `);
}

function plainValue(document: Document, fileName: string): unknown {
	try {
		return document.toJS();
	} catch (error) {
		// yaml throws here for aliases without an anchor, too many of them, and merge keys over what is no mapping.
		if (error instanceof Error) throw new WorldError([`${fileName}:1: ${error.message}`]);
		throw error;
	}
}

/** Checks a world that was made in code. Throws a WorldError that names the place of every fault. */
export function checkWorld(value: unknown, position: (path: readonly PropertyKey[]) => string = () => ""): LabWorld {
	const parsed = worldSchema.safeParse(value);
	if (parsed.success) return parsed.data;
	throw new WorldError(parsed.error.issues.flatMap((issue) => describe(issue, position)));
}

function describe(issue: z.core.$ZodIssue, position: (path: readonly PropertyKey[]) => string): string[] {
	if (issue.code === "unrecognized_keys") {
		return issue.keys.map((key) => `${position([...issue.path, key])}${[...issue.path, key].map(String).join(" > ")}: unknown key`);
	}
	// The parts of a union fail each in its own way; the one that got furthest is what the author meant.
	if (issue.code === "invalid_union" && issue.errors.length > 0) {
		const nearest = issue.errors.toSorted((left, right) => depth(right) - depth(left))[0] ?? [];
		if (depth(nearest) > 0) return nearest.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, position));
	}
	// In a record a bad key is reported with the key's own complaint inside.
	const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
	return [`${position(issue.path)}${issue.path.map(String).join(" > ") || "(whole file)"}: ${message}`];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
	let deepest = 0;
	for (const issue of issues) deepest = Math.max(deepest, issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0));
	return deepest;
}

/** The line of the node at a path, or of the nearest one above it that exists. A key counts for its value. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
	for (let length = path.length; length > 0; length -= 1) {
		const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
		const last = path[length - 1];
		if (isMap(parent)) {
			const pair = parent.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(last));
			if (isNode(pair?.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
		}
		const node: unknown = document.getIn(path.slice(0, length), true);
		if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
	}
	return 1;
}
