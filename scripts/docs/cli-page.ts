import type { Command, Option } from "commander";
import { createProgram } from "../../cli/program.ts";
import { chosenGaps } from "../../model/reasons.ts";
import { code, generated, page, plain, table } from "./markdown.ts";

/** docs/cli.md, from the program itself: what the help says, in a form that does not depend on a terminal. */
export function cliPage(): string {
	const program = createProgram({ signal: new AbortController().signal, exit: () => undefined });
	return page(
		"# Command line",
		generated,
		plain(program.description()),
		"Data goes to stdout, everything else to stderr: progress as one rewritten line on a terminal, as plain lines elsewhere.",
		table(
			["command", "does"],
			program.commands.map((command) => [`[${code(usageOf(program, command))}](#${command.name()})`, plain(command.description())]),
		),
		exitCodesText(),
		...program.commands.flatMap((command) => commandSection(program, command)),
	);
}

function exitCodesText(): string {
	return page(
		"## Exit codes",
		table(
			["code", "meaning"],
			[
				["0", "good"],
				["1", `something at or above ${code("--fail-on")} (default ${code("high")}) fails`],
				["2", "wrong usage, configuration or input file; the message names file, line, field and remedy"],
				[
					"3",
					`incomplete: nothing fails, but something at or above ${code("--fail-on")} could not be assessed, and its [reason code](reason-codes.md) is not accepted by ${code("--accept")} or under ${code("accept:")} in the configuration`,
				],
				["4", "a defect of mailward, or the output could not be written"],
				["130", "interrupted; what was collected is kept, and what was not looked at is marked so"],
			],
		),
		`Gaps that the user chose (${[...chosenGaps].map(code).join(", ")}; on a run over plans and records alone also ${code("unknown_until_apply")}) and results that wait for a person (${code("manual_pending")}) count only with ${code("--require-assessed")}, which also widens code 3 to every severity.`,
	).trimEnd();
}

function usageOf(program: Command, command: Command): string {
	const args = command.registeredArguments.map((argument) => {
		const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
		return argument.required ? ` <${name}>` : ` [${name}]`;
	});
	return `${program.name()} ${command.name()}${args.join("")}`;
}

function commandSection(program: Command, command: Command): string[] {
	const options = command.options.filter((option) => !option.hidden);
	return [
		`## ${command.name()}`,
		`${code(`${usageOf(program, command)}${options.length === 0 ? "" : " [options]"}`)}: ${plain(command.description())}.`,
		options.length === 0
			? ""
			: table(
					["option", "meaning", "default"],
					options.map((option) => [code(option.flags), meaningOf(option), defaultOf(option)]),
				),
		fenced(textAfterHelp(command)),
	];
}

function meaningOf(option: Option): string {
	const choices = option.argChoices === undefined ? "" : `: ${option.argChoices.map(code).join(", ")}`;
	const text = option.description === "" ? "one of" : plain(option.description).replaceAll("\\`", "`");
	return `${text}${choices}`;
}

function defaultOf(option: Option): string {
	const value: unknown = option.defaultValue;
	if (value === undefined || typeof value === "boolean" || (Array.isArray(value) && value.length === 0)) return "";
	return code(Array.isArray(value) ? value.join(",") : String(value));
}

/** What a command adds below its help: examples. It is only told by printing the help. */
function textAfterHelp(command: Command): string {
	let printed = "";
	command.configureOutput({ writeOut: (text) => (printed += text), getOutHasColors: () => false });
	command.outputHelp();
	const help = command.helpInformation();
	return printed.slice(printed.indexOf(help) + help.length).trim();
}

/** Lines that show a command as a block of the shell, the words around them as text. */
function fenced(text: string): string {
	if (text === "") return "";
	const blocks: string[] = [];
	let commands: string[] = [];
	const flush = (): void => {
		if (commands.length > 0) blocks.push(`\`\`\`console\n${commands.join("\n")}\n\`\`\``);
		commands = [];
	};
	for (const line of text.split("\n")) {
		if (/^\s*\$ /.test(line)) commands.push(line.trim());
		else if (line.trim() !== "") {
			flush();
			blocks.push(plain(line.trim()));
		}
	}
	flush();
	return blocks.join("\n\n");
}
