import {
	type AggregatedSourceStatus,
	ConfigServiceClient,
	type ConfigurationRecorder,
	type ConfigurationRecorderStatus,
	DescribeConfigurationAggregatorSourcesStatusCommand,
	DescribeConfigurationRecorderStatusCommand,
	DescribeConfigurationRecordersCommand,
	type ResourceType,
	SelectAggregateResourceConfigCommand,
} from "@aws-sdk/client-config-service";
import {
	GetBucketEncryptionCommand,
	GetBucketLoggingCommand,
	GetBucketVersioningCommand,
	GetObjectLockConfigurationCommand,
	GetPublicAccessBlockCommand,
	ListBucketsCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import s3 from "../../checks/collectors/aws-s3/index.ts";
import type { Evidence } from "../../model/evidence.ts";
import { type Look, lookAt, refusal } from "./look.ts";

/** Settings of buckets as an aggregator of AWS Config tells them, in the words of AWS's schema of AWS::S3::Bucket, beside S3's own answers. */
const [account, region] = ["123456789012", "us-east-1"];
const keyArn = `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const settings = { name: "organization", maxAgeHours: 24 };

/** What five of S3's calls answer; each kind is made of one. */
const replaced = {
	aws_s3_bucket_versioning: "s3:GetBucketVersioning",
	aws_s3_bucket_server_side_encryption_configuration: "s3:GetBucketEncryption",
	aws_s3_bucket_public_access_block: "s3:GetPublicAccessBlock",
	aws_s3_bucket_logging: "s3:GetBucketLogging",
	aws_s3_bucket_object_lock_configuration: "s3:GetObjectLockConfiguration",
} as const;
type Kind = keyof typeof replaced;
const kinds = Object.keys(replaced) as Kind[];

const recordedSettings: Readonly<Record<string, unknown>> = {
	BucketVersioningConfiguration: { status: "Enabled", isMfaDeleteEnabled: null },
	ServerSideEncryptionConfiguration: {
		rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyID: keyArn }, bucketKeyEnabled: true }],
	},
	PublicAccessBlockConfiguration: { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true },
	BucketLoggingConfiguration: { destinationBucketName: "logs-of-mail", logFilePrefix: "mail/" },
	ObjectLockConfiguration: { objectLockEnabled: "Enabled", rule: { defaultRetention: { mode: "COMPLIANCE", days: null, years: 6 } } },
};
const row = {
	accountId: account,
	awsRegion: region,
	resourceType: "AWS::S3::Bucket",
	resourceId: "mail",
	configurationItemCaptureTime: "2026-11-23T21:00:00.000Z",
	configurationItemStatus: "OK",
	supplementaryConfiguration: recordedSettings,
};
const source: AggregatedSourceStatus = { SourceId: account, SourceType: "ACCOUNT", AwsRegion: region, LastUpdateStatus: "SUCCEEDED" };
const recorder: ConfigurationRecorder = { name: "default", recordingGroup: { allSupported: true }, recordingMode: { recordingFrequency: "CONTINUOUS" } };
const excluding = (resourceTypes: ResourceType[]): ConfigurationRecorder => ({
	...recorder,
	recordingGroup: { recordingStrategy: { useOnly: "EXCLUSION_BY_RESOURCE_TYPES" }, exclusionByResourceTypes: { resourceTypes } },
});
const running: ConfigurationRecorderStatus = { name: "default", recording: true, lastStatus: "Success" };

const bucketsMock = mockClient(S3Client);
const configMock = mockClient(ConfigServiceClient);

function s3Answers(names: readonly string[] = ["mail"]): void {
	bucketsMock.on(ListBucketsCommand).resolves({ Buckets: names.map((Name) => ({ Name, BucketRegion: region })) });
	bucketsMock.on(GetBucketVersioningCommand).resolves({ Status: "Enabled" });
	bucketsMock.on(GetBucketEncryptionCommand).resolves({
		ServerSideEncryptionConfiguration: {
			Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn }, BucketKeyEnabled: true }],
		},
	});
	bucketsMock.on(GetPublicAccessBlockCommand).resolves({
		PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
	});
	bucketsMock.on(GetBucketLoggingCommand).resolves({ LoggingEnabled: { TargetBucket: "logs-of-mail", TargetPrefix: "mail/" } });
	bucketsMock.on(GetObjectLockConfigurationCommand).resolves({
		ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "COMPLIANCE", Years: 6 } } },
	});
}

interface Told {
	sources?: AggregatedSourceStatus[];
	recorders?: ConfigurationRecorder[];
	statuses?: ConfigurationRecorderStatus[];
	results?: string[];
}

function configTells({ sources = [source], recorders = [recorder], statuses = [running], results = [JSON.stringify(row)] }: Told = {}): void {
	configMock.on(DescribeConfigurationAggregatorSourcesStatusCommand).resolves({ AggregatedSourceStatusList: sources });
	configMock.on(DescribeConfigurationRecordersCommand).resolves({ ConfigurationRecorders: recorders });
	configMock.on(DescribeConfigurationRecorderStatusCommand).resolves({ ConfigurationRecordersStatus: statuses });
	configMock.on(SelectAggregateResourceConfigCommand).resolves({ Results: results });
}

beforeEach(() => {
	bucketsMock.reset();
	configMock.reset();
	s3Answers();
	configTells();
});

const look = (): Promise<Look> => lookAt(s3, new Set(kinds), settings);
const lookDirectly = (): Promise<Look> => lookAt(s3, new Set(kinds));
const itemOf = ({ items }: Look, kind: Kind, id = "mail"): Evidence | undefined => items.find((item) => item.kind === kind && item.id === id);
const asked = ({ calls }: Look): string[] => [...calls.keys()].filter((call) => Object.values<string>(replaced).includes(call));
const withSettings = (change: Record<string, unknown>, more: object = {}) =>
	JSON.stringify({ ...row, ...more, supplementaryConfiguration: { ...recordedSettings, ...change } });

/** Every item, listings too, is what it would be without an aggregator. */
async function expectAsWithout(seen: Look): Promise<void> {
	expect(seen.aggregator?.answers).toBe(0);
	expect(seen.items).toEqual((await lookDirectly()).items);
}

describe("an aggregator of AWS Config", () => {
	it("stands in for five calls of a bucket with the same settings, dated by their capture", async () => {
		const direct = await lookDirectly();
		expect(asked(direct).sort()).toEqual(Object.values(replaced).sort());
		const seen = await look();
		expect(asked(seen)).toEqual([]);
		expect(seen.aggregator).toEqual({ ...settings, account, region, answers: 5, failure: null });
		for (const kind of kinds) {
			expect(itemOf(seen, kind)).toEqual({
				...itemOf(direct, kind),
				collectedAt: "2026-11-23T21:00:00.000Z",
				source: { ...itemOf(direct, kind)?.source, call: "s3:ListAllMyBuckets, config:SelectAggregateResourceConfig" },
			});
		}
	});

	it("asks once for an account and Region, for the properties used and no others, and reads every page", async () => {
		const names = ["mail", "archive", "events"];
		s3Answers(names);
		const [first, ...others] = names.map((resourceId) => JSON.stringify({ ...row, resourceId }));
		configMock.on(SelectAggregateResourceConfigCommand).resolves({ Results: [first ?? ""], NextToken: "2" });
		configMock.on(SelectAggregateResourceConfigCommand, { NextToken: "2" }).resolves({ Results: others });
		configMock.on(DescribeConfigurationAggregatorSourcesStatusCommand).resolves({ AggregatedSourceStatusList: [], NextToken: "2" });
		configMock.on(DescribeConfigurationAggregatorSourcesStatusCommand, { NextToken: "2" }).resolves({ AggregatedSourceStatusList: [source] });
		const seen = await look();
		expect(asked(seen)).toEqual([]);
		expect(seen.aggregator?.answers).toBe(15);
		const questions = configMock.commandCalls(SelectAggregateResourceConfigCommand).map(({ args }) => args[0].input);
		expect(questions.map(({ NextToken }) => NextToken)).toEqual([undefined, "2"]);
		const { ConfigurationAggregatorName, Expression = "", Limit } = questions[0] ?? {};
		expect([ConfigurationAggregatorName, Limit]).toEqual(["organization", 100]);
		expect(Expression).toMatch(/ WHERE resourceType = 'AWS::S3::Bucket' AND accountId = '123456789012' AND awsRegion = 'us-east-1'$/);
		expect(Expression).not.toMatch(/SELECT \*|tags|AccessControlList|BucketPolicy/);
		expect(Expression.length).toBeLessThan(4096);
	});

	it("lists what exists in the account itself: a row of no listed bucket makes no evidence", async () => {
		configTells({ results: [JSON.stringify(row), JSON.stringify({ ...row, resourceId: "gone" })] });
		expect((await look()).items.map((item) => item.id)).not.toContain("gone");
	});

	it("asks S3 for a bucket without a row, and for one of another Region", async () => {
		bucketsMock.on(ListBucketsCommand).resolves({
			Buckets: [
				{ Name: "mail", BucketRegion: region },
				{ Name: "new", BucketRegion: region },
				{ Name: "far", BucketRegion: "eu-west-1" },
			],
		});
		configTells({ results: [JSON.stringify(row), JSON.stringify({ ...row, resourceId: "far" })] });
		const seen = await look();
		expect(seen.aggregator?.answers).toBe(5);
		expect(seen.calls.get("s3:GetBucketVersioning")).toBe(2);
		expect(itemOf(seen, "aws_s3_bucket_versioning", "far")?.source.call).toBe("s3:ListAllMyBuckets, s3:GetBucketVersioning");
	});

	it("keeps a refusal of S3 where nothing stands in for the call", async () => {
		configTells({ results: [withSettings({ BucketVersioningConfiguration: undefined })] });
		bucketsMock.on(GetBucketVersioningCommand).rejects(refusal("AccessDenied"));
		const seen = await look();
		expect(seen.aggregator?.answers).toBe(4);
		expect(itemOf(seen, "aws_s3_bucket_versioning")?.error?.code).toBe("permission_denied");
	});

	const faults = {
		permission_denied: refusal("AccessDeniedException"),
		throttled: refusal("ThrottlingException"),
		rejected: Object.assign(refusal("NoSuchConfigurationAggregatorException"), { $metadata: { httpStatusCode: 400 } }),
		timeout: Object.assign(new Error("made by a test"), { name: "TimeoutError" }),
	};
	describe.each(Object.entries(faults))("that answers %s", (code, fault) => {
		it.each([DescribeConfigurationAggregatorSourcesStatusCommand, SelectAggregateResourceConfigCommand])(
			"to %o changes nothing, and says so",
			async (command) => {
				configMock.on(command as typeof SelectAggregateResourceConfigCommand).rejects(fault);
				const seen = await look();
				await expectAsWithout(seen);
				expect(seen.aggregator?.failure).toMatchObject({ code, message: expect.stringMatching(/^config:(Describe|Select)/) });
			},
		);
	});

	it("is not believed by half: an answer whose second page fails, lacks its rows or leads back counts for nothing", async () => {
		const first = { Results: [JSON.stringify(row)], NextToken: "2" };
		configMock.on(SelectAggregateResourceConfigCommand).resolves(first);
		configMock.on(SelectAggregateResourceConfigCommand, { NextToken: "2" }).rejectsOnce(refusal("ThrottlingException")).resolvesOnce({}).resolves(first);
		for (const code of ["throttled", "malformed", "malformed"]) {
			const seen = await look();
			await expectAsWithout(seen);
			expect(seen.aggregator?.failure?.code).toBe(code);
		}
	});

	describe("says nothing by a row", () => {
		const row_ = (change: object): string => JSON.stringify({ ...row, ...change });
		it.each<[string, string[]]>([
			["that was captured a second before the limit", [row_({ configurationItemCaptureTime: "2026-11-23T08:59:59Z" })]],
			["that was captured in the future", [row_({ configurationItemCaptureTime: "2026-11-24T09:05:01Z" })]],
			["without a capture time", [row_({ configurationItemCaptureTime: undefined })]],
			["whose capture time has no zone", [row_({ configurationItemCaptureTime: "2026-11-24T08:00:00" })]],
			["whose capture time is no time", [row_({ configurationItemCaptureTime: 1_795_000_000 })]],
			["of another account", [row_({ accountId: "210987654321" })]],
			["of another Region", [row_({ awsRegion: "us-west-2" })]],
			["of another type", [row_({ resourceType: "AWS::S3::AccountPublicAccessBlock" })]],
			["of a bucket that was deleted", [row_({ configurationItemStatus: "ResourceDeleted" })]],
			["without a status", [row_({ configurationItemStatus: undefined })]],
			["that another row contradicts", [JSON.stringify(row), withSettings({ BucketVersioningConfiguration: { status: "Suspended" } })]],
			["that is cut", [JSON.stringify(row).slice(0, -20)]],
			["that is no object", ["null", "[]", '"mail"', "7", ""]],
			["whose settings are no object", [row_({ supplementaryConfiguration: JSON.stringify(recordedSettings) })]],
			["far larger than AWS writes", [row_({ padding: "x".repeat(200_000) })]],
			["under a prototype's name", ['{"__proto__":{"accountId":"123456789012"},"constructor":{},"resourceId":"mail"}']],
		])("%s", async (_what, results) => {
			configTells({ results });
			await expectAsWithout(await look());
		});

		it("of whose age the limit is the user's", async () => {
			configTells({ results: [row_({ configurationItemCaptureTime: "2026-10-25T09:00:00Z" })] });
			const seen = await lookAt(s3, new Set(kinds), { ...settings, maxAgeHours: 720 });
			expect(seen.aggregator?.answers).toBe(5);
			expect(itemOf(seen, "aws_s3_bucket_logging")?.collectedAt).toBe("2026-10-25T09:00:00.000Z");
		});
	});

	describe("is not asked for rows", () => {
		it.each<[string, Told]>([
			["of an account that is no source", { sources: [{ ...source, SourceId: "210987654321" }] }],
			["of a Region that is no source", { sources: [{ ...source, AwsRegion: "us-west-2" }] }],
			["of a source that is the organization as a whole", { sources: [{ ...source, SourceType: "ORGANIZATION" }] }],
			["of a source that is outdated", { sources: [{ ...source, LastUpdateStatus: "OUTDATED" }] }],
			["of a source that failed", { sources: [{ ...source, LastUpdateStatus: "FAILED" }] }],
			["of a source that both succeeded and failed", { sources: [source, { ...source, LastUpdateStatus: "FAILED" }] }],
			["of an account without a recorder", { recorders: [] }],
			["of an account whose recorder is stopped", { statuses: [{ ...running, recording: false }] }],
			["of an account whose recorder failed", { statuses: [{ ...running, lastStatus: "Failure" }] }],
			["of an account whose recorder has no status", { statuses: [] }],
			["where the recorder is that of a service", { recorders: [{ ...recorder, servicePrincipal: "resource-explorer-2.amazonaws.com" }] }],
			["where the recorder leaves the type out", { recorders: [{ ...recorder, recordingGroup: { resourceTypes: ["AWS::KMS::Key"] } }] }],
			["where the recorder excludes the type", { recorders: [excluding(["AWS::S3::Bucket"])] }],
			["where the recorder excludes nobody knows what", { recorders: [excluding([])] }],
			["where the recorder looks once a day", { recorders: [{ ...recorder, recordingMode: { recordingFrequency: "DAILY" } }] }],
			[
				"where the recorder looks at the type once a day",
				{
					recorders: [
						{
							...recorder,
							recordingMode: {
								recordingFrequency: "CONTINUOUS",
								recordingModeOverrides: [{ resourceTypes: ["AWS::S3::Bucket"], recordingFrequency: "DAILY" }],
							},
						},
					],
				},
			],
		])("%s", async (_what, told) => {
			configTells(told);
			const seen = await look();
			await expectAsWithout(seen);
			expect(seen.calls.has("config-service:SelectAggregateResourceConfig")).toBe(false);
		});

		it("of an account that does not let us ask about its recorder", async () => {
			configMock.on(DescribeConfigurationRecorderStatusCommand).rejects(refusal("AccessDeniedException"));
			await expectAsWithout(await look());
		});

		it("but is where the recorder lists the type, in either way that AWS writes a success", async () => {
			const recordingGroup = { resourceTypes: ["AWS::S3::Bucket"], recordingStrategy: { useOnly: "INCLUSION_BY_RESOURCE_TYPES" } } as const;
			const statuses = [{ ...running, lastStatus: "SUCCESS" }] as unknown as ConfigurationRecorderStatus[];
			configTells({ recorders: [{ name: "default", recordingGroup: { ...recordingGroup, resourceTypes: ["AWS::S3::Bucket"] } }], statuses });
			expect((await look()).aggregator?.answers).toBe(5);
		});

		it("but is where the recorder excludes other types alone", async () => {
			configTells({ recorders: [excluding(["AWS::KMS::Key"])] });
			expect((await look()).aggregator?.answers).toBe(5);
		});
	});

	/** A setting that the row leaves out, states in part, or states as off: S3 says, so that no failure rests on a reading of ours. */
	describe("leaves to S3", () => {
		const encrypted = (by: object, more: object = {}) => ({
			ServerSideEncryptionConfiguration: { rules: [{ applyServerSideEncryptionByDefault: by, bucketKeyEnabled: false, ...more }] },
		});
		const locked = (defaultRetention: object) => ({ ObjectLockConfiguration: { objectLockEnabled: "Enabled", rule: { defaultRetention } } });
		it.each<[Kind, string, Record<string, unknown>]>([
			["aws_s3_bucket_versioning", "is left out", { BucketVersioningConfiguration: undefined }],
			["aws_s3_bucket_versioning", "was never on", { BucketVersioningConfiguration: { status: "Off", isMfaDeleteEnabled: null } }],
			["aws_s3_bucket_versioning", "is a word that S3 has not", { BucketVersioningConfiguration: { status: "<b>Enabled</b>" } }],
			["aws_s3_bucket_server_side_encryption_configuration", "has no key", encrypted({ sseAlgorithm: "aws:kms" })],
			["aws_s3_bucket_server_side_encryption_configuration", "has no algorithm", encrypted({ kmsMasterKeyID: keyArn })],
			["aws_s3_bucket_server_side_encryption_configuration", "has an algorithm unknown to us", encrypted({ sseAlgorithm: "aws:new", kmsMasterKeyID: keyArn })],
			["aws_s3_bucket_server_side_encryption_configuration", "has no rule", { ServerSideEncryptionConfiguration: { rules: [] } }],
			["aws_s3_bucket_public_access_block", "is null", { PublicAccessBlockConfiguration: null }],
			["aws_s3_bucket_public_access_block", "is told in part", { PublicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true } }],
			[
				"aws_s3_bucket_public_access_block",
				"is text",
				{ PublicAccessBlockConfiguration: { blockPublicAcls: "true", ignorePublicAcls: "true", blockPublicPolicy: "true", restrictPublicBuckets: "true" } },
			],
			["aws_s3_bucket_logging", "names no bucket", { BucketLoggingConfiguration: { destinationBucketName: null, logFilePrefix: null } }],
			[
				"aws_s3_bucket_logging",
				"names what no bucket is called",
				{ BucketLoggingConfiguration: { destinationBucketName: "<script>\u202e", logFilePrefix: null } },
			],
			["aws_s3_bucket_object_lock_configuration", "has no rule", { ObjectLockConfiguration: { objectLockEnabled: "Enabled" } }],
			["aws_s3_bucket_object_lock_configuration", "has no period", locked({ mode: "COMPLIANCE" })],
			["aws_s3_bucket_object_lock_configuration", "has two periods", locked({ mode: "COMPLIANCE", days: 2190, years: 6 })],
			["aws_s3_bucket_object_lock_configuration", "has a period that is none", locked({ mode: "COMPLIANCE", days: -1 })],
		])("%s where it %s", async (kind, _what, change) => {
			configTells({ results: [withSettings(change)] });
			const seen = await look();
			expect(asked(seen)).toEqual([replaced[kind]]);
			expect(seen.aggregator?.answers).toBe(4);
			expect(itemOf(seen, kind)).toEqual(itemOf(await lookDirectly(), kind));
		});
	});

	it("reads the other forms of each setting as S3 says them", async () => {
		configTells({
			results: [
				withSettings({
					BucketVersioningConfiguration: { status: "Suspended", isMfaDeleteEnabled: true },
					ServerSideEncryptionConfiguration: {
						rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", kmsMasterKeyID: null }, bucketKeyEnabled: null }],
					},
					PublicAccessBlockConfiguration: { blockPublicAcls: false, ignorePublicAcls: true, blockPublicPolicy: false, restrictPublicBuckets: true },
					BucketLoggingConfiguration: { destinationBucketName: "logs-of-mail", logFilePrefix: "" },
					ObjectLockConfiguration: { objectLockEnabled: "Enabled", rule: { defaultRetention: { mode: "GOVERNANCE", days: 1 } } },
				}),
			],
		});
		const seen = await look();
		bucketsMock.on(GetBucketVersioningCommand).resolves({ Status: "Suspended", MFADelete: "Enabled" });
		bucketsMock
			.on(GetBucketEncryptionCommand)
			.resolves({ ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] } });
		bucketsMock.on(GetPublicAccessBlockCommand).resolves({
			PublicAccessBlockConfiguration: { BlockPublicAcls: false, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true },
		});
		bucketsMock.on(GetBucketLoggingCommand).resolves({ LoggingEnabled: { TargetBucket: "logs-of-mail", TargetPrefix: "" } });
		bucketsMock.on(GetObjectLockConfigurationCommand).resolves({
			ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } },
		});
		const direct = await lookDirectly();
		expect(seen.aggregator?.answers).toBe(5);
		for (const kind of kinds) expect(itemOf(seen, kind)?.values).toEqual(itemOf(direct, kind)?.values);
	});
});
