import type {
	CloudWatchLoggingOptions,
	DeliveryStreamDescription,
	DestinationDescription,
	EncryptionConfiguration,
	S3DestinationDescription,
} from "@aws-sdk/client-firehose";

/** A stream in the words of aws_kinesis_firehose_delivery_stream. Access keys and parameters of endpoints are left where they are. */
export function streamValues(stream: DeliveryStreamDescription): Record<string, unknown> {
	const encryption = stream.DeliveryStreamEncryptionConfiguration;
	const { KinesisStreamSourceDescription: kinesis, MSKSourceDescription: kafka } = stream.Source ?? {};
	const destination = stream.Destinations?.[0];
	return {
		arn: stream.DeliveryStreamARN,
		id: stream.DeliveryStreamARN,
		name: stream.DeliveryStreamName,
		server_side_encryption: { enabled: encryption?.Status === "ENABLED", key_arn: encryption?.KeyARN, key_type: encryption?.KeyType },
		kinesis_source_configuration: kinesis && { kinesis_stream_arn: kinesis.KinesisStreamARN, role_arn: kinesis.RoleARN },
		msk_source_configuration: kafka && { msk_cluster_arn: kafka.MSKClusterARN, topic_name: kafka.TopicName },
		...(destination === undefined ? {} : destinationValues(destination)),
	};
}

function destinationValues(one: DestinationDescription): Record<string, unknown> {
	const s3 = one.ExtendedS3DestinationDescription;
	if (s3 !== undefined) {
		return {
			destination: "extended_s3",
			extended_s3_configuration: {
				...s3Values(s3),
				s3_backup_mode: s3.S3BackupMode,
				s3_backup_configuration: s3.S3BackupDescription && s3Values(s3.S3BackupDescription),
			},
		};
	}
	for (const [destination, seen, own] of others(one)) {
		if (seen === undefined) continue;
		return {
			destination,
			[`${destination}_configuration`]: {
				...own,
				s3_backup_mode: seen.S3BackupMode,
				cloudwatch_logging_options: loggingValues(seen.CloudWatchLoggingOptions),
				s3_configuration: seen.S3DestinationDescription && s3Values(seen.S3DestinationDescription),
			},
		};
	}
	return {};
}

/** What the destinations other than S3 have in common. */
interface Other {
	S3BackupMode?: string | undefined;
	CloudWatchLoggingOptions?: CloudWatchLoggingOptions | undefined;
	S3DestinationDescription?: S3DestinationDescription | undefined;
}

function others(one: DestinationDescription): [string, Other | undefined, Record<string, unknown>][] {
	const { ElasticsearchDestinationDescription: elasticsearch, AmazonopensearchserviceDestinationDescription: opensearch } = one;
	const { AmazonOpenSearchServerlessDestinationDescription: serverless, HttpEndpointDestinationDescription: http } = one;
	const { IcebergDestinationDescription: iceberg, RedshiftDestinationDescription: redshift } = one;
	const { SnowflakeDestinationDescription: snowflake, SplunkDestinationDescription: splunk } = one;
	return [
		["elasticsearch", elasticsearch, { cluster_endpoint: elasticsearch?.ClusterEndpoint, domain_arn: elasticsearch?.DomainARN }],
		["opensearch", opensearch, { cluster_endpoint: opensearch?.ClusterEndpoint, domain_arn: opensearch?.DomainARN }],
		["opensearchserverless", serverless, { collection_endpoint: serverless?.CollectionEndpoint }],
		["http_endpoint", http, { url: withoutQuery(http?.EndpointConfiguration?.Url) }],
		["iceberg", iceberg, { catalog_arn: iceberg?.CatalogConfiguration?.CatalogARN }],
		["redshift", redshift, { cluster_jdbcurl: withoutQuery(redshift?.ClusterJDBCURL) }],
		["snowflake", snowflake, { account_url: snowflake?.AccountUrl }],
		["splunk", splunk, { hec_endpoint: withoutQuery(splunk?.HECEndpoint) }],
	];
}

/** A query may carry a token. */
function withoutQuery(url: string | undefined): string | undefined {
	return url?.replace(/[?#].*$/s, "");
}

function s3Values(one: S3DestinationDescription & { EncryptionConfiguration: EncryptionConfiguration | undefined }): Record<string, unknown> {
	return {
		bucket_arn: one.BucketARN,
		kms_key_arn: one.EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN,
		role_arn: one.RoleARN,
		prefix: one.Prefix,
		error_output_prefix: one.ErrorOutputPrefix,
		cloudwatch_logging_options: loggingValues(one.CloudWatchLoggingOptions),
	};
}

function loggingValues(one: CloudWatchLoggingOptions | undefined): Record<string, unknown> | undefined {
	return one && { enabled: one.Enabled, log_group_name: one.LogGroupName, log_stream_name: one.LogStreamName };
}
