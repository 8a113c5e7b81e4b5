import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration/index.js";
import { Construct, type IDependable } from "constructs";
import { accountOf } from "../internal/account.ts";
import type { KeyReference } from "../internal/existing.ts";
import { policyDocument, serviceTrust } from "../internal/policy-document.ts";
import type { SecureBucket } from "../internal/secure-bucket.ts";

export interface ReplicationProps {
	readonly source: SecureBucket;
	readonly sourceKey: KeyReference;
	readonly destination: S3Bucket;
	readonly destinationKey: KeyReference;
	/** What the destination needs before it takes copies. */
	readonly after: readonly IDependable[];
}

/** Copies each object of a bucket to a locked one, within minutes; a deletion in the source is not copied. */
export class Replication extends Construct {
	readonly role: IamRole;
	readonly configuration: S3BucketReplicationConfigurationA;

	constructor(scope: Construct, id: string, props: ReplicationProps) {
		super(scope, id);
		const { source, destination, sourceKey, destinationKey } = props;
		const account = accountOf(this);
		const throughS3 = [{ test: "StringEquals", variable: "kms:ViaService", values: [`s3.${account.region}.${account.dnsSuffix}`] }];
		// S3 names neither account nor bucket when it takes this role: iam:PassRole alone decides which bucket gets it.
		this.role = new IamRole(this, "role", { namePrefix: "mail-replication-", assumeRolePolicy: serviceTrust(this, "trust", "s3.amazonaws.com").json });
		const document = policyDocument(this, "policy-document", [
			{ sid: "Source", actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [source.bucket.arn] },
			{
				sid: "SourceObjects",
				actions: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
				resources: [`${source.bucket.arn}/*`],
			},
			{ sid: "Destination", actions: ["s3:ReplicateObject", "s3:ReplicateTags"], resources: [`${destination.arn}/*`] },
			{ sid: "SourceKey", actions: ["kms:Decrypt"], resources: [sourceKey.arn], condition: throughS3 },
			{ sid: "DestinationKey", actions: ["kms:Encrypt", "kms:GenerateDataKey"], resources: [destinationKey.arn], condition: throughS3 },
		]);
		const policy = new IamRolePolicy(this, "policy", { role: this.role.id, policy: document.json });
		this.configuration = new S3BucketReplicationConfigurationA(this, "configuration", {
			bucket: source.bucket.id,
			role: this.role.arn,
			rule: [
				{
					id: "archive",
					priority: 1,
					status: "Enabled",
					filter: { prefix: "" },
					deleteMarkerReplication: { status: "Disabled" },
					sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
					destination: { bucket: destination.arn, encryptionConfiguration: { replicaKmsKeyId: destinationKey.arn } },
				},
			],
		});
		this.configuration.node.addDependency(source.versioning, policy, ...props.after);
	}
}
