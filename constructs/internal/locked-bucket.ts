import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import type { Construct } from "constructs";
import type { Lock } from "./retention.ts";
import { SecureBucket, type SecureBucketProps } from "./secure-bucket.ts";

export interface LockedBucketProps extends SecureBucketProps {
	readonly lock: Lock;
}

/** Write-once bucket: a SecureBucket whose objects are locked by default. */
export class LockedBucket extends SecureBucket {
	readonly objectLock: S3BucketObjectLockConfigurationA;

	constructor(scope: Construct, id: string, props: LockedBucketProps) {
		super(scope, id, props, true);
		this.objectLock = new S3BucketObjectLockConfigurationA(this, "object-lock", {
			bucket: this.bucket.id,
			objectLockEnabled: "Enabled",
			rule: { defaultRetention: { mode: props.lock.mode, days: props.lock.days } },
			dependsOn: [this.versioning],
		});
	}
}
