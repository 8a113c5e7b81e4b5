import type { AwsSecurityFinding } from "@aws-sdk/client-securityhub";
import { awsAgents } from "../../checks/aws/agents.ts";
import { errorName } from "../../checks/aws/errors.ts";
import { AwsSetupError } from "../../checks/aws/setup-error.ts";
import type { ResultDocument } from "../../model/result.ts";
import { writer } from "../../reports/asff/index.ts";
import { themeOf } from "../../reports/theme/theme.ts";
import { SendError } from "./send-error.ts";

/** Limits of BatchImportFindings (AWS Security Hub API reference, as of 2026-11): findings a call, bytes a finding, bytes a call. */
const limits = { findings: 100, findingBytes: 240_000, callBytes: 6_000_000 } as const;
/** A finding that was not taken is offered again so many times. */
const rounds = 3;
const timeoutMs = 30_000;
/** Stands in asff.json for an account that is known only here. */
const placeholder = "000000000000";

export interface Target {
	account: string;
	region: string;
	partition: string;
}

export interface Findings {
	batches: AwsSecurityFinding[][];
	/** Of other accounts: each account's findings are imported from that account. */
	elsewhere: number;
}

/** The findings of a result for one account and Region, in calls that keep the limits. */
export function findingsFor(result: ResultDocument, target: Target): Findings {
	const all: AwsSecurityFinding[] = [];
	for (const file of writer.write(result, themeOf(result))) all.push(...(JSON.parse([...file.chunks].join("")) as AwsSecurityFinding[]));
	const own = all.filter((finding) => finding.AwsAccountId === target.account || finding.AwsAccountId === placeholder);
	return { batches: batchesOf(own.map((finding) => fitted(addressed(finding, target)))), elsewhere: all.length - own.length };
}

/** The importing product is the account's own in the Region that is called. */
function addressed(finding: AwsSecurityFinding, { account, region, partition }: Target): AwsSecurityFinding {
	const { Region: _of, ...rest } = finding;
	return { ...rest, AwsAccountId: account, ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default` };
}

/** Cut to what the service takes, and marked; the bundle holds all of it. */
export function fitted(finding: AwsSecurityFinding): AwsSecurityFinding {
	if (bytesOf(finding) <= limits.findingBytes) return finding;
	const { Remediation: _remediation, ...rest } = finding;
	const cut = {
		...rest,
		Resources: (finding.Resources ?? []).slice(0, 1).map(({ Details: _details, ...resource }) => resource),
		ProductFields: {
			"mailward/fingerprint": finding.ProductFields?.["mailward/fingerprint"] ?? "unknown",
			"mailward/cut": "to the size that Security Hub takes",
		},
	};
	if (bytesOf(cut) > limits.findingBytes) throw new SendError(`the finding ${finding.Id} has more than ${limits.findingBytes} bytes even when cut`);
	return cut;
}

function batchesOf(findings: readonly AwsSecurityFinding[]): AwsSecurityFinding[][] {
	const batches: AwsSecurityFinding[][] = [];
	let bytes = 0;
	for (const finding of findings) {
		const size = bytesOf(finding) + 1;
		const last = batches.at(-1);
		if (last !== undefined && last.length < limits.findings && bytes + size <= limits.callBytes) {
			last.push(finding);
			bytes += size;
		} else {
			batches.push([finding]);
			bytes = size;
		}
	}
	return batches;
}

function bytesOf(finding: AwsSecurityFinding): number {
	return Buffer.byteLength(JSON.stringify(finding));
}

const handler = (): object => ({ connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true, ...awsAgents() });

/** Whose credentials these are. Throws AwsSetupError where there are none. */
export async function callerTarget(region: string): Promise<Target> {
	const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
	try {
		const { Account, Arn } = await new STSClient({ region, maxAttempts: 3, requestHandler: handler() }).send(new GetCallerIdentityCommand({}));
		if (Account === undefined) throw new AwsSetupError("AWS did not say which account the credentials are of");
		return { account: Account, region, partition: Arn?.split(":")[1] ?? "aws" };
	} catch (error) {
		if (error instanceof AwsSetupError) throw error;
		throw new AwsSetupError(
			`AWS could not be asked whose credentials these are (${errorName(error)}): give credentials by the usual chain, such as AWS_PROFILE`,
		);
	}
}

/** Imports all of them; those that were not taken are offered again. Returns how many were taken. Throws SendError where some never were. */
export async function importFindings(batches: readonly AwsSecurityFinding[][], region: string, signal: AbortSignal): Promise<number> {
	const { BatchImportFindingsCommand, SecurityHubClient } = await import("@aws-sdk/client-securityhub");
	// Throttling is waited out by the client.
	const client = new SecurityHubClient({ region, maxAttempts: 6, retryMode: "adaptive", requestHandler: handler() });
	let taken = 0;
	for (const batch of batches) {
		let open: AwsSecurityFinding[] = batch;
		let why = "no reason given";
		for (let round = 0; round < rounds && open.length > 0; round += 1) {
			try {
				const { FailedFindings = [], SuccessCount = 0 } = await client.send(new BatchImportFindingsCommand({ Findings: open }), { abortSignal: signal });
				taken += SuccessCount;
				why = FailedFindings[0]?.ErrorCode ?? why;
				const failed = new Set(FailedFindings.map((one) => one.Id));
				open = open.filter((finding) => failed.has(finding.Id));
			} catch (error) {
				throw new SendError(`Security Hub took ${taken} findings and then no more (${errorName(error)})`);
			}
		}
		if (open.length > 0) throw new SendError(`Security Hub took ${taken} findings and refused ${open.length} of a call (${why}): the first is ${open[0]?.Id}`);
	}
	return taken;
}
