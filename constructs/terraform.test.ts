import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Verdict } from "../checks/engine/verdict.ts";
import {
	AccessLogTrail,
	AccountBaseline,
	AlarmTopic,
	AuthorizationStore,
	BreakGlassRole,
	CompliantMail,
	ContactPreferences,
	DeliverySettings,
	InboundMail,
	MailAdminRole,
	MailArchive,
	MailBackup,
	MailDomainDns,
	MailEventTrail,
	MailKey,
	MtaStsPolicyHost,
	ReputationAlarms,
	ScheduledScan,
	SenderRole,
	SendingIdentity,
	SmtpSender,
	UnsubscribeEndpoint,
	ZoneProtection,
} from "./index.ts";
import { person, zone } from "./testing/every-construct.test-support.ts";
import { idsWith, judge, synthesize, told } from "./testing/judge.test-support.ts";
import { differences } from "./testing/same-verdicts.test-support.ts";
import { runTerraform, terraformIsMissing } from "./testing/terraform.test-support.ts";

const root = join(import.meta.dirname, "..");
const examples = ["first-stack", "minimal", "complete", "business-associate", "existing-organization"];
/**
 * What examples leave open, and why: a certificate has its dates once it is issued; the key of the existing organization belongs to
 * another stack, and a data source is read at apply.
 */
const leftOpen: Readonly<Record<string, string[]>> = {
	complete: ["acm.in_date unknown_until_apply", "acm.in_date unknown_until_apply"],
	"business-associate": ["acm.in_date unknown_until_apply"],
	"existing-organization": ["buckets.encrypted", "logs.encrypted", "sending.events_stored", "streams.encrypted", "streams.stores_encrypted"].map(
		(id) => `${id} unknown_until_apply`,
	),
};
/** A plan is judged here without the register of agreements. */
const noRegister = "vendors.aws_services_covered input_not_supplied";
/** What a sandbox gives up: locks of six years, and tables that nobody deletes by mistake. */
const sandboxFails = ["buckets.objects_locked", "tables.deletion_protected", "trails.bucket_protected"];
const output = ["manifest.json", "stacks/mail/cdk.tf.json"];

const temporary = mkdtempSync(join(tmpdir(), "mailward-constructs-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe.each(examples)("examples/%s", (example) => {
	const folder = join(root, "examples", example);

	it("synthesizes to the committed output, byte for byte, with no path of this machine in it", () => {
		const outdir = join(temporary, `synthesized-${example}`);
		execFileSync(process.execPath, [join(folder, "main.ts")], { cwd: temporary, env: { ...process.env, CDKTF_OUTDIR: outdir } });
		for (const file of output) {
			const committed = readFileSync(join(folder, "cdktf.out", file), "utf8");
			expect(readFileSync(join(outdir, file), "utf8"), `${file} is out of date: run node examples/${example}/main.ts`).toBe(committed);
			expect(committed).not.toContain(root);
			expect(committed).not.toContain(temporary);
		}
	});

	it("passes every check that judges it", async () => {
		const verdicts = await judge(stackOf(example));
		expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual([]);
		// What belongs to the account as a whole is in no stack's plan, unless an AccountBaseline puts it there.
		const unclear = verdicts.filter(({ status, reason }) => status === "not_assessed" && reason?.code !== "not_in_plan");
		expect(
			unclear.map(({ check, reason }) => `${check.id} ${reason?.code}`),
			told(unclear),
		).toEqual([...(leftOpen[example] ?? []), noRegister]);
		expect(idsWith(verdicts, "pass").length).toBeGreaterThanOrEqual(12);
	});

	it("is told of in a README of one screen", () => {
		const lines = readFileSync(join(folder, "README.md"), "utf8").split("\n");
		expect(lines.length).toBeLessThanOrEqual(45);
	});
});

const missing = terraformIsMissing();
if (missing !== undefined) console.log(`constructs/terraform.test.ts: Terraform is not run: ${missing}`);

describe.skipIf(missing !== undefined)("Terraform takes", () => {
	describe.each<[string, () => string]>([
		...examples.map((example): [string, () => string] => [`the ${example} example`, () => stackOf(example)]),
		...examples.map((example): [string, () => string] => [`the ${example} example on cdktn`, () => onTerrain(example)]),
		["every optional prop", everyProp],
		["a sandbox", sandbox],
	])("%s", (name, stackJson) => {
		const directory = join(temporary, name.replaceAll(" ", "-"));
		let configuration: string;
		let plan: string;
		const shownState: string[] = [];
		const isExample = name.includes("example");

		beforeAll(() => {
			mkdirSync(directory);
			configuration = stackJson();
			writeFileSync(join(directory, "cdk.tf.json"), configuration);
			terraform(directory, "init", "-no-color");
			// A plan validates too; the examples go the whole way that their READMEs tell.
			if (isExample) terraform(directory, "validate", "-no-color");
			terraform(directory, "plan", "-no-color", "-out=plan");
			plan = terraform(directory, "show", "-json", "plan");
			terraform(directory, "apply", "-no-color", "plan");
			if (isExample) shownState.push(terraform(directory, "show", "-json"));
		}, 180_000);

		it("as a plan that creates each resource once and has nothing left to change", () => {
			const { resource_changes } = JSON.parse(plan) as { resource_changes: { mode: string; change: { actions: string[] } }[] };
			const managed = resource_changes.filter(({ mode }) => mode === "managed");
			const declared = Object.values((JSON.parse(configuration) as { resource: Record<string, object> }).resource).flatMap((instances) =>
				Object.keys(instances),
			);
			expect(managed).toHaveLength(declared.length);
			for (const { change } of managed) expect(change.actions).toEqual(["create"]);
			// The stand-in makes up another id of an existing key at each look.
			if (configuration.includes("data.aws_kms_key.")) return;
			// Exit status 2 of plan -detailed-exitcode would mean a difference that never settles.
			expect(runTerraform(directory, "plan", "-no-color", "-refresh=false", "-detailed-exitcode").status).toBe(0);
		});

		it("and its plan and state get the verdicts of the synthesized stack", async () => {
			const written = await judge(configuration);
			// A sandbox is there to be destroyed, and is told so.
			expect(idsWith(written, "fail"), told(written)).toEqual(name === "a sandbox" ? sandboxFails : []);
			const stateFile = readFileSync(join(directory, "terraform.mail.tfstate"), "utf8");
			for (const json of [plan, stateFile, ...shownState]) {
				const seen = await judge(json);
				expect(differences(statuses(written), statuses(seen)), told(seen)).toEqual([]);
			}
		});
	});
});

function statuses(verdicts: readonly Verdict[]): Map<string, string> {
	return new Map(verdicts.map(({ check, resource, status, reason }) => [`${check.id} ${resource}`, reason?.code ?? status]));
}

function stackOf(example: string): string {
	return readFileSync(join(root, "examples", example, "cdktf.out/stacks/mail/cdk.tf.json"), "utf8");
}

/** The example as an app of cdktn has it: other package names, and the built constructs of `mailward/cdktn`. */
function onTerrain(example: string): string {
	const folder = join(temporary, `terrain-${example}`);
	cpSync(join(root, "examples", example), folder, { recursive: true, filter: (path) => !path.endsWith("cdktf.out") });
	symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
	const main = join(folder, "main.ts");
	const text = readFileSync(main, "utf8")
		.replace("../../constructs/index.ts", join(root, "dist/constructs-cdktn/index.js"))
		.replaceAll(/(?<=from ")(?:cdktf|@cdktf\/provider-aws)(?=["/])/g, (name) => name.replace("cdktf", "cdktn"));
	writeFileSync(main, text);
	execFileSync(process.execPath, [main], { cwd: folder, env: { ...process.env, CDKTF_OUTDIR: join(folder, "out") } });
	const json = readFileSync(join(folder, "out/stacks/mail/cdk.tf.json"), "utf8");
	const resourcesOf = (stack: string) => (JSON.parse(stack) as { resource: object }).resource;
	expect(resourcesOf(json)).toEqual(resourcesOf(stackOf(example)));
	return json;
}

/** Each construct with each optional prop that takes other ways than its default. */
function everyProp(): string {
	return synthesize((stack) => {
		new ScheduledScan(stack, "scan", {
			configuration: "version: 1\n",
			options: ["--accept", "egress_blocked"],
			scheduleExpression: "rate(12 hours)",
			maxSilenceDays: 1,
			retentionDays: 2557,
		});
		new ZoneProtection(stack, "zone", { hostedZoneId: zone.hostedZoneId, queryLog: false });
		const administratorArns = ["arn:aws:iam::111122223333:role/key-admin"];
		const encryptionKey = new MailKey(stack, "key", { administratorArns, aliasName: "clinic/mail", description: "Clinic mail", rotationPeriodDays: 180 }).key;
		const { configurationSet } = new DeliverySettings(stack, "settings", { configurationSetName: "transactional" });
		const { identity, mailFrom } = new SendingIdentity(stack, "identity", { domain: zone.domain, configurationSet, mailFromSubdomain: "returns" });
		const { topic: alarmTopic } = new AlarmTopic(stack, "alarms", { emailAddresses: ["security@clinic.example"] });
		const lock = { retentionDays: 2557, bucketPrefix: "clinic-" };
		const archive = new MailArchive(stack, "archive", { encryptionKey, ...lock });
		const trail = new AccessLogTrail(stack, "trail", { mailBuckets: [archive.bucket], alarmTopic, ...lock });
		const { accessLogBucket } = trail;
		const events = new MailEventTrail(stack, "events", { configurationSet, encryptionKey, accessLogBucket, ...lock });
		const recipients = ["clinic.example", ".clinic.example", "info@clinic.example"];
		new InboundMail(stack, "inbound", { recipients, encryptionKey, archive, accessLogBucket, encryptBeforeStorage: true, bucketPrefix: "clinic-inbox-" });
		const copyToVaultArn = "arn:aws:backup:us-west-2:111122223333:backup-vault:mail";
		new MailBackup(stack, "backup", { buckets: [archive.bucket, events.bucket], retentionDays: 365, copyToVaultArn });
		const mtaSts = { ...zone, mxHosts: ["mx1.clinic.example", "mx2.clinic.example"], mtaStsMode: "testing" as const, mtaStsMaxAgeSeconds: 86_400 };
		new MtaStsPolicyHost(stack, "mta-sts", mtaSts);
		new MailDomainDns(stack, "dns", {
			...mtaSts,
			identity,
			mailFrom,
			publishMx: true,
			dkimSigningZone: "dkim.af-south-1.amazonses.com",
			dmarcPolicy: "quarantine",
			reportAddresses: ["a@clinic.example", "b@clinic.example"],
			spfIncludes: ["_spf.mailbox.example"],
			domainTexts: ['say "hello"', "a".repeat(300)],
			certificateAuthorities: ["amazon.com", "letsencrypt.org"],
			ttlSeconds: 300,
		});
		const { role } = new SenderRole(stack, "sender", { identity, configurationSet, fromAddresses: ["a@clinic.example"], sender: "ecs-tasks" });
		new SmtpSender(stack, "scanner", { identity, configurationSet, fromAddresses: ["b@clinic.example"], sourceCidrs: ["198.51.100.0/24"] });
		new ReputationAlarms(stack, "reputation", {
			alarmTopic,
			bounceRate: 0.02,
			complaintRate: 0.0005,
			dailySendQuota: 200,
			deliveryStream: events.deliveryStream,
		});
		new MailAdminRole(stack, "admin", { administratorArns: [person], maxMfaAgeSeconds: 900 });
		const managedPolicyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
		const emergency = { roleName: "emergency", trustedArns: [person], managedPolicyArns, maxMfaAgeSeconds: 600 };
		new BreakGlassRole(stack, "break-glass", { ...emergency, trailLogGroup: trail.logGroup, alarmTopic });
		const topics = [{ topicName: "news", displayName: "News", description: "Once a month", defaultSubscriptionStatus: "OPT_OUT" as const }];
		const { contactList } = new ContactPreferences(stack, "contacts", { contactListName: "clinic", topics });
		const endpoint = new UnsubscribeEndpoint(stack, "unsubscribe", { ...zone, hostSubdomain: "lists", contactList, issuers: [role], alarmTopic });
		const store = new AuthorizationStore(stack, "authorizations", { recorders: [role], readers: [role], alarmTopic, accessLogBucket, retentionDays: 2557 });
		new MailBackup(stack, "table-backup", { buckets: [store.bucket], tables: [store.table, endpoint.table] });
		new AccountBaseline(stack, "account", { minimumPasswordLength: 20, maxPasswordAgeDays: 60, accessAnalyzer: false, guardDuty: true });
	});
}

/** What only Terraform knows, in a stack that can be torn down. */
function sandbox(): string {
	return synthesize((stack) => {
		const variable = (id: string, value: string) => new TerraformVariable(stack, id, { type: "string", default: value }).stringValue;
		const domain = variable("domain", zone.domain);
		new CompliantMail(stack, "clinic", {
			domain,
			hostedZoneId: variable("zone", zone.hostedZoneId),
			mxHosts: [variable("mx", "mx.clinic.example")],
			inboundRecipients: [domain],
			alarmEmailAddresses: [variable("mailbox", "security@clinic.example")],
			breakGlassArns: [variable("person", person)],
			backup: true,
			unsubscribe: true,
			authorizations: true,
			zoneProtection: true,
			sandbox: true,
		});
	});
}

function terraform(directory: string, ...command: string[]): string {
	const { status, stdout, stderr } = runTerraform(directory, ...command);
	if (status !== 0) throw new Error(`terraform ${command.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
	return stdout;
}
