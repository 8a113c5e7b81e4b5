import { open } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { exitCodes } from "../../pipeline/exit-code.ts";
import { canonicalIp, checkNewFile, parseProbeHost, probe, probeText, unseen } from "../../pipeline/probe.ts";
import { maxProbeItems } from "../../pipeline/probe-file.ts";
import { readSigningKey, writeNewKey } from "../../pipeline/signing.ts";
import type { Invocation } from "../invocation.ts";
import { createLog } from "../log.ts";
import { drawProgress } from "../progress.ts";
import { parseNow, resolveConfig, withCommon } from "../run-options.ts";
import { createTerminal, shownText } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

interface ProbeCommandOptions {
	config?: string;
	key?: string;
	newKey?: string;
	out: string;
	vantage?: string;
	now?: Date;
	concurrency: number;
	quiet?: boolean;
	verbose?: boolean;
	logFormat?: "json";
	color: boolean;
}

/** What fits into one file of evidence. */
const maxHosts = 500;

export function registerProbe(program: Command, invocation: Invocation): void {
	withCommon(program.command("probe [host...]"))
		.description("look at mail servers from where port 25 is open, and write signed evidence for scan --evidence")
		.option("-c, --config <file>", "configuration (default: mailward.yaml where it exists)")
		.option("--key <file>", "Ed25519 private key to sign with, PEM")
		.option("--new-key <file>", "write a new key pair: FILE for its owner alone, and the public key beside it; nothing is overwritten")
		.option("--out <file>", "file to write, or - for stdout; an existing file is not overwritten", "mailward-probe.json")
		.option("--vantage <address>", "the address that others see this machine under (default: the local one)", parseAddress)
		.option("--now <time>", "fix the clock, RFC 3339", parseNow)
		.option("--concurrency <n>", "addresses looked at at once", parseCount, 20)
		.addHelpText(
			"after",
			`
HOST is a domain (its MX addresses are found through DNS), a host, or host|ip.

Examples:
  $ mailward probe --new-key clinic.key                      once; the public key goes into trust.keys
  $ mailward probe example.org --key clinic.key --out probe.json
  $ mailward probe "mx1.example.org|192.0.2.10" --key clinic.key --out -
  $ mailward scan --domain example.org --evidence probe.json     where port 25 is closed`,
		)
		.action(async (hosts: string[], options: ProbeCommandOptions) => {
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			if (options.newKey !== undefined) {
				if (hosts.length > 0) throw new UsageError("--new-key writes a key pair and probes nothing: give no HOST with it");
				const { privateFile, publicFile, id } = await writeNewKey(options.newKey);
				process.stdout.write(`wrote ${privateFile} (keep it secret) and ${publicFile} (name it in trust.keys)\nkey id ${id}\n`);
				return;
			}
			if (hosts.length === 0) throw new UsageError("name a domain, a host or host|ip to probe, or make a key with --new-key FILE");
			if (hosts.length > maxHosts) throw new UsageError(`one probe takes at most ${maxHosts} hosts; these are ${hosts.length}`);
			for (const host of hosts) if (parseProbeHost(host) === undefined) throw new UsageError(`"${host}" is neither a domain nor a host nor host|ip`);
			const { config, request } = await resolveConfig(options.config);
			const key = options.key === undefined ? undefined : await readSigningKey(options.key, options.key);
			const toStdout = options.out === "-";
			if (!toStdout) await checkNewFile(options.out);
			const { progress, clear } = drawProgress(terminal);
			const fixed = options.now;
			const document = await probe({
				config,
				request,
				hosts,
				vantage: options.vantage,
				concurrency: options.concurrency,
				now: fixed === undefined ? () => new Date() : () => fixed,
				signal: invocation.signal,
				progress,
				log: createLog({ verbose: options.verbose ?? false, json: options.logFormat === "json" }),
			});
			clear();
			if (document.evidence.length > maxProbeItems) throw new UsageError("that is more than fits into one file of evidence; probe fewer hosts at once");
			const text = probeText(document, key);
			if (toStdout) process.stdout.write(text);
			else await writeNew(options.out, text);
			const gaps = unseen(document);
			for (const { what, why } of gaps.slice(0, 50)) terminal.error(`not seen: ${shownText(what)}: ${shownText(why)}`);
			if (gaps.length > 50) terminal.error(`and ${gaps.length - 50} more`);
			const addresses = new Set(document.targets.flatMap((target) => target.addresses)).size;
			const from = document.vantage.address === null ? "" : ` from ${document.vantage.address}`;
			terminal.line(`${addresses} addresses probed${from}${toStdout ? "" : `; evidence in ${options.out}`}`);
			if (key === undefined)
				terminal.error("The evidence is not signed, and scan --evidence will refuse it: sign it with --key FILE (make one with --new-key FILE).");
			if (document.interrupted) invocation.exit(exitCodes.interrupted);
			else if (gaps.length > 0) invocation.exit(exitCodes.incomplete);
		});
}

function parseAddress(text: string): string {
	const address = canonicalIp(text);
	if (address === undefined) throw new InvalidArgumentError("expected an IPv4 or IPv6 address");
	return address;
}

function parseCount(text: string): number {
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1 || count > 1000) throw new InvalidArgumentError("expected a whole number from 1 to 1000");
	return count;
}

/** Evidence is never overwritten, and is its owner's to read. */
async function writeNew(file: string, text: string): Promise<void> {
	const handle = await open(file, "wx", 0o600);
	try {
		await handle.writeFile(text);
	} finally {
		await handle.close();
	}
}
