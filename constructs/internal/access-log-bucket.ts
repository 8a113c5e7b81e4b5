import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import type { Construct } from "constructs";
import { accountOf } from "./account.ts";
import { sourceAccount } from "./policy-document.ts";
import { sixYearsDays } from "./retention.ts";
import { SecureBucket } from "./secure-bucket.ts";

/**
 * Bucket that receives S3's access logs and keeps each for six years.
 *
 * S3 delivers access logs into a bucket neither under a KMS key nor with a default lock, so this one has S3's own AES-256
 * and no lock: who read what is told by CloudTrail too, in a bucket that is locked.
 */
export class AccessLogBucket extends SecureBucket {
	readonly lifecycle: S3BucketLifecycleConfiguration;

	constructor(scope: Construct, id: string, props: { readonly bucketPrefix: string; readonly forceDestroy: boolean }) {
		super(scope, id, {
			...props,
			allow: (bucket: S3Bucket) => [
				{
					sid: "AccessLogs",
					actions: ["s3:PutObject"],
					resources: [`${bucket.arn}/*`],
					principals: [{ type: "Service", identifiers: ["logging.s3.amazonaws.com"] }],
					condition: [sourceAccount(accountOf(scope))],
				},
			],
		});
		this.lifecycle = new S3BucketLifecycleConfiguration(this, "lifecycle", {
			bucket: this.bucket.id,
			rule: [
				{
					id: "six-years",
					status: "Enabled",
					filter: [{ prefix: "" }],
					expiration: [{ days: sixYearsDays }],
					noncurrentVersionExpiration: [{ noncurrentDays: sixYearsDays }],
				},
			],
			dependsOn: [this.versioning],
		});
	}
}
