import type { Command } from "commander";
import { lookAtVendors, type VendorLook } from "../../pipeline/look.ts";
import type { Invocation } from "../invocation.ts";
import { createLog } from "../log.ts";
import { requestFor, resolveDomain, withCommon } from "../run-options.ts";
import { shownText } from "../terminal.ts";

export function registerVendors(program: Command, invocation: Invocation): void {
	withCommon(program.command("vendors <domain>"))
		.description("vendors seen in DNS, how strong each sign is, whether they sign a BAA, and the match with the register")
		.option("-c, --config <file>", "configuration (default: mailward.yaml where it exists)")
		.option("--records <dir>", "folder with records, to hold the vendors against the register")
		.option("--json", "as JSON")
		.addHelpText("after", "\nExample:\n  $ mailward vendors example.org --records records/")
		.action(async (name: string, options: { config?: string; records?: string; json?: boolean }) => {
			const { config, domain, file } = await resolveDomain(name, options.config);
			const request = requestFor(config, file, domain, options.records ?? config.records, options.records !== undefined);
			const log = createLog({ verbose: false, json: false });
			const look = await lookAtVendors({ config, request, now: () => new Date(), signal: invocation.signal, log }, domain);
			if (options.json === true) process.stdout.write(`${JSON.stringify(look, null, 2)}\n`);
			else process.stdout.write(printed(look, domain));
		});
}

const outcomes: Record<string, string> = {
	undeclared: "not in the register: ask for its agreement",
	contradiction: "the register claims an agreement that the vendor does not offer",
	edition_excluded: "the vendor signs none for the edition in the row",
	edition_open: "the vendor data does not settle the edition in the row: ask the vendor",
	plan_gated_needs_proof: "the vendor signs for some plans only: prove the plan",
	excluded: "the agreement leaves this service out",
	document_faulty: "the agreement's document is missing or changed",
	covered: "covered by an agreement in force",
	not_in_force: "the agreement is not in force",
	ended: "the agreement has ended: remove the records",
};

function printed(look: VendorLook, domain: string): string {
	const lines: string[] = look.vendors.length === 0 ? [`No known vendor shows in the DNS of ${domain}.`] : [];
	for (const { vendor, kind, match, verdict, outcome, askAbout } of look.vendors) {
		const baa = { yes: "signs a BAA", plan: "signs a BAA on some plans", no: "signs no BAA", unknown: "BAA unknown" }[verdict.baa];
		lines.push(
			`${vendor} (${kind}): strength ${match.strength.toFixed(2)}, ${baa}${verdict.confidence === "confirm" ? " (confirm with the vendor)" : ""}, as of ${verdict.asOf ?? "no date"}`,
		);
		for (const signal of match.signals) lines.push(`  ${signal.signal.padEnd(10)} ${shownText(signal.record, 160)}`);
		lines.push(`  register   ${outcome === null ? (look.register ?? "could not be read") : (outcomes[outcome] ?? outcome)}`);
		if (askAbout.length > 0) lines.push(`  ask        other products send through the same names: ${askAbout.join(", ")}`);
	}
	for (const gap of look.unread) lines.push(`Could not read ${shownText(gap.detail ?? "")} (${gap.code}): a vendor may hide behind it.`);
	return `${lines.join("\n")}\n`;
}
