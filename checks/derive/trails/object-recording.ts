import type { Evidence, Gap } from "../../../model/evidence.ts";
import { isUnknown } from "../policy-documents.ts";
import type { Names } from "../resource-links.ts";
import type { Directions, Recorded } from "./selectors.ts";

/** A trail with what it records of objects; undefined where it could not be read. */
export interface ObjectRecording {
	trail: Evidence;
	what: { open: boolean; everywhere: Directions; byBucket: ReadonlyMap<string, readonly Directions[]> } | undefined;
}

/** The buckets that the selectors of trails name, found once and not for each bucket. */
export function objectRecordings(trails: readonly Evidence[], recorded: ReadonlyMap<Evidence, Recorded>, names: Names): ObjectRecording[] {
	return trails.map((trail) => {
		const own = recorded.get(trail);
		if (own === undefined) return { trail, what: undefined };
		const byBucket = new Map<string, Directions[]>();
		for (const [arn, directions] of own.objects.buckets) {
			const id = names.idOf(arn.replace(/^\$\{(.+)\.arn\}$/, "$1"));
			byBucket.set(id, [...(byBucket.get(id) ?? []), directions]);
		}
		return { trail, what: { open: own.open, everywhere: own.objects, byBucket } };
	});
}

/** Which reads and writes of a bucket's objects trails record, by whom; and why a trail that was not seen whole may record more. */
export function recordingOf(bucket: Evidence, recordings: readonly ObjectRecording[]): Directions & { by: Evidence[]; gap: Gap | undefined } {
	const seen: ReturnType<typeof recordingOf> = { read: false, write: false, by: [], gap: undefined };
	for (const { trail, what } of recordings) {
		if (what === undefined) {
			seen.gap ??= { code: trail.error?.code ?? "malformed", detail: trail.id };
			continue;
		}
		if (isUnknown(trail, "enable_logging")) seen.gap ??= { code: "unknown_until_apply", detail: `${trail.id} enable_logging` };
		if ((trail.values as { enable_logging?: unknown }).enable_logging === false || isUnknown(trail, "enable_logging")) continue;
		const directions = [what.everywhere, ...(what.byBucket.get(bucket.id) ?? [])].filter(({ read, write }) => read || write);
		if (what.open) seen.gap ??= { code: "unknown_until_apply", detail: `${trail.id} event selectors` };
		if (directions.length === 0) continue;
		seen.by.push(trail);
		for (const { read, write } of directions) {
			seen.read ||= read;
			seen.write ||= write;
		}
	}
	return seen;
}
