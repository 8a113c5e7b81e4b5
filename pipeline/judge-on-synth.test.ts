import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { AwsProvider as TerrainProvider } from "@cdktn/provider-aws/lib/provider/index.js";
import { Sesv2ConfigurationSet as TerrainConfigurationSet } from "@cdktn/provider-aws/lib/sesv2-configuration-set/index.js";
import { App, TerraformStack } from "cdktf";
import { App as TerrainApp, TerraformStack as TerrainStack } from "cdktn";
import { Construct } from "constructs";
import { afterAll, describe, expect, it } from "vitest";
import { type JudgeOnSynthOptions, judgeOnSynth, judgeStack, waivedBy } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "mailward-on-synth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const outdir = () => join(folder, `out-${count++}`);

/** A live waiver for optional TLS, approved a month ago, beside the agreement with AWS. */
function records(change: (text: string) => string = (text) => text): string {
	const target = join(folder, `records-${count++}`);
	cpSync(join(import.meta.dirname, "../examples/clinic-records/exemplary/records"), target, { recursive: true });
	const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
	const official = "{ name: Security Official, role: Security Official, email: security@clinic.example }";
	for (const name of readdirSync(target)) if (!["baa", "documents", "waivers.yaml"].includes(name)) rmSync(join(target, name), { recursive: true });
	writeFileSync(
		join(target, "waivers.yaml"),
		change(`schema: mailward/waiver/v1
records:
  - id: partner-tls
    createdOn: ${day(-30)}
    owner: ${official}
    kind: compensating_control
    scope: { checks: [sending.tls_required] }
    compensatingControl: { text: "Messages to the one partner without TLS are encrypted with S/MIME before they are handed over." }
    equivalenceStatement: Nobody on the way can read what S/MIME encrypts, whatever the transport offers.
    riskRef: R-017
    requestedBy: { name: Office Manager, role: Office Manager, email: office@clinic.example }
    approvedBy: ${official}
    approvedOn: ${day(-30)}
    reviewOn: ${day(30)}
    expiresOn: ${day(60)}
`),
	);
	return target;
}

interface Parts {
	partner: Construct;
}

function app(tlsPolicy: string, options: JudgeOnSynthOptions, arrange: (parts: Parts) => void = () => undefined): App {
	const made = new App({ outdir: outdir() });
	const stack = new TerraformStack(made, "mail");
	new AwsProvider(stack, "aws", { region: "us-east-1" });
	const partner = new Construct(stack, "partner");
	const tracked = { configurationSetName: "partner", deliveryOptions: { tlsPolicy }, suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] } };
	new Sesv2ConfigurationSet(partner, "set", { ...tracked, reputationOptions: { reputationMetricsEnabled: true } });
	arrange({ partner });
	judgeOnSynth(made, { skip: ["sending.events_published"], ...options });
	return made;
}

function messageOf(run: () => void): string {
	try {
		run();
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	return "";
}

describe("judgeOnSynth", () => {
	it("lets through what fails nothing, and writes the stack", () => {
		const made = app("REQUIRE", {});
		made.synth();
		expect(readFileSync(join(made.outdir, "manifest.json"), "utf8")).toContain('"mail"');
	});

	it("fails the synthesis with construct, resource, attribute, what was seen and what to do", () => {
		const message = messageOf(() => app("OPTIONAL", {}).synth());
		expect(message).toMatch(/\[mail\/partner\/set\] aws_sesv2_configuration_set\.partner_set_\w+ delivery_options\.tls_policy: .*sending\.tls_required, \w+\)/);
		expect(message).toContain('observed "OPTIONAL", expected REQUIRE');
		expect(message).toMatch(/CDKTF/);
	});

	it("does the same for cdktn, over several stacks", () => {
		const made = new TerrainApp({ outdir: outdir() });
		for (const name of ["one", "two"]) {
			const stack = new TerrainStack(made, name);
			new TerrainProvider(stack, "aws", { region: "us-east-1" });
			new TerrainConfigurationSet(stack, "set", { configurationSetName: name });
		}
		judgeOnSynth(made);
		const message = messageOf(() => made.synth());
		expect(message).toContain("[one/set] aws_sesv2_configuration_set.set delivery_options.tls_policy");
		expect(message).toContain("[two/set] aws_sesv2_configuration_set.set delivery_options.tls_policy");
	});

	it("counts from the severity that is asked for, and leaves out what is skipped", () => {
		expect(messageOf(() => app("OPTIONAL", { failOn: "critical" }).synth())).toBe("");
		expect(messageOf(() => app("OPTIONAL", { skip: ["sending.*"] }).synth())).toBe("");
	});

	it("lets a live waiver of the records stand, named at the construct or not", () => {
		expect(messageOf(() => app("OPTIONAL", { records: records() }).synth())).toBe("");
		expect(messageOf(() => app("OPTIONAL", { records: records() }, ({ partner }) => waivedBy(partner, "partner-tls")).synth())).toBe("");
	});

	it("lets a waiver for what names it alone cover that, in the stack's own text too", async () => {
		const live = records((text) => text.replace("scope: { checks: [sending.tls_required] }", "scope: { checks: [sending.tls_required], namedInStack: true }"));
		expect(messageOf(() => app("OPTIONAL", { records: live }).synth())).toContain("[mail/partner/set]");
		const made = app("OPTIONAL", { records: live }, ({ partner }) => {
			waivedBy(partner, "partner-tls");
			new Sesv2ConfigurationSet(partner, "later", { configurationSetName: "later", reputationOptions: { reputationMetricsEnabled: true } });
		});
		expect(messageOf(() => made.synth())).not.toContain("sending.tls_required");
		const { exceptions, failed } = await judgeStack(readFileSync(join(made.outdir, "stacks/mail/cdk.tf.json"), "utf8"), { records: live });
		const tls = ({ check }: { check: string }) => check === "sending.tls_required";
		expect(exceptions.filter(tls).map(({ waiver, namedWaiver }) => [waiver, namedWaiver])).toEqual(Array(2).fill(["partner-tls", "partner-tls"]));
		expect(failed.filter(tls)).toEqual([]);
	});

	it("says that a waiver is void or over", () => {
		const over = records((text) =>
			text
				.replace(/expiresOn: .*/, `expiresOn: ${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}`)
				.replace(/reviewOn: .*/, `reviewOn: ${new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)}`),
		);
		expect(messageOf(() => app("OPTIONAL", { records: over }).synth())).toContain("the waiver partner-tls is expired");
	});

	it.each<[string, string, JudgeOnSynthOptions]>([
		["does not exist", "OPTIONAL", {}],
		["covers nothing there any more", "REQUIRE", { records: "live" }],
	])("refuses a name of a waiver that %s", (_name, tlsPolicy, { records: live }) => {
		const options = live === undefined ? {} : { records: records() };
		const message = messageOf(() => app(tlsPolicy, options, ({ partner }) => waivedBy(partner, "partner-tls")).synth());
		expect(message).toContain("[mail/partner] names the waiver partner-tls, but no live waiver of that id in the records covers a finding here");
	});

	it("tells wrong records with file and line", () => {
		const wrong = records((text) => text.replace("riskRef", "riskref"));
		expect(messageOf(() => app("REQUIRE", { records: wrong }).synth())).toMatch(/waivers\.yaml:\d+.*riskref/s);
	});
});
