import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { aggregatorActions } from "../../checks/aws/config-service.ts";
import { namesOf, openAws } from "../../checks/aws/open.ts";
import s3 from "../../checks/collectors/aws-s3/index.ts";
import type { CollectContext } from "../../checks/collectors/collector.ts";
import { defaultConfig } from "../../model/config.ts";
import type { Evidence } from "../../model/evidence.ts";
import { scanActions } from "../../model/scan-actions.generated.ts";
import { built, mailward, now, removeTemporaryFolders, resultIn, temporaryFolder } from "../smoke/support.ts";
import { pointAt } from "../support/aws-emulator.ts";

/** An organization of two pages: its management account, one member that lets us in, one that does not, one that is suspended. */
const management = "111111111111";
const [open, closed, suspended] = ["222222222222", "333333333333", "444444444444"];

interface Asked {
	action: string;
	body: URLSearchParams;
	json: Record<string, unknown>;
	account: string;
}

let server: Server;
let asked: Asked[] = [];
/** What ListAccounts does on its second page. */
let secondPage: keyof typeof listingFaults | "whole" = "whole";
let denied: readonly string[] = [];
/** An aggregator of the organization, and buckets in the member that lets us in. */
let aggregated = false;

beforeAll(async () => {
	await built();
	server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming
			.on("data", (chunk: Buffer) => chunks.push(chunk))
			.on("end", () => {
				const text = Buffer.concat(chunks).toString();
				const query = /urlencoded/.test(incoming.headers["content-type"] ?? "");
				const body = new URLSearchParams(query ? text : "");
				const json = query || text === "" || text.startsWith("<") ? {} : (JSON.parse(text) as Record<string, unknown>);
				const target = String(incoming.headers["x-amz-target"] ?? "").split(".")[1];
				const action = body.get("Action") ?? target ?? String(incoming.url);
				const account = /Credential=KEY(\d{12})/.exec(incoming.headers.authorization ?? "")?.[1] ?? management;
				const one = { action, body, json, account };
				asked.push(one);
				if (action === "ListAccounts" && json.NextToken !== undefined && secondPage === "silent") return;
				const { status, answer, xml } = answerTo(one);
				outgoing.writeHead(status, { "content-type": xml ? "text/xml" : "application/json" });
				outgoing.end(answer);
			});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, 60_000);
afterAll(() => {
	server.close();
	removeTemporaryFolders();
});
afterEach(() => {
	asked = [];
	secondPage = "whole";
	denied = [];
	aggregated = false;
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Answer {
	status: number;
	answer: string;
	xml: boolean;
}

const refusal: Answer = { status: 403, answer: JSON.stringify({ __type: "AccessDeniedException", Message: "made by a test" }), xml: false };
/** What ListAccounts may do on its second page, and the code that it then has. */
const listingFaults = {
	denied: { status: 403, answer: refusal.answer, code: "permission_denied" },
	throttled: { status: 400, answer: JSON.stringify({ __type: "ThrottlingException" }), code: "throttled" },
	broken: { status: 500, answer: JSON.stringify({ __type: "InternalFailure" }), code: "upstream_error" },
	empty: { status: 200, answer: "{}", code: "malformed" },
	cut: { status: 200, answer: '{"Accounts":[{"Id":"2222', code: "malformed" },
	silent: { status: 0, answer: "", code: "timeout" },
} as const;

const refusalXml: Answer = {
	status: 403,
	answer: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>made by a test</Message></Error></ErrorResponse>",
	xml: true,
};
const resultXml = (action: string, inner: string): Answer => ({
	status: 200,
	answer: `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`,
	xml: true,
});

function answerTo({ action, body, json, account }: Asked): Answer {
	if (action === "GetCallerIdentity") {
		const arn = account === management ? `arn:aws:iam::${account}:user/auditor` : `arn:aws:sts::${account}:assumed-role/audit-reader/mailward`;
		return resultXml(action, `<Account>${account}</Account><UserId>A</UserId><Arn>${arn}</Arn>`);
	}
	if (action === "AssumeRole") {
		const member = body.get("RoleArn")?.split(":")[4] ?? "";
		if (member !== open) return refusalXml;
		const credentials = `<AccessKeyId>KEY${member}</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>`;
		return resultXml(action, `<Credentials>${credentials}</Credentials>`);
	}
	if (action === "SimulatePrincipalPolicy") {
		const names = [...body].flatMap(([key, value]) => (key.startsWith("ActionNames.member.") ? [value] : []));
		const members = names.map(
			(name) => `<member><EvalActionName>${name}</EvalActionName><EvalDecision>${denied.includes(name) ? "implicitDeny" : "allowed"}</EvalDecision></member>`,
		);
		return resultXml(action, `<EvaluationResults>${members.join("")}</EvaluationResults><IsTruncated>false</IsTruncated>`);
	}
	if (action === "ListAccounts") {
		const account = (Id: string | undefined, State: string) => ({ Id, State, Email: "owner@clinic.example", Name: "never kept" });
		if (json.NextToken === undefined)
			return { status: 200, answer: JSON.stringify({ Accounts: [account(closed, "ACTIVE"), account(management, "ACTIVE")], NextToken: "2" }), xml: false };
		if (secondPage !== "whole") return { ...listingFaults[secondPage], xml: false };
		return { status: 200, answer: JSON.stringify({ Accounts: [account(suspended, "SUSPENDED"), account(open, "ACTIVE")] }), xml: false };
	}
	if (action === "/listRegions") {
		const regions = [
			{ RegionName: "us-east-1", RegionOptStatus: "ENABLED_BY_DEFAULT" },
			{ RegionName: "af-south-1", RegionOptStatus: "DISABLED" },
		];
		return { status: 200, answer: JSON.stringify({ Regions: regions }), xml: false };
	}
	if (aggregated) return answerOfConfig(action, account) ?? refusal;
	return body.has("Action") ? refusalXml : refusal;
}

const capturedAt = new Date(Date.parse(now) - 3_600_000).toISOString();
const bucketRow = {
	accountId: open,
	awsRegion: "us-east-1",
	resourceType: "AWS::S3::Bucket",
	resourceId: "mail",
	configurationItemCaptureTime: capturedAt,
	configurationItemStatus: "OK",
	supplementaryConfiguration: { BucketVersioningConfiguration: { status: "Enabled" } },
};

/** The aggregator answers its own account alone, the recorder and the buckets are asked in the member. */
function answerOfConfig(action: string, account: string): Answer | undefined {
	const json = (value: object): Answer => ({ status: 200, answer: JSON.stringify(value), xml: false });
	if (account === management) {
		const source = { SourceId: open, SourceType: "ACCOUNT", AwsRegion: "us-east-1", LastUpdateStatus: "SUCCEEDED" };
		if (action === "DescribeConfigurationAggregatorSourcesStatus") return json({ AggregatedSourceStatusList: [source] });
		if (action === "SelectAggregateResourceConfig") return json({ Results: [JSON.stringify(bucketRow)], QueryInfo: { SelectFields: [{ Name: "accountId" }] } });
	}
	if (account !== open) return undefined;
	if (action === "DescribeConfigurationRecorders") return json({ ConfigurationRecorders: [{ name: "default", recordingGroup: { allSupported: true } }] });
	if (action === "DescribeConfigurationRecorderStatus")
		return json({ ConfigurationRecordersStatus: [{ name: "default", recording: true, lastStatus: "SUCCESS" }] });
	if (!action.includes("x-id=ListBuckets")) return undefined;
	const bucket = "<Bucket><Name>mail</Name><BucketRegion>us-east-1</BucketRegion></Bucket>";
	return { status: 200, answer: `<ListAllMyBucketsResult><Buckets>${bucket}</Buckets></ListAllMyBucketsResult>`, xml: true };
}

const options = { signal: new AbortController().signal, timeoutMs: 2000, maxAttempts: 1, retryMode: "standard" as const, now: () => now };
const members = { organization: true, memberRole: "audit-reader", externalId: "clinic-17", sessionTags: { scan: "yes" } };

async function opened(regions: string[] = ["us-east-1"]) {
	pointAt(url());
	const run = await openAws({ accounts: [members], regions }, options);
	await run.close();
	return run;
}

describe("the members of an organization", () => {
	it("takes the role in each active member and lists the suspended ones", async () => {
		const run = await opened();
		expect(run.targets.map((target) => target.id)).toEqual([`${management}/us-east-1`, `${open}/us-east-1`, `${closed}/us-east-1`]);
		expect(run.accounts.map(({ account, state, arn }) => ({ account, state, arn }))).toEqual([
			{ account: management, state: "looked_at", arn: `arn:aws:iam::${management}:user/auditor` },
			{ account: open, state: "looked_at", arn: `arn:aws:sts::${open}:assumed-role/audit-reader/mailward` },
			{ account: closed, state: "refused", arn: null },
			{ account: suspended, state: "not_active", arn: null },
		]);
		expect(run.accounts[2]?.reason?.code).toBe("permission_denied");
		expect(run.accounts[3]?.reason).toEqual({ code: "suspended", message: "the organization says SUSPENDED" });
		const taken = asked.filter((one) => one.action === "AssumeRole").map(({ body }) => body);
		expect(new Set(taken.map((body) => body.get("RoleArn")))).toEqual(
			new Set([`arn:aws:iam::${open}:role/audit-reader`, `arn:aws:iam::${closed}:role/audit-reader`]),
		);
		for (const body of taken) {
			expect(body.get("ExternalId")).toBe("clinic-17");
			expect([body.get("Tags.member.1.Key"), body.get("Tags.member.1.Value")]).toEqual(["scan", "yes"]);
		}
	});

	it.each(Object.keys(listingFaults) as (keyof typeof listingFaults)[])("stands in for the members nobody told us where the listing is %s", async (fault) => {
		secondPage = fault;
		const run = await opened();
		const rest = `members of the organization of ${management}`;
		expect(run.targets.map((target) => target.id)).toEqual([`${management}/us-east-1`, `${closed}/us-east-1`, `${rest}/us-east-1`]);
		expect(run.accounts.at(-1)).toMatchObject({ account: rest, state: "refused", reason: { code: listingFaults[fault].code } });
		expect(run.accounts.at(-1)?.reason?.message).toContain("organizations:ListAccounts");
	});

	it("says what will be denied, and closes the Regions that are not enabled", async () => {
		denied = ["ses:GetAccount", "kms:ListKeys"];
		const run = await opened(["us-east-1", "af-south-1"]);
		expect(run.accounts[0]).toMatchObject({ deniedBeforehand: ["kms:ListKeys", "ses:GetAccount"], notEnabled: ["af-south-1"] });
		const simulated = asked.filter((one) => one.action === "SimulatePrincipalPolicy");
		expect(simulated.map(({ body }) => body.get("PolicySourceArn"))).toContain(`arn:aws:iam::${open}:role/audit-reader`);
		const names = simulated.filter((one) => one.account === management).flatMap(({ body }) => [...body].filter(([key]) => key.startsWith("ActionNames.")));
		expect(names.map(([, value]) => value).sort()).toEqual([...scanActions]);
	});

	it("names the members in words before anyone is asked", () => {
		expect(namesOf({ accounts: [members], regions: ["us-east-1"] })).toEqual([
			"default credentials/us-east-1",
			"each active member of its organization, as role audit-reader/us-east-1",
		]);
	});

	it("has the aggregator of its account answer for the member, and S3 for what it does not tell", async () => {
		aggregated = true;
		pointAt(url());
		const run = await openAws({ accounts: [{ ...members, aggregator: { name: "clinics", maxAgeHours: 24 } }], regions: ["us-east-1"] }, options);
		const kinds = new Set(["aws_s3_bucket_versioning", "aws_s3_bucket_logging"]);
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		const context = { config: defaultConfig, aws: run, now: () => now, log, wants: (kind: string) => kinds.has(kind) } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of s3.collect({ id: `${open}/us-east-1`, type: "account" }, context)) items.push(item);
		await run.close();
		const versioning = items.find((item) => item.kind === "aws_s3_bucket_versioning");
		expect(versioning).toMatchObject({ status: "ok", values: { versioning_configuration: { status: "Enabled" } }, collectedAt: capturedAt });
		expect(versioning?.source).toMatchObject({ account: open, call: "s3:ListAllMyBuckets, config:SelectAggregateResourceConfig" });
		expect(items.find((item) => item.kind === "aws_s3_bucket_logging")?.error?.code).toBe("permission_denied");
		expect(run.aggregators()).toEqual([{ name: "clinics", account: management, region: "us-east-1", maxAgeHours: 24, answers: 1, failure: null }]);
		expect(asked.filter((one) => one.action === "SelectAggregateResourceConfig").map((one) => one.account)).toEqual([management]);
		expect(run.calls().map((call) => call.action)).toEqual(expect.arrayContaining([...aggregatorActions]));
	});

	it("refuses an aggregator in a Region that AWS does not have, before anyone is asked", async () => {
		const accounts = [{ ...members, aggregator: { name: "clinics", region: "us-eats-1", maxAgeHours: 24 } }];
		await expect(openAws({ accounts, regions: ["us-east-1"] }, options)).rejects.toThrow("there is no AWS Region us-eats-1; did you mean us-east-1?");
		expect(asked).toEqual([]);
	});

	it("passes nothing in a member that refuses, tells each account's part, and ends with 3", { timeout: 90_000 }, async () => {
		denied = ["ses:GetAccount"];
		const out = join(temporaryFolder(), "out");
		const env = {
			AWS_ENDPOINT_URL: url(),
			AWS_ENDPOINT_URL_S3_CONTROL: url().replace("127.0.0.1", "localhost"),
			AWS_ACCESS_KEY_ID: "test",
			AWS_SECRET_ACCESS_KEY: "test",
			AWS_REGION: "us-east-1",
			AWS_EC2_METADATA_DISABLED: "true",
			AWS_CONFIG_FILE: "/dev/null",
			AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
		};
		const cwd = temporaryFolder();
		writeFileSync(join(cwd, "mailward.yaml"), "version: 1\naws:\n  accounts: [{aggregator: {name: clinics}}]\n");
		const args = ["scan", "--aws-organization", "audit-reader", "--out", out, "--format", "html,json"];
		const run = await mailward(args, { env, cwd, timeoutMs: 80_000 });
		const result = resultIn(out);
		expect(run.stderr).toContain(`AWS ${management}: looking as arn:aws:iam::${management}:user/auditor in us-east-1`);
		expect(run.stderr).toContain("IAM says that ses:GetAccount will be denied");
		expect(run.stderr).toContain(`AWS ${closed}: sts:GetCallerIdentity: AccessDenied`);
		expect(run.stderr).toContain(`AWS ${suspended}: not looked at, the organization says SUSPENDED`);
		expect(run.stderr).toMatch(new RegExp(`AWS ${open}/us-east-1: denied: .*ses:GetAccount`));
		expect(run.code).toBe(3);
		expect(result.results.filter((one) => one.status === "pass" || one.status === "fail")).toEqual([]);
		// No plan was given to compare with: of drift there is nothing to say.
		const ofClosed = result.results.filter((one) => one.target === `${closed}/us-east-1` && !one.check.startsWith("drift."));
		expect(new Set(ofClosed.map((one) => one.reason?.code))).toEqual(new Set(["permission_denied"]));
		expect(result.run.accounts?.map(({ account, state }) => [account, state])).toEqual([
			[management, "looked_at"],
			[open, "looked_at"],
			[closed, "refused"],
			[suspended, "not_active"],
		]);
		expect(result.run.aggregators).toEqual([{ name: "clinics", account: management, region: "us-east-1", maxAgeHours: 24, answers: 0, failure: null }]);
		expect(run.stderr).toContain(`AWS ${management}: the aggregator clinics answered 0 calls`);
		expect(readFileSync(join(out, "report.html"), "utf8")).toContain("clinics, us-east-1, account");
		expect(JSON.stringify(result)).not.toContain("clinic.example");
	});
});

describe("iam-policy --organization", () => {
	it("adds the listing of members and the one role, and refuses what is no role's name", async () => {
		const printed = JSON.parse((await mailward(["iam-policy", "--organization", "audit-reader"])).stdout) as {
			Statement: { Action: string[]; Resource: string }[];
		};
		expect(printed.Statement.map(({ Action, Resource }) => ({ Action, Resource })).slice(1)).toEqual([
			{ Action: ["organizations:ListAccounts"], Resource: "*" },
			{ Action: ["sts:AssumeRole", "sts:TagSession"], Resource: "arn:*:iam::*:role/audit-reader" },
		]);
		expect(printed.Statement[0]?.Action).toEqual([...scanActions]);
		const asking = await mailward(["iam-policy", "--organization", "audit-reader", "--aggregator"]);
		expect((JSON.parse(asking.stdout) as typeof printed).Statement.slice(3).map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
			{ Action: ["config:DescribeConfigurationAggregatorSourcesStatus", "config:SelectAggregateResourceConfig"], Resource: "*" },
		]);
		const wrong = await mailward(["iam-policy", "--organization", "a/b"]);
		expect(wrong.code).toBe(2);
		expect(wrong.stderr).toContain("expected the name of a role");
	});
});
