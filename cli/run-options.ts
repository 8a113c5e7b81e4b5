import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { domainToASCII } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
	type AwsAccountConfig,
	awsAccountSchema,
	type Config,
	configSchema,
	type DomainConfig,
	defaultConfig,
	domainConfigSchema,
	type Severity,
	severities,
} from "../model/config.ts";
import { isReasonCode, reasonCodeList } from "../model/reasons.ts";
import { nearestKey } from "../model/source.ts";
import { defaultMemberRole } from "../pipeline/aws.ts";
import { checkIdsMatching, nearestCheck } from "../pipeline/catalogue.ts";
import { fromConfig, loadConfig } from "../pipeline/config.ts";
import { readDomainList } from "../pipeline/domain-list.ts";
import { checkInputs, type Request } from "../pipeline/targets.ts";
import { UsageError } from "./usage-error.ts";

/** Options that scan and collect share. */
export interface RunOptions {
	config?: string;
	domain: string[];
	/** A file with one domain a line; scan only. */
	domains?: string;
	plan: string[];
	records?: string;
	content: string[];
	reports: string[];
	/** Live AWS: with the configuration's accounts, or those of the roles named. */
	aws?: boolean;
	/** Every active member of the organization too, by a role of this name. */
	awsOrganization?: string | true;
	region: string[];
	roleArn: string[];
	/** An earlier bundle or result.json; scan and collect. */
	baseline?: string;
	/** A file of waivers beside those of the records. */
	waivers?: string;
	/** Exports of what was sent. */
	sends: string[];
	/** A file with the key of the pseudonyms. */
	subjectKey?: string;
	/** Folder with newer dated facts. */
	data?: string;
	/** Signed probes and reports of TLS test tools. */
	evidence: string[];
	profile: string;
	now?: Date;
	concurrency: number;
	quiet?: boolean;
	verbose?: boolean;
	logFormat?: "json";
	color: boolean;
	out: string;
}

export interface JudgeOptions {
	check: string[];
	skip: string[];
	failOn: Severity | "none";
	accept: string[];
	requireAssessed?: boolean;
}

export const several = (value: string, previous: string[]): string[] => [...previous, value];

export function withCommon(command: Command): Command {
	return command
		.option("-q, --quiet", "print errors only")
		.option("--verbose", "print what is done, and stacks of internal errors")
		.addOption(new Option("--log-format <format>", "write log lines as JSON").choices(["json"]))
		.option("--no-color", "no colour (NO_COLOR is honoured too)");
}

export function withTargets(command: Command): Command {
	return command
		.option("-c, --config <file>", "configuration (default: mailward.yaml where it exists)")
		.option("--domain <name>", "mail domain to scan (repeatable)", several, [])
		.option("--plan <file>", "cdk.tf.json, `terraform show -json` of a plan or state, or terraform.tfstate (repeatable)", several, [])
		.option("--records <dir>", "folder with records")
		.option("--content <path>", "templates, lists and messages (repeatable)", several, [])
		.option("--waivers <file>", "a file of waivers, added to those of the records; the same id in both is an error")
		.option("--sends <path>", "exports of what was sent (SES events, lists of recipients), reconciled with the records (repeatable)", several, [])
		.option("--subject-key <file>", "key that turns recipients' addresses into the pseudonyms of the records, in memory")
		.option("--data <dir>", "folder with dated facts of your own: routing.tsv, routes and their origin validation")
		.option("--aws", "look at AWS with the credentials at hand (chain, AWS_PROFILE), or with aws.accounts of the configuration")
		.option("--aws-organization [role]", `every active member of the organization too, by the role of this name in each (default: ${defaultMemberRole})`)
		.option("--region <name>", "AWS Region to look at (repeatable)", several, [])
		.option("--role-arn <arn>", "role to take in the account to look at (repeatable)", several, [])
		.option("--evidence <file>", "probe signed by a key of trust.keys, or JSON of sslyze or testssl.sh (repeatable)", several, [])
		.option("--reports <path>", "DMARC aggregate and TLS reports, files or folders (repeatable)", several, [])
		.option("--baseline <path>", "an earlier bundle (verified first), result.json or folder of a list: ages of keys, and since when each result is as it is")
		.option("--now <time>", "fix the clock, RFC 3339", parseNow)
		.option("--concurrency <n>", "targets looked at at once", parseCount, 20);
}

export function withJudgement(command: Command): Command {
	return command
		.addOption(new Option("--profile <name>", "requirements to judge against").choices(["hipaa", "nprm-2025"]).default("hipaa"))
		.option("--check <glob>", "only checks whose id matches, such as dmarc.* (repeatable)", several, [])
		.option("--skip <glob>", "leave out checks whose id matches (repeatable)", several, [])
		.addOption(
			new Option("--fail-on <severity>", "exit 1 on failures of this severity or above")
				.choices([...severities.filter((one) => one !== "info"), "none"])
				.default("high"),
		)
		.option("--accept <code>", "a not-assessed code that does not make the run incomplete (repeatable)", parseCode, [])
		.option("--require-assessed", "everything must have been assessed, whatever its severity");
}

/** A glob over check ids that matches none is a slip: with --check nothing would be judged, and nothing would fail. */
export function checkGlobs(options: Pick<JudgeOptions, "check" | "skip">): void {
	for (const [name, globs] of Object.entries({ "--check": options.check, "--skip": options.skip })) {
		for (const glob of globs) {
			if (checkIdsMatching(glob).length > 0) continue;
			const near = nearestCheck(glob);
			throw new UsageError(`${name} ${glob} matches no check${near === undefined ? "; mailward checks lists them" : `; did you mean ${near}?`}`);
		}
	}
}

export function parseNow(text: string): Date {
	const time = new Date(text);
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(time.getTime()))
		throw new InvalidArgumentError("expected a time such as 2026-11-24T09:00:00Z");
	return time;
}

function parseCount(text: string): number {
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1 || count > 10_000) throw new InvalidArgumentError("expected a whole number from 1 to 10000");
	return count;
}

function parseCode(text: string, previous: string[]): string[] {
	if (!isReasonCode(text)) {
		const near = nearestKey(text, reasonCodeList);
		throw new InvalidArgumentError(`unknown reason code${near === undefined ? "; see docs/reason-codes.md" : `; did you mean ${near}?`}`);
	}
	return [...previous, text];
}

/** Merges mailward.yaml and the command line: an option replaces the configuration's targets of its own kind. */
export async function resolveRequest(options: RunOptions): Promise<{ config: Config; request: Request }> {
	const file = options.config ?? (existsSync("mailward.yaml") ? "mailward.yaml" : undefined);
	const base = file === undefined ? defaultConfig : await loadConfig(file);
	const fromCommandLine = new Set([
		...options.plan,
		...options.content,
		...options.reports,
		...options.sends,
		...(options.records === undefined ? [] : [options.records]),
	]);
	const domains = await requestedDomains(options, base);
	const request: Request = {
		domains,
		plans: options.plan.length > 0 ? options.plan : base.plans,
		records: options.records ?? base.records,
		content: options.content.length > 0 ? options.content : base.content,
		reports: options.reports.length > 0 ? options.reports : base.reports,
		aws: awsRequest(options, base),
		open: (path) => (file === undefined || fromCommandLine.has(path) ? resolve(path) : fromConfig(file, path)),
	};
	const { aws } = request;
	if (request.domains.length === 0 && request.plans.length === 0 && request.records === undefined && request.content.length === 0 && aws === undefined) {
		throw new UsageError(
			`nothing to look at: ${file === undefined ? "write a mailward.yaml (mailward init), or give" : `${file} names no target; add one, or give`} --domain, --plan, --aws or --records`,
		);
	}
	// A fresh skeleton of mailward init names its records folder and nothing else: a scan of that alone would look like an audit.
	if (request.domains.length === 0 && request.plans.length === 0 && request.content.length === 0 && options.records === undefined && aws === undefined) {
		throw new UsageError(
			`${file} names no domain and no plan: add one under domains: or plans:, or give --domain or --plan; to judge the records alone, give --records ${base.records}`,
		);
	}
	const sends = { ...base.sends, paths: options.sends.length > 0 ? options.sends : base.sends.paths };
	if (sends.paths.length > 0 && request.records === undefined)
		throw new UsageError("sends are reconciled with the authorizations and opt-outs of the records: give --records, or records: in mailward.yaml");
	if (options.subjectKey !== undefined && sends.paths.length === 0) throw new UsageError("--subject-key reads recipients of --sends; give both");
	await checkInputs(request, sends.paths);
	const config = configSchema.parse({
		...base,
		sends,
		domains: [...base.domains.filter((domain) => !domains.some((one) => one.name === normalized(domain.name))), ...domains],
	});
	return { config, request };
}

/** AWS is looked at where the configuration or the command line asks for it; roles named there replace the configured accounts. */
function awsRequest(options: RunOptions, base: Config): Request["aws"] {
	const { region, roleArn, awsOrganization: role } = options;
	if (base.aws === undefined && !asksForAws(options)) return undefined;
	const configured = base.aws?.accounts ?? [];
	for (const arn of roleArn) {
		const parsed = awsAccountSchema.safeParse({ roleArn: arn });
		if (!parsed.success) throw new UsageError(`--role-arn ${arn}: ${parsed.error.issues[0]?.message ?? "not a role"}`);
	}
	const accounts = roleArn.length > 0 ? roleArn.map((arn) => configured.find((one) => one.roleArn === arn) ?? { roleArn: arn }) : configured;
	const named = accounts.length > 0 ? accounts : [{}];
	return {
		accounts: role === undefined ? named : named.map((account) => withMembers(account, role)),
		regions: region.length > 0 ? region : (base.aws?.regions ?? []),
	};
}

/** Options that speak of live AWS. */
export function asksForAws({ aws, awsOrganization, region, roleArn }: Pick<RunOptions, "aws" | "awsOrganization" | "region" | "roleArn">): boolean {
	return aws === true || awsOrganization !== undefined || region.length > 0 || roleArn.length > 0;
}

function withMembers(account: AwsAccountConfig, role: string | true): AwsAccountConfig {
	const parsed = awsAccountSchema.safeParse({ ...account, organization: true, ...(role === true ? {} : { memberRole: role }) });
	if (!parsed.success) throw new UsageError(`--aws-organization ${role}: ${parsed.error.issues[0]?.message ?? "not the name of a role"}`);
	return parsed.data;
}

/** The configuration alone, for commands that name what to look at themselves. */
export async function resolveConfig(configFile: string | undefined): Promise<{ config: Config; request: Request }> {
	const file = configFile ?? (existsSync("mailward.yaml") ? "mailward.yaml" : undefined);
	const config = file === undefined ? defaultConfig : await loadConfig(file);
	return { config, request: requestFor(config, file, "", undefined, false) };
}

/** A domain named as an argument, with the configuration around it. */
export async function resolveDomain(name: string, configFile: string | undefined): Promise<{ config: Config; domain: string; file: string | undefined }> {
	const file = configFile ?? (existsSync("mailward.yaml") ? "mailward.yaml" : undefined);
	const base = file === undefined ? defaultConfig : await loadConfig(file);
	const domain = declared(base, name);
	return { config: { ...base, domains: [...base.domains.filter((one) => normalized(one.name) !== domain.name), domain] }, domain: domain.name, file };
}

/** A request for one domain and, if given, the records. */
export function requestFor(config: Config, file: string | undefined, domain: string, records: string | undefined, fromCommandLine: boolean): Request {
	return {
		domains: config.domains.filter((one) => one.name === domain),
		plans: [],
		records,
		content: [],
		open: (path) => (file === undefined || fromCommandLine ? resolve(path) : fromConfig(file, path)),
	};
}

async function requestedDomains(options: RunOptions, base: Config): Promise<DomainConfig[]> {
	if (options.domains !== undefined) {
		if (options.domain.length > 0) throw new UsageError("--domain and --domains exclude each other");
		return readDomainList(options.domains, (name) => base.domains.find((domain) => normalized(domain.name) === name));
	}
	if (options.domain.length > 0) return options.domain.map((name) => declared(base, name));
	return base.domains.map((domain) => ({ ...domain, name: normalized(domain.name) }));
}

function declared(config: Config, name: string): DomainConfig {
	const wanted = normalized(name);
	const known = config.domains.find((domain) => normalized(domain.name) === wanted);
	if (known !== undefined) return { ...known, name: wanted };
	const parsed = domainConfigSchema.safeParse({ name: wanted });
	if (!parsed.success) throw new UsageError(`--domain ${name}: ${parsed.error.issues[0]?.message ?? "not a domain name"}`);
	return parsed.data;
}

/** Lower case, A-labels, no trailing dot. */
function normalized(name: string): string {
	const bare = name.trim().replace(/\.$/, "");
	return domainToASCII(bare) || bare.toLowerCase();
}
