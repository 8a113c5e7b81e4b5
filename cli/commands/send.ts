import type { Command } from "commander";
import type { ResultDocument } from "../../model/result.ts";
import { readScan } from "../../pipeline/read-scan.ts";
import { digestOf } from "../../pipeline/send/digest.ts";
import type { Invocation } from "../invocation.ts";
import { several, withCommon } from "../run-options.ts";
import { createTerminal, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

interface SendOptions {
	region?: string;
	urlFile?: string;
	from?: string;
	to: string[];
	withResults?: boolean;
	dryRun?: boolean;
	quiet?: boolean;
	color: boolean;
}

const dryRunHelp = "print what would be sent, and send nothing";
const resultsHelp = "with each result that fails or was not assessed, which names resources (default: counts alone)";

export function registerSend(program: Command, invocation: Invocation): void {
	const send = program.command("send").description("send results somewhere; no other command does");

	withCommon(send.command("security-hub <dir>"))
		.description("import the findings of a bundle into AWS Security Hub, with the credentials at hand")
		.option("--region <name>", "Region whose Security Hub takes them (default: AWS_REGION)")
		.option("--dry-run", dryRunHelp)
		.addHelpText(
			"after",
			`
Findings of other accounts are left out and counted: each account imports its own. Needs securityhub:BatchImportFindings.

Examples:
  $ mailward send security-hub mailward-report --region us-east-1 --dry-run
  $ AWS_PROFILE=audit mailward send security-hub mailward-report --region us-east-1`,
		)
		.action(async (dir: string, options: SendOptions) => {
			const [result, terminal] = await prepared(dir, options);
			const { callerTarget, findingsFor, importFindings } = await import("../../pipeline/send/security-hub.ts");
			const region = regionOf(options);
			const { batches, elsewhere } = findingsFor(result, await callerTarget(region));
			if (elsewhere > 0) terminal.line(`${elsewhere} findings of other accounts are left out: send them from there`);
			if (options.dryRun === true) return show(batches);
			terminal.line(`Security Hub in ${region} took ${await importFindings(batches, region, invocation.signal)} findings in ${batches.length} calls.`);
		});

	withCommon(send.command("webhook <dir>"))
		.description("post counts of a bundle as JSON; the address comes from MAILWARD_WEBHOOK_URL or a file, https only")
		.option("--url-file <file>", "file with the address (default: the variable MAILWARD_WEBHOOK_URL)")
		.option("--with-results", resultsHelp)
		.option("--dry-run", dryRunHelp)
		.addHelpText(
			"after",
			"\nExamples:\n  $ mailward send webhook mailward-report --dry-run\n  $ MAILWARD_WEBHOOK_URL=$(cat url) mailward send webhook mailward-report",
		)
		.action(async (dir: string, options: SendOptions) => {
			const [result, terminal] = await prepared(dir, options);
			const digest = digestOf(result, options.withResults ?? false);
			if (options.dryRun === true) return show(digest);
			const { postWebhook, webhookUrl } = await import("../../pipeline/send/webhook.ts");
			await postWebhook(await webhookUrl(options.urlFile), JSON.stringify(digest), { signal: invocation.signal });
			terminal.line("The webhook took it.");
		});

	withCommon(send.command("email <dir>"))
		.description("mail counts of a bundle through Amazon SES, with the credentials at hand")
		.option("--from <address>", "sender, an identity that SES has verified")
		.option("--to <address>", "reader (repeatable)", several, [])
		.option("--region <name>", "Region of SES (default: AWS_REGION)")
		.option("--with-results", resultsHelp)
		.option("--dry-run", dryRunHelp)
		.addHelpText(
			"after",
			"\nNeeds ses:SendEmail.\n\nExample:\n  $ mailward send email mailward-report --from audit@example.org --to official@example.org --region us-east-1 --dry-run",
		)
		.action(async (dir: string, options: SendOptions) => {
			const [result, terminal] = await prepared(dir, options);
			const { messageOf, sendEmail } = await import("../../pipeline/send/email.ts");
			if (options.from === undefined || options.to.length === 0) throw new UsageError("send email needs --from and at least one --to");
			for (const address of [options.from, ...options.to])
				if (!/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(address)) throw new UsageError(`${address} is no e-mail address`);
			const message = messageOf(digestOf(result, options.withResults ?? false), options.from, options.to);
			if (options.dryRun === true) return show(message);
			await sendEmail(message, regionOf(options), invocation.signal);
			terminal.line(`SES took the message for ${options.to.length === 1 ? "1 reader" : `${options.to.length} readers`}.`);
		});
}

/** A bundle that was changed is not sent on. */
async function prepared(dir: string, options: SendOptions): Promise<[ResultDocument, Terminal]> {
	return [(await readScan(dir, "what to send")).result, createTerminal({ quiet: options.quiet ?? false, colour: options.color })];
}

function regionOf({ region }: SendOptions): string {
	const name = region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
	if (name === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(name)) throw new UsageError("name the Region with --region, such as --region us-east-1");
	return name;
}

function show(payload: unknown): void {
	process.stdout.write(`${JSON.stringify(payload, null, 2)}\n`);
}
