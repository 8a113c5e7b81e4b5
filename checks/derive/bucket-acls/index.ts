import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { settingsOf } from "../bucket-settings.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, namesOf, textAt } from "../policy-documents.ts";

const controlsKind = "aws_s3_bucket_ownership_controls";
const aclKind = "aws_s3_bucket_acl";

/** derived.bucket_acl, one per bucket: who owns its objects ("unset" where nothing says so), and the access control lists on it besides the private one. */
const derivation: Derivation = {
	id: "bucket-acls",
	target: "plan",
	needs: ["aws_s3_bucket", controlsKind, aclKind],
	produces: ["derived.bucket_acl"],
	derive: (view) => aclsOf(view),
};

export default derivation;

function aclsOf(view: DerivationView): DerivedItem[] {
	const buckets = view.items("aws_s3_bucket");
	const names = namesOf(buckets);
	const controls = settingsOf(view, controlsKind, names);
	const lists = settingsOf(view, aclKind, names);
	return buckets.map((item) => {
		const kind = "derived.bucket_acl";
		if (item.error !== undefined) return { kind, id: item.id, error: item.error, basis: [item] };
		const own = controls.of.get(item) ?? [];
		const acls = lists.of.get(item) ?? [];
		const gaps: Record<string, Gap> = {};
		const ownership = ownershipOf(own, controls.stray);
		if ("gap" in ownership) gaps.objectOwnership = ownership.gap;
		const grants = [...(item.status === "ok" ? grantsOf(item, "acl", "grant") : []), ...acls.flatMap((acl) => grantsOf(acl, "acl", "access_control_policy"))];
		const hidden = acls.find(({ error }) => error !== undefined)?.error ?? lists.stray;
		if (hidden !== undefined) gaps.grants = { code: hidden.code, detail: hidden.detail };
		else if (grants.includes(undecided)) gaps.grants = { code: "unknown_until_apply", detail: "acl" };
		return {
			kind,
			id: item.id,
			values: { ...("value" in ownership ? { objectOwnership: ownership.value } : {}), grants },
			basis: [item, ...own, ...acls],
			...(Object.keys(gaps).length === 0 ? {} : { gaps }),
		};
	});
}

function ownershipOf(controls: readonly Evidence[], stray: Gap | undefined): { value: string } | { gap: Gap } {
	const [item] = controls;
	if (item === undefined) return stray === undefined ? { value: "unset" } : { gap: stray };
	if (item.error !== undefined) return { gap: { code: item.error.code, detail: item.error.detail } };
	const value = textAt(item, "rule.object_ownership");
	if (value !== undefined) return { value };
	return isUnknown(item, "rule.object_ownership") ? { gap: { code: "unknown_until_apply", detail: `${item.id} rule.object_ownership` } } : { value: "unset" };
}

const undecided = "known only after apply";

/** A canned list other than the private one, or grants of one's own. */
function grantsOf(item: Evidence, canned: string, block: string): string[] {
	const found: string[] = [];
	const name = textAt(item, canned);
	if (name !== undefined && name !== "private") found.push(name);
	const grants = valueAt(item.values, block);
	if (grants !== undefined && grants !== null) found.push(block);
	if (isUnknown(item, canned) || isUnknown(item, block)) found.push(undecided);
	return found;
}
