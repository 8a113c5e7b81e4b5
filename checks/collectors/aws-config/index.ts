import { awsCollector } from "../../aws/collector.ts";
import { config, describeRecorderStatus, describeRecorders } from "../../aws/config-service.ts";
import { listOf, table } from "../../aws/table.ts";
import { conformancePacks, rules } from "./compliance.ts";

const recorders = table({
	list: listOf(describeRecorders, {}, (page) => page.ConfigurationRecorders),
	id: (one) => one.name ?? "",
	kinds: {
		aws_config_configuration_recorder: {
			map: (one) => {
				const { recordingGroup: group, recordingMode: mode } = one;
				return {
					id: one.arn ?? one.name ?? "",
					values: {
						id: one.name,
						name: one.name,
						role_arn: one.roleARN,
						recording_group: group && {
							all_supported: group.allSupported,
							include_global_resource_types: group.includeGlobalResourceTypes,
							resource_types: group.resourceTypes,
							exclusion_by_resource_types: group.exclusionByResourceTypes && { resource_types: group.exclusionByResourceTypes.resourceTypes },
							recording_strategy: group.recordingStrategy && { use_only: group.recordingStrategy.useOnly },
						},
						recording_mode: mode && {
							recording_frequency: mode.recordingFrequency,
							recording_mode_override: mode.recordingModeOverrides?.map((one) => ({
								recording_frequency: one.recordingFrequency,
								resource_types: one.resourceTypes,
							}))[0],
						},
					},
				};
			},
		},
	},
});

const recorderStatus = table({
	list: listOf(describeRecorderStatus, {}, (page) => page.ConfigurationRecordersStatus),
	id: (one) => one.name ?? "",
	kinds: {
		aws_config_configuration_recorder_status: {
			map: (one) => ({ id: `${one.name}|status`, values: { id: one.name, name: one.name, is_enabled: one.recording } }),
		},
		"aws.config_recorder_status": {
			map: (one) => ({
				id: `${one.name}|last_status`,
				values: {
					name: one.name,
					recording: one.recording,
					last_status: one.lastStatus,
					last_error_code: one.lastErrorCode,
					last_status_change_at: one.lastStatusChangeTime,
				},
			}),
		},
	},
});

const channels = table({
	list: listOf(config("DescribeDeliveryChannels", { expects: ["DeliveryChannels"] }), {}, (page) => page.DeliveryChannels),
	id: (one) => one.name ?? "",
	kinds: {
		aws_config_delivery_channel: {
			map: (one) => ({
				id: `${one.name}|channel`,
				values: {
					id: one.name,
					name: one.name,
					s3_bucket_name: one.s3BucketName,
					s3_key_prefix: one.s3KeyPrefix,
					s3_kms_key_arn: one.s3KmsKeyArn,
					sns_topic_arn: one.snsTopicARN,
				},
			}),
		},
	},
});

const channelStatus = table({
	list: listOf(config("DescribeDeliveryChannelStatus", { expects: ["DeliveryChannelsStatus"] }), {}, (page) => page.DeliveryChannelsStatus),
	id: (one) => one.name ?? "",
	kinds: {
		"aws.config_delivery_status": {
			map: (one) => ({
				id: `${one.name}|delivery`,
				values: {
					name: one.name,
					history_status: one.configHistoryDeliveryInfo?.lastStatus,
					history_delivered_at: one.configHistoryDeliveryInfo?.lastSuccessfulTime,
					stream_status: one.configStreamDeliveryInfo?.lastStatus,
				},
			}),
		},
	},
});

/** AWS Config: what it records, whether that is delivered, and what its own rules say, which is told beside our verdicts and decides none. */
export default awsCollector({ id: "aws-config", tables: [recorders, recorderStatus, channels, channelStatus, rules, conformancePacks] });
