/** npm run generate, a part of it: docs/diagrams/complete-stack.svg, drawn from the synthesized JSON of examples/complete. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Resource, SynthesizedStack } from "./diagram/stack.ts";
import { type Box, drawDiagram, type List, type Panel } from "./diagram/svg.ts";

const root = join(import.meta.dirname, "..");
const example = "examples/complete";
const stack = new SynthesizedStack(join(root, example, "cdktf.out/stacks/mail/cdk.tf.json"), "clinic");

/** A part of the stack: whose names it takes, what is said of it, and the part before it in its row that it must be joined with. */
interface Part {
	title: string;
	names: RegExp;
	lines: (own: readonly Resource[]) => string[];
	arrow?: string;
	/** No reference joins it with the part before: the arrow tells what runs outside the stack, or through a service. */
	unjoined?: boolean;
	outside?: boolean;
}

const drawn = new Set<string>();
/** Drawn in the lists, or no more than how a part is wired. */
const listed = /^aws_(kms_|iam_|cloudwatch_log_(group|data_protection_policy|resource_policy|stream)$)/;

function outside(title: string, line: string, arrow?: string): Part {
	return { title, names: /^$/, lines: () => [line], outside: true, unjoined: true, ...(arrow === undefined ? {} : { arrow }) };
}

const value = (own: readonly Resource[], type: string, path: string): string => {
	let at: unknown = own.find((one) => one.type === type)?.body;
	for (const key of path.split(".")) at = (at as Record<string, unknown> | undefined)?.[key];
	if (at === undefined) throw new Error(`${type} of ${example} has no ${path}`);
	return Array.isArray(at) ? at.join(", ") : String(at);
};
const count = (own: readonly Resource[], type: string): number => own.filter((one) => one.type === type).length;

const panels: { title: string; rows: Part[][] }[] = [
	{
		title: "Mail goes out",
		rows: [
			[
				{ title: "Application", names: /^sender_/, lines: () => ["takes the sender's role", "no password, no key"] },
				{
					title: "SES identity",
					names: /^identity(_|$)/,
					arrow: "SendEmail",
					lines: (own) => [
						`DKIM, ${value(own, "aws_sesv2_email_identity", "dkim_signing_attributes.next_signing_key_length").replace("_", " ").replace("_BIT", " bit")}`,
						"MAIL FROM of its own",
					],
				},
				outside("Recipients", "over TLS or not at all", "SMTP\nwith TLS"),
			],
			[
				{
					title: "Configuration set",
					names: /^settings_/,
					lines: (own) => [
						`TLS: ${value(own, "aws_sesv2_configuration_set", "delivery_options.tls_policy").toLowerCase()}d for each delivery`,
						"suppression, no tracking",
					],
				},
				{
					title: "Events of sending",
					arrow: "publishes",
					names: /^events_(event-destination|delivery-stream|publishing-role|delivery-role|log)/,
					lines: (own) => {
						const kinds = value(own, "aws_sesv2_configuration_set_event_destination", "event_destination.matching_event_types").split(", ");
						return [`${kinds.length} kinds: ${kinds.slice(0, 2).join(", ").toLowerCase()}...`, "Firehose, encrypted"];
					},
				},
				{ title: "Event store", names: /^events_store_/, arrow: "Firehose", lines: () => ["one object for each batch"] },
			],
		],
	},
	{
		title: "Mail comes in",
		rows: [
			[
				outside("Senders", "any mail server"),
				{
					title: "SES receives",
					names: /^inbound_(rule|active)/,
					arrow: "MX",
					unjoined: true,
					lines: (own) => [
						`TLS: ${value(own, "aws_ses_receipt_rule", "tls_policy").toLowerCase()}d`,
						value(own, "aws_ses_receipt_rule", "scan_enabled") === "true" ? "scanned for spam and viruses" : "not scanned",
					],
				},
				{ title: "Inbox", names: /^inbound_(inbox|replication)/, arrow: "stores", lines: () => ["whole messages"] },
				{ title: "Archive", names: /^archive_/, arrow: "replicates", lines: () => ["write once"] },
			],
		],
	},
	{
		title: "What patients decide",
		rows: [
			[
				outside("Mail client", "one click (RFC 8058)"),
				{
					title: "unsubscribe.<domain>",
					names: /^unsubscribe_(api|mapping|authorizer|integration|domain|route|stage|permission|certificate|ipv|access-log)/,
					arrow: "HTTPS",
					unjoined: true,
					lines: (own) => [
						`HTTP API, ${value(own, "aws_apigatewayv2_domain_name", "domain_name_configuration.security_policy").replace("_", " ").replace("_", ".")}`,
						"throttled, logged",
					],
				},
				{ title: "Function", names: /^unsubscribe_function/, arrow: "invokes", lines: () => ["failures kept in a queue", "opts out, or suppresses"] },
				{ title: "Tokens", names: /^unsubscribe_table/, arrow: "reads", lines: () => ["table: hashes alone"] },
			],
			[
				{ title: "Authorizations", names: /^authorizations_(table|mapping|backlog|user)/, lines: () => ["by pseudonym", "recoverable to the second"] },
				{ title: "Export", names: /^authorizations_export/, arrow: "each\nchange", lines: () => ["function, failures in a queue"] },
				{ title: "Authorization store", names: /^authorizations_store/, arrow: "writes", lines: () => ["write once"] },
				{ title: "Contact list", names: /^contacts_/, lines: (own) => [`${count(own, "aws_sesv2_contact_list")} list, choices kept by SES`] },
			],
		],
	},
	{
		title: "The domain",
		rows: [
			[
				{ title: "Zone", names: /^zone_/, lines: () => ["DNSSEC, queries logged", "DS record: at the registrar"] },
				{
					title: "Records",
					arrow: "holds",
					unjoined: true,
					names: /^dns_/,
					lines: (own) => {
						const names = ["dkim", "dmarc", "mail-from-spf", "mx", "mta-sts", "tls-reports", "certificate-authorities"];
						const there = names.filter((name) => own.some((one) => one.name.startsWith(`dns_${name}`)));
						return [
							`${own.length} records in Route 53:`,
							"DKIM, SPF, DMARC, MX,",
							there.length === names.length ? "MTA-STS, TLS reports, CAA" : there.join(", "),
						];
					},
				},
				outside("Sending servers", "ask for the policy"),
				{
					title: "mta-sts.<domain>",
					names: /^mta-sts_/,
					arrow: "HTTPS",
					unjoined: true,
					lines: (own) => [
						`CloudFront, ${value(own, "aws_cloudfront_distribution", "viewer_certificate.minimum_protocol_version")}`,
						"one text in a private bucket",
					],
				},
			],
		],
	},
	{
		title: "Who did what, and who hears of it",
		rows: [
			[
				{ title: "CloudTrail", names: /^trail$/, lines: () => ["all Regions, validated;", "each send, each mail object"] },
				{ title: "Trail store", names: /^trail_store/, arrow: "writes", lines: () => ["write once"] },
			],
			[
				{
					title: "Filters and alarms",
					names: /^(trail_.*_(filter|alarm)|trail_(role|log)|break-glass_taken|reputation_|scan_(failed|silent))/,
					lines: (own) => [
						`${count(own, "aws_cloudwatch_log_metric_filter")} filters on the trail's log`,
						`${stack.ofType("aws_cloudwatch_metric_alarm").length} alarms in the stack`,
					],
				},
				{ title: "Alarm topic", names: /^alarms_(topic|policy)/, arrow: "raise", lines: () => ["SNS, encrypted, TLS only"] },
				{ title: "Mailbox", names: /^alarms_email/, arrow: "tells", outside: true, lines: () => ["of the security official"] },
			],
			[
				{ title: "Daily scan", names: /^scan_(project|schedule)/, lines: () => ["mailward in CodeBuild"] },
				{ title: "Scan reports", names: /^scan_store/, arrow: "writes", lines: () => ["write once"] },
				{ title: "Access logs of buckets", names: /^access-logs_/, lines: () => [`of ${stack.ofType("aws_s3_bucket_logging").length} buckets`] },
				{
					title: "Account settings",
					names: /^account_/,
					lines: () => ["passwords, public access,", "GuardDuty, Access Analyzer"],
				},
			],
		],
	},
	{
		title: "Second copies",
		rows: [
			[
				{
					title: "Backup plan",
					names: /^backup_(plan|selection|role)/,
					lines: (own) => {
						const chosen = own.find((one) => one.type === "aws_backup_selection")?.body.resources as string[];
						return [
							`${chosen.filter((one) => one.includes("s3_bucket")).length} buckets and ${chosen.filter((one) => one.includes("dynamodb")).length} tables, daily`,
						];
					},
				},
				{ title: "Backup vault", names: /^backup_vault/, arrow: "copies", lines: () => ["locked against deletion"] },
			],
		],
	},
];

function boxOf(part: Part, before: Part | undefined): Box {
	const own = stack.resources.filter(({ name, type }) => part.names.test(name) && !/^aws_kms_/.test(type));
	if (part.names.source !== "^$" && own.length === 0) throw new Error(`${example} has nothing for "${part.title}" (${part.names.source})`);
	for (const { address } of own) drawn.add(address);
	if (part.arrow !== undefined && part.unjoined !== true && before !== undefined && !stack.areJoined(ownOf(before), own)) {
		throw new Error(`nothing in ${example} joins "${before.title}" with "${part.title}"`);
	}
	const lock = own.find(({ type }) => type === "aws_s3_bucket_object_lock_configuration");
	const days = (lock?.body.rule as { default_retention: { days: number } } | undefined)?.default_retention.days;
	const kept = own.find(({ type }) => type === "aws_s3_bucket_lifecycle_configuration");
	const badges = [
		...stack.keysOf(own).map((key) => `key ${key}`),
		...(days === undefined ? [] : [`locked ${days} days`]),
		...(kept === undefined ? [] : [`kept ${(kept.body.rule as { expiration: { days: number }[] }[])[0]?.expiration[0]?.days} days`]),
	];
	const { title, arrow, outside: isOutside } = part;
	return { title, lines: part.lines(own), badges, ...(arrow === undefined ? {} : { arrow }), ...(isOutside === true ? { outside: true } : {}) };
}

function ownOf(part: Part): Resource[] {
	return stack.resources.filter(({ name }) => part.names.test(name));
}

function keys(): List {
	const entries = stack.keys.map(({ body }, index) => ({
		label: `${index + 1}`,
		text: `${String(body.description)}${body.enable_key_rotation === true ? `: rotates every ${String(body.rotation_period_in_days)} days` : ": signs, cannot rotate"}`,
	}));
	const waits = new Set(stack.keys.map(({ body }) => String(body.deletion_window_in_days)));
	return { title: `Keys: ${entries.length}, deleted only after ${[...waits].join(" or ")} days' wait`, entries };
}

function logs(): List {
	const entries = stack.ofType("aws_cloudwatch_log_group").map((group) => ({
		label: group.name.replaceAll("_", " ").replace(/ log-group$/, ""),
		text: `key ${stack.keysOf([group]).join(", ")}, ${String(group.body.retention_in_days)} days`,
	}));
	return { title: `Logs: ${entries.length} groups, personal data masked in ${stack.ofType("aws_cloudwatch_log_data_protection_policy").length}`, entries };
}

function roles(): List {
	const entries = stack.ofType("aws_iam_role").map((role) => {
		const policies = stack.resources.filter(({ type, text }) => type === "aws_iam_role_policy" && text.includes(`\${${role.address}.`));
		const actions = policies.flatMap(({ text }) => stack.statementsIn(text)).flatMap(({ effect, actions: some = [] }) => (effect === "Deny" ? [] : some));
		const managed = stack.ofType("aws_iam_role_policy_attachment").filter(({ text }) => text.includes(`\${${role.address}.`));
		const may = [...new Set(actions)].slice(0, 2).join(", ");
		const more = new Set(actions).size - 2;
		return {
			label: role.name.replaceAll("_", " ").replace(/[ -]role$/, ""),
			text: `for ${trusted(role)}`,
			detail: may === "" ? `${managed.length} managed ${managed.length === 1 ? "policy" : "policies"} of AWS` : `${may}${more > 0 ? ` and ${more} more` : ""}`,
		};
	});
	return { title: `Roles: ${entries.length}, each for one purpose`, entries };
}

function trusted(role: Resource): string {
	const statements = stack.statementsIn(role.text);
	const services = statements.flatMap(({ principals = [] }) => principals.filter(({ type }) => type === "Service").flatMap(({ identifiers }) => identifiers));
	if (services.length > 0) return services.map((service) => service.replace(/\.amazonaws\.com$/, "")).join(", ");
	return JSON.stringify(statements).includes("MultiFactorAuthAge") ? "people with MFA of the last hour" : "people";
}

const drawnPanels: Panel[] = panels.map(({ title, rows }) => ({ title, rows: rows.map((row) => row.map((part, index) => boxOf(part, row[index - 1]))) }));
const missing = stack.resources.filter(({ type, address }) => !listed.test(type) && !drawn.has(address));
if (missing.length > 0) throw new Error(`the diagram shows nothing of ${missing.map(({ address }) => address).join(", ")}`);

const subtitle = `${stack.resources.length} resources of ${example}, drawn from its synthesized JSON. Dashed: outside the stack. "key 3": encrypted with that key of the list.`;
const folder = join(root, "docs/diagrams");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "complete-stack.svg"), drawDiagram("A whole mail system", subtitle, drawnPanels, [keys(), logs(), roles()]));
