import type { Evidence } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView } from "../derivation.ts";
import { isUnknown, textAt, unknownText, unseen } from "../policy-documents.ts";
import type { Facts } from "../policy-facts.ts";
import { attachment, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const destinations = "aws_sesv2_configuration_set_event_destination";

const spec: ResourcePolicySpec = {
	produces: "derived.event_bus_policy",
	subjects: [{ kind: "aws_cloudwatch_event_bus" }],
	attachments: [
		attachment("aws_cloudwatch_event_bus_policy", "event_bus_name"),
		{ kind: "aws_cloudwatch_event_permission", link: "event_bus_name", document: permissionStatement },
	],
	several: true,
	facts: (_subject, view) => carried(view),
};

/** derived.event_bus_policy, one per bus, or per policy of the default bus: whom it admits, and whether SES puts its events on a bus at all. */
const derivation: Derivation = {
	id: "event-bus-policies",
	target: "plan",
	needs: ["aws_cloudwatch_event_bus", "aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_permission"],
	uses: [destinations],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;

function carried(view: DerivationView): Facts {
	const items = view.items(destinations);
	const uses = items.filter((item) => {
		const destination = valueAt(item.values, "event_destination.event_bridge_destination");
		return (destination !== undefined && destination !== null) || isUnknown(item, "event_destination.event_bridge_destination");
	});
	const hidden = unseen(view, [destinations]);
	if (uses.length === 0 && hidden !== undefined) return { values: {}, gaps: new Map([["carriesMailEvents", { code: hidden.code, detail: hidden.detail }]]) };
	return { values: { carriesMailEvents: uses.length > 0 }, gaps: new Map(), rests: uses };
}

/** The statement that EventBridge makes of a permission (PutPermission). */
function permissionStatement(item: Evidence): unknown {
	const known = (path: string): string | undefined => textAt(item, path) ?? (isUnknown(item, path) ? unknownText : undefined);
	const principal = known("principal") ?? unknownText;
	const key = known("condition.key");
	const condition = key === undefined ? {} : { Condition: { [known("condition.type") ?? "StringEquals"]: { [key]: known("condition.value") ?? unknownText } } };
	return {
		Version: "2012-10-17",
		Statement: [
			{
				Sid: known("statement_id") ?? item.id,
				Effect: "Allow",
				Principal: principal === "*" || principal === unknownText ? principal : { AWS: principal },
				Action: known("action") ?? "events:PutEvents",
				Resource: "*",
				...condition,
			},
		],
	};
}
