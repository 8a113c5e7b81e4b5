import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { encryption } from "../bucket-encryption/setting.ts";
import { blocksAt, bucketSettings, untilApply } from "../bucket-settings.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";
import { ownKey } from "../resource-links.ts";

const ruleKind = "aws_ses_receipt_rule";
const activeKind = "aws_ses_active_receipt_rule_set";

/**
 * derived.receipt_storage, one per receipt rule that is on and stores mail in S3: whether its rule set is the active one, and
 * whether each message is encrypted with a customer managed key, by SES (the action's key) or by the bucket's default.
 */
const derivation: Derivation = {
	id: "receipt-storage",
	target: "plan",
	needs: [ruleKind, "aws_s3_bucket", encryption.setting],
	uses: [activeKind],
	produces: ["derived.receipt_storage"],
	derive(view) {
		const buckets = namesOf(view.items("aws_s3_bucket"));
		const encrypted = new Map(bucketSettings(view, encryption).map((item) => [item.id, item]));
		return view.items(ruleKind).flatMap((rule) => itemOf(view, rule, { buckets, encrypted }) ?? []);
	},
};

export default derivation;

interface Stores {
	buckets: ReadonlyMap<string, Evidence>;
	encrypted: ReadonlyMap<string, DerivedItem>;
}

function itemOf(view: DerivationView, rule: Evidence, stores: Stores): DerivedItem | undefined {
	const own = { kind: "derived.receipt_storage", id: rule.id };
	if (rule.status === "absent") return undefined;
	if (rule.status === "error") return { ...own, error: rule.error ?? { code: "malformed", message: "no error code" }, basis: [rule] };
	if (valueAt(rule.values, "enabled") !== true && !isUnknown(rule, "enabled")) return undefined;
	const actions = blocksAt(rule, "s3_action");
	if (actions.length === 0 && !isUnknown(rule, "s3_action")) return undefined;
	const gaps: Record<string, Gap> = {};
	const active = isActive(view, rule);
	if (typeof active !== "boolean") gaps.active = active;
	const basis: Evidence[] = [rule];
	const facts = actions.length === 0 ? [untilApply(rule, "s3_action")] : actions.map(({ path }) => underOwnKey(rule, path, stores, basis));
	const gap = facts.find((fact) => typeof fact !== "boolean");
	const values = { rule: textAt(rule, "name") ?? rule.id, ...(typeof active === "boolean" ? { active } : {}) };
	if (facts.includes(false)) return { ...own, values: { ...values, ownKey: false }, gaps, basis: [...new Set(basis)] };
	if (gap !== undefined && typeof gap !== "boolean") return { ...own, values, gaps: { ...gaps, ownKey: gap }, basis: [...new Set(basis)] };
	return { ...own, values: { ...values, ownKey: true }, gaps, basis: [...new Set(basis)] };
}

/** Mail goes by the rules of one set at a time; a rule set that nothing makes active takes none. */
function isActive(view: DerivationView, rule: Evidence): boolean | Gap {
	const sets = view.items(activeKind);
	const hidden = sets.find(({ error }) => error !== undefined)?.error ?? view.listingError(activeKind);
	const name = textAt(rule, "rule_set_name");
	const referred = new Set(rule.references?.rule_set_name ?? []);
	let open: Gap | undefined;
	for (const set of sets) {
		const other = textAt(set, "rule_set_name");
		const shared = (set.references?.rule_set_name ?? []).some((id) => referred.has(id));
		if (shared || (name !== undefined && name === other)) return true;
		if (isUnknown(set, "rule_set_name") && (set.references?.rule_set_name ?? []).length === 0) open ??= untilApply(set, "rule_set_name");
		if (isUnknown(rule, "rule_set_name") && referred.size === 0) open ??= untilApply(rule, "rule_set_name");
	}
	return hidden === undefined ? (open ?? false) : { code: hidden.code, detail: hidden.detail };
}

function underOwnKey(rule: Evidence, action: string, { buckets, encrypted }: Stores, basis: Evidence[]): boolean | Gap {
	const byAction = ownKey(rule, `${action}.kms_key_arn`);
	if (byAction === true) return true;
	const path = `${action}.bucket_name`;
	const named = namedBy(rule, path, buckets);
	if (typeof named === "string")
		return named === "unknown" ? untilApply(rule, path) : { code: "not_in_plan", detail: textAt(rule, path) ?? `${rule.id} ${path}` };
	const settings = encrypted.get(named.item.id);
	basis.push(...(settings?.basis ?? []));
	if (settings?.values === undefined) return { code: settings?.error?.code ?? "not_collected", detail: named.item.id };
	const { algorithm, ownKey: own } = settings.values as { algorithm?: unknown; ownKey?: unknown };
	if ((algorithm === "aws:kms" || algorithm === "aws:kms:dsse") && own === true) return true;
	const gap = settings.gaps?.algorithm ?? settings.gaps?.ownKey;
	if (gap !== undefined) return gap;
	return byAction === "unknown" ? untilApply(rule, `${action}.kms_key_arn`) : false;
}
