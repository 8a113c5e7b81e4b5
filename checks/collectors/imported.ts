import { type Evidence, listingId, type Target } from "../../model/evidence.ts";
import type { CollectContext, Collector } from "./collector.ts";

/**
 * A source that others look through: its evidence is imported from files that the user names, after every collector has looked.
 * Without any, it says that there are none.
 */
export function imported(id: string, target: Collector["target"], produces: readonly string[]): Collector {
	return {
		id,
		target,
		produces,
		iamActions: [],
		touches: () => [],
		async *collect(target, context) {
			for (const kind of produces) yield nothingImported(id, kind, target, context);
		},
	};
}

function nothingImported(collector: string, kind: string, target: Target, context: CollectContext): Evidence {
	return {
		kind: "listing",
		id: listingId(kind, target.id),
		status: "ok",
		values: { kind, target: target.id, count: 0, complete: true },
		source: { collector, version: "1", call: `every ${kind} of ${target.id} that was imported`, target: target.id },
		collectedAt: context.now(),
	};
}
