import { allChecks } from "../checks/engine/policy-lock.ts";
import { createSupply, type Supply, selectChecks, withSources } from "../checks/engine/selection.ts";
import { collectors, derivations } from "../checks/registry.ts";

let supply: Supply | undefined;

/** Which kinds each type of target supplies in this build. */
export function currentSupply(): Supply {
	supply ??= createSupply(collectors, derivations);
	return supply;
}

/** The kinds that collectors must supply for these kinds, derivations looked through. */
export function rawKinds(kinds: readonly string[]): Set<string> {
	const derived = new Set(derivations.flatMap((derivation) => derivation.produces));
	return withSources(kinds, derivations).difference(derived);
}

/** Kinds that the checks of a run need: what none of them asks for is not looked at. Undefined when all checks are selected. */
export function wantedKinds(include: readonly string[], skip: readonly string[]): ReadonlySet<string> | undefined {
	if (include.length === 0 && skip.length === 0) return undefined;
	// What people decided stands beside every check.
	return rawKinds([...selectChecks(allChecks(), include, skip).flatMap((check) => check.evidence), "record.waiver", "record.attestation"]);
}
