import type { Evidence } from "../../../model/evidence.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { untilApply } from "../policy-facts.ts";

const kind = "aws_ssoadmin_permission_set";

/** derived.permission_set, one per permission set of Identity Center: how long its sessions last. */
const derivation: Derivation = {
	id: "permission-sets",
	target: "plan",
	// A plan lists them only where it has some: one without says nothing of those of the account.
	needs: ["terraform.resource_type"],
	uses: [kind],
	produces: ["derived.permission_set"],
	derive: (view): DerivedItem[] => {
		const fault = view.listingError(kind);
		const items = view.items(kind);
		if (fault !== undefined && (fault.code !== "not_in_plan" || items.length > 0))
			return [{ kind: "derived.permission_set", id: view.target, error: fault, basis: [] }];
		return items.map(derivedOf);
	},
};

export default derivation;

function derivedOf(item: Evidence): DerivedItem {
	const own = { kind: "derived.permission_set", id: item.id, basis: [item] };
	if (item.error !== undefined) return { ...own, error: item.error };
	if (isUnknown(item, "session_duration")) return { ...own, values: {}, gaps: { sessionSeconds: untilApply([`${item.id} session_duration`]) } };
	// An hour is the service's own.
	const written = textAt(item, "session_duration") ?? "PT1H";
	const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(written);
	if (parts === null) return { ...own, values: {}, gaps: { sessionSeconds: { code: "malformed", detail: `${item.id} session_duration` } } };
	const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
	return { ...own, values: { sessionSeconds: ((days * 24 + hours) * 60 + minutes) * 60 + seconds } };
}
