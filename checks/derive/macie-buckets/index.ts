import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";

const sessionKind = "aws.macie_session";
const discoveryKind = "aws.macie_discovery";
const jobKind = "aws.macie_job";

/** derived.macie_bucket, one per bucket of an account that keeps mail: whether Macie looks into it, by automated discovery or by a job. */
const derivation: Derivation = {
	id: "macie-buckets",
	target: "account",
	needs: ["aws_s3_bucket", sessionKind, discoveryKind, jobKind],
	uses: roleKinds,
	produces: ["derived.macie_bucket"],
	derive: (view) => view.items("aws_s3_bucket").flatMap((bucket) => derivedOf(view, bucket)),
};

export default derivation;

function derivedOf(view: DerivationView, bucket: Evidence): DerivedItem[] {
	const own = { kind: "derived.macie_bucket", id: bucket.id };
	if (bucket.error !== undefined) return [{ ...own, error: bucket.error, basis: [bucket] }];
	const told = holdsOf(bucketRoles(view), bucket, ["mail"]);
	const { holds } = told.values;
	if (Array.isArray(holds) && !holds.includes("mail") && !holds.includes("inbox")) return [];
	const name = textAt(bucket, "bucket") ?? bucket.id;
	const [session] = view.items(sessionKind);
	const [discovery] = view.items(discoveryKind);
	const jobs = view.items(jobKind).filter((job) => !["CANCELLED", "USER_PAUSED"].includes(textAt(job, "status") ?? ""));
	const fault = [session, discovery, ...jobs].find((item) => item?.error !== undefined)?.error;
	const on = valueAt(session?.values, "status") === "ENABLED";
	const listed = jobs.filter((job) => {
		const buckets = valueAt(job.values, "buckets");
		return Array.isArray(buckets) && buckets.includes(name);
	});
	const watched = on && (valueAt(discovery?.values, "status") === "ENABLED" || listed.length > 0);
	const gaps: Record<string, Gap> = {};
	if (told.gaps.holds !== undefined) gaps.keepsMail = told.gaps.holds;
	const byCriteria = jobs.find((job) => valueAt(job.values, "by_criteria") === true);
	if (!watched && fault !== undefined) gaps.watched = { code: fault.code, detail: fault.detail };
	// Which buckets fit criteria, only Macie tells.
	else if (!watched && on && byCriteria !== undefined) gaps.watched = { code: "not_collected", detail: `the buckets of job ${byCriteria.id}` };
	return [
		{
			...own,
			values: { bucket: name, ...(gaps.keepsMail === undefined ? { keepsMail: true } : {}), ...(gaps.watched === undefined ? { watched } : {}) },
			gaps,
			basis: [bucket, ...(told.basis ?? []), ...[session, discovery].flatMap((item) => item ?? []), ...jobs],
		},
	];
}
