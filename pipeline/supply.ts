import { accountWideKinds } from "../checks/adapters/terraform/index.ts";
import { createSupply, type Supply } from "../checks/engine/selection.ts";
import { collectors, derivations } from "../checks/registry.ts";

let supply: Supply | undefined;

/** Which kinds each type of target supplies in this build. */
export function currentSupply(): Supply {
	supply ??= createSupply(collectors, derivations);
	return supply;
}

export { accountWideKinds };
