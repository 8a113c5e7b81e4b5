import type { Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { type Derivation, errorOf } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";

const kind = "aws.domain_registration";

/** derived.domain_registration, one per domain registered with an account: the days until it runs out, and whether it renews by itself. */
const derivation: Derivation = {
	id: "domain-registrations",
	target: "account",
	needs: [kind],
	produces: ["derived.domain_registration"],
	derive: (view) =>
		view.items(kind).map((item) => {
			const own = { kind: "derived.domain_registration", id: item.id, basis: [item] };
			const error = errorOf(item, kind);
			if (error !== undefined) return { ...own, error };
			const days = Math.floor((Date.parse(textAt(item, "expires_at") ?? "") - view.asOf.getTime()) / 86_400_000);
			const gaps: Record<string, Gap> = Number.isNaN(days) ? { daysLeft: { code: "malformed", detail: `${item.id} expires_at` } } : {};
			const values = { domain: textAt(item, "domain_name") ?? item.id, autoRenew: valueAt(item.values, "auto_renew") === true };
			return { ...own, values: Number.isNaN(days) ? values : { ...values, daysLeft: days }, gaps };
		}),
};

export default derivation;
