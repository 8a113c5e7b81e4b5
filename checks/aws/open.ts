import type { AwsAccountConfig } from "../../model/config.ts";
import type { Target } from "../../model/evidence.ts";
import { nearestKey } from "../../model/source.ts";
import { errorName, MalformedAnswer } from "./errors.ts";
import { awsApi } from "./operation.ts";
import { regions as knownRegions, partitionOf } from "./regions.ts";
import { type AwsRun, AwsSession, type CallOptions } from "./session.ts";
import type { Place } from "./table.ts";

const sts = awsApi({ id: "sts", client: "STSClient", load: () => import("@aws-sdk/client-sts"), global: true, concurrency: 2 });
export const getCallerIdentity = sts("GetCallerIdentity", { expects: ["Account", "Arn"] });

/** What is wrong before AWS was asked anything: no credentials, no Region or one that does not exist. The command line ends with exit code 2. */
export class AwsSetupError extends Error {
	override readonly name = "AwsSetupError";
}

export interface AwsRequest {
	accounts: readonly AwsAccountConfig[];
	/** Empty: the Region of the environment or profile. */
	regions: readonly string[];
}

interface Opened {
	session: AwsSession;
	place: Place;
}

/**
 * Opens the accounts of a request: credentials, and who they speak as. An account that AWS refuses (expired, no right to take the
 * role) stays among the targets, so that everything in it is not assessed and says why; the others go on.
 * Throws AwsSetupError where there are no credentials at all, or no such Region.
 */
export async function openAws(request: AwsRequest, options: CallOptions & { now: () => string }): Promise<AwsRun> {
	for (const region of request.regions) checkRegion(region);
	const byTarget = new Map<string, Opened>();
	const targets: Target[] = [];
	const sessions: AwsSession[] = [];
	let caller: AwsRun["caller"] = null;
	for (const account of request.accounts) {
		const regions = request.regions.length > 0 ? request.regions : [await defaultRegion(account)];
		const session = new AwsSession(await credentialsOf(account, regions[0] ?? "", options), options);
		sessions.push(session);
		const identity = await whoIs(session, regions[0] ?? "");
		caller ??= identity;
		const name = identity?.account ?? accountOfRole(account.roleArn) ?? nameOf(account);
		for (const region of regions) {
			const id = `${name}/${region}`;
			if (byTarget.has(id))
				throw new AwsSetupError(`${nameOf(account)} leads to account ${name}, which another entry of aws.accounts names already; leave one of them out`);
			const place = {
				account: name,
				region,
				partition: identity?.arn.split(":")[1] ?? partitionOf(region),
				regions,
				first: region === regions[0],
				now: options.now(),
			};
			byTarget.set(id, { session, place });
			targets.push({ id, type: "account" });
		}
	}
	return {
		targets,
		caller,
		open: (target) => byTarget.get(target.id),
		calls: () => sessions.flatMap((session) => session.calls),
		close: async () => {
			for (const session of sessions) await session.close();
		},
	};
}

/** What a target is called before AWS was asked which account it is: for --dry-run. */
export function namesOf({ accounts, regions }: AwsRequest): string[] {
	return accounts.flatMap((account) => (regions.length > 0 ? regions : ["default Region"]).map((region) => `${nameOf(account)}/${region}`));
}

function nameOf({ roleArn, profile }: AwsAccountConfig): string {
	if (roleArn !== undefined) return roleArn;
	return profile === undefined ? "default credentials" : `profile ${profile}`;
}

function accountOfRole(roleArn: string | undefined): string | undefined {
	return roleArn?.split(":")[4];
}

/** Without an answer the account has no number, and nothing it holds a name: the session then meets every call with this refusal. */
async function whoIs(session: AwsSession, region: string): Promise<{ account: string; arn: string } | null> {
	try {
		const { Account, Arn } = await session.send(getCallerIdentity, {}, region);
		if (Account === undefined || Arn === undefined) throw new MalformedAnswer("the answer names no account");
		return { account: Account, arn: Arn };
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		session.refuse(error);
		return null;
	}
}

function checkRegion(region: string): void {
	if (knownRegions.includes(region)) return;
	const near = nearestKey(region, knownRegions);
	throw new AwsSetupError(`there is no AWS Region ${region}${near === undefined ? "; name one such as us-east-1" : `; did you mean ${near}?`}`);
}

async function defaultRegion({ profile }: AwsAccountConfig): Promise<string> {
	const { STSClient } = await import("@aws-sdk/client-sts");
	const client = new STSClient(profile === undefined ? {} : { profile });
	let region: string;
	try {
		region = await client.config.region();
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		throw new AwsSetupError("no AWS Region is set: give --region, name one under aws.regions, or set AWS_REGION");
	} finally {
		client.destroy();
	}
	checkRegion(region);
	return region;
}

interface Credentials {
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken?: string;
	expiration?: Date;
}

/** The provider of an account's credentials: the SDK's chain, from a profile if one is named, then the role on top of it. */
async function credentialsOf(account: AwsAccountConfig, region: string, options: CallOptions): Promise<() => Promise<Credentials>> {
	const { fromNodeProviderChain, fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
	const { profile, roleArn, externalId, sessionTags = {} } = account;
	const base = kept(fromNodeProviderChain({ ...(profile === undefined ? {} : { profile }), clientConfig: { region } }));
	await checkCredentials(base, account);
	if (roleArn === undefined) return base;
	return kept(
		fromTemporaryCredentials({
			masterCredentials: base,
			clientConfig: { region, maxAttempts: options.maxAttempts },
			params: {
				RoleArn: roleArn,
				RoleSessionName: "mailward",
				...(externalId === undefined ? {} : { ExternalId: externalId }),
				...(Object.keys(sessionTags).length === 0 ? {} : { Tags: Object.entries(sessionTags).map(([Key, Value]) => ({ Key, Value })) }),
			},
		}),
	);
}

async function checkCredentials(provider: () => Promise<Credentials>, account: AwsAccountConfig): Promise<void> {
	try {
		await provider();
	} catch (error) {
		// A sign-in that has run out is no missing one: AWS was asked, and everything in the account is not assessed.
		if (!(error instanceof Error) || errorName(error) !== "CredentialsProviderError" || /expired|refresh/i.test(error.message)) return;
		const where = account.profile === undefined ? "" : ` for profile ${account.profile}`;
		throw new AwsSetupError(
			`no AWS credentials were found${where}: sign in (aws sso login, aws login), set AWS_PROFILE or the AWS_* variables, or name a profile under aws.accounts`,
		);
	}
}

/** Remembers credentials until five minutes before they end, and a refusal for good: one account asks once, not each of its clients. */
function kept(provider: () => Promise<Credentials>): () => Promise<Credentials> {
	let current: Promise<Credentials> | undefined;
	let until = Number.POSITIVE_INFINITY;
	return () => {
		if (current === undefined || Date.now() > until) {
			until = Number.POSITIVE_INFINITY;
			current = provider().then((credentials) => {
				if (credentials.expiration !== undefined) until = credentials.expiration.getTime() - 300_000;
				return credentials;
			});
		}
		return current;
	};
}
