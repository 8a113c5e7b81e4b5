import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import { policyDocument } from "./policy-document.ts";
import type { Lock } from "./retention.ts";

export interface LockedBucketProps {
	readonly encryptionKey: KmsKey;
	readonly lock: Lock;
	/** First part of the bucket's name, to which Terraform adds digits: at most 37 characters. */
	readonly bucketPrefix: string;
	/** Whether destroying the stack deletes what governance mode still holds. */
	readonly forceDestroy: boolean;
}

/** Write-once bucket: versioned, locked by default, encrypted with one's own key, closed to the public, to ACLs and to clear text. */
export class LockedBucket extends Construct {
	readonly bucket: S3Bucket;
	readonly versioning: S3BucketVersioningA;
	readonly objectLock: S3BucketObjectLockConfigurationA;
	readonly encryption: S3BucketServerSideEncryptionConfigurationA;
	readonly publicAccessBlock: S3BucketPublicAccessBlock;
	readonly ownershipControls: S3BucketOwnershipControls;
	readonly policy: S3BucketPolicy;

	constructor(scope: Construct, id: string, props: LockedBucketProps) {
		super(scope, id);
		this.bucket = new S3Bucket(this, "bucket", { bucketPrefix: props.bucketPrefix, objectLockEnabled: true, forceDestroy: props.forceDestroy });
		const bucket = this.bucket.id;
		this.versioning = new S3BucketVersioningA(this, "versioning", { bucket, versioningConfiguration: { status: "Enabled" } });
		this.objectLock = new S3BucketObjectLockConfigurationA(this, "object-lock", {
			bucket,
			objectLockEnabled: "Enabled",
			rule: { defaultRetention: { mode: props.lock.mode, days: props.lock.days } },
			dependsOn: [this.versioning],
		});
		this.encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
			bucket,
			rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: props.encryptionKey.arn }, bucketKeyEnabled: true }],
		});
		this.publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
			bucket,
			blockPublicAcls: true,
			blockPublicPolicy: true,
			ignorePublicAcls: true,
			restrictPublicBuckets: true,
		});
		this.ownershipControls = new S3BucketOwnershipControls(this, "ownership-controls", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
		// S3 refuses two changes of a bucket's access settings at the same time.
		this.policy = new S3BucketPolicy(this, "policy", {
			bucket,
			policy: tlsOnly(this, this.bucket).json,
			dependsOn: [this.publicAccessBlock, this.ownershipControls],
		});
	}
}

/** Refuses clear text, and TLS below 1.2 (NIST SP 800-52 Rev. 2 section 3.1). */
function tlsOnly(scope: Construct, bucket: S3Bucket) {
	const denyAll = { effect: "Deny", actions: ["s3:*"], resources: [bucket.arn, `${bucket.arn}/*`], principals: [{ type: "*", identifiers: ["*"] }] };
	return policyDocument(scope, "policy-document", [
		{ sid: "DenyClearText", ...denyAll, condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }] },
		{ sid: "DenyOldTls", ...denyAll, condition: [{ test: "NumericLessThan", variable: "s3:TlsVersion", values: ["1.2"] }] },
	]);
}
