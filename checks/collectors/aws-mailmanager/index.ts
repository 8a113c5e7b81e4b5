import { awsCollector } from "../../aws/collector.ts";
import { listOf, table } from "../../aws/table.ts";
import { listArchives, mailmanager } from "./api.ts";
import { conditionValues } from "./values.ts";

const archives = table({
	list: listOf(listArchives, {}, (page) => page.Archives),
	id: (one) => one.ArchiveId ?? "",
	details: { archive: { operation: mailmanager("GetArchive", { expects: ["ArchiveArn"] }), input: (one) => ({ ArchiveId: one.ArchiveId }) } },
	kinds: {
		aws_mailmanager_archive: {
			of: ["archive"],
			map: (one, { archive }) => {
				const seen = archive?.[0];
				return {
					id: seen?.ArchiveArn ?? one.ArchiveId ?? "",
					values: {
						arn: seen?.ArchiveArn,
						id: one.ArchiveId,
						name: seen?.ArchiveName,
						archive_state: seen?.ArchiveState,
						kms_key_arn: seen?.KmsKeyArn,
						retention: seen?.Retention && { retention_period: seen.Retention.RetentionPeriod },
					},
				};
			},
		},
	},
});

const ingressPoints = table({
	list: listOf(mailmanager("ListIngressPoints", { pages: "NextToken", expects: ["IngressPoints"] }), {}, (page) => page.IngressPoints),
	id: (one) => one.IngressPointId ?? "",
	details: { point: { operation: mailmanager("GetIngressPoint", { expects: ["IngressPointId"] }), input: (one) => ({ IngressPointId: one.IngressPointId }) } },
	kinds: {
		aws_mailmanager_ingress_point: {
			of: ["point"],
			map: (one, { point }) => {
				const seen = point?.[0];
				const auth = seen?.IngressPointAuthConfiguration;
				const network = seen?.NetworkConfiguration;
				return {
					id: seen?.IngressPointArn ?? one.IngressPointId ?? "",
					values: {
						arn: seen?.IngressPointArn,
						id: one.IngressPointId,
						name: seen?.IngressPointName,
						rule_set_id: seen?.RuleSetId,
						status: seen?.Status,
						tls_policy: seen?.TlsPolicy,
						traffic_policy_id: seen?.TrafficPolicyId,
						type: seen?.Type,
						ingress_point_configuration: auth?.SecretArn === undefined ? undefined : { secret_arn: auth.SecretArn },
						network_configuration: network && {
							private_network_configuration: network.PrivateNetworkConfiguration && { vpc_endpoint_id: network.PrivateNetworkConfiguration.VpcEndpointId },
							public_network_configuration: network.PublicNetworkConfiguration && { ip_type: network.PublicNetworkConfiguration.IpType },
						},
					},
				};
			},
		},
	},
});

const relays = table({
	list: listOf(mailmanager("ListRelays", { pages: "NextToken", expects: ["Relays"] }), {}, (page) => page.Relays),
	id: (one) => one.RelayId ?? "",
	details: { relay: { operation: mailmanager("GetRelay", { expects: ["RelayId"] }), input: (one) => ({ RelayId: one.RelayId }) } },
	kinds: {
		aws_mailmanager_relay: {
			of: ["relay"],
			map: (one, { relay }) => {
				const seen = relay?.[0];
				return {
					id: seen?.RelayArn ?? one.RelayId ?? "",
					values: {
						arn: seen?.RelayArn,
						id: one.RelayId,
						name: seen?.RelayName,
						server_name: seen?.ServerName,
						server_port: seen?.ServerPort,
						authentication: seen?.Authentication && {
							secret_arn: seen.Authentication.SecretArn,
							no_authentication: seen.Authentication.NoAuthentication && {},
						},
					},
				};
			},
		},
	},
});

const trafficPolicies = table({
	list: listOf(mailmanager("ListTrafficPolicies", { pages: "NextToken", expects: ["TrafficPolicies"] }), {}, (page) => page.TrafficPolicies),
	id: (one) => one.TrafficPolicyId ?? "",
	details: {
		policy: { operation: mailmanager("GetTrafficPolicy", { expects: ["DefaultAction"] }), input: (one) => ({ TrafficPolicyId: one.TrafficPolicyId }) },
	},
	kinds: {
		aws_mailmanager_traffic_policy: {
			of: ["policy"],
			map: (one, { policy }) => {
				const seen = policy?.[0];
				return {
					id: seen?.TrafficPolicyArn ?? one.TrafficPolicyId ?? "",
					values: {
						arn: seen?.TrafficPolicyArn,
						id: one.TrafficPolicyId,
						name: seen?.TrafficPolicyName,
						default_action: seen?.DefaultAction,
						max_message_size_bytes: seen?.MaxMessageSizeBytes,
						policy_statement: seen?.PolicyStatements?.map((statement) => ({ action: statement.Action, condition: statement.Conditions?.map(conditionValues) })),
					},
				};
			},
		},
	},
});

/** SES Mail Manager: archives, ingress points, relays and traffic policies; archived messages are never read. */
export default awsCollector({ id: "aws-mailmanager", tables: [archives, ingressPoints, relays, trafficPolicies] });
