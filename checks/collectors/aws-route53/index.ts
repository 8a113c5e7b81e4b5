import type { HostedZone, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { awsCollector } from "../../aws/collector.ts";
import { MalformedAnswer } from "../../aws/errors.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const route53 = awsApi({
	id: "route-53",
	prefix: "route53",
	client: "Route53Client",
	load: () => import("@aws-sdk/client-route-53"),
	global: true,
	concurrency: 2,
});
const domains = awsApi({
	id: "route-53-domains",
	prefix: "route53domains",
	client: "Route53DomainsClient",
	load: () => import("@aws-sdk/client-route-53-domains"),
	global: true,
	concurrency: 2,
	// The registry of domains is in one Region alone.
	settings: { region: "us-east-1" },
});

const idOf = (one: HostedZone) => one.Id?.replace("/hostedzone/", "") ?? "";
const bare = (name: string | undefined) => name?.replace(/\.$/, "");
const isPrivate = (one: HostedZone) => one.Config?.PrivateZone === true;

function recordValues(record: ResourceRecordSet, zone: string): Record<string, unknown> {
	const alias = record.AliasTarget;
	return {
		id: [zone, bare(record.Name), record.Type, record.SetIdentifier].filter((part) => part !== undefined).join("_"),
		fqdn: bare(record.Name),
		name: bare(record.Name),
		type: record.Type,
		ttl: record.TTL,
		records: record.ResourceRecords?.map((one) => one.Value),
		set_identifier: record.SetIdentifier,
		zone_id: zone,
		alias: alias && { evaluate_target_health: alias.EvaluateTargetHealth, name: bare(alias.DNSName), zone_id: alias.HostedZoneId },
	};
}

const zones = table({
	list: listOf(route53("ListHostedZones", { pages: ["NextMarker", "Marker"], expects: ["HostedZones"] }), {}, (page) => page.HostedZones),
	id: (one) => `zone/${idOf(one)}`,
	details: {
		zone: { operation: route53("GetHostedZone", { expects: ["HostedZone"] }), input: (one) => ({ Id: idOf(one) }) },
		dnssec: { operation: route53("GetDNSSEC", { expects: ["Status"] }), input: (one) => (isPrivate(one) ? undefined : { HostedZoneId: idOf(one) }) },
		records: {
			operation: route53("ListResourceRecordSets", {
				expects: ["ResourceRecordSets"],
				pages: (page) =>
					page.IsTruncated === true
						? { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType, StartRecordIdentifier: page.NextRecordIdentifier }
						: undefined,
			}),
			input: (one) => ({ HostedZoneId: idOf(one) }),
		},
	},
	kinds: {
		aws_route53_zone: {
			of: ["zone"],
			map: (one, { zone }, { partition }) => ({
				id: `zone/${idOf(one)}`,
				values: {
					arn: `arn:${partition}:route53:::hostedzone/${idOf(one)}`,
					id: idOf(one),
					zone_id: idOf(one),
					name: bare(one.Name),
					vpc: isPrivate(one) ? zone?.[0]?.VPCs?.map((vpc) => ({ vpc_id: vpc.VPCId, vpc_region: vpc.VPCRegion })) : undefined,
				},
			}),
		},
		aws_route53_hosted_zone_dnssec: {
			of: ["dnssec"],
			map: (one, { dnssec }) =>
				dnssec === null
					? undefined
					: { id: idOf(one), values: { id: idOf(one), hosted_zone_id: idOf(one), signing_status: dnssec[0]?.Status?.ServeSignature ?? "NOT_SIGNING" } },
		},
		aws_route53_key_signing_key: {
			of: ["dnssec"],
			map: (one, { dnssec }) =>
				(dnssec?.[0]?.KeySigningKeys ?? []).map((key) => ({
					id: `${idOf(one)},${key.Name}`,
					values: {
						id: `${idOf(one)},${key.Name}`,
						hosted_zone_id: idOf(one),
						key_management_service_arn: key.KmsArn,
						name: key.Name,
						status: key.Status,
						ds_record: key.DSRecord,
					},
				})),
		},
		aws_route53_record: {
			of: ["records"],
			map: (one, { records }) =>
				(records ?? []).flatMap((page) =>
					(page.ResourceRecordSets ?? []).map((record) => {
						const values = recordValues(record, idOf(one));
						return { id: String(values.id), values };
					}),
				),
		},
	},
});

const queryLogs = table({
	list: listOf(route53("ListQueryLoggingConfigs", { pages: "NextToken", expects: ["QueryLoggingConfigs"] }), {}, (page) => page.QueryLoggingConfigs),
	id: (one) => one.Id ?? "",
	kinds: {
		aws_route53_query_log: {
			map: (one) => ({ id: one.Id ?? "", values: { id: one.Id, cloudwatch_log_group_arn: one.CloudWatchLogsLogGroupArn, zone_id: one.HostedZoneId } }),
		},
	},
});

/** EPP status codes of RFC 5731, section 2.3, which a registry may write with an address behind. */
function isLocked(statuses: readonly string[] | undefined): boolean {
	if (statuses === undefined) throw new MalformedAnswer("the answer holds no StatusList");
	return statuses.some((status) => /^(?:client|server)TransferProhibited\b/i.test(status));
}

const registered = table({
	list: listOf(domains("ListDomains", { pages: ["NextPageMarker", "Marker"], expects: ["Domains"] }), {}, (page) => page.Domains),
	id: (one) => one.DomainName ?? "",
	details: { detail: { operation: domains("GetDomainDetail", { expects: ["DomainName"] }), input: (one) => ({ DomainName: one.DomainName }) } },
	kinds: {
		aws_route53domains_registered_domain: {
			of: ["detail"],
			map: (one, { detail }) => ({
				id: `domain/${one.DomainName}`,
				values: {
					id: one.DomainName,
					domain_name: one.DomainName,
					auto_renew: one.AutoRenew,
					transfer_lock: isLocked(detail?.[0]?.StatusList),
					// Contacts stay where they are: names, addresses and numbers of people.
					name_server: detail?.[0]?.Nameservers?.map((server) => ({ name: server.Name })),
				},
			}),
		},
		"aws.domain_registration": {
			of: ["detail"],
			map: (one, { detail }) => ({
				id: `domain/${one.DomainName}|registration`,
				values: { domain_name: one.DomainName, auto_renew: detail?.[0]?.AutoRenew, expires_at: detail?.[0]?.ExpirationDate },
			}),
		},
	},
});

/** Zones with records, signatures and query logs, and the domains registered here. */
export default awsCollector({ id: "aws-route53", tables: [zones, queryLogs, registered] });
