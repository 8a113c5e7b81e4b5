import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";
import { expect } from "vitest";
import { accountWideKinds, readTerraform, terraformEvidence } from "../../checks/adapters/terraform/index.ts";
import { EvidenceStore } from "../../checks/engine/evidence-store.ts";
import { effectiveParameters } from "../../checks/engine/parameters.ts";
import { allChecks } from "../../checks/engine/policy-lock.ts";
import { targetTypesOf, withSources } from "../../checks/engine/selection.ts";
import { judgeCheck, type Verdict } from "../../checks/engine/verdict.ts";
import { calendarDate, runDerivation } from "../../checks/engine/view.ts";
import { policyHost } from "../../checks/engine/wasm-host.ts";
import type { Target } from "../../model/evidence.ts";
import { currentSupply } from "../../pipeline/supply.ts";

const asOf = new Date("2026-11-24T09:00:00Z");

/** The synthesized cdk.tf.json of a stack "mail" that `build` fills, checked as cdktf's own synth does. */
export function synthesize(build: (stack: TerraformStack) => void): string {
	// cdktf makes the folder for the output when an app is made, though none is written here.
	const outdir = mkdtempSync(join(tmpdir(), "mailward-synth-"));
	try {
		const stack = new TerraformStack(Testing.stubVersion(new App({ stackTraces: false, outdir })), "mail");
		new LocalBackend(stack, { path: "terraform.mail.tfstate" });
		new AwsProvider(stack, "aws", { region: "us-east-1" });
		build(stack);
		return Testing.synth(stack, true);
	} finally {
		rmSync(outdir, { recursive: true, force: true });
	}
}

/** Terraform's text for a reference, as it stands in a synthesized stack. */
export function reference(path: string): string {
	return `\${${path}}`;
}

/** The one resource of a type, as synthesized; throws where there is none or several. */
export function onlyResource(stackJson: string, type: string, group: "resource" | "data" = "resource"): Record<string, unknown> {
	const document = JSON.parse(stackJson) as Record<string, Record<string, Record<string, Record<string, unknown>>>>;
	const [only, ...others] = Object.values(document[group]?.[type] ?? {});
	if (only === undefined || others.length > 0) throw new Error(`expected one ${type}, found ${others.length + (only === undefined ? 0 : 1)}`);
	return only;
}

/** Every resource of a type, as synthesized, in the order of their addresses. */
export function resources(stackJson: string, type: string, group: "resource" | "data" = "resource"): Record<string, unknown>[] {
	const document = JSON.parse(stackJson) as Record<string, Record<string, Record<string, Record<string, unknown>>>>;
	return Object.values(document[group]?.[type] ?? {});
}

/** The verdicts of every check that a plan can be judged by, or of those named, on a cdk.tf.json, the shown JSON of a plan, or a state. */
export async function judge(json: string, ids?: readonly string[]): Promise<Verdict[]> {
	const target: Target = { id: "stack", type: "plan" };
	const document = readTerraform(Buffer.from(json), "stack.json");
	const store = new EvidenceStore([target]);
	for (const item of terraformEvidence(document, { target: target.id, now: asOf.toISOString(), version: "1" })) store.add(item);
	const supply = currentSupply();
	const checks = allChecks().filter((check) => (ids?.includes(check.id) ?? true) && targetTypesOf(check, supply).includes("plan"));
	const kinds = withSources(
		checks.flatMap((check) => check.evidence),
		supply.derivations("plan"),
	);
	for (const derivation of supply.derivations("plan")) {
		if (!derivation.produces.some((kind) => kinds.has(kind))) continue;
		await runDerivation(derivation, target, store, { asOf, today: calendarDate(asOf, "UTC") }, supply);
	}
	return checks.flatMap((check) =>
		judgeCheck(check, target, store, {
			host: policyHost(),
			parameters: effectiveParameters(check, undefined).values,
			asOf: asOf.toISOString(),
			accountWideKinds,
		}),
	);
}

/** Ids of the checks with a verdict of a status, each once. */
export function idsWith(verdicts: readonly Verdict[], status: Verdict["status"]): string[] {
	return [...new Set(verdicts.filter((verdict) => verdict.status === status).map((verdict) => verdict.check.id))].sort();
}

/**
 * The ids after "Satisfies:" in the doc comment of a construct's class; throws where the comment names none, or one that
 * is no check.
 */
export function satisfiedBy(construct: string): string[] {
	const source = readFileSync(join(import.meta.dirname, "..", construct, "index.ts"), "utf8");
	const ids = [...source.matchAll(/Satisfies:([\s\S]*?)\*\//g)].flatMap(([, text]) => text?.match(/[a-z_]+\.[a-z_]+/g) ?? []);
	if (ids.length === 0) throw new Error(`${construct}/index.ts names no check after "Satisfies:"`);
	const known = new Set(allChecks().map((check) => check.id));
	const unknown = ids.filter((id) => !known.has(id));
	if (unknown.length > 0) throw new Error(`${construct}/index.ts names checks that do not exist: ${unknown.join(", ")}`);
	return ids;
}

/** For assertion messages: what was found, without the evidence. */
export function told(verdicts: readonly Verdict[]): string {
	return verdicts.map(({ check, resource, status, reason, message }) => `${check.id} ${resource} ${status} ${reason?.code ?? ""} ${message}`).join("\n");
}

/** Judges a stack: no check fails on it. */
export async function expectNoFail(json: string): Promise<void> {
	const verdicts = await judge(json);
	expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual([]);
}

/** Judges a stack that holds a construct: the checks that the construct names pass, and none fails. */
export async function expectSatisfied(construct: string, json: string): Promise<void> {
	const verdicts = await judge(json);
	const passed = idsWith(verdicts, "pass");
	for (const id of satisfiedBy(construct)) expect(passed, told(verdicts)).toContain(id);
	expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual([]);
}

/** The statements of the policy document that a reference such as a role's assume_role_policy names. */
export function statementsOf(stackJson: string, reference: unknown): PolicyStatement[] {
	const name = /^\$\{data\.aws_iam_policy_document\.([\w-]+)\.json\}$/.exec(String(reference))?.[1];
	const document = JSON.parse(stackJson) as { data: Record<string, Record<string, { statement: PolicyStatement[] }>> };
	const found = name === undefined ? undefined : document.data.aws_iam_policy_document?.[name];
	if (found === undefined) throw new Error(`${String(reference)} names no policy document`);
	return found.statement;
}

export interface PolicyStatement {
	sid: string;
	effect?: string;
	actions: string[];
	resources?: string[];
	principals?: { type: string; identifiers: string[] }[];
	condition?: { test: string; variable: string; values: string[] }[];
}
