import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type Command, Option } from "commander";
import type { ResultDocument, ResultItem } from "../../model/result.ts";
import { exitCodeOf } from "../../pipeline/exit-code.ts";
import { formatted, lintContent } from "../../pipeline/lint.ts";
import { letNewSpaceGrow } from "../heap.ts";
import type { Invocation } from "../invocation.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal, shownText, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

interface LintCommandOptions {
	stdin?: boolean;
	records?: string;
	format: "text" | "json" | "sarif" | "junit" | "github";
	failOn: "error" | "warn";
	quiet?: boolean;
	color: boolean;
}

const levels: Readonly<Record<ResultItem["severity"], "error" | "warning">> = {
	critical: "error",
	high: "error",
	medium: "warning",
	low: "warning",
	info: "warning",
};

export function registerLint(program: Command, invocation: Invocation): void {
	withCommon(program.command("lint [path...]"))
		.description("look for health information in templates, messages, lists and segments; offline, and never printing what it finds")
		.option("--stdin", "read one template or message from standard input")
		.option("--records <dir>", "folder of records: the campaigns that messages and segments are for")
		.addOption(new Option("--format <format>", "output").choices(["text", "json", "sarif", "junit", "github"]).default("text"))
		.addOption(new Option("--fail-on <level>", "exit 1 on findings of this level or above").choices(["error", "warn"]).default("error"))
		.addHelpText(
			"after",
			`
Read are *.html, *.hbs, *.mjml, *.liquid and *.template.json (with <name>.meta.yaml beside), *.eml, *.csv (the header alone),
*.list.yaml, *.segment.yaml, *.metrics.csv, *.opt-out.yaml and fields.yaml. What a commercial message has to show is judged
where its campaign is on record: name it in <name>.meta.yaml (campaign: ID) and give --records. A clean run says that no rule fired; it does not say that there is nothing to find.

Examples:
  $ mailward lint templates/
  $ mailward lint templates/ --records records/
  $ mailward lint templates/ --format github          annotations in a GitHub workflow
  $ mailward lint --stdin < message.eml`,
		)
		.action(async (paths: string[], options: LintCommandOptions) => {
			if (options.stdin === true && paths.length > 0) throw new UsageError("--stdin reads one text: give no path with it");
			if (options.stdin !== true && paths.length === 0) throw new UsageError("name files or folders, or give --stdin");
			letNewSpaceGrow();
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			const result =
				options.stdin === true ? await lintStdin(invocation.signal) : await lintContent({ paths, records: options.records, signal: invocation.signal });
			// A wrong path must not read as a clean one.
			if (filesIn(result) === 0) throw new UsageError("nothing was read: no file here has a name that lint reads; mailward lint --help lists them");
			// Before printing: a reader that goes away ends the process with this code.
			invocation.exit(exitCodeOf(result, { failOn: options.failOn === "error" ? "high" : "medium", requireAssessed: false }));
			await print(result, options.format, terminal);
		});
}

/** A message begins with a header field; anything else is markup. */
async function lintStdin(signal: AbortSignal): Promise<ResultDocument> {
	const octets = await buffer(process.stdin);
	const dir = await mkdtemp(join(tmpdir(), "mailward-stdin-"));
	try {
		const isMessage = /^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}/.test(octets.subarray(0, 64 * 1024).toString("latin1"));
		const name = isMessage ? "stdin.eml" : "stdin.html";
		const file = join(dir, name);
		await writeFile(file, octets, { mode: 0o600 });
		return await lintContent({ paths: [name], open: () => file, signal });
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
}

async function print(result: ResultDocument, format: LintCommandOptions["format"], terminal: Terminal): Promise<void> {
	if (format === "json" || format === "sarif" || format === "junit") {
		for (const block of formatted(result, format)) if (!process.stdout.write(block)) await once(process.stdout, "drain");
		return;
	}
	const failing = result.results
		.filter((one) => one.state === "fail")
		.sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : a.check < b.check ? -1 : 1));
	for (const one of failing) {
		for (const denial of one.denials) process.stdout.write(format === "github" ? annotation(one, denial) : line(one, denial, terminal));
	}
	const gaps = result.results.filter((one) => one.state === "not_assessed");
	const files = filesIn(result);
	for (const [key, group] of Map.groupBy(gaps, (one) => `${one.reason?.code ?? ""}${one.reason?.detail === null ? "" : ` (${one.reason?.detail})`}`)) {
		terminal.line(`not assessed: ${shownText(key)}: ${[...new Set(group.map((one) => one.check))].join(", ")}`);
	}
	terminal.line(`${files} ${files === 1 ? "file" : "files"}, ${failing.length} ${failing.length === 1 ? "finding" : "findings"}, ${gaps.length} not assessed`);
}

function filesIn({ results }: ResultDocument): number {
	return new Set(results.filter((one) => one.resource !== one.target || one.status !== "not_applicable").map((one) => one.resource)).size;
}

interface Place {
	line: number | null;
	column: number | null;
	/** What was found, by class and place; never its text. */
	what: string;
}

function placeOf(observed: unknown): Place {
	if (typeof observed !== "object" || observed === null) return { line: null, column: null, what: "" };
	const { line, column, name, position, kind } = observed as Record<string, unknown>;
	const parts = [name, kind].filter((one): one is string => typeof one === "string");
	const what = [parts.join(" "), typeof position === "string" ? `in ${position}` : ""].filter((one) => one !== "").join(" ");
	return { line: typeof line === "number" ? line : null, column: typeof column === "number" ? column : null, what };
}

type Denial = ResultItem["denials"][number];

function line(one: ResultItem, denial: Denial, terminal: Terminal): string {
	const { line: at, column, what } = placeOf(denial.observed);
	const level = levels[denial.severity];
	const place = at === null ? "" : `:${at}${column === null ? "" : `:${column}`}`;
	return `${shownText(one.resource)}${place}: ${terminal.paint(level === "error" ? "red" : "yellow", level)} ${shownText(denial.message)}${what === "" ? "" : ` (${shownText(what)})`} [${one.check}]\n`;
}

/** A workflow command of GitHub; what would end it is escaped as its toolkit does. */
function annotation(one: ResultItem, denial: Denial): string {
	const { line: at, column, what } = placeOf(denial.observed);
	const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
	const place = at === null ? "" : `,line=${at}${column === null ? "" : `,col=${column}`}`;
	return `::${levels[denial.severity]} file=${property(one.resource)}${place},title=${property(one.check)}::${data(`${denial.message}${what === "" ? "" : ` (${what})`}`)}\n`;
}

function data(text: string): string {
	return shownText(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
