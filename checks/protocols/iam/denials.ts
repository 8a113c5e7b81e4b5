import {
	actionQuestion,
	covering,
	denialsOf,
	deniedAltogether,
	maxPairs,
	type Policies,
	pairsOf,
	patternsOf,
	placeholdersOf,
	resourceQuestion,
	statementsOf,
} from "./analysis.ts";
import { conditionsHold } from "./condition.ts";
import { type RequestContext, readContext } from "./context.ts";
import type { Statement } from "./policy.ts";
import { and, not, or, type Ternary } from "./ternary.ts";
import { isPlaceholder } from "./text.ts";

export interface DenialAnswer {
	readonly verdict: Ternary;
	/** The Deny statements that do it. */
	readonly statements: readonly string[];
	/** What is not denied, or not for certain. */
	readonly missing: readonly { readonly action: string; readonly resource: string }[];
	readonly dependsOn: readonly string[];
}

/** Whether a Deny covers every action on every resource, for everyone, in each of these situations. */
function deniesAll(policies: Policies, actions: readonly string[], resources: readonly string[], situations: readonly RequestContext[]): DenialAnswer {
	const all = statementsOf(policies);
	const denials = situations.map((context) => denialsOf(all, context));
	const statements = new Set<string>();
	const dependsOn = new Set<string>();
	const missing: { action: string; resource: string }[] = [];
	let verdict: Ternary = "yes";
	for (const action of actions) {
		for (const resource of resources) {
			let denied: Ternary = "yes";
			for (const situation of denials) {
				const one = deniedAltogether(situation, { action: actionQuestion(action), resource: resourceQuestion(resource) });
				denied = and(denied, one.denied);
				for (const label of one.by) statements.add(label);
				for (const name of one.unknowns) dependsOn.add(name);
			}
			if (denied !== "yes") missing.push({ action, resource });
			verdict = and(verdict, denied);
		}
	}
	return { verdict, statements: [...statements], missing, dependsOn: verdict === "unknown" ? [...dependsOn] : [] };
}

export interface TransportOptions {
	/** Default `s3:*`. */
	readonly actions?: readonly string[];
	/** Default: the ARN and everything below it, as for a bucket. */
	readonly resources?: readonly string[];
}

/**
 * Whether the policy denies everyone every request without TLS (aws:SecureTransport false), with no other condition that would
 * let one through. For a topic or queue give its actions and its ARN alone.
 */
export function deniesInsecureTransport(policies: Policies, arn: string, options: TransportOptions = {}): DenialAnswer {
	return deniesAll(policies, options.actions ?? ["s3:*"], options.resources ?? [arn, `${arn}/*`], [readContext({ "aws:SecureTransport": "false" })]);
}

/** Whether requests below TLS 1.2 are denied too (s3:TlsVersion, of which S3 knows 1, 1.1, 1.2 and 1.3). */
export function deniesOldTls(policies: Policies, arn: string, options: TransportOptions = {}): DenialAnswer {
	const old = ["1", "1.1"].map((version) => readContext({ "aws:SecureTransport": "true", "s3:TlsVersion": version }));
	return deniesAll(policies, options.actions ?? ["s3:*"], options.resources ?? [arn, `${arn}/*`], old);
}

// Long-term keys carry neither key; a session without MFA says false (IAM User Guide, aws:MultiFactorAuthPresent).
const withoutMfa: readonly Readonly<Record<string, unknown>>[] = [
	{ "aws:MultiFactorAuthPresent": "false", "aws:MultiFactorAuthAge": [] },
	{ "aws:MultiFactorAuthPresent": [], "aws:MultiFactorAuthAge": [] },
];

/** Whether a Deny covers these actions for whoever comes without MFA, with temporary credentials or with long-term keys. */
export function deniesWithoutMfa(policies: Policies, actions: readonly string[], resources: readonly string[] = ["*"]): DenialAnswer {
	return deniesAll(policies, actions, resources, withoutMfa.map(readContext));
}

export interface MfaAnswer {
	/** `not_applicable`: no Allow reaches a principal of IAM (only services, SAML, OIDC). */
	readonly verdict: Ternary | "not_applicable";
	/** Allow statements that let in without MFA. */
	readonly withoutMfa: readonly string[];
	/** Allow statements that let in with MFA older than the limit. */
	readonly tooOld: readonly string[];
	readonly dependsOn: readonly string[];
}

/**
 * Whether every Allow of a trust policy (or of any policy) asks for MFA, not older than so many seconds, by its own conditions
 * or by a Deny beside it. Found by evaluation: no request without MFA, and none with older MFA, may be allowed.
 */
export function requiresMfa(policies: Policies, maxAgeSeconds?: number): MfaAnswer {
	const all = statementsOf(policies);
	let budget = maxPairs;
	const contexts = withoutMfa.map((context) => ({ context: readContext(context), old: false }));
	if (maxAgeSeconds !== undefined)
		contexts.push({ context: readContext({ "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": String(maxAgeSeconds + 1) }), old: true });
	const situations = contexts.map((situation) => ({ ...situation, denials: denialsOf(all, situation.context) }));
	const without = new Set<string>();
	const old = new Set<string>();
	const dependsOn = new Set<string>();
	let applicable = false;
	let open: Ternary = "no";
	for (const { statement, label } of all) {
		if (statement.effect === "Deny" || !reachesIam(statement)) continue;
		applicable = true;
		const pairs = pairsOf(statement, budget);
		budget -= pairs.length;
		for (const { context, old: tooOld, denials } of situations) {
			let lets: Ternary = "no";
			const may = possible(statement, context);
			for (const { action, resource } of may === "no" ? [] : pairs) {
				const denied = deniedAltogether(denials, { action: actionQuestion(action), resource: resourceQuestion(resource) });
				lets = or(lets, and(may, not(denied.denied)));
				for (const name of denied.unknowns) dependsOn.add(name);
			}
			if (lets === "no") continue;
			(tooOld ? old : without).add(label);
			open = or(open, lets);
			if (lets === "unknown") for (const name of placeholdersOf(statement)) dependsOn.add(name);
		}
	}
	if (!applicable) return { verdict: "not_applicable", withoutMfa: [], tooOld: [], dependsOn: [] };
	return { verdict: not(open), withoutMfa: [...without], tooOld: [...old], dependsOn: open === "unknown" ? [...dependsOn] : [] };
}

/** What other conditions ask for may be given: only a placeholder leaves it open. */
function possible(statement: Statement, context: RequestContext): Ternary {
	const { holds, unknowns } = conditionsHold(statement.conditions, context);
	if (statement.effect === "unknown") return "unknown";
	if (holds !== "unknown") return holds;
	return unknowns.some(isPlaceholder) ? "unknown" : "yes";
}

function reachesIam({ principal, action }: Statement): boolean {
	if (principal === undefined || principal.negated) return true;
	if (principal.entries.every(({ type }) => type === "Service" || type === "Federated")) return false;
	// A trust policy may allow sts:TagSession and the like beside sts:AssumeRole; they let nobody in.
	const assume = covering(action, actionQuestion("sts:AssumeRole"), "action");
	const side = patternsOf(action).every((text) => /^sts:(?:TagSession|SetSourceIdentity|SetContext)$/i.test(text));
	return assume.value !== "no" || !side;
}
