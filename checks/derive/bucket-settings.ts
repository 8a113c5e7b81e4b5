import type { Evidence, EvidenceError, Gap } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import type { DerivationView, DerivedItem } from "./derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "./policy-documents.ts";

/** What is told of one bucket, and why a part of it could not be. */
export interface Told {
	values: Record<string, unknown>;
	gaps: Record<string, Gap>;
	basis?: Evidence[];
}

/** How one setting of buckets is read: from the bucket's own block, or from the resource that states it apart. */
export interface SettingSpec {
	produces: string;
	/** The resource type that states the setting apart; its `bucket` names the bucket. */
	setting: string;
	/** Paths of the derived item that rest on the setting: the gaps where it could not be seen. */
	paths: readonly string[];
	/** `setting` is undefined where none is stated, and in status absent where AWS says that there is none. */
	read(bucket: Evidence, setting: Evidence | undefined): Told;
	/** What is told of the bucket besides. */
	also?(bucket: Evidence): Told;
}

/** One derived item per bucket. */
export function bucketSettings(view: DerivationView, { produces: kind, setting, paths, read, also }: SettingSpec): DerivedItem[] {
	const buckets = view.items("aws_s3_bucket");
	const { of, stray } = settingsOf(view, setting, namesOf(buckets));
	return buckets.map((bucket) => {
		if (bucket.error !== undefined) return { kind, id: bucket.id, error: bucket.error, basis: [bucket] };
		const own = of.get(bucket) ?? [];
		const [first] = own;
		const why = own.find(({ error }) => error !== undefined)?.error ?? (first === undefined ? stray : undefined);
		const told = why === undefined ? read(bucket, first) : hidden(paths, why);
		const more = also?.(bucket) ?? { values: {}, gaps: {} };
		const gaps = { ...told.gaps, ...more.gaps };
		return {
			kind,
			id: bucket.id,
			values: { ...told.values, ...more.values },
			basis: [...new Set([bucket, ...own, ...(told.basis ?? []), ...(more.basis ?? [])])],
			...(Object.keys(gaps).length === 0 ? {} : { gaps }),
		};
	});
}

/** Items of a kind by the bucket they name; `stray` where one names a bucket that only apply will tell, or could not be read. */
export function settingsOf(
	view: DerivationView,
	kind: string,
	names: ReadonlyMap<string, Evidence>,
): { of: Map<Evidence, Evidence[]>; stray: Gap | undefined } {
	const of = new Map<Evidence, Evidence[]>();
	let stray: Gap | undefined;
	for (const item of view.items(kind)) {
		const filed = names.get(item.id);
		const named = filed === undefined ? namedBy(item, "bucket", names) : { item: filed };
		if (typeof named !== "string") of.set(named.item, [...(of.get(named.item) ?? []), item]);
		else if (item.error !== undefined) stray ??= { code: item.error.code, detail: item.error.detail };
		else if (named === "unknown") stray ??= untilApply(item, "bucket");
	}
	return { of, stray };
}

export function hidden(paths: readonly string[], { code, detail }: Gap | EvidenceError): Told {
	return { values: {}, gaps: Object.fromEntries(paths.map((path) => [path, { code, detail }])) };
}

/** Notes a value under a name: what stands at the path, the gap where only apply will tell it, else the default. */
export function note(told: Told, name: string, item: Evidence | undefined, path: string, fallback: unknown): void {
	const value = item === undefined ? undefined : valueAt(item.values, path);
	if (value !== undefined && value !== null && value !== "") told.values[name] = value;
	else if (item !== undefined && isUnknown(item, path)) told.gaps[name] = untilApply(item, path);
	else told.values[name] = fallback;
}

export function untilApply(item: Evidence, path: string): Gap {
	return { code: "unknown_until_apply", detail: `${item.id} ${path}` };
}

/** Whether a path names a customer managed key; a gap where only apply will tell, as with an alias that a data source looks up. */
export function noteOwnKey(told: Told, name: string, item: Evidence | undefined, path: string): void {
	const ids = item?.references?.[path] ?? [];
	const key = item === undefined ? undefined : textAt(item, path);
	if (key !== undefined) told.values[name] = !key.includes("alias/aws/");
	else if (ids.some((id) => id.includes("aws_kms_") && !id.includes("data."))) told.values[name] = true;
	else if (item !== undefined && isUnknown(item, path)) told.gaps[name] = untilApply(item, path);
	else told.values[name] = false;
}

/** Blocks of a list: elements of an array, or the one object that stands for it. */
export function blocksAt(item: Evidence, path: string): { path: string; values: Record<string, unknown> }[] {
	const value = valueAt(item.values, path);
	if (Array.isArray(value)) return value.map((values, index) => ({ path: `${path}.${index}`, values: values as Record<string, unknown> }));
	return value !== null && typeof value === "object" ? [{ path, values: value as Record<string, unknown> }] : [];
}
