import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { Names, ownKey } from "../resource-links.ts";

const streamKind = "aws_kinesis_firehose_delivery_stream";
const sourceKind = "aws_kinesis_stream";
const bucketKind = "aws_s3_bucket";
const encryptionKind = "aws_s3_bucket_server_side_encryption_configuration";

/** Where records are put, and the S3 part of each kind of destination. */
const destinations = [
	{ block: "extended_s3_configuration", s3: "extended_s3_configuration" },
	...["elasticsearch", "http_endpoint", "iceberg", "opensearch", "opensearchserverless", "redshift", "snowflake", "splunk"].map((name) => ({
		block: `${name}_configuration`,
		s3: `${name}_configuration.s3_configuration`,
	})),
];

/**
 * derived.delivery_stream, one per Firehose stream: whether what waits in it, or in the Kinesis stream before it, and what it writes to
 * S3 is encrypted with a customer managed key, and whether it logs errors.
 */
const derivation: Derivation = {
	id: "delivery-streams",
	target: "plan",
	needs: [streamKind, sourceKind, bucketKind, encryptionKind],
	produces: ["derived.delivery_stream"],
	derive(view) {
		const sources = new Names(view.items(sourceKind).filter(({ status }) => status === "ok"));
		const buckets = new Names(view.items(bucketKind).filter(({ status }) => status === "ok"));
		return view
			.items(streamKind)
			.filter(({ status }) => status !== "absent")
			.map((stream) => itemOf(view, stream, sources, buckets));
	},
};

export default derivation;

/** A fact, or why it cannot be told, with what it rests on. */
interface Fact {
	holds: boolean;
	gap?: Gap | undefined;
	rests: Evidence[];
}

const yes: Fact = { holds: true, rests: [] };
const no: Fact = { holds: false, rests: [] };

function open(detail: string, rests: Evidence[] = []): Fact {
	return { holds: false, gap: { code: "unknown_until_apply", detail }, rests };
}

function itemOf(view: DerivationView, stream: Evidence, sources: Names, buckets: Names): DerivedItem {
	const kind = "derived.delivery_stream";
	if (stream.status === "error") return { kind, id: stream.id, error: stream.error ?? { code: "malformed", message: "no error code" }, basis: [stream] };
	const used = destinations.filter(({ block }) => valueAt(stream.values, block) !== undefined || isUnknown(stream, block));
	const whole = (facts: readonly Fact[]): Fact =>
		facts.find(({ holds, gap }) => !holds && gap === undefined) ??
		facts.find(({ holds }) => !holds) ?? { holds: facts.length > 0, rests: facts.flatMap(({ rests }) => rests) };
	const facts = {
		encryptedInStream: inStream(view, stream, sources),
		encryptedInBucket: whole(used.map(({ s3 }) => inBucket(view, stream, s3, buckets))),
		errorsLogged: whole(used.map(({ block }) => logs(stream, `${block}.cloudwatch_logging_options.enabled`))),
	};
	const gaps = Object.fromEntries(Object.entries(facts).flatMap(([path, { gap }]) => (gap === undefined ? [] : [[path, gap]])));
	const values = { stream: stream.id, ...Object.fromEntries(Object.entries(facts).map(([path, { holds }]) => [path, holds])) };
	return { kind, id: stream.id, values, gaps, basis: [...new Set([stream, ...Object.values(facts).flatMap(({ rests }) => rests)])] };
}

/** Direct puts wait in the stream under its own key; records of a Kinesis stream wait there, under that stream's. */
function inStream(view: DerivationView, stream: Evidence, sources: Names): Fact {
	const path = "kinesis_source_configuration.kinesis_stream_arn";
	if (valueAt(stream.values, "kinesis_source_configuration") === undefined && !isUnknown(stream, path)) {
		const enabled = valueAt(stream.values, "server_side_encryption.enabled");
		if (isUnknown(stream, "server_side_encryption.enabled") || isUnknown(stream, "server_side_encryption.key_type"))
			return open(`${stream.id} server_side_encryption`);
		if (enabled !== true || textAt(stream, "server_side_encryption.key_type") !== "CUSTOMER_MANAGED_CMK") return no;
		return keyFact(stream, "server_side_encryption.key_arn");
	}
	const { ids, open: unknown } = sources.named(stream, path, { kind: sourceKind });
	const source = ids.map((id) => view.item(sourceKind, id)).find((item) => item !== undefined);
	if (source === undefined) return unknown ? open(`${stream.id} ${path}`) : { holds: false, gap: { code: "not_in_plan", detail: ids[0] ?? path }, rests: [] };
	if (source.status === "error") return { holds: false, gap: { code: source.error?.code ?? "malformed", detail: source.id }, rests: [source] };
	if (isUnknown(source, "encryption_type")) return open(`${source.id} encryption_type`, [source]);
	if (textAt(source, "encryption_type") !== "KMS") return { holds: false, rests: [source] };
	return { ...keyFact(source, "kms_key_id"), rests: [source] };
}

function inBucket(view: DerivationView, stream: Evidence, s3: string, buckets: Names): Fact {
	const own = keyFact(stream, `${s3}.kms_key_arn`);
	if (own.holds || own.gap !== undefined) return own;
	const { ids, open: unknown } = buckets.named(stream, `${s3}.bucket_arn`, { kind: bucketKind });
	if (unknown) return open(`${stream.id} ${s3}.bucket_arn`);
	const bucket = ids.map((id) => view.item(bucketKind, id)).find((item) => item !== undefined);
	if (bucket === undefined) return { holds: false, gap: { code: "not_in_plan", detail: ids[0] ?? `${s3}.bucket_arn` }, rests: [] };
	if (bucket.status === "error") return { holds: false, gap: { code: bucket.error?.code ?? "malformed", detail: bucket.id }, rests: [bucket] };
	const rule = "rule.0.apply_server_side_encryption_by_default";
	const inline = `server_side_encryption_configuration.${rule.replace(".0", "")}`;
	const configurations = view.items(encryptionKind);
	const configured = configurations.find(
		(item) => item.status === "ok" && (item.id === bucket.id || buckets.named(item, "bucket", { kind: bucketKind }).ids.includes(bucket.id)),
	);
	// One that could not be read may be this bucket's.
	const hidden = configured === undefined ? configurations.find((item) => item.status === "error") : undefined;
	if (hidden !== undefined) return { holds: false, gap: { code: hidden.error?.code ?? "malformed", detail: hidden.id }, rests: [hidden] };
	const [item, at] = configured === undefined ? [bucket, inline] : [configured, rule];
	const rests = [...new Set([bucket, item])];
	if (isUnknown(item, `${at}.sse_algorithm`)) return open(`${item.id} ${at}`, rests);
	if (!["aws:kms", "aws:kms:dsse"].includes(textAt(item, `${at}.sse_algorithm`) ?? "")) return { holds: false, rests };
	return { ...keyFact(item, `${at}.kms_master_key_id`), rests };
}

function logs(stream: Evidence, path: string): Fact {
	if (isUnknown(stream, path)) return open(`${stream.id} ${path}`);
	return valueAt(stream.values, path) === true ? yes : no;
}

function keyFact(item: Evidence, path: string): Fact {
	const own = ownKey(item, path);
	return own === "unknown" ? open(`${item.id} ${path}`) : own ? yes : no;
}
