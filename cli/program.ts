import { Command, CommanderError } from "commander";
import { formatProblem, InputError } from "../model/source.ts";
import { visible } from "../model/visible-text.ts";
import { AwsSetupError } from "../pipeline/aws.ts";
import { SigningError } from "../pipeline/bundle/signing-error.ts";
import { TimestampError } from "../pipeline/bundle/timestamp-error.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import { BrowserError } from "../pipeline/pdf/browser-error.ts";
import { RedactionError } from "../pipeline/redact/redaction-error.ts";
import { SendError } from "../pipeline/send/send-error.ts";
import { registerChecks } from "./commands/checks.ts";
import { registerCollect } from "./commands/collect.ts";
import { registerControls } from "./commands/controls.ts";
import { registerDemo } from "./commands/demo.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerEvaluate } from "./commands/evaluate.ts";
import { registerExplain } from "./commands/explain.ts";
import { registerIamPolicy } from "./commands/iam-policy.ts";
import { registerInit } from "./commands/init.ts";
import { registerLint } from "./commands/lint.ts";
import { registerPortfolio } from "./commands/portfolio.ts";
import { registerProbe } from "./commands/probe.ts";
import { registerRecords } from "./commands/records.ts";
import { registerReport } from "./commands/report.ts";
import { registerScan } from "./commands/scan.ts";
import { registerSend } from "./commands/send.ts";
import { registerSpf } from "./commands/spf.ts";
import { registerVendors } from "./commands/vendors.ts";
import { registerVerify } from "./commands/verify.ts";
import { registerWaivers } from "./commands/waivers.ts";
import type { Invocation } from "./invocation.ts";
import { UsageError } from "./usage-error.ts";

/** Evidence gathered so far is written well within this; docs/cli.md promises 2 s. */
const stopWithinMs = 1800;

/** Runs the command line and gives the exit code. Wrong usage and wrong input are 2 and print what to do; 4 is a bug of ours. */
export async function main(argv: readonly string[]): Promise<number> {
	const abort = new AbortController();
	let code: number = exitCodes.good;
	const invocation: Invocation = {
		signal: abort.signal,
		exit(wanted) {
			code = wanted;
		},
	};
	const stop = (): void => {
		if (abort.signal.aborted) process.exit(exitCodes.interrupted);
		abort.abort();
		// What cannot be aborted, such as waiting for somebody to write to a named pipe, does not keep us from stopping.
		setTimeout(() => {
			process.stderr.write("stopped before everything gathered so far was written\n");
			process.exit(exitCodes.interrupted);
		}, stopWithinMs).unref();
	};
	process.on("SIGINT", stop);
	process.on("SIGTERM", stop);
	// A reader that goes away (head, less) is no error of ours.
	process.stdout.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code === "EPIPE") process.exit(code);
		throw error;
	});
	try {
		await createProgram(invocation).parseAsync([...argv]);
		return code;
	} catch (error) {
		const failed = reportError(error, argv.includes("--verbose"));
		return abort.signal.aborted && failed === exitCodes.internal ? exitCodes.interrupted : failed;
	} finally {
		process.off("SIGINT", stop);
		process.off("SIGTERM", stop);
	}
}

export function createProgram(invocation: Invocation): Command {
	const program = new Command("mailward")
		.description("Compliance toolkit and audit scanner for HIPAA e-mail: judges plans, mail domains and records, and writes the report an auditor reads.")
		.option("-V, --version", "print the version")
		.showSuggestionAfterError()
		.showHelpAfterError("(see --help)")
		.exitOverride()
		.addHelpText(
			"after",
			`
Examples:
  $ mailward demo                                   three sample clinics, scanned on this machine alone
  $ mailward init                                   a commented mailward.yaml and records/
  $ mailward scan                                   what mailward.yaml names
  $ mailward scan --domain example.org              one mail domain as the internet sees it
  $ mailward scan --plan cdktf.out/stacks/mail/cdk.tf.json
  $ mailward explain sending.tls_required           a check in plain words

Exit codes: 0 good, 1 something fails, 2 wrong usage or input, 3 incomplete, 4 a bug of ours, 130 interrupted.`,
		);
	for (const register of [
		registerDemo,
		registerInit,
		registerScan,
		registerCollect,
		registerEvaluate,
		registerReport,
		registerChecks,
		registerControls,
		registerExplain,
		registerVendors,
		registerSpf,
		registerProbe,
		registerLint,
		registerRecords,
		registerPortfolio,
		registerVerify,
		registerWaivers,
		registerDiff,
		registerIamPolicy,
		registerSend,
	])
		register(program, invocation);
	settle(program);
	return program;
}

/** Every command, however deep, throws instead of ending the process, and points at its help. */
function settle(parent: Command): void {
	for (const command of parent.commands) {
		command.exitOverride().showHelpAfterError("(see --help)");
		settle(command);
	}
}

function reportError(error: unknown, verbose: boolean): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.good : exitCodes.usage;
	if (error instanceof InputError) {
		for (const problem of error.problems) process.stderr.write(`${visible(formatProblem(problem))}\n`);
		return exitCodes.usage;
	}
	if (error instanceof UsageError || error instanceof AwsSetupError) {
		process.stderr.write(`error: ${visible(error.message)}\n`);
		return exitCodes.usage;
	}
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof TimestampError) {
		process.stderr.write(`error: ${visible(message)}\nThe bundle is written and, if a key was given, signed; it has no time stamp.\n`);
		return exitCodes.internal;
	}
	if (error instanceof SendError) {
		process.stderr.write(`error: ${visible(message)}\nThe bundle is as it was.\n`);
		return exitCodes.internal;
	}
	if (error instanceof SigningError) {
		process.stderr.write(`error: ${visible(message)}\nThe bundle is written; it is not signed.\n`);
		return exitCodes.internal;
	}
	if (error instanceof BrowserError) {
		process.stderr.write(`error: report.pdf was not written: ${visible(message)}\nThe bundle is whole without it.\n`);
		return exitCodes.internal;
	}
	if (error instanceof RedactionError) {
		process.stderr.write(`error: ${visible(message)}\nThe original bundle is whole.\n`);
		return exitCodes.internal;
	}
	if (error instanceof Error && "syscall" in error && "path" in error) {
		process.stderr.write(`error: ${visible(message)}\nThe bundle could not be written; nothing in it is to be relied on.\n`);
		return exitCodes.internal;
	}
	process.stderr.write(`internal error: ${visible(message)}\nThis is a defect of mailward. Run again with --verbose and report it with the stack.\n`);
	if (verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
	return exitCodes.internal;
}
