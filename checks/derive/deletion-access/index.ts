import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { type AccessQuestion, accessTo, accessUses, identityKinds, objectsOf } from "../access.ts";
import { bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";
import { attachment, findPolicies, type PolicySpec } from "../resource-policies.ts";

const kind = "derived.deletion_access";
const lockKind = "derived.bucket_lock";
/** Mail Manager is not in every Region: where it cannot be asked, buckets are judged all the same. */
const otherStores = ["aws_cloudwatch_log_group", "aws_mailmanager_archive", "aws_cloudtrail"];
const buckets: PolicySpec = {
	subjects: [{ kind: "aws_s3_bucket", policy: "policy" }],
	attachments: [attachment("aws_s3_bucket_policy", "bucket")],
};

/**
 * derived.deletion_access, one per store of an account that keeps mail, its events or the trail: who may delete what is in it, or shorten
 * how long it is kept. What object lock forbids to everyone is not asked for.
 */
const derivation: Derivation = {
	id: "deletion-access",
	target: "account",
	needs: [...identityKinds, "aws_s3_bucket", "aws_s3_bucket_policy", lockKind],
	uses: [...accessUses, ...roleKinds, ...otherStores],
	produces: [kind],
	derive: (view) => [...ofBuckets(view), ...ofLogGroups(view), ...ofArchives(view), ...unlisted(view)],
};

export default derivation;

function unlisted(view: DerivationView): DerivedItem[] {
	return otherStores.flatMap((of) => {
		const error = view.listingError(of);
		return error === undefined ? [] : [{ kind, id: of, error, basis: [] }];
	});
}

function ofBuckets(view: DerivationView): DerivedItem[] {
	const roles = bucketRoles(view);
	return findPolicies(view, buckets).flatMap(({ item, documents, basis, error, hidden }) => {
		if (item.kind !== "aws_s3_bucket") return [];
		if (error !== undefined) return [{ kind, id: item.id, error, basis: [...basis] }];
		const told = holdsOf(roles, item, ["events", "mail", "trail"]);
		const holds = told.values.holds;
		if (Array.isArray(holds) && !["events", "inbox", "mail", "trail"].some((role) => holds.includes(role))) return [];
		const arn = textAt(item, "arn") ?? `arn:aws:s3:::${textAt(item, "bucket") ?? item.id}`;
		const lock = view.item(lockKind, item.id);
		const mode = valueAt(lock?.values, "mode");
		const gaps: Record<string, Gap> = told.gaps.holds === undefined ? {} : { keepsRecords: told.gaps.holds };
		return [
			accessTo(view, {
				kind,
				id: arn,
				resource: arn,
				asks: bucketAsks(arn, mode, documents),
				documents,
				hidden: hidden ?? lock?.gaps?.mode ?? lock?.error,
				basis: [...basis, ...(told.basis ?? []), ...(lock === undefined ? [] : [lock])],
				also: { values: { ...told.values, ...(gaps.keepsRecords === undefined ? { keepsRecords: true } : {}), lock: mode ?? null }, gaps },
			}),
		];
	});
}

/** Under COMPLIANCE nobody deletes what is locked (S3 User Guide, "Using S3 Object Lock"); under GOVERNANCE whoever may bypass it. */
function bucketAsks(arn: string, mode: unknown, documents: readonly unknown[]): AccessQuestion["asks"] {
	const ofBucket = (action: string) => ({ action, resources: () => [arn] });
	const ofObjects = (action: string) => ({ action, resources: objectsOf(arn, documents) });
	const settings = [ofBucket("s3:PutBucketObjectLockConfiguration")];
	if (mode === "COMPLIANCE") return settings;
	if (mode === "GOVERNANCE") return [...settings, ofObjects("s3:BypassGovernanceRetention")];
	return [ofObjects("s3:DeleteObject"), ofObjects("s3:DeleteObjectVersion"), ofBucket("s3:PutLifecycleConfiguration")];
}

function ofLogGroups(view: DerivationView): DerivedItem[] {
	const trails = view.items("aws_cloudtrail").flatMap((trail) => {
		const group = /:log-group:([^:]+)/.exec(textAt(trail, "cloud_watch_logs_group_arn") ?? "")?.[1];
		return group === undefined ? [] : [{ trail, group }];
	});
	const unread = view
		.items("aws_cloudtrail")
		.flatMap((item): DerivedItem[] => (item.error === undefined ? [] : [{ kind, id: item.id, error: item.error, basis: [item] }]));
	const groups = view.items("aws_cloudwatch_log_group").flatMap((item): DerivedItem[] => {
		const by = trails.filter(({ group }) => group === (textAt(item, "name") ?? item.id)).map(({ trail }) => trail);
		if (item.error !== undefined) return [{ kind, id: item.id, error: item.error, basis: [item] }];
		const arn = textAt(item, "arn");
		if (by.length === 0 || arn === undefined) return [];
		return [simple(view, item, arn, ["logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:PutRetentionPolicy"], by)];
	});
	return [...groups, ...unread];
}

function ofArchives(view: DerivationView): DerivedItem[] {
	return view.items("aws_mailmanager_archive").map((item) => {
		if (item.error !== undefined) return { kind, id: item.id, error: item.error, basis: [item] };
		return simple(view, item, textAt(item, "arn") ?? item.id, ["ses:DeleteArchive", "ses:UpdateArchive"], []);
	});
}

/** A store without a policy of its own. */
function simple(view: DerivationView, item: Evidence, arn: string, actions: readonly string[], by: readonly Evidence[]): DerivedItem {
	return accessTo(view, {
		kind,
		id: arn,
		resource: arn,
		// Policies name a log group with and without what follows its name, and a stream below it.
		asks: actions.map((action) => ({ action, resources: () => [arn, `${arn}:*`, `${arn}:log-stream:x`] })),
		documents: undefined,
		hidden: undefined,
		basis: [item, ...by],
		also: { values: { keepsRecords: true }, gaps: {} },
	});
}
