import type { Evidence, Gap } from "../../model/evidence.ts";
import {
	externalPrincipals,
	type LimitKind,
	type Policy,
	publicStatements,
	type ServicePrincipal,
	servicePrincipals,
	type Ternary,
} from "../protocols/iam/index.ts";

/** Values of a derived item, and the paths of which a plan's placeholders decide. */
export interface Facts {
	readonly values: Readonly<Record<string, unknown>>;
	/** Dotted path to why its value could not be told: mostly what a plan knows only after apply. */
	readonly gaps: ReadonlyMap<string, Gap>;
	/** Further items that the facts rest on. */
	readonly rests?: readonly Evidence[];
}

export function merged(facts: readonly Facts[]): Facts {
	return {
		values: Object.assign({}, ...facts.map(({ values }) => values)) as Facts["values"],
		gaps: new Map(facts.flatMap(({ gaps }) => [...gaps])),
		rests: facts.flatMap(({ rests }) => rests ?? []),
	};
}

/**
 * What is certain stands in `certain`; where a placeholder decides, `undecided` is a gap that holds what it is about. A list
 * without either is an answer.
 */
export function decided<T>(name: string, entries: readonly { readonly value: T; readonly sure: boolean; readonly dependsOn?: readonly string[] }[]): Facts {
	const open = entries.filter(({ sure }) => !sure);
	return {
		values: { [name]: { certain: entries.filter(({ sure }) => sure).map(({ value }) => value), undecided: open.map(({ value }) => value) } },
		gaps: new Map(open.length === 0 ? [] : [[`${name}.undecided`, untilApply(open.flatMap(({ dependsOn }) => dependsOn ?? []))]]),
	};
}

/** One yes or no; where a placeholder decides, a gap. */
export function truth(name: string, value: Ternary, dependsOn: readonly string[] = []): Facts {
	return value === "unknown" ? { values: {}, gaps: new Map([[name, untilApply(dependsOn)]]) } : { values: { [name]: value === "yes" }, gaps: new Map() };
}

/** What is known only after apply, by the placeholders that decide. */
export function untilApply(dependsOn: readonly string[]): Gap {
	const names = [...new Set(dependsOn)];
	return { code: "unknown_until_apply", detail: names.length === 0 ? "the policy" : names.slice(0, 5).join(", ") };
}

/**
 * Whom a resource's policies admit. `public`: statements that anyone may use. `outsiders`: principals of other accounts, with
 * `unplaced` where a literal account may be the own one, which the evidence does not tell. `services`: those without a condition
 * on the source account or ARN.
 */
export function admitted(policies: readonly Policy[], account: string | undefined, limitedBy?: readonly LimitKind[]): Facts {
	const open = publicStatements(policies, limitedBy === undefined ? {} : { limitedBy }).map(({ statement, open: is, actions, conditions, dependsOn }) => ({
		value: { statement, actions, conditions },
		sure: is === "yes",
		dependsOn,
	}));
	const services = servicePrincipals(policies)
		.filter((one) => boundOf(one) !== "yes")
		.map((one) => ({ value: { statement: one.statement, service: serviceName(one.service), actions: one.actions }, sure: boundOf(one) === "no" }));
	const hidden = unknownPrincipals(policies).map((statement) => ({ value: { statement, service: "unknown", actions: ["*"] }, sure: false }));
	return merged([decided("public", open), outsiders(policies, account), decided("services", [...services, ...hidden])]);
}

function outsiders(policies: readonly Policy[], account: string | undefined): Facts {
	const entries = externalPrincipals(policies, account ?? "").map(({ statement, principal, account: named, external }) => ({
		value: { statement, principal, account: named },
		sure: external === "yes",
		placed: account !== undefined || named === null,
	}));
	const facts = decided(
		"outsiders",
		entries.filter(({ sure, placed }) => !sure || placed),
	);
	const unplaced = entries.filter(({ sure, placed }) => sure && !placed).map(({ value }) => value);
	return {
		values: { outsiders: { ...(facts.values.outsiders as object), unplaced } },
		gaps: new Map([
			...facts.gaps,
			...(unplaced.length === 0 ? [] : [["outsiders.unplaced", untilApply(["the account that the plan is applied to"])] as const]),
		]),
	};
}

/** A statement whose principal only apply will tell may admit a service as well. */
export function unknownPrincipals(policies: readonly Policy[]): string[] {
	return policies.flatMap(({ statements }) =>
		statements
			.filter(({ effect, principal }) => effect !== "Deny" && principal?.entries.some(({ type }) => type === "unknown") === true)
			.map(({ sid, index }) => sid ?? `Statement[${index}]`),
	);
}

/** Whether calls of a service are tied to an account or source; CloudWatch Logs may tell its log group in the encryption context instead. */
export function boundOf({ bound, logsEncryptionContext, service }: ServicePrincipal): Ternary {
	if (bound === "yes" || !serviceName(service).startsWith("logs")) return bound;
	if (logsEncryptionContext === "yes") return "yes";
	return bound === "unknown" || logsEncryptionContext === "unknown" ? "unknown" : "no";
}

/** `logs` of `logs.us-east-1.amazonaws.com` and of a plan's `logs.${data.aws_region.r.region}.${data.aws_partition.p.dns_suffix}`. */
export function serviceName(principal: string): string {
	return principal
		.replace(/\.amazonaws\.com(?:\.cn)?$/i, "")
		.replace(/\.\$\{[^}]*\}$/, "")
		.replace(/\.(?:[a-z]{2}(?:-[a-z]+)+-\d+|\$\{[^}]*\})$/i, "")
		.toLowerCase();
}
