import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, listWithin, table } from "../../aws/table.ts";

const events = awsApi({ id: "eventbridge", prefix: "events", client: "EventBridgeClient", load: () => import("@aws-sdk/client-eventbridge") });

const busList = listOf(events("ListEventBuses", { pages: "NextToken", expects: ["EventBuses"], shared: true }), { Limit: 100 }, (page) => page.EventBuses);

const buses = table({
	list: busList,
	id: (one) => one.Arn ?? one.Name ?? "",
	details: { bus: { operation: events("DescribeEventBus", { expects: ["Name"] }), input: (one) => ({ Name: one.Name }) } },
	kinds: {
		aws_cloudwatch_event_bus: {
			of: ["bus"],
			map: (one, { bus }) => ({
				id: one.Arn ?? "",
				values: {
					arn: one.Arn,
					id: one.Name,
					name: one.Name,
					kms_key_identifier: bus?.[0]?.KmsKeyIdentifier,
					dead_letter_config: bus?.[0]?.DeadLetterConfig && { arn: bus[0].DeadLetterConfig.Arn },
				},
			}),
		},
		aws_cloudwatch_event_bus_policy: {
			of: ["bus"],
			map: ({ Name: name = "" }, { bus }) => {
				const policy = bus?.[0]?.Policy;
				return policy === undefined || policy === "" ? undefined : { id: name, values: { id: name, event_bus_name: name, policy } };
			},
		},
	},
});

const archives = table({
	list: listOf(events("ListArchives", { pages: "NextToken", expects: ["Archives"] }), { Limit: 100 }, (page) => page.Archives),
	id: (one) => one.ArchiveName ?? "",
	details: { archive: { operation: events("DescribeArchive", { expects: ["ArchiveName"] }), input: (one) => ({ ArchiveName: one.ArchiveName }) } },
	kinds: {
		aws_cloudwatch_event_archive: {
			of: ["archive"],
			map: (one, { archive }) => ({
				id: archive?.[0]?.ArchiveArn ?? one.ArchiveName ?? "",
				values: {
					arn: archive?.[0]?.ArchiveArn,
					id: one.ArchiveName,
					name: one.ArchiveName,
					event_pattern: archive?.[0]?.EventPattern,
					event_source_arn: one.EventSourceArn,
					kms_key_identifier: archive?.[0]?.KmsKeyIdentifier,
					retention_days: archive?.[0]?.RetentionDays ?? 0,
				},
			}),
		},
	},
});

const rules = table({
	list: listWithin(
		busList,
		events("ListRules", { pages: "NextToken", expects: ["Rules"] }),
		(bus) => ({ EventBusName: bus.Name, Limit: 100 }),
		(page) => page.Rules,
	),
	id: (one) => one.Arn ?? "",
	details: {
		targets: {
			operation: events("ListTargetsByRule", { pages: "NextToken", expects: ["Targets"] }),
			input: (one) => ({ Rule: one.Name, EventBusName: one.EventBusName }),
		},
	},
	kinds: {
		aws_cloudwatch_event_rule: {
			map: (one) => ({
				id: one.Arn ?? "",
				values: {
					arn: one.Arn,
					id: one.Name,
					name: one.Name,
					event_bus_name: one.EventBusName,
					event_pattern: one.EventPattern,
					role_arn: one.RoleArn,
					schedule_expression: one.ScheduleExpression,
					state: one.State,
				},
			}),
		},
		aws_cloudwatch_event_target: {
			of: ["targets"],
			map: (one, { targets }) =>
				(targets ?? []).flatMap((page) =>
					(page.Targets ?? []).map((target) => ({
						id: `${one.Arn}|${target.Id}`,
						values: {
							id: `${one.Name}-${target.Id}`,
							arn: target.Arn,
							event_bus_name: one.EventBusName,
							role_arn: target.RoleArn,
							rule: one.Name,
							target_id: target.Id,
							dead_letter_config: target.DeadLetterConfig && { arn: target.DeadLetterConfig.Arn },
						},
					})),
				),
		},
	},
});

/** Event buses, archives, rules and where they lead; inputs of targets are not kept. */
export default awsCollector({
	id: "aws-events",
	tables: [buses, archives, rules],
	shownBy: { aws_cloudwatch_event_permission: "aws_cloudwatch_event_bus_policy" },
});
