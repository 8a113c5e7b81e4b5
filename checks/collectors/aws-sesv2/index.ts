import { awsCollector } from "../../aws/collector.ts";
import { listOf, type Place, table } from "../../aws/table.ts";
import { getAccount, listConfigurationSets, listIdentities, ses } from "./api.ts";
import { regions } from "./regions.ts";
import { identityValues, setValues } from "./values.ts";

const identityArn = ({ partition, region, account }: Place, name: string) => `arn:${partition}:ses:${region}:${account}:identity/${name}`;
const setArn = ({ partition, region, account }: Place, name: string) => `arn:${partition}:ses:${region}:${account}:configuration-set/${name}`;

const identities = table({
	list: listOf(listIdentities, { PageSize: 1000 }, (page) => page.EmailIdentities),
	id: (one) => one.IdentityName ?? "",
	details: {
		identity: {
			operation: ses("GetEmailIdentity", { expects: ["IdentityType", "DkimAttributes", "FeedbackForwardingStatus"] }),
			input: (one) => ({ EmailIdentity: one.IdentityName }),
		},
		policies: { operation: ses("GetEmailIdentityPolicies", { expects: ["Policies"] }), input: (one) => ({ EmailIdentity: one.IdentityName }) },
	},
	kinds: {
		aws_sesv2_email_identity: {
			of: ["identity"],
			map: ({ IdentityName: name = "" }, { identity }, place) => {
				const arn = identityArn(place, name);
				return { id: arn, values: { arn, id: name, email_identity: name, ...identityValues(identity?.[0]) } };
			},
		},
		aws_sesv2_email_identity_mail_from_attributes: {
			of: ["identity"],
			map: ({ IdentityName: name = "" }, { identity }) => {
				const from = identity?.[0]?.MailFromAttributes;
				if (!from?.MailFromDomain) return undefined;
				return {
					id: name,
					values: { id: name, email_identity: name, mail_from_domain: from.MailFromDomain, behavior_on_mx_failure: from.BehaviorOnMxFailure },
				};
			},
		},
		aws_sesv2_email_identity_feedback_attributes: {
			of: ["identity"],
			map: ({ IdentityName: name = "" }, { identity }) => ({
				id: name,
				values: { id: name, email_identity: name, email_forwarding_enabled: identity?.[0]?.FeedbackForwardingStatus },
			}),
		},
		aws_sesv2_email_identity_policy: {
			of: ["policies"],
			map: ({ IdentityName: name = "" }, { policies }) =>
				Object.entries(policies?.[0]?.Policies ?? {}).map(([policyName, policy]) => ({
					id: `${name}|${policyName}`,
					values: { id: `${name}|${policyName}`, email_identity: name, policy_name: policyName, policy },
				})),
		},
		"aws.ses_identity": {
			of: ["identity"],
			map: ({ IdentityName: name = "", SendingEnabled }, { identity }, place) => {
				const seen = identity?.[0];
				return {
					id: name,
					values: {
						arn: identityArn(place, name),
						email_identity: name,
						identity_type: seen?.IdentityType,
						sending_enabled: SendingEnabled,
						verified_for_sending: seen?.VerifiedForSendingStatus,
						dkim_signing_enabled: seen?.DkimAttributes?.SigningEnabled,
						dkim_status: seen?.DkimAttributes?.Status,
						dkim_signing_hosted_zone: seen?.DkimAttributes?.SigningHostedZone,
						mail_from_domain: seen?.MailFromAttributes?.MailFromDomain,
						mail_from_domain_status: seen?.MailFromAttributes?.MailFromDomainStatus,
					},
				};
			},
		},
	},
});

const configurationSets = table({
	list: listOf(listConfigurationSets, { PageSize: 1000 }, (page) => page.ConfigurationSets),
	id: (name) => name,
	details: {
		set: { operation: ses("GetConfigurationSet", { expects: ["ConfigurationSetName"] }), input: (name) => ({ ConfigurationSetName: name }) },
		destinations: {
			operation: ses("GetConfigurationSetEventDestinations", { expects: ["EventDestinations"] }),
			input: (name) => ({ ConfigurationSetName: name }),
		},
	},
	kinds: {
		aws_sesv2_configuration_set: {
			of: ["set"],
			map: (name, { set }, place) => ({
				id: setArn(place, name),
				values: { arn: setArn(place, name), id: name, configuration_set_name: name, ...setValues(set?.[0]) },
			}),
		},
		aws_sesv2_configuration_set_event_destination: {
			of: ["destinations"],
			map: (name, { destinations }) =>
				(destinations ?? []).flatMap((page) =>
					(page.EventDestinations ?? []).map((one) => ({
						id: `${name}|${one.Name}`,
						values: {
							id: `${name}|${one.Name}`,
							configuration_set_name: name,
							event_destination_name: one.Name,
							event_destination: {
								enabled: one.Enabled,
								matching_event_types: one.MatchingEventTypes,
								cloud_watch_destination: one.CloudWatchDestination && {
									dimension_configuration: one.CloudWatchDestination.DimensionConfigurations?.map((dimension) => ({
										default_dimension_value: dimension.DefaultDimensionValue,
										dimension_name: dimension.DimensionName,
										dimension_value_source: dimension.DimensionValueSource,
									})),
								},
								event_bridge_destination: one.EventBridgeDestination && { event_bus_arn: one.EventBridgeDestination.EventBusArn },
								kinesis_firehose_destination: one.KinesisFirehoseDestination && {
									delivery_stream_arn: one.KinesisFirehoseDestination.DeliveryStreamArn,
									iam_role_arn: one.KinesisFirehoseDestination.IamRoleArn,
								},
								pinpoint_destination: one.PinpointDestination && { application_arn: one.PinpointDestination.ApplicationArn },
								sns_destination: one.SnsDestination && { topic_arn: one.SnsDestination.TopicArn },
							},
						},
					})),
				),
		},
		// No released AWS provider knows the archive of a configuration set.
		"aws.ses_configuration_set_archive": {
			of: ["set"],
			map: (name, { set }) => ({ id: name, values: { configuration_set_name: name, archive_arn: set?.[0]?.ArchivingOptions?.ArchiveArn } }),
		},
	},
});

const account = table({
	list: listOf(getAccount, {}, (page) => [page]),
	id: () => "ses",
	kinds: {
		"aws.ses_account": {
			map: (one, _answers, { account, region }) => ({
				id: `${account}/${region}/ses`,
				values: { production_access_enabled: one.ProductionAccessEnabled, sending_enabled: one.SendingEnabled, enforcement_status: one.EnforcementStatus },
			}),
		},
		aws_sesv2_account_suppression_attributes: {
			map: (one, _answers, { account }) => ({ id: account, values: { id: account, suppressed_reasons: one.SuppressionAttributes?.SuppressedReasons ?? [] } }),
		},
		aws_sesv2_account_vdm_attributes: {
			map: (one, _answers, { account }) =>
				one.VdmAttributes && {
					id: "ses-account-vdm-attributes",
					values: {
						id: account,
						vdm_enabled: one.VdmAttributes.VdmEnabled,
						dashboard_attributes: one.VdmAttributes.DashboardAttributes && { engagement_metrics: one.VdmAttributes.DashboardAttributes.EngagementMetrics },
						guardian_attributes: one.VdmAttributes.GuardianAttributes && {
							optimized_shared_delivery: one.VdmAttributes.GuardianAttributes.OptimizedSharedDelivery,
						},
					},
				},
		},
	},
});

/** SES as it sends: identities, configuration sets with their event destinations, the account's own settings, and which Regions hold any. */
export default awsCollector({
	id: "aws-sesv2",
	tables: [identities, configurationSets, account, regions],
	shownBy: {
		aws_ses_domain_identity: "aws_sesv2_email_identity",
		aws_ses_email_identity: "aws_sesv2_email_identity",
		aws_ses_domain_dkim: "aws_sesv2_email_identity",
		aws_ses_domain_mail_from: "aws_sesv2_email_identity_mail_from_attributes",
		aws_ses_identity_policy: "aws_sesv2_email_identity_policy",
		aws_ses_configuration_set: "aws_sesv2_configuration_set",
		aws_ses_event_destination: "aws_sesv2_configuration_set_event_destination",
	},
});
