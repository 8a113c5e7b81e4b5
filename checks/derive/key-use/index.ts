import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";

/** What holds mail data, and where it names its key. */
const holders: readonly { kind: string; path: string }[] = [
	{ kind: "aws_cloudtrail", path: "kms_key_id" },
	{ kind: "aws_cloudwatch_event_archive", path: "kms_key_identifier" },
	{ kind: "aws_cloudwatch_event_bus", path: "kms_key_identifier" },
	{ kind: "aws_cloudwatch_log_group", path: "kms_key_id" },
	{ kind: "aws_dynamodb_table", path: "server_side_encryption.kms_key_arn" },
	{ kind: "aws_kinesis_firehose_delivery_stream", path: "server_side_encryption.key_arn" },
	{ kind: "aws_kinesis_firehose_delivery_stream", path: "extended_s3_configuration.kms_key_arn" },
	{ kind: "aws_kinesis_stream", path: "kms_key_id" },
	{ kind: "aws_lambda_function", path: "kms_key_arn" },
	{ kind: "aws_mailmanager_archive", path: "kms_key_arn" },
	{ kind: "aws_s3_bucket", path: "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id" },
	{ kind: "aws_s3_bucket_server_side_encryption_configuration", path: "rule.0.apply_server_side_encryption_by_default.kms_master_key_id" },
	{ kind: "aws_secretsmanager_secret", path: "kms_key_id" },
	{ kind: "aws_sns_topic", path: "kms_master_key_id" },
	{ kind: "aws_sqs_queue", path: "kms_master_key_id" },
];
const keyKinds = ["aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"];

/**
 * derived.key_use, one per attribute by which a store names its key: whether that key is customer managed, and enabled. Where the
 * evidence does not hold the key: of an account each key of its own is listed, so that one that is not there is AWS's; a key of
 * another account or Region is a gap; and in a plan, which makes some keys only, there is no item.
 */
const derivation: Derivation = {
	id: "key-use",
	target: "plan",
	needs: [...keyKinds, "aws_kms_alias"],
	uses: [...new Set(holders.map(({ kind }) => kind))],
	produces: ["derived.key_use"],
	derive(view) {
		const keys = keysOf(view);
		return [...unlisted(view), ...holders.flatMap(({ kind, path }) => view.items(kind).flatMap((item) => useOf(view, item, path, keys) ?? []))];
	},
};

export default derivation;

/** A kind that could not be listed is an item of its own: what is of the other kinds can be judged without it. */
function unlisted(view: DerivationView): DerivedItem[] {
	return [...new Set(holders.map(({ kind }) => kind))].flatMap((kind) => {
		const error = view.listingError(kind);
		// A kind that belongs to an account as a whole is not missing from a plan.
		return error === undefined || error.code === "not_in_plan" ? [] : [{ kind: "derived.key_use", id: kind, error, basis: [] }];
	});
}

/** Keys by every name they go by, an alias included. */
function keysOf(view: DerivationView): Map<string, Evidence> {
	const keys = namesOf(keyKinds.flatMap((kind) => view.items(kind)));
	for (const alias of view.items("aws_kms_alias")) {
		const named = namedBy(alias, "target_key_id", keys);
		if (typeof named === "string") continue;
		for (const name of [alias.id, textAt(alias, "name"), textAt(alias, "arn")]) if (name !== undefined) keys.set(name, named.item);
	}
	return keys;
}

function useOf(view: DerivationView, item: Evidence, path: string, keys: ReadonlyMap<string, Evidence>): DerivedItem | undefined {
	const own = { kind: "derived.key_use", id: `${item.id} ${path}` };
	if (item.status === "absent") return undefined;
	if (item.status === "error") return { ...own, error: item.error ?? unread, basis: [item] };
	const named = namedBy(item, path, keys);
	const text = textAt(item, path);
	const values = { resource: item.id, attribute: path, key: text ?? null };
	if (typeof named !== "string") return ofKey(own, { ...values, key: named.item.id }, item, named.item);
	if (text === undefined) return undefined;
	if (text.includes("alias/aws/")) return { ...own, values: { ...values, customer: false, enabled: true }, basis: [item] };
	if (!/^\d{12}\//.test(view.target)) return undefined;
	const hidden = keyKinds.flatMap((kind) => view.items(kind)).find(({ error }) => error !== undefined)?.error;
	const gap: Gap | undefined = isHere(view.target, text) ? hidden && { code: hidden.code, detail: hidden.detail } : { code: "not_collected", detail: text };
	if (gap !== undefined) return { ...own, values, gaps: { customer: gap, enabled: gap }, basis: [item] };
	return { ...own, values: { ...values, customer: false, enabled: true }, basis: [item] };
}

function ofKey(own: { kind: string; id: string }, values: Record<string, unknown>, item: Evidence, key: Evidence): DerivedItem {
	const basis = [item, key];
	if (key.status !== "ok") return { ...own, error: key.error ?? unread, basis };
	const path = key.kind === "aws_kms_key" ? "is_enabled" : "enabled";
	if (isUnknown(key, path)) {
		return { ...own, values: { ...values, customer: true }, gaps: { enabled: { code: "unknown_until_apply", detail: `${key.id} ${path}` } }, basis };
	}
	// The provider enables what it makes unless told otherwise.
	return { ...own, values: { ...values, customer: true, enabled: valueAt(key.values, path) !== false }, basis };
}

const unread: EvidenceError = { code: "malformed", message: "no error code" };

/** Whether a key stands in the account and Region of the target; a bare id or alias does. */
function isHere(target: string, text: string): boolean {
	const [account, region] = target.split("/");
	const parts = /^arn:[^:]*:kms:([^:]*):(\d{12}):/.exec(text);
	return parts === null ? !text.startsWith("alias/") : parts[1] === region && parts[2] === account;
}
