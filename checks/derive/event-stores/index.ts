import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";
import { Names, ownKey } from "../resource-links.ts";

const destinationKind = "aws_sesv2_configuration_set_event_destination";
const setKind = "aws_sesv2_configuration_set";
const streamKind = "aws_kinesis_firehose_delivery_stream";

/**
 * derived.event_store, one per configuration set that publishes events: how long the best of the last stores keeps them that they reach under
 * customer managed keys on every hop (`keptDays`; null: none, "always" counts as 36500), and which stores those are. Where a hop is not in the evidence, or
 * only apply tells it, that is a gap unless another path is whole.
 */
const derivation: Derivation = {
	id: "event-stores",
	target: "plan",
	needs: [
		setKind,
		destinationKind,
		"aws_sns_topic",
		"aws_sns_topic_subscription",
		streamKind,
		"aws_s3_bucket",
		"aws_cloudwatch_event_rule",
		"aws_cloudwatch_event_target",
		"aws_cloudwatch_log_group",
		"derived.delivery_stream",
		"derived.bucket_lifecycle",
	],
	produces: ["derived.event_store"],
	derive(view) {
		const sets = view.items(setKind).filter(({ status }) => status === "ok");
		const names = namesOf(sets);
		for (const set of sets) {
			const name = textAt(set, "configuration_set_name");
			if (name !== undefined) names.set(name, set);
		}
		const paths = new Paths(view);
		const broken = [setKind, destinationKind].flatMap((kind) => view.items(kind)).filter(({ status }) => status === "error");
		const unread = broken.map((item): DerivedItem => {
			return { kind: "derived.event_store", id: item.id, error: item.error ?? { code: "malformed", message: "no error code" }, basis: [item] };
		});
		const judged = sets.flatMap((set) => {
			const own = view
				.items(destinationKind)
				.filter((one) => one.status === "ok" && isOf(one, set, names) && valueAt(one.values, "event_destination.enabled") !== false);
			return own.length === 0 ? [] : [itemOf(set, own, paths)];
		});
		return [...unread, ...judged];
	},
};

export default derivation;

function isOf(destination: Evidence, set: Evidence, names: ReadonlyMap<string, Evidence>): boolean {
	const named = namedBy(destination, "configuration_set_name", names);
	return typeof named !== "string" && named.item === set;
}

/** Where a path ends: a store with how long it keeps, or why that cannot be told, or why it is none. */
type End = { store: string; keptDays: number; rests: readonly Evidence[] } | { gap: Gap } | { lack: string };

function itemOf(set: Evidence, destinations: readonly Evidence[], paths: Paths): DerivedItem {
	const ends = destinations.flatMap((destination) => paths.from(destination));
	const stores = ends.flatMap((end) => ("store" in end ? [end] : []));
	const gap = ends.flatMap((end) => ("gap" in end ? [end.gap] : []))[0];
	const keptDays = stores.length === 0 ? null : Math.max(...stores.map((end) => end.keptDays));
	const lacks = [...new Set(ends.flatMap((end) => ("lack" in end ? [end.lack] : [])))].sort();
	const basis = [set, ...destinations, ...stores.flatMap(({ rests }) => rests)];
	const values = { set: textAt(set, "configuration_set_name") ?? set.id, keptDays, stores: stores.map(({ store }) => store).sort(), lacks };
	return { kind: "derived.event_store", id: set.id, values, gaps: gap === undefined ? {} : { more: gap }, basis: [...new Set(basis)] };
}

const always = 36_500;

class Paths {
	readonly #view: DerivationView;
	readonly #names: Names;

	constructor(view: DerivationView) {
		this.#view = view;
		const kinds = ["aws_sns_topic", streamKind, "aws_s3_bucket", "aws_cloudwatch_event_rule", "aws_cloudwatch_log_group"];
		this.#names = new Names(kinds.flatMap((kind) => view.items(kind)).filter(({ status }) => status === "ok"));
	}

	from(destination: Evidence): End[] {
		const at = "event_destination.";
		return [
			...this.#named(destination, `${at}kinesis_firehose_destination.delivery_stream_arn`, streamKind, (stream) => this.#stream(stream)),
			...this.#named(destination, `${at}sns_destination.topic_arn`, "aws_sns_topic", (topic) => this.#topic(topic)),
			...(valueAt(destination.values, `${at}event_bridge_destination`) === undefined ? [] : this.#bus()),
		];
	}

	#named(item: Evidence, path: string, kind: string, follow: (found: Evidence) => End[]): End[] {
		const { ids, open } = this.#names.named(item, path, { kind });
		const ends: End[] = open ? [{ gap: { code: "unknown_until_apply", detail: `${item.id} ${path}` } }] : [];
		for (const id of ids) {
			const found = this.#view.item(kind, id);
			if (found?.status === "ok") ends.push(...follow(found));
			else if (found !== undefined) ends.push({ gap: { code: found.error?.code ?? "malformed", detail: found.id } });
			// In an account what is not listed is not there, or is another account's.
			else ends.push(isAccount(this.#view.target) ? { lack: `${id} is not of this account` } : { gap: { code: "not_in_plan", detail: id } });
		}
		return ends;
	}

	#stream(stream: Evidence): End[] {
		const facts = this.#view.item("derived.delivery_stream", stream.id);
		if (facts?.status !== "ok") return [{ gap: { code: facts?.error?.code ?? "not_collected", detail: stream.id } }];
		const { encryptedInStream, encryptedInBucket } = facts.values as { encryptedInStream?: unknown; encryptedInBucket?: unknown };
		const gap = facts.gaps?.encryptedInStream ?? facts.gaps?.encryptedInBucket;
		if (gap !== undefined) return [{ gap }];
		if (encryptedInStream !== true || encryptedInBucket !== true) return [{ lack: `${stream.id} or its bucket is not encrypted with a customer managed key` }];
		return this.#named(stream, "extended_s3_configuration.bucket_arn", "aws_s3_bucket", (bucket) => this.#bucket(bucket, [stream, facts]));
	}

	#bucket(bucket: Evidence, rests: readonly Evidence[]): End[] {
		const kept = this.#view.item("derived.bucket_lifecycle", bucket.id);
		const gap = kept?.gaps?.expiresAfterDays ?? kept?.gaps?.expiresOnDate;
		if (kept?.status !== "ok" || gap !== undefined) return [{ gap: gap ?? { code: kept?.error?.code ?? "not_collected", detail: bucket.id } }];
		const { expiresAfterDays, expiresOnDate } = kept.values as { expiresAfterDays?: unknown; expiresOnDate?: unknown };
		if (expiresOnDate === true) return [{ lack: `${bucket.id} deletes everything on a date` }];
		return [{ store: bucket.id, keptDays: typeof expiresAfterDays === "number" ? expiresAfterDays : always, rests: [...rests, bucket, kept] }];
	}

	#topic(topic: Evidence): End[] {
		const key = ownKey(topic, "kms_master_key_id");
		if (key === "unknown") return [{ gap: { code: "unknown_until_apply", detail: `${topic.id} kms_master_key_id` } }];
		if (!key) return [{ lack: `${topic.id} is not encrypted with a customer managed key` }];
		const heard = this.#view
			.items("aws_sns_topic_subscription")
			.filter((one) => one.status === "ok" && this.#names.named(one, "topic_arn", { kind: "aws_sns_topic" }).ids.includes(topic.id));
		if (heard.length === 0)
			return [
				isAccount(this.#view.target) ? { lack: `${topic.id} has no subscription` } : { gap: { code: "not_in_plan", detail: `subscriptions of ${topic.id}` } },
			];
		return heard.flatMap((one) =>
			textAt(one, "protocol") === "firehose"
				? this.#named(one, "endpoint", streamKind, (stream) => this.#stream(stream))
				: [{ lack: `${one.id} ends in no store` }],
		);
	}

	/** SES publishes to the default bus; a rule that names SES, or any source, hands events on. */
	#bus(): End[] {
		const rules = this.#view.items("aws_cloudwatch_event_rule").filter((rule) => rule.status === "ok" && textAt(rule, "state") !== "DISABLED" && listens(rule));
		const targets = this.#view.items("aws_cloudwatch_event_target").filter(({ status }) => status === "ok");
		const own = targets.filter((target) =>
			rules.some(
				(rule) => (target.references?.rule ?? []).includes(rule.id) || (textAt(rule, "name") !== undefined && textAt(target, "rule") === textAt(rule, "name")),
			),
		);
		if (own.length === 0)
			return [
				isAccount(this.#view.target)
					? { lack: "no rule takes events of SES from the default bus" }
					: { gap: { code: "not_in_plan", detail: "rules of the default bus" } },
			];
		return own.flatMap((target) => this.#target(target));
	}

	#target(target: Evidence): End[] {
		const text = textAt(target, "arn");
		const ids = target.references?.arn ?? [];
		const is = (kind: string, service: string) => ids.some((id) => id.split(".").includes(kind)) || text?.split(":")[2] === service;
		if (is(streamKind, "firehose")) return this.#named(target, "arn", streamKind, (stream) => this.#stream(stream));
		if (is("aws_cloudwatch_log_group", "logs")) return this.#named(target, "arn", "aws_cloudwatch_log_group", (group) => this.#group(group));
		if (text === undefined && ids.length === 0) return [{ gap: { code: "unknown_until_apply", detail: `${target.id} arn` } }];
		return [{ lack: `${target.id} ends in no store` }];
	}

	#group(group: Evidence): End[] {
		const key = ownKey(group, "kms_key_id");
		if (key === "unknown" || isUnknown(group, "retention_in_days")) return [{ gap: { code: "unknown_until_apply", detail: group.id } }];
		if (!key) return [{ lack: `${group.id} is not encrypted with a customer managed key` }];
		const days = valueAt(group.values, "retention_in_days");
		return [{ store: group.id, keptDays: typeof days === "number" && days > 0 ? days : always, rests: [group] }];
	}
}

function listens(rule: Evidence): boolean {
	const bus = textAt(rule, "event_bus_name");
	if (bus !== undefined && bus !== "default" && !bus.endsWith(":event-bus/default")) return false;
	return /"aws\.ses"/.test(textAt(rule, "event_pattern") ?? "");
}
