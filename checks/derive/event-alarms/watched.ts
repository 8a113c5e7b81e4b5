/** One record of CloudTrail, as far as patterns look at it. */
export type TrailRecord = Record<string, unknown>;

/** Events that somebody must hear of: each record is one that has to raise an alarm. */
export interface WatchedEvents {
	id: string;
	of: "security" | "ses";
	records: readonly TrailRecord[];
}

const common = {
	eventVersion: "1.11",
	awsRegion: "us-east-1",
	sourceIPAddress: "192.0.2.1",
	readOnly: false,
	managementEvent: true,
	eventCategory: "Management",
};

/** The calls that undo what protects mail: CIS AWS Foundations Benchmark section 4, and those of SES by which TLS, events or DKIM are lost. */
export const watchedEvents: readonly WatchedEvents[] = [
	{ id: "root_used", of: "security", records: [signIn({ type: "Root", arn: "arn:aws:iam::111122223333:root" }, "Success")] },
	{
		id: "sign_in_failed",
		of: "security",
		records: [{ ...signIn({ type: "IAMUser", userName: "someone" }, "Failure"), errorMessage: "Failed authentication" }],
	},
	{ id: "key_lost", of: "security", records: calls("kms", ["DisableKey", "ScheduleKeyDeletion"]) },
	{ id: "trail_changed", of: "security", records: calls("cloudtrail", ["UpdateTrail", "DeleteTrail", "StopLogging"]) },
	{ id: "recorder_changed", of: "security", records: calls("config", ["StopConfigurationRecorder", "DeleteDeliveryChannel", "PutConfigurationRecorder"]) },
	{ id: "bucket_policy_changed", of: "security", records: calls("s3", ["PutBucketPolicy", "DeleteBucketPolicy"]) },
	{
		id: "ses_changed",
		of: "ses",
		records: calls("ses", [
			"PutEmailIdentityDkimAttributes",
			"PutEmailIdentityDkimSigningAttributes",
			"PutEmailIdentityMailFromAttributes",
			"PutEmailIdentityConfigurationSetAttributes",
			"PutConfigurationSetDeliveryOptions",
			"UpdateConfigurationSetEventDestination",
			"DeleteConfigurationSetEventDestination",
		]),
	},
];

/** The same record as EventBridge delivers it. */
export function asEvent(record: TrailRecord): TrailRecord {
	const service = String(record.eventSource).split(".")[0] ?? "";
	const type = record.eventType === "AwsConsoleSignIn" ? "AWS Console Sign In via CloudTrail" : "AWS API Call via CloudTrail";
	return { version: "0", source: `aws.${service}`, "detail-type": type, account: "111122223333", region: "us-east-1", resources: [], detail: record };
}

function calls(service: string, names: readonly string[]): TrailRecord[] {
	return names.map((eventName) => ({
		...common,
		eventType: "AwsApiCall",
		eventSource: `${service}.amazonaws.com`,
		eventName,
		userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::111122223333:assumed-role/admin/someone", accountId: "111122223333" },
	}));
}

function signIn(userIdentity: TrailRecord, outcome: "Success" | "Failure"): TrailRecord {
	return {
		...common,
		eventType: "AwsConsoleSignIn",
		eventSource: "signin.amazonaws.com",
		eventName: "ConsoleLogin",
		userIdentity: { accountId: "111122223333", ...userIdentity },
		additionalEventData: { MFAUsed: "No" },
		responseElements: { ConsoleLogin: outcome },
	};
}
