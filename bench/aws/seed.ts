import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateConfigurationSetCommand, CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import pLimit from "p-limit";

const region = "us-east-1";

/** What an account holds at size 1. */
export const unit = { identities: 50, logGroups: 200, buckets: 100, roles: 100 };

/** An account of so many times the unit, in the emulator that the environment points at. */
export async function seedAccount(times: number): Promise<number> {
	const ses = new SESv2Client({ region });
	const logs = new CloudWatchLogsClient({ region });
	const s3 = new S3Client({ region, forcePathStyle: true });
	const iam = new IAMClient({ region });
	const trust = JSON.stringify({
		Version: "2012-10-17",
		Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
	});
	await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: "mail" }));
	const limit = pLimit(16);
	const many = (count: number, make: (index: number) => Promise<unknown>) =>
		Promise.all(Array.from({ length: count * times }, (_, index) => limit(() => make(index))));
	await many(unit.identities, (index) => ses.send(new CreateEmailIdentityCommand({ EmailIdentity: `d${index}.bench.example`, ConfigurationSetName: "mail" })));
	await many(unit.logGroups, (index) => logs.send(new CreateLogGroupCommand({ logGroupName: `/bench/${index}` })));
	await many(unit.buckets, (index) => s3.send(new CreateBucketCommand({ Bucket: `bench-${index}` })));
	await many(unit.roles, (index) => iam.send(new CreateRoleCommand({ RoleName: `bench-${index}`, AssumeRolePolicyDocument: trust })));
	for (const client of [ses, logs, s3, iam]) client.destroy();
	return times * Object.values(unit).reduce((sum, count) => sum + count, 0);
}
