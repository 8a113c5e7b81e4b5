import { readInputFile } from "../../../model/input-file.ts";
import { evidenceKinds, readTerraform, terraformEvidence } from "../../adapters/terraform/index.ts";
import type { Collector } from "../collector.ts";

/** Plans, states and synthesized stacks, through the Terraform adapter. A file that is none of them ends the run. */
const collector: Collector = {
	id: "plan",
	target: "plan",
	produces: evidenceKinds,
	iamActions: [],
	touches: (target) => [`reads ${target.id}`],
	async *collect(target, context) {
		yield* terraformEvidence(
			readTerraform(
				await readInputFile(context.path, target.id, { remedy: "name a cdk.tf.json, a plan or state as JSON (terraform show -json), or terraform.tfstate" }),
				target.id,
			),
			{ target: target.id, now: context.now(), version: "1" },
		);
	},
};

export default collector;
