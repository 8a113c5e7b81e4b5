import type { Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";

/** derived.trail_delivery, one per trail of a live account that logs to CloudWatch Logs: hours since the last delivery, null where there was none. */
const derivation: Derivation = {
	id: "trail-deliveries",
	target: "account",
	needs: ["aws.cloudtrail_status"],
	produces: ["derived.trail_delivery"],
	derive: (view) =>
		view.items("aws.cloudtrail_status").flatMap((status): DerivedItem[] => {
			const own = { kind: "derived.trail_delivery", id: status.id, basis: [status] };
			if (status.status === "error") return [{ ...own, error: status.error ?? { code: "malformed", message: "no error code" } }];
			const at = textAt(status, "latest_cloud_watch_logs_delivery_at");
			const error = textAt(status, "latest_cloud_watch_logs_delivery_error");
			// A trail that is stopped, or is sent to no log group, delivers nothing.
			if (status.status === "absent" || valueAt(status.values, "is_logging") === false || (at === undefined && error === undefined)) return [];
			const hours = at === undefined ? null : (view.asOf.getTime() - Date.parse(at)) / 3_600_000;
			const gaps: Record<string, Gap> = Number.isNaN(hours) ? { hoursAgo: { code: "malformed", detail: at } } : {};
			return [
				{
					...own,
					values: { trail: textAt(status, "arn") ?? null, hoursAgo: hours === null || Number.isNaN(hours) ? null : Math.round(hours * 100) / 100 },
					gaps,
				},
			];
		}),
};

export default derivation;
