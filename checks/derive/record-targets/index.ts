import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";

const recordKind = "aws_route53_record";
const distributionKind = "aws_cloudfront_distribution";
const bucketKind = "aws_s3_bucket";

/** Names that AWS gives to what an account holds, and that somebody else may get once it is gone. */
const cloudFront = /^[a-z0-9]+\.cloudfront\.net$/;
const website = /^(?:.+\.)?s3-website[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/**
 * derived.record_target, one per Route 53 record that points at a CloudFront distribution or an S3 website: whether the account still holds
 * it. A record that a plan makes of a resource points at that resource; of one that names its target in letters only an account tells.
 */
const derivation: Derivation = {
	id: "record-targets",
	target: "plan",
	needs: [recordKind, distributionKind, bucketKind],
	produces: ["derived.record_target"],
	derive: (view) => view.items(recordKind).flatMap((record) => itemOf(view, record) ?? []),
};

export default derivation;

function itemOf(view: DerivationView, record: Evidence): DerivedItem | undefined {
	const own = { kind: "derived.record_target", id: record.id };
	if (record.status === "absent") return undefined;
	if (record.status === "error") return { ...own, error: record.error ?? { code: "malformed", message: "no error code" }, basis: [record] };
	const referred = Object.entries(record.references ?? {}).flatMap(([path, ids]) => (/^(?:alias|records)/.test(path) ? ids : []));
	const made = referred.map((id) => view.item(distributionKind, id) ?? view.item(bucketKind, id)).find((item) => item !== undefined);
	const name = (textAt(record, "fqdn") ?? textAt(record, "name") ?? record.id).toLowerCase().replace(/\.$/, "");
	if (made?.error !== undefined) return { ...own, values: { name }, gaps: { held: { code: made.error.code, detail: made.id } }, basis: [record, made] };
	if (made !== undefined) return { ...own, values: { name, target: made.id, held: true }, basis: [record, made] };
	const target = targetOf(record);
	if (target === undefined) return undefined;
	const kind = cloudFront.test(target) ? distributionKind : website.test(target) ? bucketKind : undefined;
	if (kind === undefined) return undefined;
	// A website answers under the bucket's own name, which is that of the record.
	const wanted = kind === distributionKind ? target : name;
	const holder = view
		.items(kind)
		.find((item) => item.status === "ok" && textAt(item, kind === distributionKind ? "domain_name" : "bucket")?.toLowerCase() === wanted);
	const values = { name, target };
	if (holder !== undefined) return { ...own, values: { ...values, held: true }, basis: [record, holder] };
	const broken = view.items(kind).find(({ error }) => error !== undefined);
	const gap: Gap | undefined =
		broken?.error !== undefined ? { code: broken.error.code, detail: broken.id } : isAccount(view.target) ? undefined : { code: "not_in_plan", detail: target };
	return gap === undefined ? { ...own, values: { ...values, held: false }, basis: [record] } : { ...own, values, gaps: { held: gap }, basis: [record] };
}

function targetOf(record: Evidence): string | undefined {
	const alias = textAt(record, "alias.name");
	const records = valueAt(record.values, "records");
	const first = textAt(record, "type") === "CNAME" && Array.isArray(records) ? records[0] : undefined;
	const target = alias ?? (typeof first === "string" ? first : undefined);
	return target?.toLowerCase().replace(/\.$/, "");
}
