import type { RegisterEntry } from "../../model/registers.ts";
import type { Finding } from "./findings.ts";

/** Entries of a register by each id that they name, in their order. */
export function entriesBy(entries: readonly RegisterEntry[], idsOf: (entry: RegisterEntry) => readonly string[]): Map<string, RegisterEntry[]> {
	const named = new Map<string, RegisterEntry[]>();
	for (const entry of entries) {
		for (const id of idsOf(entry)) {
			const list = named.get(id);
			if (list === undefined) named.set(id, [entry]);
			else list.push(entry);
		}
	}
	return named;
}

/** What was written about a finding: under its own id or that of one of its results, each entry once. */
export function writtenAbout(finding: Finding, entries: ReadonlyMap<string, RegisterEntry[]>): RegisterEntry[] {
	if (entries.size === 0) return [];
	return [...new Set([finding.id, ...finding.results.map((item) => item.id)].flatMap((id) => entries.get(id) ?? []))];
}

export function textsOf(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export function textOf(value: unknown): string | null {
	return typeof value === "string" && value !== "" ? value : null;
}

export function objectsOf(value: unknown): Record<string, unknown>[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null && !Array.isArray(one)) : [];
}

/** A member of staff as a record names one: "Name, role". */
export function personOf(value: unknown): string | null {
	if (typeof value !== "object" || value === null) return null;
	const { name, role } = value as { name?: unknown; role?: unknown };
	const parts = [textOf(name), textOf(role)].filter((part) => part !== null);
	return parts.length === 0 ? null : parts.join(", ");
}

/** A measure of a waiver, in its own words. */
export function measureOf(value: unknown): string | null {
	return typeof value === "object" && value !== null ? textOf((value as { text?: unknown }).text) : null;
}
