import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const hubKind = "aws_securityhub_account";
const analyzerKind = "aws_accessanalyzer_analyzer";

/**
 * derived.security_hub and derived.access_analyzer, one each per account and Region: whether the service watches. What a plan does
 * not set is no statement about the account.
 */
const derivation: Derivation = {
	id: "watchers",
	target: "plan",
	needs: [],
	uses: [hubKind, analyzerKind],
	produces: ["derived.security_hub", "derived.access_analyzer"],
	derive: (view) => [watcher(view, "derived.security_hub", hubKind, () => true), watcher(view, "derived.access_analyzer", analyzerKind, findsAccess)],
};

export default derivation;

/** Analyzers of unused access find no door that is open to others. */
function findsAccess(item: Evidence): boolean | "unknown" {
	if (isUnknown(item, "type")) return "unknown";
	const active = textAt(item, "status") ?? "ACTIVE";
	return ["ACCOUNT", "ORGANIZATION"].includes(textAt(item, "type") ?? "ACCOUNT") && active === "ACTIVE";
}

function watcher(view: DerivationView, kind: string, of: string, watches: (item: Evidence) => boolean | "unknown"): DerivedItem {
	const items = view.items(of).filter(({ status }) => status !== "absent");
	const on = items.find((item) => item.status === "ok" && watches(item) === true);
	if (on !== undefined) return { kind, id: view.target, values: { on: true, by: on.id }, basis: [on] };
	const unknown = items.find((item) => item.status === "ok" && watches(item) === "unknown");
	const hidden = items.find((item) => item.status === "error");
	const fault = hidden?.error ?? view.listingError(of) ?? (unknown === undefined ? undefined : { code: "unknown_until_apply" as const, detail: unknown.id });
	const gaps: Record<string, Gap> =
		fault === undefined ? {} : { on: fault.detail === undefined ? { code: fault.code } : { code: fault.code, detail: fault.detail } };
	return { kind, id: view.target, values: { on: false, by: null }, gaps, basis: items };
}
