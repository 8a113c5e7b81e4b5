import { CloudTrailClient, DescribeTrailsCommand, type EventSelector, GetEventSelectorsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeKeyCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand, type KeyMetadata, KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import {
	GetBucketAclCommand,
	GetBucketEncryptionCommand,
	GetBucketLifecycleConfigurationCommand,
	GetBucketLoggingCommand,
	GetBucketNotificationConfigurationCommand,
	GetBucketOwnershipControlsCommand,
	GetBucketPolicyCommand,
	GetBucketPolicyStatusCommand,
	GetBucketReplicationCommand,
	GetBucketVersioningCommand,
	GetObjectLockConfigurationCommand,
	GetPublicAccessBlockCommand,
	ListBucketsCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import cloudtrail from "../../checks/collectors/aws-cloudtrail/index.ts";
import kms from "../../checks/collectors/aws-kms/index.ts";
import logs from "../../checks/collectors/aws-logs/index.ts";
import s3 from "../../checks/collectors/aws-s3/index.ts";
import type { Collector } from "../../checks/collectors/collector.ts";
import { wantedKinds } from "../../pipeline/supply.ts";
import { judgeAccount } from "./judge.ts";
import { lookAt, now, refusal, target } from "./look.ts";
import { document } from "./seed-policies.ts";

/** What other tools are known to get wrong, from the answers of AWS to the verdict. */
const mocks = { s3: mockClient(S3Client), kms: mockClient(KMSClient), logs: mockClient(CloudWatchLogsClient), cloudtrail: mockClient(CloudTrailClient) };
beforeEach(() => {
	for (const mock of Object.values(mocks)) mock.reset();
});

async function verdictsOf(check: string, ...collectors: Collector[]) {
	const wanted = wantedKinds([check], []);
	const looks = await Promise.all(collectors.map((collector) => lookAt(collector, wanted)));
	const results = await judgeAccount(
		looks.flatMap(({ items }) => items),
		target,
		now,
		[check],
	);
	return results.map(({ resource, status, reason, path }) => ({ resource, status, ...(reason && { code: reason.code, detail: reason.detail }), path }));
}

describe("a bucket whose access control list may not be read", () => {
	const arn = "arn:aws:s3:::clinic-mail";
	const anyone = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${arn}/*` };
	function bucket(policy: string | undefined, more: { isPublic?: boolean; ownership?: "BucketOwnerEnforced" } = {}): void {
		const absent = (name: string) => refusal(name);
		mocks.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: "clinic-mail", BucketRegion: "us-east-1" }] });
		mocks.s3.on(GetBucketAclCommand).rejects(refusal("AccessDenied"));
		if (policy === undefined) mocks.s3.on(GetBucketPolicyCommand).rejects(absent("NoSuchBucketPolicy"));
		else mocks.s3.on(GetBucketPolicyCommand).resolves({ Policy: policy });
		mocks.s3.on(GetBucketPolicyStatusCommand).resolves({ PolicyStatus: { IsPublic: more.isPublic ?? false } });
		const all = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
		mocks.s3.on(GetPublicAccessBlockCommand).resolves({ PublicAccessBlockConfiguration: all });
		if (more.ownership === undefined) mocks.s3.on(GetBucketOwnershipControlsCommand).rejects(absent("OwnershipControlsNotFoundError"));
		else mocks.s3.on(GetBucketOwnershipControlsCommand).resolves({ OwnershipControls: { Rules: [{ ObjectOwnership: more.ownership }] } });
		mocks.s3.on(GetBucketVersioningCommand).resolves({});
		mocks.s3.on(GetBucketEncryptionCommand).rejects(absent("ServerSideEncryptionConfigurationNotFoundError"));
		mocks.s3.on(GetBucketLoggingCommand).resolves({});
		mocks.s3.on(GetObjectLockConfigurationCommand).rejects(absent("ObjectLockConfigurationNotFoundError"));
		mocks.s3.on(GetBucketLifecycleConfigurationCommand).rejects(absent("NoSuchLifecycleConfiguration"));
		mocks.s3.on(GetBucketNotificationConfigurationCommand).resolves({});
		mocks.s3.on(GetBucketReplicationCommand).rejects(absent("ReplicationConfigurationNotFoundError"));
	}

	it("fails where the policy alone proves it public", async () => {
		bucket(document(anyone), { isPublic: true });
		expect(await verdictsOf("buckets.no_public_policy", s3)).toMatchObject([{ resource: arn, status: "fail" }]);
		expect(await verdictsOf("buckets.public_access_blocked", s3)).toMatchObject([{ resource: arn, status: "fail", path: "policyPublic" }]);
	});

	it("is no pass where lists are in force, as on every bucket that was made before they were off", async () => {
		bucket(undefined);
		expect(await verdictsOf("buckets.acls_disabled", s3)).toMatchObject([{ resource: arn, status: "fail", path: "objectOwnership" }]);
	});

	it("is open where nobody may see either who owns its objects", async () => {
		bucket(undefined);
		mocks.s3.on(GetBucketOwnershipControlsCommand).rejects(refusal("AccessDenied"));
		expect(await verdictsOf("buckets.acls_disabled", s3)).toMatchObject([{ resource: arn, status: "not_assessed", code: "permission_denied" }]);
	});

	it("fails nothing by the list where lists are off", async () => {
		bucket(undefined, { ownership: "BucketOwnerEnforced" });
		expect((await verdictsOf("buckets.acls_disabled", s3)).map(({ status }) => status)).not.toContain("fail");
	});

	it.each([
		["an organization", { StringEquals: { "aws:PrincipalOrgID": "o-1234567890" } }, "pass"],
		["accounts", { StringEquals: { "aws:PrincipalAccount": ["123456789012"] } }, "pass"],
		["an endpoint", { StringEquals: { "aws:SourceVpce": "vpce-1234" } }, "pass"],
		["a network", { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }, "pass"],
		["every network", { IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"] } }, "fail"],
		["any organization", { StringLike: { "aws:PrincipalOrgID": "*" } }, "fail"],
		["whoever sends no key", { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1234" } }, "fail"],
		["all but one account", { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } }, "fail"],
		["the user agent", { StringLike: { "aws:UserAgent": "clinic*" } }, "fail"],
		["TLS", { Bool: { "aws:SecureTransport": "true" } }, "fail"],
	])("weighs a condition on %s", async (_name, Condition, status) => {
		bucket(document({ ...anyone, Condition }));
		expect(await verdictsOf("buckets.no_public_policy", s3)).toMatchObject([{ resource: arn, status }]);
	});

	it("takes a denial of everyone outside for a closed door", async () => {
		bucket(
			document(anyone, {
				Effect: "Deny",
				Principal: "*",
				Action: "s3:*",
				Resource: [arn, `${arn}/*`],
				Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1234567890" } },
			}),
		);
		expect(await verdictsOf("buckets.no_public_policy", s3)).toMatchObject([{ resource: arn, status: "pass" }]);
	});
});

describe("rotation of keys", () => {
	const arnOf = (id: string) => `arn:aws:kms:us-east-1:123456789012:key/${id}`;
	const keys: readonly KeyMetadata[] = [
		{ KeyId: "symmetric", KeySpec: "SYMMETRIC_DEFAULT", Origin: "AWS_KMS" },
		{ KeyId: "asymmetric", KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY", Origin: "AWS_KMS" },
		{ KeyId: "hmac", KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC", Origin: "AWS_KMS" },
		{ KeyId: "imported", KeySpec: "SYMMETRIC_DEFAULT", Origin: "EXTERNAL", ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" },
		{ KeyId: "hsm", KeySpec: "SYMMETRIC_DEFAULT", Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1" },
		{ KeyId: "outside", KeySpec: "SYMMETRIC_DEFAULT", Origin: "EXTERNAL_KEY_STORE", CustomKeyStoreId: "cks-2", XksKeyConfiguration: { Id: "x" } },
		{ KeyId: "leaving", KeySpec: "SYMMETRIC_DEFAULT", Origin: "AWS_KMS", Enabled: false, KeyState: "PendingDeletion", PendingDeletionWindowInDays: 30 },
		{
			KeyId: "mrk-replica",
			KeySpec: "SYMMETRIC_DEFAULT",
			Origin: "AWS_KMS",
			MultiRegion: true,
			MultiRegionConfiguration: { MultiRegionKeyType: "REPLICA", PrimaryKey: { Arn: arnOf("mrk-replica"), Region: "eu-west-1" } },
		},
		{ KeyId: "aws", KeySpec: "SYMMETRIC_DEFAULT", Origin: "AWS_KMS", KeyManager: "AWS" },
	];
	function answer(rotation: (id: string) => object): void {
		mocks.kms.on(ListKeysCommand).resolves({ Keys: keys.map(({ KeyId = "" }) => ({ KeyId, KeyArn: arnOf(KeyId) })) });
		mocks.kms.on(DescribeKeyCommand).callsFake(({ KeyId }) => ({
			KeyMetadata: { Enabled: true, KeyState: "Enabled", KeyManager: "CUSTOMER", ...keys.find((key) => key.KeyId === KeyId) },
		}));
		mocks.kms.on(GetKeyPolicyCommand).resolves({ Policy: document() });
		mocks.kms.on(GetKeyRotationStatusCommand).callsFake(({ KeyId }) => rotation(KeyId));
	}

	it("is judged of symmetric keys that KMS made, and of no other", async () => {
		answer(() => ({ KeyRotationEnabled: false }));
		expect(await verdictsOf("keys.rotation_enabled", kms)).toMatchObject([{ resource: arnOf("symmetric"), status: "fail", path: "enable_key_rotation" }]);
		expect(mocks.kms.commandCalls(GetKeyRotationStatusCommand).map((call) => call.args[0].input.KeyId)).toEqual(["symmetric", "mrk-replica"]);
	});

	it.each([
		["AccessDeniedException", "permission_denied"],
		["UnsupportedOperationException", "permission_denied"],
		["ThrottlingException", "throttled"],
	])("is open where KMS answers %s", async (name, code) => {
		answer((id) => {
			if (id === "symmetric") throw refusal(name);
			return { KeyRotationEnabled: false };
		});
		expect(await verdictsOf("keys.rotation_enabled", kms)).toMatchObject([{ resource: arnOf("symmetric"), status: "not_assessed", code }]);
	});
});

describe("an organization's trail seen from a member", () => {
	const arn = "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization";
	function answer(selectors: () => object, logging = true): void {
		mocks.cloudtrail.on(DescribeTrailsCommand).resolves({
			trailList: [
				{
					Name: arn,
					TrailARN: arn,
					HomeRegion: "us-east-1",
					S3BucketName: "organization-trail",
					IsMultiRegionTrail: true,
					IsOrganizationTrail: true,
					IncludeGlobalServiceEvents: true,
					LogFileValidationEnabled: true,
				},
			],
		});
		mocks.cloudtrail.on(GetTrailStatusCommand).resolves({ IsLogging: logging, LatestDeliveryTime: new Date(now) });
		mocks.cloudtrail.on(GetEventSelectorsCommand).callsFake(selectors);
	}
	const all = { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] }] satisfies EventSelector[] };

	it("counts as the account's", async () => {
		answer(() => all);
		expect(await verdictsOf("trails.management_events_recorded", cloudtrail)).toMatchObject([{ resource: arn, status: "pass" }]);
	});

	it("does not count while it is stopped", async () => {
		answer(() => all, false);
		expect(await verdictsOf("trails.management_events_recorded", cloudtrail)).toMatchObject([{ resource: arn, status: "fail", path: "logging" }]);
	});

	it.each(["AccessDeniedException", "TrailNotFoundException"])("is open where its selectors are answered with %s", async (name) => {
		answer(() => {
			throw refusal(name);
		});
		expect(await verdictsOf("trails.management_events_recorded", cloudtrail)).toMatchObject([{ resource: arn, status: "not_assessed" }]);
	});

	const select = (...fields: object[]) => ({ AdvancedEventSelectors: [{ FieldSelectors: fields }] });
	const management = { Field: "eventCategory", Equals: ["Management"] };
	it.each([
		["management events whole", select(management), "pass"],
		["writes alone", select(management, { Field: "readOnly", Equals: ["false"] }), "fail"],
		["all but a noisy service, as AWS offers it", select(management, { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] }), "pass"],
		["data events alone", select({ Field: "eventCategory", Equals: ["Data"] }, { Field: "resources.type", Equals: ["AWS::S3::Object"] }), "fail"],
		[
			"reads and writes apart",
			{
				AdvancedEventSelectors: ["true", "false"].map((value) => ({ FieldSelectors: [management, { Field: "readOnly", Equals: [value] }] })),
			},
			"pass",
		],
	])("reads advanced selectors: %s", async (_name, selectors, status) => {
		answer(() => selectors);
		expect(await verdictsOf("trails.management_events_recorded", cloudtrail)).toMatchObject([{ resource: arn, status }]);
	});
});

describe("log groups", () => {
	it("that never expire keep their events for good, and those of a year do not keep them long enough", async () => {
		const group = (logGroupName: string, retentionInDays?: number) => ({
			logGroupName,
			logGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`,
			...(retentionInDays === undefined ? {} : { retentionInDays }),
		});
		mocks.logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [group("/for-good"), group("/year", 365)] });
		expect(await verdictsOf("logs.retention", logs)).toMatchObject([
			{ resource: "arn:aws:logs:us-east-1:123456789012:log-group:/for-good", status: "pass" },
			{ resource: "arn:aws:logs:us-east-1:123456789012:log-group:/year", status: "fail" },
		]);
	});
});
