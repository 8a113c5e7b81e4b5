import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { Construct } from "constructs";
import { AccessLogBucket } from "../internal/access-log-bucket.ts";
import type { BucketReference } from "../internal/existing.ts";
import { MailBackup } from "./index.ts";

interface StoreProps {
	readonly backup?: boolean;
	readonly sandbox?: boolean;
}

/** The second copies of a store that stands alone; none where the props leave them to others. */
export function secondCopy(scope: Construct, buckets: readonly BucketReference[], { backup, sandbox }: StoreProps): MailBackup | undefined {
	return backup === false ? undefined : new MailBackup(scope, "backup", { buckets, ...(sandbox === undefined ? {} : { sandbox }) });
}

/** The bucket of access logs of a store that stands alone. */
export function accessLogs(scope: Construct, { sandbox }: StoreProps): S3Bucket {
	return new AccessLogBucket(scope, "access-logs", { bucketPrefix: "mail-access-logs-", forceDestroy: sandbox === true }).bucket;
}
