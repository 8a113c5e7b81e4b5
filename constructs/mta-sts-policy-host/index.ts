import type { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Op } from "cdktf";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { accountOf } from "../internal/account.ts";
import { domainRule, isDomain, isZoneId, zoneIdRule } from "../internal/domain-name.ts";
import { hostCertificate } from "../internal/host-certificate.ts";
import { type MtaStsPolicyProps, mtaStsPolicyId, mtaStsPolicyText } from "../internal/mta-sts-policy.ts";
import { physicalName } from "../internal/physical-name.ts";
import { checkProp } from "../internal/prop-checks.ts";
import { SecureBucket } from "../internal/secure-bucket.ts";
import { AccessLogs } from "./access-logs.ts";
import { policyHostKey } from "./key.ts";
import { providerRegion } from "./provider-region.ts";
import { RegionalHost } from "./regional-host.ts";

export interface MtaStsPolicyHostProps extends MtaStsPolicyProps {
	/** Domain whose mail the policy protects, in A-label form, such as "clinic.example". */
	readonly domain: string;
	/** Id of the domain's Route 53 public hosted zone. */
	readonly hostedZoneId: string;
	/** Hosts that receive the domain's mail, as in the MailDomainDns. */
	readonly mxHosts: readonly string[];
	/**
	 * What answers: CloudFront, or an HTTP API of API Gateway in the stack's own Region.
	 * @default - "api-gateway" where the AWS provider's Region is one of GovCloud (us-gov-...), which has no CloudFront, else "cloudfront"
	 */
	readonly servedBy?: "cloudfront" | "api-gateway";
	/** With API Gateway: topic that hears when the policy could not be served. @default - a new AlarmTopic that nobody is subscribed to */
	readonly alarmTopic?: SnsTopic;
}

/** The Region of CloudFront's certificates and logs. Everything but the records stands there, whatever the provider's Region. */
const cloudFrontRegion = "us-east-1";

/** AWS's managed policy "CachingDisabled": senders never see the policy of yesterday under the id of today. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/**
 * Serves the MTA-STS policy at https://mta-sts.<domain>/.well-known/mta-sts.txt with TLS 1.2 or later, a certificate of its own, no
 * redirect, and logged requests: from a private bucket behind CloudFront, or, in AWS GovCloud (US), by an HTTP API and a function.
 *
 * Where only Terraform knows the Region, CloudFront is taken, and a plan in another partition stops with a message.
 *
 * Satisfies: acm.key_strong, acm.no_wildcard, acm.transparency_logged, buckets.acls_disabled, buckets.encrypted,
 * buckets.no_public_policy, buckets.public_access_blocked, buckets.tls_only, buckets.versioned, distributions.current_tls,
 * distributions.https_only, distributions.logged, distributions.origins_private, keys.alias_given, keys.deletion_window,
 * keys.duties_separated, keys.in_use_enabled, keys.no_public_principal, keys.policy_written, keys.rotation_enabled,
 * keys.services_bound, logs.encrypted, logs.no_public_resource_policy, logs.personal_data_masked,
 * logs.resource_policy_services_bound, logs.retention
 *
 * Meets: EDG-01, EDG-02, EDG-04, LAM-01, LOG-03, LOG-04, S3-01, S3-02, S3-03, S3-04, S3-08
 */
export class MtaStsPolicyHost extends Construct {
	/** Text of the policy, lines ended by LF. */
	readonly policyText: string;
	/** What the id of the domain's _mta-sts record must be: that of a MailDomainDns with the same props is. */
	readonly policyId: string;
	readonly encryptionKey: KmsKey;
	readonly certificate: AcmCertificate;
	/** Of these, what CloudFront serves from; undefined with API Gateway. */
	readonly bucket: S3Bucket | undefined;
	readonly policyObject: S3Object | undefined;
	readonly distribution: CloudfrontDistribution | undefined;
	/** What answers with API Gateway; undefined with CloudFront. */
	readonly regional: RegionalHost | undefined;

	constructor(scope: Construct, id: string, props: MtaStsPolicyHostProps) {
		super(scope, id);
		checkProp(this, "domain", props.domain, isDomain, domainRule);
		checkProp(this, "hostedZoneId", props.hostedZoneId, isZoneId, zoneIdRule);
		checkProp(this, "servedBy", props.servedBy, (one) => ["cloudfront", "api-gateway"].includes(one), {
			wanted: '"cloudfront" or "api-gateway"',
			remedy: "leave it out for what the provider's Region has",
		});
		this.policyText = mtaStsPolicyText(this, props) ?? "";
		this.policyId = mtaStsPolicyId(this, this.policyText);
		const host = `mta-sts.${props.domain}`;
		const servedBy = props.servedBy ?? (providerRegion(this)?.startsWith("us-gov-") === true ? "api-gateway" : "cloudfront");
		if (servedBy === "api-gateway") {
			const alarmTopic = props.alarmTopic ?? new AlarmTopic(this, "alarm-topic").topic;
			this.regional = new RegionalHost(this, "regional", { host, hostedZoneId: props.hostedZoneId, policyText: this.policyText, alarmTopic });
			this.encryptionKey = this.regional.encryptionKey;
			this.certificate = this.regional.certificate;
			return;
		}
		const account = accountOf(this);

		this.encryptionKey = policyHostKey(this, "encryption-key", account, cloudFrontRegion).key;
		const distributions = `arn:${account.partition}:cloudfront::${account.accountId}:distribution/*`;
		const store = new SecureBucket(this, "store", {
			region: cloudFrontRegion,
			encryptionKey: this.encryptionKey,
			bucketPrefix: "mta-sts-",
			// It holds nothing but a text that the stack writes again.
			forceDestroy: true,
			allow: (bucket) => [
				{
					sid: "CloudFront",
					actions: ["s3:GetObject"],
					resources: [`${bucket.arn}/.well-known/mta-sts.txt`],
					principals: [{ type: "Service", identifiers: ["cloudfront.amazonaws.com"] }],
					condition: [{ test: "ArnLike", variable: "aws:SourceArn", values: [distributions] }],
				},
			],
		});
		this.bucket = store.bucket;
		this.policyObject = new S3Object(this, "policy", {
			region: cloudFrontRegion,
			bucket: this.bucket.id,
			key: ".well-known/mta-sts.txt",
			content: this.policyText,
			// RFC 8461 section 3.2.
			contentType: "text/plain; charset=utf-8",
			dependsOn: [store.encryption, store.policy],
		});

		const { certificate, validation } = hostCertificate(this, { host, zoneId: props.hostedZoneId, region: cloudFrontRegion });
		this.certificate = certificate;
		const access = new CloudfrontOriginAccessControl(this, "origin-access-control", {
			name: physicalName(this, 64),
			originAccessControlOriginType: "s3",
			signingBehavior: "always",
			signingProtocol: "sigv4",
		});
		this.distribution = new CloudfrontDistribution(this, "distribution", {
			enabled: true,
			comment: `MTA-STS policy of ${props.domain}`,
			aliases: [host],
			httpVersion: "http2and3",
			isIpv6Enabled: true,
			origin: [{ originId: "policy", domainName: this.bucket.bucketRegionalDomainName, originAccessControlId: access.id }],
			defaultCacheBehavior: {
				targetOriginId: "policy",
				// A sender must not follow a redirect (RFC 8461 section 3.3), so there is none to offer.
				viewerProtocolPolicy: "https-only",
				allowedMethods: ["GET", "HEAD"],
				cachedMethods: ["GET", "HEAD"],
				cachePolicyId: cachingDisabled,
			},
			restrictions: { geoRestriction: { restrictionType: "none" } },
			viewerCertificate: { acmCertificateArn: validation.certificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" },
			lifecycle: {
				precondition: [
					{
						condition: Op.eq(account.partition, "aws"),
						errorMessage: `${this.node.path}: CloudFront is only in the partition "aws"; in AWS GovCloud (US) set servedBy: "api-gateway" on the MtaStsPolicyHost`,
					},
				],
			},
		});
		new AccessLogs(this, "access-logs", { distribution: this.distribution, encryptionKey: this.encryptionKey, region: cloudFrontRegion });
		for (const type of ["A", "AAAA"]) {
			new Route53Record(this, type === "A" ? "ipv4" : "ipv6", {
				zoneId: props.hostedZoneId,
				name: host,
				type,
				alias: { name: this.distribution.domainName, zoneId: this.distribution.hostedZoneId, evaluateTargetHealth: false },
			});
		}
	}
}
