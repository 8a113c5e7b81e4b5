import type { ResultDocument, ResultItem } from "../../model/result.ts";
import { oneLine } from "../internal/prose.ts";

const readCall = /^read (.+)$/;

/** The file a result stands in, or null for domains, hosts and accounts: code scanning shows only what has a place in the repository. */
export function locationOf(item: ResultItem, document: ResultDocument): object | null {
	const type = document.scope.targets.find((target) => target.id === item.target)?.type;
	const file = type === "plan" ? item.target : type === "content" ? item.resource : type === "records" ? fileWithin(item, document) : null;
	if (file === null) return null;
	return {
		physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: regionOf(item.observed) },
		logicalLocations: [{ fullyQualifiedName: oneLine(item.resource) || "unnamed" }],
	};
}

/** Where in the file, as far as what was observed tells. */
function regionOf(observed: unknown): { startLine: number; startColumn?: number } {
	if (typeof observed !== "object" || observed === null) return { startLine: 1 };
	const { line, column } = observed as Record<string, unknown>;
	const isPlace = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value) && value >= 1;
	if (!isPlace(line)) return { startLine: 1 };
	return isPlace(column) ? { startLine: line, startColumn: column } : { startLine: line };
}

/** The evidence says which file below the target was read; the target itself where none was, as for a register that is missing. */
function fileWithin(item: ResultItem, document: ResultDocument): string {
	for (const ref of document.evidence) {
		if (!item.evidence.includes(ref.sha256)) continue;
		const read = readCall.exec(ref.call)?.[1];
		if (read !== undefined) return `${item.target.replace(/\/+$/, "")}/${read}`;
	}
	return item.target;
}

/** A relative reference (RFC 3986, 4.2) stays one, so that it is looked up from the root of the repository; an absolute path becomes a file URI. */
function uriOf(path: string): string {
	const encoded = path
		.replaceAll("\\", "/")
		.replace(/^\.\//, "")
		.split("/")
		.map((segment) => encodeURIComponent(segment.toWellFormed()))
		.join("/");
	return encoded.startsWith("/") ? `file://${encoded}` : encoded;
}
