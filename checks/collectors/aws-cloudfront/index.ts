import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const cloudfront = awsApi({ id: "cloudfront", client: "CloudFrontClient", load: () => import("@aws-sdk/client-cloudfront"), global: true, concurrency: 2 });

const distributions = table({
	list: listOf(
		cloudfront("ListDistributions", {
			expects: ["DistributionList"],
			pages: (page) => (page.DistributionList?.IsTruncated === true ? { Marker: page.DistributionList.NextMarker } : undefined),
		}),
		{},
		(page) => page.DistributionList?.Items,
	),
	id: (one) => one.ARN ?? "",
	details: { config: { operation: cloudfront("GetDistributionConfig", { expects: ["DistributionConfig"] }), input: (one) => ({ Id: one.Id }) } },
	kinds: {
		aws_cloudfront_distribution: {
			of: ["config"],
			map: (one, { config }) => {
				const seen = config?.[0]?.DistributionConfig;
				const viewer = seen?.ViewerCertificate;
				return {
					id: one.ARN ?? "",
					values: {
						arn: one.ARN,
						id: one.Id,
						domain_name: one.DomainName,
						aliases: seen?.Aliases?.Items,
						enabled: seen?.Enabled,
						web_acl_id: seen?.WebACLId,
						default_cache_behavior: seen?.DefaultCacheBehavior && {
							target_origin_id: seen.DefaultCacheBehavior.TargetOriginId,
							viewer_protocol_policy: seen.DefaultCacheBehavior.ViewerProtocolPolicy,
						},
						ordered_cache_behavior: seen?.CacheBehaviors?.Items?.map((behavior) => ({
							path_pattern: behavior.PathPattern,
							target_origin_id: behavior.TargetOriginId,
							viewer_protocol_policy: behavior.ViewerProtocolPolicy,
						})),
						logging_config: seen?.Logging?.Enabled === true ? { bucket: seen.Logging.Bucket, prefix: seen.Logging.Prefix } : undefined,
						origin: seen?.Origins?.Items?.map((origin) => ({
							origin_id: origin.Id,
							domain_name: origin.DomainName,
							origin_access_control_id: origin.OriginAccessControlId,
							custom_origin_config: origin.CustomOriginConfig && {
								http_port: origin.CustomOriginConfig.HTTPPort,
								https_port: origin.CustomOriginConfig.HTTPSPort,
								origin_protocol_policy: origin.CustomOriginConfig.OriginProtocolPolicy,
								origin_ssl_protocols: origin.CustomOriginConfig.OriginSslProtocols?.Items,
							},
							s3_origin_config: origin.S3OriginConfig && { origin_access_identity: origin.S3OriginConfig.OriginAccessIdentity },
						})),
						viewer_certificate: viewer && {
							acm_certificate_arn: viewer.ACMCertificateArn,
							cloudfront_default_certificate: viewer.CloudFrontDefaultCertificate,
							iam_certificate_id: viewer.IAMCertificateId,
							minimum_protocol_version: viewer.MinimumProtocolVersion,
							ssl_support_method: viewer.SSLSupportMethod,
						},
					},
				};
			},
		},
	},
});

const accessControls = table({
	list: listOf(
		cloudfront("ListOriginAccessControls", {
			expects: ["OriginAccessControlList"],
			pages: (page) => (page.OriginAccessControlList?.IsTruncated === true ? { Marker: page.OriginAccessControlList.NextMarker } : undefined),
		}),
		{},
		(page) => page.OriginAccessControlList?.Items,
	),
	id: (one) => one.Id ?? "",
	kinds: {
		aws_cloudfront_origin_access_control: {
			map: (one) => ({
				id: one.Id ?? "",
				values: {
					id: one.Id,
					name: one.Name,
					origin_access_control_origin_type: one.OriginAccessControlOriginType,
					signing_behavior: one.SigningBehavior,
					signing_protocol: one.SigningProtocol,
				},
			}),
		},
	},
});

/** Distributions that serve unsubscribe pages, policies and images. Origin headers, which may hold a secret, are not kept. */
export default awsCollector({ id: "aws-cloudfront", tables: [distributions, accessControls] });
