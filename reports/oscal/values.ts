import { oneLine } from "../internal/prose.ts";
import { uuidOf } from "../internal/uuid.ts";

/** Namespace of the project's own properties (prop.ns). */
export const namespace = "urn:mailward:oscal";
/** The version whose schemas the tests validate against. */
export const oscalVersion = "1.2.1";

export interface Prop {
	name: string;
	ns: string;
	value: string;
}

/** A property, or none: a value may not be empty, nor hold a line end or a blank at either end. */
export function prop(name: string, value: string | null): Prop[] {
	const line = value === null ? "" : oneLine(value);
	return line === "" ? [] : [{ name, ns: namespace, value: line }];
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** OSCAL knows times only: what holds or is due to a day does so to its end. Null: this is no day. */
export function endOfDay(day: unknown): string | null {
	return typeof day === "string" && dayForm.test(day) ? `${day}T23:59:59Z` : null;
}

/** What was done on a day was done from its start. Null: this is no day. */
export function startOfDay(day: unknown): string | null {
	return typeof day === "string" && dayForm.test(day) ? `${day}T00:00:00Z` : null;
}

/** Text that may not be empty. */
export function line(text: string, otherwise: string): string {
	return oneLine(text) || otherwise;
}

/** OSCAL refuses empty arrays: the member is left out. */
export function some<K extends string, T>(key: K, items: readonly T[]): { [P in K]?: readonly T[] } {
	return (items.length === 0 ? {} : { [key]: items }) as { [P in K]?: readonly T[] };
}

/** An id that OSCAL takes as a token (NCName). */
export function token(id: string): string {
	return /^[A-Za-z_][A-Za-z0-9._-]*$/.test(id) ? id : `id-${uuidOf("token", id)}`;
}
