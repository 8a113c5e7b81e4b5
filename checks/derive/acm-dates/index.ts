import type { Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

/** derived.acm_dates, one per ACM certificate: the days it is still valid, and whether a live account says that nothing uses it. */
const derivation: Derivation = {
	id: "acm-dates",
	target: "plan",
	needs: ["aws_acm_certificate"],
	produces: ["derived.acm_dates"],
	derive: (view) =>
		view.items("aws_acm_certificate").flatMap((certificate): DerivedItem[] => {
			const own = { kind: "derived.acm_dates", id: certificate.id, basis: [certificate] };
			if (certificate.status === "absent") return [];
			if (certificate.status === "error") return [{ ...own, error: certificate.error ?? { code: "malformed", message: "no error code" } }];
			const users = valueAt(certificate.values, "in_use_by");
			const at = textAt(certificate, "not_after");
			const days = at === undefined ? Number.NaN : Math.floor((Date.parse(at) - view.asOf.getTime()) / 86_400_000);
			const gaps: Record<string, Gap> = {};
			if (Number.isNaN(days)) {
				const unknown = at === undefined && isUnknown(certificate, "not_after");
				gaps.daysLeft = { code: unknown ? "unknown_until_apply" : "malformed", detail: `${certificate.id} not_after` };
			}
			const values = { certificate: certificate.id, unused: Array.isArray(users) && users.length === 0, daysLeft: Number.isNaN(days) ? null : days };
			return [{ ...own, values, gaps }];
		}),
};

export default derivation;
