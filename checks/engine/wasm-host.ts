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

interface LoadedPolicy {
	evaluate(input: unknown, entrypoint: string): { result?: unknown }[];
}

// The package is CommonJS without usable typings under nodenext; this is the one function used.
const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm") as { loadPolicySync(wasm: Uint8Array): LoadedPolicy };

const octets = new TextEncoder();
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
				// The host takes well-formed JSON as octets without parsing it first.
				output = policy.evaluate(octets.encode(input).buffer, entry.entrypoint);
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
