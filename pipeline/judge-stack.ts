import { readTerraform, terraformEvidence } from "../checks/adapters/terraform/index.ts";
import { loadRecords, recordEvidence } from "../checks/collectors/records/index.ts";
import { evaluate } from "../checks/engine/evaluate.ts";
import { EvidenceStore } from "../checks/engine/evidence-store.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { loadFramework } from "../checks/frameworks/frameworks.ts";
import { defaultConfig } from "../model/config.ts";
import { type Evidence, evidenceManifestSchemaId, type Target } from "../model/evidence.ts";
import type { ResultDocument, ResultItem } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { configSha256, judgementOf } from "./config.ts";
import { judging } from "./judging.ts";
import { packageInfo } from "./version.ts";

export interface JudgeStackOptions {
	/** Globs over check ids to leave out. */
	skip?: readonly string[];
	/** Thresholds by check id, as in mailward.yaml. */
	parameters?: Record<string, Record<string, unknown>>;
	/** Folder of the administrative records, whose waivers count. Without it nothing is waived. */
	records?: string;
}

export interface StackJudgement {
	failed: ResultItem[];
	/** What fails and is waived by a live record. */
	exceptions: ResultItem[];
	passed: ResultItem[];
	notAssessed: ResultItem[];
	result: ResultDocument;
}

/**
 * Judges a synthesized stack: the text of a cdk.tf.json (Testing.synth returns it) or its parsed value. A plan or state as
 * JSON works as well. Throws InputError if it is none of them, or if a record is wrong.
 *
 *     expect((await judgeStack(Testing.synth(stack))).failed).toEqual([]);
 */
export async function judgeStack(stack: string | object, options: JudgeStackOptions = {}): Promise<StackJudgement> {
	const now = new Date();
	const target: Target = { id: "cdk.tf.json", type: "plan" };
	const document = readTerraform(Buffer.from(typeof stack === "string" ? stack : JSON.stringify(stack)), target.id);
	const targets: Target[] = options.records === undefined ? [target] : [target, { id: options.records, type: "records" }];
	const store = new EvidenceStore(targets);
	for (const item of terraformEvidence(document, { target: target.id, now: now.toISOString(), version: "1" })) store.add(item);
	if (options.records !== undefined) for (const item of await readRecords(options.records, now)) store.add(item);
	const config = { ...defaultConfig, parameters: options.parameters ?? {} };
	const time = now.toISOString();
	const result = await evaluate({
		manifest: {
			schema: evidenceManifestSchemaId,
			run: {
				tool: { name: "mailward", version: packageInfo().version },
				startedAt: time,
				endedAt: time,
				asOf: time,
				caller: null,
				vantage: {},
				interrupted: false,
			},
			profile: "hipaa",
			configSha256: configSha256(config),
			judgement: judgementOf(config),
			targets,
			notRequested: [],
			deniedCalls: [],
			files: [],
		},
		judgement: judgementOf(config),
		store,
		checks: allChecks(),
		framework: loadFramework("hipaa"),
		...judging(),
		asOf: now,
		include: [],
		skip: options.skip ?? [],
		accept: [],
	});
	// The records are judged by a scan; here they only say what is waived.
	const withState = (state: ResultItem["state"]): ResultItem[] => result.results.filter((one) => one.state === state && one.target === target.id);
	return { failed: withState("fail"), exceptions: withState("exception"), passed: withState("pass"), notAssessed: withState("not_assessed"), result };
}

async function readRecords(folder: string, now: Date): Promise<Evidence[]> {
	const { items, problems } = await loadRecords(folder);
	if (problems.length > 0) throw new InputError(problems);
	return [...recordEvidence(items, folder, now.toISOString())];
}
