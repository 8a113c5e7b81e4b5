import { type Evidence, listingId, type Target } from "../../../model/evidence.ts";
import type { CollectContext, Collector } from "../collector.ts";

/**
 * What others saw of an MX address: reports of TLS test tools, and the view of a second network. It is imported from files that the
 * user names, after every collector has looked; without any, this says that there are none.
 */
const imported: Collector = {
	id: "imported-mx",
	target: "mx",
	produces: ["tls.tool_report", "vantage.observation"],
	iamActions: [],
	touches: () => [],
	async *collect(target, context) {
		for (const kind of imported.produces) yield nothingImported(imported.id, kind, target, context);
	},
};

export default imported;

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
