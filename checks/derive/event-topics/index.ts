import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import { holdersOf, type Policy, type ServicePrincipal, servicePrincipals, type Ternary } from "../../protocols/iam/index.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { keyPolicies, policiesOfKeys } from "../key-documents.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";
import { serviceName, truth, unknownPrincipals } from "../policy-facts.ts";
import type { FoundPolicies } from "../resource-policies.ts";

/** What publishes events of SES to a topic, and the attribute that names it. */
const publishers: ReadonlyMap<string, string> = new Map([
	["aws_sesv2_configuration_set_event_destination", "event_destination.sns_destination.topic_arn"],
	["aws_ses_event_destination", "sns_destination.topic_arn"],
	["aws_ses_identity_notification_topic", "topic_arn"],
]);

/**
 * derived.event_topic, one per destination of SES events that is a topic: whether the topic is encrypted, and whether its key
 * lets SES publish for this account alone. Without that SNS refuses the event and nobody is told.
 */
const derivation: Derivation = {
	id: "event-topics",
	target: "plan",
	needs: [...publishers.keys(), "aws_sns_topic", "aws_kms_alias", ...[...keyPolicies.subjects, ...keyPolicies.attachments].map(({ kind }) => kind)],
	produces: ["derived.event_topic"],
	derive: (view) => topicsOf(view),
};

export default derivation;

function topicsOf(view: DerivationView): DerivedItem[] {
	const topics = namesOf(view.items("aws_sns_topic"));
	const found = new Map(policiesOfKeys(view).map((one) => [one.item, one]));
	const keys = namesOf([...found.keys()]);
	// An alias stands for its key.
	for (const alias of view.items("aws_kms_alias")) {
		const named = namedBy(alias, "target_key_id", keys);
		if (typeof named === "string") continue;
		for (const name of [alias.id, textAt(alias, "name"), textAt(alias, "arn")]) if (name !== undefined) keys.set(name, named.item);
	}
	const items: DerivedItem[] = [];
	for (const [kind, path] of publishers) {
		for (const item of view.items(kind)) {
			if (item.status === "error") items.push({ kind: "derived.event_topic", id: item.id, error: item.error as EvidenceError, basis: [item] });
			else if (textAt(item, path) !== undefined || isUnknown(item, path)) items.push(derivedOf(item, path, topics, keys, found));
		}
	}
	return items;
}

function derivedOf(
	item: Evidence,
	path: string,
	topics: ReadonlyMap<string, Evidence>,
	keys: ReadonlyMap<string, Evidence>,
	found: ReadonlyMap<Evidence, FoundPolicies>,
): DerivedItem {
	const own = { kind: "derived.event_topic", id: item.id };
	const unseen = (what: string, code: Gap["code"], basis: Evidence[]): DerivedItem => ({
		...own,
		values: {},
		gaps: { encrypted: { code, detail: what }, admitsSes: { code, detail: what } },
		basis,
	});
	const topic = namedBy(item, path, topics);
	if (typeof topic === "string") return unseen(`${item.id} ${path}`, topic === "unknown" ? "unknown_until_apply" : "not_in_plan", [item]);
	const basis = [item, topic.item];
	if (topic.item.error !== undefined) return unseen(topic.item.id, topic.item.error.code, basis);
	const named = textAt(topic.item, "kms_master_key_id");
	if (named === undefined && !isUnknown(topic.item, "kms_master_key_id")) return { ...own, values: { topic: topic.item.id, encrypted: false }, basis };
	const values = { topic: topic.item.id, encrypted: true };
	// Its policy is AWS's own, and admits no service (SNS Developer Guide, "Key management").
	if (named !== undefined && /(?:^|:)alias\/aws\//.test(named)) return { ...own, values: { ...values, admitsSes: false }, basis };
	const key = namedBy(topic.item, "kms_master_key_id", keys);
	if (typeof key === "string") return unseen(`${topic.item.id} kms_master_key_id`, key === "unknown" ? "unknown_until_apply" : "not_in_plan", basis);
	const policies = found.get(key.item);
	const rests = [...basis, ...(policies?.basis ?? [key.item])];
	const error = policies?.error ?? policies?.hidden;
	if (policies === undefined || error !== undefined) return unseen(key.item.id, error?.code ?? "not_in_plan", rests);
	const { values: facts, gaps } = truth("admitsSes", admitsSes(policies.policies), [`${key.item.id} policy`]);
	return { ...own, values: { ...values, key: key.item.id, ...facts }, basis: rests, ...(gaps.size === 0 ? {} : { gaps: Object.fromEntries(gaps) }) };
}

/** SES needs both actions (SES Developer Guide, "Configuring Amazon SNS notifications"); the source account and ARN keep others out. */
function admitsSes(policies: readonly Policy[]): Ternary {
	const holders = holdersOf(policies, ["kms:GenerateDataKey", "kms:Decrypt"]).filter(
		({ type, principal }) => type === "Service" && serviceName(principal) === "ses",
	);
	const statements = new Set(holders.flatMap((holder) => holder.statements));
	const grants = servicePrincipals(policies).filter(({ statement, service }) => statements.has(statement) && serviceName(service) === "ses");
	const bounds = grants.map(boundToSource);
	if (holders.some(({ actions }) => actions.length === 2) && bounds.every((bound) => bound === "yes")) return "yes";
	const open = unknownPrincipals(policies).length > 0 || bounds.includes("unknown") || holders.some(({ maybe }) => maybe.length > 0);
	return open && !bounds.includes("no") ? "unknown" : "no";
}

function boundToSource({ boundBy }: ServicePrincipal): Ternary {
	const limits = ["aws:sourceaccount", "aws:sourcearn"].map((key) => boundBy.find((limit) => limit.key.toLowerCase() === key)?.limits ?? "no");
	if (limits.includes("no")) return "no";
	return limits.includes("unknown") ? "unknown" : "yes";
}
