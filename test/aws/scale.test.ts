import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
	GetAccountCommand,
	GetConfigurationSetCommand,
	GetEmailIdentityCommand,
	GetEmailIdentityPoliciesCommand,
	ListConfigurationSetsCommand,
	ListEmailIdentitiesCommand,
	SESv2Client,
} from "@aws-sdk/client-sesv2";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, describe, expect, it } from "vitest";
import logs from "../../checks/collectors/aws-logs/index.ts";
import sesv2 from "../../checks/collectors/aws-sesv2/index.ts";
import { listingId } from "../../model/evidence.ts";
import { wantedKinds } from "../../pipeline/supply.ts";
import { judgeAccount } from "./judge.ts";
import { lookAt, now, target } from "./look.ts";

const ses = mockClient(SESv2Client);
const cloudwatch = mockClient(CloudWatchLogsClient);
afterEach(() => {
	ses.reset();
	cloudwatch.reset();
});

/** `count` things in pages of `size`; the token is the index of the next. */
function pageOf(count: number, size: number, token: string | undefined): { from: number; to: number; next: string | undefined } {
	const from = Number(token ?? 0);
	const to = Math.min(count, from + size);
	return { from, to, next: to < count ? String(to) : undefined };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("an account of many resources", () => {
	const identities = 1203;

	function manyIdentities(): void {
		ses.on(ListEmailIdentitiesCommand).callsFake(({ NextToken }) => {
			const { from, to, next } = pageOf(identities, 100, NextToken);
			return {
				EmailIdentities: range(from, to).map((n) => ({ IdentityName: `d${n}.clinic.example`, IdentityType: "DOMAIN", SendingEnabled: true })),
				NextToken: next,
			};
		});
		ses.on(GetEmailIdentityCommand).callsFake(({ EmailIdentity }) => ({
			IdentityType: "DOMAIN",
			DkimAttributes: { SigningEnabled: true, Status: "SUCCESS", CurrentSigningKeyLength: "RSA_2048_BIT" },
			// The last of them alone forwards its bounces.
			FeedbackForwardingStatus: EmailIdentity === `d${identities - 1}.clinic.example`,
		}));
		ses.on(GetEmailIdentityPoliciesCommand).resolves({ Policies: {} });
		ses.on(ListConfigurationSetsCommand).resolves({ ConfigurationSets: ["mail"] });
		ses.on(GetConfigurationSetCommand).resolves({ ConfigurationSetName: "mail" });
		ses.on(GetAccountCommand).resolves({ SendingEnabled: true });
	}

	it("reads every page of more than a thousand identities and finds the one on the last", { timeout: 120_000 }, async () => {
		manyIdentities();
		const wanted = wantedKinds(["sending.feedback_forwarding_off"], []);
		const { items, calls } = await lookAt(sesv2, wanted);
		expect(Object.fromEntries(calls)).toEqual({ "sesv2:ListEmailIdentities": 13, "sesv2:GetEmailIdentity": identities });
		expect(items.find((item) => item.id === listingId("aws_sesv2_email_identity", target.id))?.values).toMatchObject({ count: identities, complete: true });
		const results = await judgeAccount(items, target, now, ["sending.feedback_forwarding_off"]);
		expect(results).toHaveLength(identities);
		expect(results.filter((one) => one.status === "fail").map((one) => one.resource)).toEqual([
			`arn:aws:ses:us-east-1:123456789012:identity/d${identities - 1}.clinic.example`,
		]);
	});

	it("asks nothing that the chosen checks do not need", async () => {
		manyIdentities();
		const { calls } = await lookAt(sesv2, wantedKinds(["sending.account_healthy"], []));
		expect(Object.fromEntries(calls)).toEqual({ "sesv2:GetAccount": 1 });
		const sets = await lookAt(sesv2, wantedKinds(["sending.suppression_enabled"], []));
		expect([...sets.calls.keys()].filter((operation) => /Identit/.test(operation))).toEqual([]);
		expect(sets.calls.get("sesv2:GetConfigurationSet")).toBe(1);
		const nothing = await lookAt(sesv2, wantedKinds(["logs.retention"], []));
		expect([...nothing.calls.keys()].filter((operation) => !/ListConfigurationSets|GetConfigurationSet|ListEmailIdentities/.test(operation))).toEqual([]);
		expect((await lookAt(logs, wantedKinds(["sending.account_healthy"], []))).calls.size).toBe(0);
	});

	const groups = 10_000;

	function manyGroups(fail?: number): void {
		let page = 0;
		cloudwatch.on(DescribeLogGroupsCommand).callsFake(({ nextToken }) => {
			if (page++ === fail) throw Object.assign(new Error("made by a test"), { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } });
			const { from, to, next } = pageOf(groups, 50, nextToken);
			return {
				logGroups: range(from, to).map((n) => ({
					logGroupName: `/clinic/${n}`,
					logGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:/clinic/${n}`,
					// The last of them alone never expires its events.
					...(n === groups - 1 ? {} : { retentionInDays: 2192 }),
				})),
				nextToken: next,
			};
		});
	}

	it("reads every page of ten thousand log groups and keeps the one that never expires", { timeout: 120_000 }, async () => {
		manyGroups();
		const { items, calls } = await lookAt(logs, new Set(["aws_cloudwatch_log_group"]));
		expect(Object.fromEntries(calls)).toEqual({ "logs:DescribeLogGroups": groups / 50 });
		expect(items.find((item) => item.kind === "listing")?.values).toMatchObject({ count: groups, complete: true });
		const never = items.filter((item) => item.kind === "aws_cloudwatch_log_group" && (item.values as { retention_in_days: number }).retention_in_days === 0);
		expect(never.map((item) => item.id)).toEqual([`arn:aws:logs:us-east-1:123456789012:log-group:/clinic/${groups - 1}`]);
	});

	it("keeps what it read and says that there may be more where a late page fails", { timeout: 120_000 }, async () => {
		manyGroups(150);
		const { items } = await lookAt(logs, new Set(["aws_cloudwatch_log_group"]));
		expect(items.find((item) => item.kind === "listing")).toMatchObject({
			status: "error",
			error: { code: "throttled", detail: "logs:DescribeLogGroups" },
			values: { count: 7500, complete: false },
		});
	});
});
