/** Program of judgeOnSynth: takes a WorkerRequest on stdin and writes a WorkerAnswer to stdout. Synthesis cannot wait for a promise, but for a process. */
import { json } from "node:stream/consumers";
import type { ResultItem } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { type JudgeStackOptions, judgeStack } from "./judge-stack.ts";

export interface WorkerRequest {
	/** Texts of cdk.tf.json files. */
	stacks: string[];
	options: JudgeStackOptions;
}

/** What each stack fails at and what is waived there, in the order of the request; or why the input cannot be judged. */
export type WorkerAnswer = { stacks: { failed: ResultItem[]; exceptions: ResultItem[] }[] } | { problems: string };

if (import.meta.main) process.stdout.write(JSON.stringify(await answer((await json(process.stdin)) as WorkerRequest)));

async function answer({ stacks, options }: WorkerRequest): Promise<WorkerAnswer> {
	try {
		const judged: { failed: ResultItem[]; exceptions: ResultItem[] }[] = [];
		for (const text of stacks) {
			const { failed, exceptions } = await judgeStack(text, options);
			judged.push({ failed, exceptions });
		}
		return { stacks: judged };
	} catch (error) {
		if (error instanceof InputError) return { problems: error.message };
		throw error;
	}
}
