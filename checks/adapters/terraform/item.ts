import { byCodeUnit } from "../../../model/canonical.ts";
import type { Evidence } from "../../../model/evidence.ts";
import type { Projection } from "./project.ts";

export interface EvidenceOptions {
	/** The target's id: the file as the user gave it. */
	target: string;
	/** The injected clock: UTC, RFC 3339. */
	now: string;
	/** Version of the collector, for source.version. */
	version: string;
}

export const collectorId = "terraform";

/** A resource as an evidence item. `call` says what was read: "resource aws_s3_bucket at construct path mail/archive/bucket". */
export function resourceItem(kind: string, id: string, call: string, projection: Projection, options: EvidenceOptions): Evidence {
	const values = { ...projection.values };
	if (projection.partial.size > 0) values.partial = Object.fromEntries([...projection.partial].map(([path, text]) => [path, wellFormed(text)]));
	const item: Evidence = {
		kind,
		id: wellFormed(id),
		status: "ok",
		values: isWellFormed(values) ? values : wellFormedIn(values),
		source: source(call, options),
		collectedAt: options.now,
	};
	if (projection.unknown.length > 0) item.unknown = [...projection.unknown].sort(byCodeUnit);
	if (projection.references.size > 0) {
		item.references = Object.fromEntries([...projection.references].map(([path, addresses]) => [path, addresses.map(wellFormed)]));
	}
	return item;
}

export function source(call: string, options: EvidenceOptions): Evidence["source"] {
	return { collector: collectorId, version: options.version, call: wellFormed(call), target: options.target };
}

/** Lone surrogates, which JSON admits and canonical JSON does not, become U+FFFD. */
export function wellFormed(text: string): string {
	return text.toWellFormed();
}

function isWellFormed(value: unknown): boolean {
	if (typeof value === "string") return value.isWellFormed();
	if (Array.isArray(value)) return value.every(isWellFormed);
	if (typeof value !== "object" || value === null) return true;
	return Object.keys(value).every((key) => key.isWellFormed() && isWellFormed((value as Record<string, unknown>)[key]));
}

function wellFormedIn(value: unknown): unknown {
	if (typeof value === "string") return wellFormed(value);
	if (Array.isArray(value)) return value.map(wellFormedIn);
	if (typeof value === "object" && value !== null)
		return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wellFormed(key), wellFormedIn(inner)]));
	return value;
}
