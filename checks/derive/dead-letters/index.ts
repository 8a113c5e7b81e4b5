import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { documentAt, namesOf, unseen } from "../policy-documents.ts";
import { untilApply } from "../policy-facts.ts";
import { attachedTo, attachment, type Joined, type PolicySpec } from "../resource-policies.ts";

/** A redrive policy is attached just as a policy is. */
const redrives: PolicySpec = {
	subjects: [{ kind: "aws_sqs_queue" }],
	attachments: [attachment("aws_sqs_queue_redrive_policy", "queue_url", "redrive_policy")],
};

/** What may name a queue as the place for what failed. */
const senders = [
	"aws_cloudwatch_event_bus",
	"aws_cloudwatch_event_target",
	"aws_lambda_function",
	"aws_lambda_function_event_invoke_config",
	"aws_sns_topic_subscription",
];

/** derived.dead_letters, one per queue: whether it keeps what could not be handled, and whether it is itself where such things go. */
const derivation: Derivation = {
	id: "dead-letters",
	target: "plan",
	needs: ["aws_sqs_queue", "aws_sqs_queue_redrive_policy"],
	uses: senders,
	produces: ["derived.dead_letters"],
	derive: (view) => {
		const receivers = deadLetterQueues(view);
		const unread = unseen(view, senders);
		return attachedTo(view, redrives)
			.filter(({ item }) => item.kind === "aws_sqs_queue")
			.map((found) => derivedOf(found, receivers.get(found.item) ?? [], unread));
	},
};

export default derivation;

function derivedOf(found: Joined, named: readonly Evidence[], unread: EvidenceError | undefined): DerivedItem {
	const { item, attached, hidden } = found;
	const own = { kind: "derived.dead_letters", id: item.id, basis: [...new Set([item, ...attached.map((one) => one.item), ...named])] };
	if (item.error !== undefined) return { ...own, error: item.error };
	const documents = [...attached.map(({ document }) => document), documentAt(item, "redrive_policy")].filter((text) => typeof text === "string");
	if (documents.some(namesTarget)) return { ...own, values: { keepsFailures: true, isDeadLetterQueue: named.length > 0 } };
	if (named.length > 0 || documentAt(item, "redrive_allow_policy") !== undefined) return { ...own, values: { keepsFailures: false, isDeadLetterQueue: true } };
	// A text that is not known as a whole may name one, and what could not be read may name this one.
	const open: Gap | undefined =
		hidden ?? (documents.some((text) => /^\s*\$\{[^}]*\}\s*$/.test(text)) ? untilApply([`${item.id} redrive_policy`]) : undefined) ?? unread;
	if (open === undefined) return { ...own, values: { keepsFailures: false, isDeadLetterQueue: false } };
	return { ...own, values: {}, gaps: { keepsFailures: { code: open.code, detail: open.detail } } };
}

function namesTarget(text: string): boolean {
	return /"deadLetterTargetArn"\s*:\s*(?:"[^"]|\$\{)/.test(text);
}

function deadLetterQueues(view: DerivationView): Map<Evidence, Evidence[]> {
	const items = view.items("aws_sqs_queue");
	const names = namesOf(items);
	const found = new Map<Evidence, Evidence[]>();
	for (const item of [...items, ...view.items("aws_sqs_queue_redrive_policy"), ...senders.flatMap((kind) => view.items(kind))]) {
		const referred = Object.entries(item.references ?? {}).flatMap(([path, ids]) => (/dead_letter|redrive_policy|on_failure/.test(path) ? ids : []));
		const written = [...JSON.stringify(item.values ?? {}).matchAll(/arn:[^:"]*:sqs:[^"\\]*/g)].map(([arn]) => arn);
		for (const name of new Set([...referred, ...written])) {
			const queue = names.get(name);
			if (queue !== undefined && queue !== item) found.set(queue, [...(found.get(queue) ?? []), item]);
		}
	}
	return found;
}
