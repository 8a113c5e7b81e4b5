import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import {
	S3BucketServerSideEncryptionConfigurationA,
	type S3BucketServerSideEncryptionConfigurationRuleA,
} from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import type { BucketReference, KeyReference } from "./existing.ts";
import { policyDocument } from "./policy-document.ts";
import type { PropRule } from "./prop-checks.ts";

export interface SecureBucketProps {
	/** Left out only where a service cannot write under a KMS key: S3's own AES-256 then. */
	readonly encryptionKey?: KeyReference | undefined;
	/** First part of the bucket's name, to which Terraform adds digits: at most 37 characters. */
	readonly bucketPrefix: string;
	/** Whether destroying the stack deletes what the bucket holds. */
	readonly forceDestroy: boolean;
	/** Bucket that receives the access logs. */
	readonly accessLogBucket?: BucketReference | undefined;
	/** What the bucket's policy allows. */
	readonly allow?: (bucket: S3Bucket) => DataAwsIamPolicyDocumentStatement[];
	/** Region of the bucket where it is not the provider's. */
	readonly region?: string;
}

export const bucketPrefixRule: PropRule = {
	wanted: 'at most 37 lower-case letters, digits, "." and "-", beginning with a letter or digit',
	remedy: 'shorten it, such as "clinic-mail-"',
};

export function isBucketPrefix(prefix: string): boolean {
	return /^[a-z0-9][a-z0-9.-]{0,36}$/.test(prefix);
}

/** Versioned bucket, encrypted with one's own key, closed to the public, to ACLs and to clear text. */
export class SecureBucket extends Construct {
	readonly bucket: S3Bucket;
	readonly versioning: S3BucketVersioningA;
	readonly encryption: S3BucketServerSideEncryptionConfigurationA;
	readonly publicAccessBlock: S3BucketPublicAccessBlock;
	readonly ownershipControls: S3BucketOwnershipControls;
	readonly policy: S3BucketPolicy;
	readonly logging: S3BucketLoggingA | undefined;

	/** objectLockEnabled can be set only when a bucket is made; a LockedBucket adds how long. */
	constructor(scope: Construct, id: string, props: SecureBucketProps, objectLockEnabled?: true) {
		super(scope, id);
		const region = props.region === undefined ? {} : { region: props.region };
		this.bucket = new S3Bucket(this, "bucket", {
			...region,
			bucketPrefix: props.bucketPrefix,
			forceDestroy: props.forceDestroy,
			...(objectLockEnabled === undefined ? {} : { objectLockEnabled }),
		});
		const settings = { ...region, bucket: this.bucket.id };
		this.versioning = new S3BucketVersioningA(this, "versioning", { ...settings, versioningConfiguration: { status: "Enabled" } });
		this.encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", { ...settings, rule: [encryptionRule(props.encryptionKey)] });
		this.publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
			...settings,
			blockPublicAcls: true,
			blockPublicPolicy: true,
			ignorePublicAcls: true,
			restrictPublicBuckets: true,
		});
		this.ownershipControls = new S3BucketOwnershipControls(this, "ownership-controls", { ...settings, rule: { objectOwnership: "BucketOwnerEnforced" } });
		// S3 refuses two changes of a bucket's access settings at the same time.
		this.policy = new S3BucketPolicy(this, "policy", {
			...settings,
			policy: policyDocument(this, "policy-document", [...tlsOnly(this.bucket), ...(props.allow?.(this.bucket) ?? [])]).json,
			dependsOn: [this.publicAccessBlock, this.ownershipControls],
		});
		this.logging =
			props.accessLogBucket === undefined
				? undefined
				: new S3BucketLoggingA(this, "logging", { ...settings, targetBucket: props.accessLogBucket.id, targetPrefix: `${this.bucket.id}/` });
	}
}

function encryptionRule(key: KeyReference | undefined): S3BucketServerSideEncryptionConfigurationRuleA {
	if (key === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
	return { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }, bucketKeyEnabled: true };
}

/** Refuses clear text, and TLS below 1.2 (NIST SP 800-52 Rev. 2 section 3.1). */
function tlsOnly(bucket: S3Bucket): DataAwsIamPolicyDocumentStatement[] {
	const denyAll = { effect: "Deny", actions: ["s3:*"], resources: [bucket.arn, `${bucket.arn}/*`], principals: [{ type: "*", identifiers: ["*"] }] };
	return [
		{ sid: "DenyClearText", ...denyAll, condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }] },
		{ sid: "DenyOldTls", ...denyAll, condition: [{ test: "NumericLessThan", variable: "s3:TlsVersion", values: ["1.2"] }] },
	];
}
