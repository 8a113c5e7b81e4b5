import type { Command } from "commander";
import { readInputFile } from "../../model/input-file.ts";
import { type Verification, verifyBundle } from "../../pipeline/bundle/verify.ts";
import { exitCodes } from "../../pipeline/exit-code.ts";
import { readTrustedKeys } from "../../pipeline/signing.ts";
import { keepHeapLow } from "../heap.ts";
import type { Invocation } from "../invocation.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal, shownText } from "../terminal.ts";

interface VerifyCommandOptions {
	key: string[];
	tsaCa?: string;
	quiet?: boolean;
	color: boolean;
}

/** No list of faults that a person reads is longer; the exit code says the rest. */
const listed = 200;

export function registerVerify(program: Command, invocation: Invocation): void {
	withCommon(program.command("verify <dir>"))
		.description("check that a bundle is what was written: hashes, links, signature, time stamp; offline")
		.option("--key <file>", "public key of a signer you trust, PEM (repeatable)", (value: string, previous: string[]) => [...previous, value], [])
		.option("--tsa-ca <file>", "certificates of the time stamp authority, PEM")
		.addHelpText(
			"after",
			`
Exit codes: 0 intact, 1 changed or not signed by a trusted key, 2 wrong usage or no bundle.

Examples:
  $ mailward verify mailward-report
  $ mailward verify mailward-report --key clinic.pub

A manifest.pub in the bundle is what a signer whose key is in KMS signed with. It is not trusted for that: compare it with the one you
have from its owner, and give that one.`,
		)
		.action(async (dir: string, options: VerifyCommandOptions) => {
			keepHeapLow();
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			const verification = await verifyBundle({
				dir,
				trusted: await readTrustedKeys(options.key, (path) => path),
				tsaCertificates: options.tsaCa === undefined ? undefined : (await readInputFile(options.tsaCa, options.tsaCa)).toString("latin1"),
			});
			const { problems } = verification;
			for (const { path, message } of problems.slice(0, listed)) terminal.error(`${shownText(path)}: ${shownText(message)}`);
			if (problems.length > listed) terminal.error(`and ${problems.length - listed} more`);
			terminal.line(
				`${problems.length === 0 ? "intact" : "NOT intact"}: ${verification.files} files, ${verification.evidence.lines} lines of evidence; ${verification.redactedFrom === null ? "" : `redacted from the bundle with manifest ${verification.redactedFrom}; `}${signer(verification)}; ${stamp(verification)}`,
			);
			if (problems.length > 0) invocation.exit(exitCodes.failed);
		});
}

function signer({ signature }: Verification): string {
	switch (signature.state) {
		case "none":
			return "not signed";
		case "unverified":
			return `signer not verified (key id ${signature.keyIds.map((one) => shownText(one)).join(", ")}; give --key with a key you trust)`;
		case "verified":
			return `signed by ${shownText(signature.signer)} (key id ${signature.keyId})`;
		case "bad":
			return "signature not accepted";
	}
}

function stamp({ timestamp }: Verification): string {
	switch (timestamp.state) {
		case "none":
			return "no time stamp";
		case "unverified":
			return `time stamp of ${timestamp.time}, authority not verified (give --tsa-ca)`;
		case "verified":
			return `existed at ${timestamp.time}`;
		case "bad":
			return "time stamp not accepted";
	}
}
