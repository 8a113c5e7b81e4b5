import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { findingHelp, formatHelp, parseFormats, recipientHelp, redactHelp, runScan, type ScanOptions } from "../run.ts";
import { several, withCommon, withJudgement, withTargets } from "../run-options.ts";

export function registerScan(program: Command, invocation: Invocation): void {
	withCommon(withJudgement(withTargets(program.command("scan"))))
		.description("collect evidence, judge it and write the report")
		.option("--out <dir>", "bundle to write, or - for stdout with --format json", "mailward-report")
		.option("--format <list>", formatHelp, parseFormats, ["html", "json"])
		.option("--bundle <file>", "pack the bundle, with --redact the redacted one, into one zip file as well")
		.option("--recipient <who>", recipientHelp, several, [])
		.option("--redact", redactHelp)
		.option("--finding <id>", findingHelp, several, [])
		.option("--domains <file>", "mail domains, one a line, - for stdin; streams to results.jsonl")
		.option("--resume", "continue an interrupted run over the same --domains list")
		.option("--dry-run", "list every host and port and every AWS action it would touch, and touch none")
		.addHelpText(
			"after",
			`
Examples:
  $ mailward scan                                            what mailward.yaml names
  $ mailward scan --domain example.org --records records/
  $ mailward scan --plan cdktf.out/stacks/mail/cdk.tf.json --format json --out -
  $ mailward scan --domain example.org --accept egress_blocked   port 25 is closed here, and that is known
  $ mailward scan --domains clients.txt --out clients        one line a domain in results.jsonl
  $ mailward scan --redact --bundle share.zip                a second bundle without names, packed to be shown to others
  $ mailward scan --bundle hand-over.zip.age --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
  $ mailward scan --bundle hand-over.p7m --recipient auditor.pem   openssl cms -decrypt -binary -inform DER -inkey auditor.key
  $ mailward scan --dry-run`,
		)
		.action(async (options: ScanOptions) => runScan(options, invocation));
}
