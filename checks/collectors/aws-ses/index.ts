import type { ReceiptRule } from "@aws-sdk/client-ses";
import { awsCollector } from "../../aws/collector.ts";
import { listOf, listWithin, type Made, type Place, table } from "../../aws/table.ts";
import { listRuleSets, ses } from "./api.ts";
import { ruleValues } from "./values.ts";

const setArn = ({ partition, region, account }: Place, set: string) => `arn:${partition}:ses:${region}:${account}:receipt-rule-set/${set}`;

function ruleOf(rule: ReceiptRule, set: string, place: Place): Made {
	const arn = `${setArn(place, set)}:receipt-rule/${rule.Name}`;
	return { id: arn, values: { arn, id: rule.Name, name: rule.Name, rule_set_name: set, ...ruleValues(rule) } };
}

const ruleSets = table({
	list: listOf(listRuleSets, {}, (page) => page.RuleSets),
	id: (one) => one.Name ?? "",
	details: { set: { operation: ses("DescribeReceiptRuleSet", { expects: ["Metadata"] }), input: (one) => ({ RuleSetName: one.Name }) } },
	kinds: {
		aws_ses_receipt_rule_set: {
			map: ({ Name: name = "" }, _answers, place) => ({ id: setArn(place, name), values: { arn: setArn(place, name), id: name, rule_set_name: name } }),
		},
		aws_ses_receipt_rule: {
			of: ["set"],
			map: ({ Name: name = "" }, { set }, place) => (set?.[0]?.Rules ?? []).map((rule) => ruleOf(rule, name, place)),
		},
	},
});

const activeSet = table({
	list: listOf(ses("DescribeActiveReceiptRuleSet"), {}, (page) => (page.Metadata?.Name === undefined ? [] : [page.Metadata])),
	id: (one) => one.Name ?? "",
	kinds: {
		aws_ses_active_receipt_rule_set: {
			map: ({ Name: name = "" }, _answers, place) => ({ id: name, values: { arn: setArn(place, name), id: name, rule_set_name: name } }),
		},
	},
});

const notificationTypes = ["Bounce", "Complaint", "Delivery"] as const;

const notifications = table({
	// One question for a hundred identities: SES answers one a second.
	list: listWithin(
		listOf(ses("ListIdentities", { pages: "NextToken", expects: ["Identities"] }), { MaxItems: 100 }, ({ Identities: names = [] }) =>
			names.length === 0 ? [] : [names],
		),
		ses("GetIdentityNotificationAttributes", { expects: ["NotificationAttributes"] }),
		(names) => ({ Identities: names }),
		(page) => Object.entries(page.NotificationAttributes ?? {}),
	),
	id: ([identity]) => identity,
	kinds: {
		aws_ses_identity_notification_topic: {
			map: ([identity, attributes]) =>
				notificationTypes.flatMap((type) => {
					const topic = attributes[`${type}Topic`];
					if (topic === undefined || topic === "") return [];
					const id = `${identity}|${type.toUpperCase()}`;
					const headers = attributes[`HeadersIn${type}NotificationsEnabled`];
					return [{ id, values: { id, identity, notification_type: type, include_original_headers: headers, topic_arn: topic } }];
				}),
		},
	},
});

/** SES as it receives, and what only its older API tells: receipt rules and the topics of notifications. */
export default awsCollector({ id: "aws-ses", tables: [ruleSets, activeSet, notifications] });
