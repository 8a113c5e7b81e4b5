import type { Derivation } from "../derivation.ts";
import { authorization, authorizationForm, campaign, deIdentification, disclosure, optOut } from "./privacy.ts";
import { registerDerivation } from "./register.ts";
import { incident, policy, riskAnalysis, riskPlan } from "./security.ts";
import { exercise, facility, inherited, noPhi, official, review, sanction, syntheticData, training } from "./workforce.ts";

/** One derivation per kind of record that has no derivation of its own: what is there, what is left open, how old it is. */
const derivations: readonly Derivation[] = [
	registerDerivation(authorization),
	registerDerivation(authorizationForm),
	registerDerivation(campaign),
	registerDerivation(deIdentification),
	registerDerivation(disclosure),
	registerDerivation(exercise),
	registerDerivation(facility),
	registerDerivation(incident),
	registerDerivation(inherited),
	registerDerivation(noPhi),
	registerDerivation(official),
	registerDerivation(optOut),
	registerDerivation(policy),
	registerDerivation(review),
	registerDerivation(riskAnalysis),
	registerDerivation(riskPlan),
	registerDerivation(sanction),
	registerDerivation(syntheticData),
	registerDerivation(training),
];

export default derivations;
