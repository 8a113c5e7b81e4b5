import type {
	Bucket,
	GetBucketEncryptionOutput,
	GetBucketLoggingOutput,
	GetBucketVersioningOutput,
	GetObjectLockConfigurationOutput,
	GetPublicAccessBlockOutput,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { RecordedType } from "../../aws/recorded-row.ts";
import type { RecordedAs } from "../../aws/table.ts";

/**
 * Settings of buckets that AWS Config records in full, in the words of its schema (awslabs/aws-config-resource-schema,
 * AWS::S3::Bucket.properties.json, seen 2026-11-25). Policies, grants, ownership, notifications, lifecycle and replication are not among
 * them, or in part only. A schema takes what states a setting completely; a row that leaves something out is no answer, and S3 is asked.
 */
const supplementary = "supplementaryConfiguration";
const encryption = `${supplementary}.ServerSideEncryptionConfiguration.rules`;
const publicAccess = `${supplementary}.PublicAccessBlockConfiguration`;
const retention = `${supplementary}.ObjectLockConfiguration.rule.defaultRetention`;

export const bucketType: RecordedType = {
	name: "AWS::S3::Bucket",
	properties: [
		`${supplementary}.BucketVersioningConfiguration.status`,
		`${supplementary}.BucketVersioningConfiguration.isMfaDeleteEnabled`,
		`${encryption}.applyServerSideEncryptionByDefault.sseAlgorithm`,
		`${encryption}.applyServerSideEncryptionByDefault.kmsMasterKeyID`,
		`${encryption}.bucketKeyEnabled`,
		...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((name) => `${publicAccess}.${name}`),
		`${supplementary}.BucketLoggingConfiguration.destinationBucketName`,
		`${supplementary}.BucketLoggingConfiguration.logFilePrefix`,
		`${supplementary}.ObjectLockConfiguration.objectLockEnabled`,
		...["mode", "days", "years"].map((name) => `${retention}.${name}`),
	],
};

/** A setting under supplementaryConfiguration, read by its schema into the answer that S3 itself would give. */
function setting<Seen, Output>(name: string, schema: z.ZodType<Seen>, answer: (seen: Seen) => Output | undefined): RecordedAs<Bucket, Output> {
	const row = z.looseObject({ [supplementary]: z.looseObject({ [name]: schema }) });
	return {
		type: bucketType,
		id: (one) => one.Name,
		answer: (properties) => {
			const parsed = row.safeParse(properties);
			return parsed.success ? answer(parsed.data[supplementary]?.[name] as Seen) : undefined;
		},
	};
}

export const recordedVersioning = setting(
	"BucketVersioningConfiguration",
	z.object({ status: z.enum(["Enabled", "Suspended"]), isMfaDeleteEnabled: z.boolean().nullish() }),
	({ status, isMfaDeleteEnabled: mfa }): GetBucketVersioningOutput => ({
		Status: status,
		...(typeof mfa === "boolean" ? { MFADelete: mfa ? "Enabled" : "Disabled" } : {}),
	}),
);

const encryptionRule = z.object({
	bucketKeyEnabled: z.boolean().nullish(),
	applyServerSideEncryptionByDefault: z.union([
		z.object({ sseAlgorithm: z.literal("AES256"), kmsMasterKeyID: z.null().optional() }),
		// Without a key the bucket would use AWS's own: whether one is missing or left out, S3 says.
		z.object({ sseAlgorithm: z.enum(["aws:kms", "aws:kms:dsse"]), kmsMasterKeyID: z.string().min(1).max(2048) }),
	]),
});

export const recordedEncryption = setting(
	"ServerSideEncryptionConfiguration",
	z.object({ rules: z.array(encryptionRule).length(1) }),
	({ rules }): GetBucketEncryptionOutput => ({
		ServerSideEncryptionConfiguration: {
			Rules: rules.map(({ bucketKeyEnabled, applyServerSideEncryptionByDefault: by }) => ({
				...(typeof bucketKeyEnabled === "boolean" ? { BucketKeyEnabled: bucketKeyEnabled } : {}),
				ApplyServerSideEncryptionByDefault: {
					SSEAlgorithm: by.sseAlgorithm,
					...(typeof by.kmsMasterKeyID === "string" ? { KMSMasterKeyID: by.kmsMasterKeyID } : {}),
				},
			})),
		},
	}),
);

export const recordedPublicAccess = setting(
	"PublicAccessBlockConfiguration",
	z.object({ blockPublicAcls: z.boolean(), blockPublicPolicy: z.boolean(), ignorePublicAcls: z.boolean(), restrictPublicBuckets: z.boolean() }),
	(seen): GetPublicAccessBlockOutput => ({
		PublicAccessBlockConfiguration: {
			BlockPublicAcls: seen.blockPublicAcls,
			BlockPublicPolicy: seen.blockPublicPolicy,
			IgnorePublicAcls: seen.ignorePublicAcls,
			RestrictPublicBuckets: seen.restrictPublicBuckets,
		},
	}),
);

export const recordedLogging = setting(
	"BucketLoggingConfiguration",
	z.object({ destinationBucketName: z.string().regex(/^[A-Za-z0-9._-]{3,255}$/), logFilePrefix: z.string().max(1024).nullish() }),
	(seen): GetBucketLoggingOutput => ({ LoggingEnabled: { TargetBucket: seen.destinationBucketName, TargetPrefix: seen.logFilePrefix ?? "" } }),
);

const lockRetention = z.object({
	mode: z.enum(["COMPLIANCE", "GOVERNANCE"]),
	days: z.number().int().positive().nullish(),
	years: z.number().int().positive().nullish(),
});

export const recordedLock = setting(
	"ObjectLockConfiguration",
	z.object({ objectLockEnabled: z.literal("Enabled"), rule: z.object({ defaultRetention: lockRetention }) }),
	({ objectLockEnabled, rule: { defaultRetention } }): GetObjectLockConfigurationOutput | undefined => {
		const { mode, days, years } = defaultRetention;
		const period = typeof days === "number" ? { Days: days } : { Years: years ?? undefined };
		// S3 keeps days or years, never both.
		if ((typeof days === "number") === (typeof years === "number")) return undefined;
		return { ObjectLockConfiguration: { ObjectLockEnabled: objectLockEnabled, Rule: { DefaultRetention: { Mode: mode, ...period } } } };
	},
);
