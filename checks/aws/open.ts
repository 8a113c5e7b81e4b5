import pLimit from "p-limit";
import type { AwsAccountConfig } from "../../model/config.ts";
import type { AccountLook } from "../../model/evidence.ts";
import { nearestKey } from "../../model/source.ts";
import { Aggregator, type RecordedSettings } from "./aggregator.ts";
import { type CredentialProvider, credentialsOf, roleOn } from "./credentials.ts";
import { errorOfCall } from "./errors.ts";
import { defaultMemberRole, type Member, membersOf } from "./organization.ts";
import { getCallerIdentity, preflight, whoIs } from "./preflight.ts";
import { regions as knownRegions, partitionOf } from "./regions.ts";
import { type AwsRun, AwsSession, type CallOptions } from "./session.ts";
import { AwsSetupError } from "./setup-error.ts";
import type { Place } from "./table.ts";

export interface AwsRequest {
	accounts: readonly AwsAccountConfig[];
	/** Empty: the Region of the environment or profile. */
	regions: readonly string[];
}

interface Opened {
	session: AwsSession;
	place: Place;
	recorded?: RecordedSettings | undefined;
}

/** Accounts that are opened at once: each asks a few questions, members of an organization come by the hundred. */
const openedAtOnce = 8;

/**
 * Opens the accounts of a request: credentials, who they speak as, what they may not do, which Regions are enabled, and the members of
 * an organization. An account that AWS refuses (expired, no right to take the role) stays among the targets, so that everything in it
 * is not assessed and says why; the others go on. So does a listing of members that is refused or cut short.
 * Throws AwsSetupError where there are no credentials at all, or no such Region.
 */
export async function openAws(request: AwsRequest, options: OpenOptions): Promise<AwsRun> {
	for (const region of [...request.regions, ...request.accounts.flatMap(({ aggregator }) => aggregator?.region ?? [])]) checkRegion(region);
	const opening = new Opening(options);
	const organizations: Organization[] = [];
	for (const account of request.accounts) {
		const regions = request.regions.length > 0 ? request.regions : [await defaultRegion(account)];
		const credentials = await credentialsOf(account, regions[0] ?? "", options.maxAttempts);
		const session = opening.session(credentials);
		const look = await lookOf(session, regions, accountOfRole(account.roleArn) ?? nameOf(account));
		const aggregator = opening.aggregator(session, regions, look, account);
		opening.place(session, regions, look, nameOf(account), aggregator);
		if (account.organization === true && look.arn !== null) organizations.push({ account, regions, credentials, session, look, aggregator });
	}
	for (const organization of organizations) await addMembers(organization, opening, options);
	return opening.run();
}

interface OpenOptions extends CallOptions {
	now: () => string;
}

interface Organization {
	account: AwsAccountConfig;
	regions: readonly string[];
	credentials: CredentialProvider;
	session: AwsSession;
	look: AccountLook;
	aggregator: Aggregator | undefined;
}

/** What has been opened so far. */
class Opening {
	readonly #options: OpenOptions;
	readonly #byTarget = new Map<string, Opened>();
	readonly #sessions: AwsSession[] = [];
	readonly #aggregators: Aggregator[] = [];
	readonly looks: AccountLook[] = [];

	constructor(options: OpenOptions) {
		this.#options = options;
	}

	session(credentials: CredentialProvider): AwsSession {
		const session = new AwsSession(credentials, this.#options);
		this.#sessions.push(session);
		return session;
	}

	/** The aggregator that an entry names, for its account and, with organization: true, the members. */
	aggregator(session: AwsSession, regions: readonly string[], { account }: AccountLook, { aggregator: settings }: AwsAccountConfig): Aggregator | undefined {
		if (settings === undefined) return undefined;
		const aggregator = new Aggregator(session, account, settings.region ?? regions[0] ?? "", settings);
		this.#aggregators.push(aggregator);
		return aggregator;
	}

	/** Adds an account's Regions as targets; an account that is there already is a slip in the configuration. */
	place(session: AwsSession, regions: readonly string[], look: AccountLook, entry: string, aggregator: Aggregator | undefined): void {
		if (this.looks.some((one) => one.account === look.account))
			throw new AwsSetupError(`${entry} leads to account ${look.account}, which another entry of aws.accounts names already; leave one of them out`);
		this.looks.push(look);
		session.closeRegions(look.notEnabled ?? []);
		for (const region of regions) {
			const place = {
				account: look.account,
				region,
				partition: look.partition ?? partitionOf(region),
				regions,
				first: region === regions[0],
				now: this.#options.now(),
			};
			this.#byTarget.set(`${look.account}/${region}`, { session, place, recorded: aggregator?.settingsOf(session, place) });
		}
	}

	run(): AwsRun {
		const first = this.looks.find((look) => look.arn !== null);
		return {
			targets: [...this.#byTarget.keys()].map((id) => ({ id, type: "account" })),
			accounts: this.looks,
			caller: first === undefined || first.arn === null ? null : { account: first.account, arn: first.arn },
			aggregators: () => this.#aggregators.map((one) => one.look()),
			open: (target) => this.#byTarget.get(target.id),
			calls: () => this.#sessions.flatMap((session) => session.calls),
			close: async () => {
				for (const session of this.#sessions) await session.close();
			},
		};
	}
}

/** Without an answer the account has no number, and nothing it holds a name: the session then meets every call with this refusal. */
async function lookOf(session: AwsSession, regions: readonly string[], unanswered: string): Promise<AccountLook> {
	const region = regions[0] ?? "";
	try {
		const { account, arn } = await whoIs(session, region);
		const known = await preflight(session, arn, region);
		return { account, state: "looked_at", arn, partition: arn.split(":")[1] ?? partitionOf(region), regions: [...regions], ...known, reason: null };
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		return refused(session, error, { account: unanswered, regions, action: getCallerIdentity.action });
	}
}

function refused(session: AwsSession, error: Error, of: { account: string; regions: readonly string[]; action: string }): AccountLook {
	session.refuse(error);
	const { code, message } = errorOfCall(error, of.action);
	const regions = [...of.regions];
	return { account: of.account, state: "refused", arn: null, partition: null, regions, deniedBeforehand: null, notEnabled: null, reason: { code, message } };
}

/**
 * The active members that no entry names already, each by the role of the same name in it. A member that refuses the role is not
 * assessed, with its code; one that is suspended or closed is listed and not looked at.
 */
async function addMembers({ account, regions, credentials, session, look, aggregator }: Organization, opening: Opening, options: OpenOptions): Promise<void> {
	const { members, error, action } = await membersOf(session, regions[0] ?? "");
	const open = pLimit(openedAtOnce);
	const others = members.filter((member) => !opening.looks.some((one) => one.account === member.account));
	const opened = await Promise.all(
		others.map((member) =>
			open(async () => {
				if (member.state !== "ACTIVE") return { member };
				const roleArn = `arn:${look.partition}:iam::${member.account}:role/${account.memberRole ?? defaultMemberRole}`;
				const own = opening.session(await roleOn(credentials, { ...account, roleArn }, regions[0] ?? "", options.maxAttempts));
				return { member, own, seen: await lookOf(own, regions, member.account) };
			}),
		),
	);
	for (const { member, own, seen } of opened) {
		if (own === undefined) opening.looks.push(notActive(member));
		else opening.place(own, regions, seen, `the organization of ${look.account}`, aggregator);
	}
	if (error === undefined) return;
	// Nobody knows how many members there are: their place among the targets is taken by one that says why.
	const rest = opening.session(credentials);
	const unknown = refused(rest, error, { account: `members of the organization of ${look.account}`, regions, action });
	opening.place(rest, regions, unknown, unknown.account, undefined);
}

function notActive({ account, state }: Member): AccountLook {
	const reason = { code: state.toLowerCase(), message: `the organization says ${state}` };
	return { account, state: "not_active", arn: null, partition: null, regions: [], deniedBeforehand: null, notEnabled: null, reason };
}

/** What a target is called before AWS was asked which account it is: for --dry-run. */
export function namesOf({ accounts, regions }: AwsRequest): string[] {
	return accounts.flatMap((account) => {
		const members = account.organization === true ? [`each active member of its organization, as role ${account.memberRole ?? defaultMemberRole}`] : [];
		return [nameOf(account), ...members].flatMap((name) => (regions.length > 0 ? regions : ["default Region"]).map((region) => `${name}/${region}`));
	});
}

function nameOf({ roleArn, profile }: AwsAccountConfig): string {
	if (roleArn !== undefined) return roleArn;
	return profile === undefined ? "default credentials" : `profile ${profile}`;
}

function accountOfRole(roleArn: string | undefined): string | undefined {
	return roleArn?.split(":")[4];
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
