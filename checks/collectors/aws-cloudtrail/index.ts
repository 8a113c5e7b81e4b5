import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const cloudtrail = awsApi({ id: "cloudtrail", client: "CloudTrailClient", load: () => import("@aws-sdk/client-cloudtrail"), concurrency: 2 });

const trails = table({
	// Trails of other Regions and of the organization that record this Region count as well.
	list: listOf(cloudtrail("DescribeTrails", { expects: ["trailList"] }), { includeShadowTrails: true }, (page) => page.trailList),
	id: (one) => one.TrailARN ?? one.Name ?? "",
	details: {
		status: { operation: cloudtrail("GetTrailStatus", { expects: ["IsLogging"] }), input: (one) => ({ Name: one.TrailARN }) },
		selectors: { operation: cloudtrail("GetEventSelectors"), input: (one) => ({ TrailName: one.TrailARN }) },
	},
	kinds: {
		aws_cloudtrail: {
			of: ["status", "selectors"],
			map: (one, { status, selectors }) => {
				const seen = selectors?.[0];
				return {
					id: one.TrailARN ?? "",
					values: {
						arn: one.TrailARN,
						id: one.TrailARN,
						name: one.Name,
						cloud_watch_logs_group_arn: one.CloudWatchLogsLogGroupArn,
						cloud_watch_logs_role_arn: one.CloudWatchLogsRoleArn,
						enable_log_file_validation: one.LogFileValidationEnabled,
						enable_logging: status?.[0]?.IsLogging,
						home_region: one.HomeRegion,
						include_global_service_events: one.IncludeGlobalServiceEvents,
						is_multi_region_trail: one.IsMultiRegionTrail,
						is_organization_trail: one.IsOrganizationTrail,
						kms_key_id: one.KmsKeyId,
						s3_bucket_name: one.S3BucketName,
						s3_key_prefix: one.S3KeyPrefix,
						sns_topic_name: one.SnsTopicName,
						advanced_event_selector: seen?.AdvancedEventSelectors?.map((selector) => ({
							name: selector.Name,
							field_selector: selector.FieldSelectors?.map((field) => ({
								field: field.Field,
								equals: field.Equals,
								not_equals: field.NotEquals,
								starts_with: field.StartsWith,
								not_starts_with: field.NotStartsWith,
								ends_with: field.EndsWith,
								not_ends_with: field.NotEndsWith,
							})),
						})),
						event_selector: seen?.EventSelectors?.map((selector) => ({
							exclude_management_event_sources: selector.ExcludeManagementEventSources,
							include_management_events: selector.IncludeManagementEvents,
							read_write_type: selector.ReadWriteType,
							data_resource: selector.DataResources?.map((data) => ({ type: data.Type, values: data.Values })),
						})),
					},
				};
			},
		},
		"aws.cloudtrail_status": {
			of: ["status"],
			map: (one, { status }) => ({
				id: `${one.TrailARN}|status`,
				values: {
					arn: one.TrailARN,
					is_logging: status?.[0]?.IsLogging,
					latest_delivery_at: status?.[0]?.LatestDeliveryTime,
					latest_delivery_error: status?.[0]?.LatestDeliveryError,
					latest_digest_delivery_at: status?.[0]?.LatestDigestDeliveryTime,
					latest_cloud_watch_logs_delivery_at: status?.[0]?.LatestCloudWatchLogsDeliveryTime,
					latest_cloud_watch_logs_delivery_error: status?.[0]?.LatestCloudWatchLogsDeliveryError,
				},
			}),
		},
	},
});

/** Trails: what they record, where it goes, and whether it arrives. */
export default awsCollector({ id: "aws-cloudtrail", tables: [trails] });
