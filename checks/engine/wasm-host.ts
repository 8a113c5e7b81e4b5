import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadPolicyLock, policyWasmUrl } from "./policy-lock.ts";

/** What one policy says of one batch of evidence: ids in scope, and denials. */
export interface PolicyVerdict {
	resources: string[];
	deny: PolicyDenial[];
}

export interface PolicyDenial {
	resource: string;
	path: string;
	message: string;
	severity?: string;
	expected?: string;
	observed?: unknown;
	/** Values of other items that the denial rests on; an empty list says that an item which could not be read may be missing. */
	restsOn?: { id: string; path: string }[];
}

export interface PolicyInput {
	evidence: Record<string, unknown[]>;
	parameters: Record<string, unknown>;
	asOf: string;
}

export interface PolicyHost {
	/** `input` is the JSON text of a PolicyInput. Throws if the policy crashes or gives no verdict; the caller turns that into check_failed for this check alone. */
	evaluate(check: string, input: string): PolicyVerdict;
}

/** What the package loaded: the instance with its builtins bound, and where its heap begins. */
interface LoadedPolicy {
	mem: { buffer: ArrayBuffer; grow(pages: number): number };
	wasmInstance: {
		exports: { opa_eval(reserved: 0, entrypoint: number, data: number, input: number, inputLength: number, heap: number, format: 0): number };
	};
	dataAddr: number;
	dataHeapPtr: number;
	entrypoints: Record<string, number>;
}

// The package is CommonJS without usable typings under nodenext; this is the one function used.
const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm") as { loadPolicySync(wasm: Uint8Array): LoadedPolicy };

const pageBytes = 64 * 1024;
let host: PolicyHost | undefined;

/** Loads the wasm once per process. */
export function policyHost(): PolicyHost {
	host ??= createPolicyHost();
	return host;
}

function createPolicyHost(): PolicyHost {
	const wasm = readFileSync(policyWasmUrl);
	const lock = loadPolicyLock();
	let policy = loadPolicySync(wasm);
	return {
		evaluate(check, input) {
			const entry = lock.checks[check];
			if (entry === undefined) throw new Error(`no check ${check}`);
			let output: { result?: unknown }[];
			try {
				output = run(policy, entry.entrypoint, input);
			} catch (error) {
				// A trap leaves the instance's memory in an unknown state: the next check gets a fresh one.
				policy = loadPolicySync(wasm);
				throw error instanceof Error ? error : new Error(String(error));
			}
			const verdict = output[0]?.result as PolicyVerdict | undefined;
			if (verdict === undefined) throw new Error(`check ${check} gave no verdict`);
			return verdict;
		},
	};
}

/**
 * One evaluation by the one call of OPA's wasm ABI 1.2. The package's own evaluate() makes a buffer for every input and looks for the
 * end of every answer octet by octet; here the text is written where the instance reads it.
 */
function run({ mem, wasmInstance, dataAddr, dataHeapPtr, entrypoints }: LoadedPolicy, entrypoint: string, input: string): { result?: unknown }[] {
	const number = entrypoints[entrypoint];
	if (number === undefined) throw new Error(`the policies have no entrypoint ${entrypoint}`);
	const bytes = Buffer.byteLength(input);
	const missing = dataHeapPtr + bytes - mem.buffer.byteLength;
	if (missing > 0) mem.grow(Math.ceil(missing / pageBytes));
	Buffer.from(mem.buffer, dataHeapPtr, bytes).write(input);
	const start = wasmInstance.exports.opa_eval(0, number, dataAddr, dataHeapPtr, bytes, dataHeapPtr + bytes, 0);
	// The memory may have grown meanwhile, into another buffer.
	const answer = Buffer.from(mem.buffer);
	return JSON.parse(answer.toString("utf8", start, answer.indexOf(0, start))) as { result?: unknown }[];
}
