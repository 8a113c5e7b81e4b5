import { byCodeUnit } from "../../../model/canonical.ts";
import { type Evidence, listingId } from "../../../model/evidence.ts";
import { accountWideKinds, terraformKinds } from "./attributes.ts";
import { readTerraform, type TerraformDocument, type TerraformForm } from "./document.ts";
import { readFromConfiguration } from "./from-configuration.ts";
import { readFromPlan } from "./from-plan.ts";
import { readFromShownState, readFromState } from "./from-state.ts";
import { type EvidenceOptions, source, wellFormed } from "./item.ts";
import type { Reading } from "./seen.ts";

export { accountWideKinds, type EvidenceOptions, readTerraform, type TerraformDocument, type TerraformForm, terraformKinds };

/** Every kind that terraformEvidence may yield, listings apart. */
export const evidenceKinds: readonly string[] = [...terraformKinds, "terraform.output", "terraform.resource_type"];

/**
 * Evidence of a Terraform document, in the provider's own vocabulary:
 * - one item per resource instance of an allow-listed type; kind is the type, id the address, `module.x["k"].aws_s3_bucket.b[0]`;
 * - `terraform.output` per output of the root module: {name, sensitive, reads}, never its value;
 * - `terraform.resource_type` per type, allow-listed or not: {type, count};
 * - `listing` per allow-listed kind, the two above included: {kind, target, count, complete}.
 *
 * Values hold allow-listed attributes only. A block that can occur at most once is an object, another a list. Null and "" are
 * absent, and so is what nobody configured, so that policies apply the provider's defaults. Paths are dotted, with numbers for
 * elements: rule.0.status.
 *
 * What is known only after apply, what this reader cannot resolve, and what is sensitive stands in `unknown` and not in
 * `values`: a policy that denies at such a path gives not_assessed, and a sensitive value can get into no report. A policy
 * that asserts something of all elements has to look into `unknown` as well.
 * `references` maps a path to the ids of the resources that its value is made from, known or unknown.
 * `values.partial` maps the path of an unknown policy document to its text with `${address.attribute}` where a part is not known
 * (configurations, and plans of configurations in JSON): for evaluators that can treat those parts as unknown; everyone else leaves it alone.
 *
 * A resource whose count or for_each is unknown is one item in status error, code unknown_until_apply. A listing that cannot be
 * complete has status error and `complete: false`. Kinds of accountWideKinds get no listing where the document has none of them.
 * Throws InputError for a configuration that declares a resource twice.
 */
export function* terraformEvidence(document: TerraformDocument, options: EvidenceOptions): Generator<Evidence> {
	const reading = readForm(document, options);
	const counts = new Map<string, number>();
	for (const item of reading.items) {
		counts.set(item.kind, (counts.get(item.kind) ?? 0) + 1);
		yield item;
	}
	for (const [type, count] of [...reading.types].sort(([a], [b]) => byCodeUnit(a, b))) {
		yield {
			kind: "terraform.resource_type",
			id: wellFormed(type) || "(empty)",
			status: "ok",
			values: { type: wellFormed(type), count },
			source: source("resource types", options),
			collectedAt: options.now,
		};
	}
	counts.set("terraform.resource_type", reading.types.size);
	for (const kind of evidenceKinds) {
		const count = counts.get(kind) ?? 0;
		if (count === 0 && accountWideKinds.has(kind)) continue;
		yield listing(kind, count, reading, options);
	}
}

function readForm(document: TerraformDocument, options: EvidenceOptions): Reading {
	switch (document.form) {
		case "configuration":
			return readFromConfiguration(document, options);
		case "plan":
			return readFromPlan(document.root, options);
		case "state_show":
			return readFromShownState(document.root, options);
		case "state":
			return readFromState(document.root, options);
	}
}

function listing(kind: string, count: number, reading: Reading, options: EvidenceOptions): Evidence {
	// Outputs of the root module all stand in the document, whatever its modules hold.
	const gap = reading.gaps.get(kind) ?? (kind === "terraform.output" ? undefined : reading.gaps.get("*"));
	const item: Evidence = {
		kind: "listing",
		id: listingId(kind, options.target),
		status: gap === undefined ? "ok" : "error",
		values: { kind, target: options.target, count, complete: gap === undefined },
		source: source(`resources of type ${kind}`, options),
		collectedAt: options.now,
	};
	if (gap !== undefined) item.error = gap;
	return item;
}
