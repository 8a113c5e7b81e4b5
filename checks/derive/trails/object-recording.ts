import type { Evidence, Gap } from "../../../model/evidence.ts";
import { isUnknown } from "../policy-documents.ts";
import type { Names } from "../resource-links.ts";
import type { Directions, Recorded } from "./selectors.ts";

/** Which reads and writes of a bucket's objects trails record, by whom; and why a trail that was not seen whole may record more. */
export function recordingOf(
	bucket: Evidence,
	trails: readonly Evidence[],
	recorded: ReadonlyMap<Evidence, Recorded>,
	names: Names,
): Directions & { by: Evidence[]; gap: Gap | undefined } {
	const seen: ReturnType<typeof recordingOf> = { read: false, write: false, by: [], gap: undefined };
	for (const trail of trails) {
		const what = recorded.get(trail);
		if (what === undefined) {
			seen.gap ??= { code: trail.error?.code ?? "malformed", detail: trail.id };
			continue;
		}
		if (isUnknown(trail, "enable_logging")) seen.gap ??= { code: "unknown_until_apply", detail: `${trail.id} enable_logging` };
		if ((trail.values as { enable_logging?: unknown }).enable_logging === false || isUnknown(trail, "enable_logging")) continue;
		const named = [...what.objects.buckets].filter(([arn]) => names.idOf(arn.replace(/^\$\{(.+)\.arn\}$/, "$1")) === bucket.id).map(([, one]) => one);
		const directions = [what.objects, ...named].filter(({ read, write }) => read || write);
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
