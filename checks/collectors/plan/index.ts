import { open } from "node:fs/promises";
import { InputError } from "../../../model/source.ts";
import { evidenceKinds, readTerraform, terraformEvidence } from "../../adapters/terraform/index.ts";
import type { Collector } from "../collector.ts";

/** Larger files than this are no plan of a mail stack; the adapter refuses them with the same words. */
const maxPlanBytes = 512 * 1024 * 1024;

/** Plans, states and synthesized stacks, through the Terraform adapter. A file that is none of them ends the run. */
const collector: Collector = {
	id: "plan",
	target: "plan",
	produces: evidenceKinds,
	iamActions: [],
	touches: (target) => [`reads ${target.id}`],
	async *collect(target, context) {
		yield* terraformEvidence(readTerraform(await read(context.path, target.id), target.id), { target: target.id, now: context.now(), version: "1" });
	},
};

export default collector;

async function read(path: string, shown: string): Promise<Buffer> {
	const fault = (message: string): InputError => new InputError([{ file: shown, line: 1, column: 1, message }]);
	try {
		const handle = await open(path, "r");
		try {
			const { size } = await handle.stat();
			if (size > maxPlanBytes) throw fault(`has ${size} bytes; at most ${maxPlanBytes} are read`);
			return await handle.readFile();
		} finally {
			await handle.close();
		}
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === "ENOENT") throw fault("no such file; synthesize the stack or write the plan with: terraform show -json");
		if (code === "EISDIR") throw fault("is a directory; name the file in it, such as cdk.tf.json");
		if (code === "EACCES" || code === "EPERM") throw fault("no permission to read it");
		throw error;
	}
}
