import { accountWideKinds } from "../checks/adapters/terraform/index.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { createSupply, type Supply, selectChecks } from "../checks/engine/selection.ts";
import { collectors, derivations } from "../checks/registry.ts";

let supply: Supply | undefined;

/** Which kinds each type of target supplies in this build. */
export function currentSupply(): Supply {
	supply ??= createSupply(collectors, derivations);
	return supply;
}

/** The kinds that collectors must supply for these kinds, derivations looked through. */
export function rawKinds(kinds: readonly string[]): Set<string> {
	const raw = new Set<string>();
	const open = [...kinds];
	const seen = new Set<string>();
	for (let kind = open.pop(); kind !== undefined; kind = open.pop()) {
		if (seen.has(kind)) continue;
		seen.add(kind);
		const maker = derivations.find((derivation) => derivation.produces.includes(kind as string));
		if (maker === undefined) raw.add(kind);
		else open.push(...maker.needs, ...(maker.uses ?? []));
	}
	return raw;
}

/** Kinds that the checks of a run need: what none of them asks for is not looked at. Undefined when all checks are selected. */
export function wantedKinds(include: readonly string[], skip: readonly string[]): ReadonlySet<string> | undefined {
	if (include.length === 0 && skip.length === 0) return undefined;
	return rawKinds(selectChecks(allChecks(), include, skip).flatMap((check) => check.evidence));
}

export { accountWideKinds };
