import type { Evidence, Gap } from "../../../model/evidence.ts";
import { hipaaServices } from "../../data/hipaa-services/hipaa-services.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const flow = "derived.mail_flow";
/** Service by the resource type that mail data passes through. */
const serviceOf: ReadonlyMap<string, string> = new Map([
	["aws_cloudwatch_event_bus", "events"],
	["aws_cloudwatch_event_rule", "events"],
	["aws_kinesis_firehose_delivery_stream", "firehose"],
	["aws_kinesis_stream", "kinesis"],
	["aws_lambda_function", "lambda"],
	["aws_s3_bucket", "s3"],
	["aws_sns_topic", "sns"],
	["aws_sns_topic_subscription", "sns"],
	["aws_sqs_queue", "sqs"],
]);
const targetKind = "aws_cloudwatch_event_target";
const ruleKind = "aws_ses_receipt_rule";

/**
 * derived.aws_service, one per AWS service on the path of mail data: SES itself, what carries mail or its events, targets of the rules that do,
 * and WorkMail where a receipt rule hands messages to it. `eligible`: whether AWS's list names it; a gap where the list is older than a year,
 * or where the service may be newer than it.
 */
const derivation: Derivation = {
	id: "aws-services",
	target: "plan",
	needs: [flow, targetKind, ruleKind],
	produces: ["derived.aws_service"],
	derive(view) {
		const services = new Map<string, Evidence[]>();
		const note = (service: string, by: Evidence): void => {
			services.set(service, [...(services.get(service) ?? []), by]);
		};
		const items: DerivedItem[] = [];
		const carrying = new Set<string>();
		const followed = new Set<string>();
		for (const way of view.items(flow)) {
			const { resource, kind, carries } = (way.values ?? {}) as { resource?: string; kind?: string; carries?: boolean | null };
			if (resource !== undefined) followed.add(resource);
			if (carries === false || resource === undefined || kind === undefined) continue;
			carrying.add(resource);
			note(serviceOf.get(kind) ?? kind, way);
		}
		for (const target of view.items(targetKind)) {
			// Where a target that could not be read leads, mail may go.
			if (target.status === "error")
				items.push({ kind: "derived.aws_service", id: target.id, error: target.error ?? { code: "malformed", message: "no error code" }, basis: [target] });
			if (target.status !== "ok" || !targetOfMail(view, target, carrying)) continue;
			const service = textAt(target, "arn")?.split(":")[2];
			if (service !== undefined) note(service, target);
			// A resource that mail is followed to has an item of its own; of what service another is, its reference does not say.
			else if (isUnknown(target, "arn") && !(target.references?.arn ?? []).some((id) => followed.has(id))) items.push(openTarget(target));
		}
		for (const rule of view.items(ruleKind)) {
			if (rule.status === "error")
				items.push({ kind: "derived.aws_service", id: rule.id, error: rule.error ?? { code: "malformed", message: "no error code" }, basis: [rule] });
			if (rule.status !== "ok") continue;
			note("ses", rule);
			const workmail = valueAt(rule.values, "workmail_action");
			if (Array.isArray(workmail) && workmail.length > 0) note("workmail", rule);
		}
		return [...items, ...[...services].map(([service, by]) => itemOf(view, service, by))];
	},
};

export default derivation;

function targetOfMail(view: DerivationView, target: Evidence, carrying: ReadonlySet<string>): boolean {
	const rule = view.items(flow).find((way) => {
		const { resource, kind } = (way.values ?? {}) as { resource?: string; kind?: string };
		return (
			kind === "aws_cloudwatch_event_rule" &&
			resource !== undefined &&
			carrying.has(resource) &&
			((target.references?.rule ?? []).includes(resource) || named(target, resource))
		);
	});
	return rule !== undefined;
}

/** A rule of an account is known by its ARN, whose last part is the name that the target gives. */
function named(target: Evidence, rule: string): boolean {
	const name = textAt(target, "rule");
	return name !== undefined && (rule.endsWith(`/${name}`) || rule.endsWith(`.${name}`));
}

/** The youngest copy of the list that can be shown is months old; one older than a year says nothing more. */
const yearMs = 365 * 86_400_000;

function itemOf(view: DerivationView, service: string, by: readonly Evidence[]): DerivedItem {
	const [listed, left] = [hipaaServices.eligible.get(service), hipaaServices.notListed.get(service)];
	const values = { service, name: listed ?? left ?? null, listAsOf: hipaaServices.asOf };
	const old = view.asOf.getTime() - Date.parse(hipaaServices.asOf) > yearMs;
	const basis = by.slice(0, 20);
	if (!old && (listed !== undefined || left !== undefined))
		return { kind: "derived.aws_service", id: service, values: { ...values, eligible: listed !== undefined }, basis };
	const gap: Gap = old
		? { code: "data_stale", detail: `HIPAA eligible services as of ${hipaaServices.asOf}` }
		: { code: "vendor_unknown", detail: `AWS service ${service}` };
	return { kind: "derived.aws_service", id: service, values, gaps: { eligible: gap }, basis };
}

function openTarget(target: Evidence): DerivedItem {
	const gap: Gap = { code: "unknown_until_apply", detail: `${target.id} arn` };
	return {
		kind: "derived.aws_service",
		id: `target ${target.id}`,
		values: { service: null, name: null, listAsOf: hipaaServices.asOf },
		gaps: { eligible: gap },
		basis: [target],
	};
}
