import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { lookAtSpf, type SpfLook } from "../../pipeline/look.ts";
import type { Invocation } from "../invocation.ts";
import { resolveDomain, withCommon } from "../run-options.ts";
import { shownText } from "../terminal.ts";

type Node = SpfLook["analysis"]["tree"];

export function registerSpf(program: Command, invocation: Invocation): void {
	withCommon(program.command("spf <domain>"))
		.description("the SPF tree with the cost of each branch, and what one address would get")
		.option("-c, --config <file>", "configuration (default: mailward.yaml where it exists)")
		.option("--ip <address>", "an IPv4 or IPv6 address to try as sender", parseIp)
		.option("--json", "as JSON")
		.addHelpText("after", "\nExample:\n  $ mailward spf example.org --ip 192.0.2.1")
		.action(async (name: string, options: { config?: string; ip?: string; json?: boolean }) => {
			const { config, domain } = await resolveDomain(name, options.config);
			const look = await lookAtSpf(config, domain, options.ip, invocation.signal);
			if (options.json === true) process.stdout.write(`${JSON.stringify(look, null, 2)}\n`);
			else process.stdout.write(printed(look, domain, options.ip));
		});
}

function parseIp(text: string): string {
	if (isIP(text) === 0) throw new InvalidArgumentError("expected an IPv4 or IPv6 address");
	return text;
}

function printed({ analysis, verdict }: SpfLook, domain: string, ip: string | undefined): string {
	const lines = [...tree(analysis.tree, ""), ""];
	const { published, lookups, voidLookups, terminal, addresses } = analysis;
	if (published.status !== "complete") lines.push("The TXT records could not be read: nothing more is known.");
	else if (published.count === 0) lines.push("The domain publishes no SPF record.");
	lines.push(`Lookups:    ${lookups.count} of ${lookups.limit}${mark(lookups.status)}`);
	lines.push(`Void:       ${voidLookups.count} of ${voidLookups.limit}${mark(voidLookups.status)}`);
	lines.push(`Others get: ${terminal.policy ?? "unknown"}${terminal.term === null ? "" : ` (${terminal.term})`}${mark(terminal.status)}`);
	lines.push(`IPv4:       ${addresses.ipv4.total} addresses allowed, ${addresses.ipv4.included} of them by includes${mark(addresses.status)}`);
	lines.push(`IPv6:       ${addresses.ipv6.total} addresses allowed`);
	for (const finding of analysis.findings)
		lines.push(
			`${finding.kind === "broken" ? "Broken" : finding.kind === "unknown" ? "Unknown" : "Note"}:     ${shownText(finding.message)} [${finding.reference}]`,
		);
	if (verdict !== null)
		lines.push(
			"",
			`${ip} as sender of ${domain}: ${verdict.result}${verdict.mechanism === undefined ? "" : ` by ${shownText(verdict.mechanism)}`} (${verdict.lookups} lookups, ${verdict.voidLookups} void)`,
		);
	return `${lines.join("\n")}\n`;
}

function mark(status: string): string {
	return status === "incomplete"
		? " at least: a name could not be looked up"
		: status === "not_followed"
			? " at least: names built by macros differ by message"
			: "";
}

function* tree(node: Node, indent: string): Generator<string> {
	const state = node.state === "valid" ? "" : ` [${node.state}${node.code === null ? "" : `: ${node.code}`}]`;
	yield `${indent}${shownText(node.term ?? node.name)} (${node.cost})${state}`;
	if (node.record !== null) yield `${indent}  ${shownText(node.record, 200)}`;
	for (const child of node.children) yield* tree(child, `${indent}  `);
}
