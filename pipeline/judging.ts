import { accountWideKinds } from "../checks/adapters/terraform/index.ts";
import type { EvaluateOptions } from "../checks/engine/evaluate.ts";
import { loadPolicyLock } from "../checks/engine/policy-lock.ts";
import { policyHost } from "../checks/engine/wasm-host.ts";
import { currentSupply } from "./supply.ts";

/** What judging takes from this build, whatever it judges: the compiled policies, and what supplies the kinds that they look at. */
export function judging(): Pick<EvaluateOptions, "supply" | "host" | "policySha256" | "accountWideKinds"> {
	return { supply: currentSupply(), host: policyHost(), policySha256: loadPolicyLock().wasmSha256, accountWideKinds };
}
