import type { Gap } from "../../../model/evidence.ts";
import { managedPolicies } from "../../data/iam-actions/managed-policies.ts";
import { allowsAny, type Policy, type SendingGrant, sendingGrants, type Ternary, wideGrants } from "../../protocols/iam/index.ts";
import { alarmKinds, forEmergencies, unseenAlarms } from "../break-glass.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { attachmentKinds, awsPolicyName, holderKinds, type IamPolicy, iamPolicies, nameOf, policyKinds } from "../iam-graph.ts";
import { parseAll, unknownText } from "../policy-documents.ts";
import { decided, type Facts, merged, untilApply } from "../policy-facts.ts";

/** Service prefixes that mail, its events, logs, keys and credentials pass through. */
const services = ["dynamodb", "events", "firehose", "iam", "kms", "lambda", "logs", "s3", "secretsmanager", "ses", "sns", "sqs"];

/**
 * derived.iam_policy, one per policy that gives permissions to users, groups or roles: what it gives in whole, with which it
 * decrypts under every key, and how loosely it lets mail be sent. A policy of AWS's own counts where it is attached.
 */
const derivation: Derivation = {
	id: "iam-policies",
	target: "plan",
	needs: [...policyKinds, ...attachmentKinds, ...holderKinds],
	uses: alarmKinds,
	produces: ["derived.iam_policy"],
	derive: (view) => iamPolicies(view).map((policy) => derivedOf(view, policy)),
};

export default derivation;

function derivedOf(view: DerivationView, policy: IamPolicy): DerivedItem {
	const { id, item, holders, others, by } = policy;
	const own = { kind: "derived.iam_policy", id };
	const basis = [...new Set([item, ...by, ...holders])];
	if (item.error !== undefined) return { ...own, error: item.error, basis };
	const { policies, error } = parseAll(policy.document === undefined ? [] : [policy.document], id);
	if (error !== undefined) return { ...own, error, basis };
	const facts = policy.document === undefined ? ofElsewhere(policy.arn) : merged([wholes(policies), decryption(policies), sending(policies)]);
	const holds = [...holders.map(nameOf), ...others].sort();
	const roles = others.length === 0 && holders.every(({ kind }) => kind === "aws_iam_role") ? holders : [];
	const emergencies = roles.map((role) => forEmergencies(view, role));
	const hidden = emergencyGap(view, emergencies);
	if (hidden !== undefined)
		return { ...own, values: { holders: holds }, gaps: Object.fromEntries(["forEmergencies", ...answers].map((path) => [path, hidden])), basis };
	const values = { holders: holds, forEmergencies: emergencies.length > 0 && emergencies.every((one) => one === "yes"), ...facts.values };
	return { ...own, values, basis, ...(facts.gaps.size === 0 ? {} : { gaps: Object.fromEntries(facts.gaps) }) };
}

/** Why it cannot be told whether all who hold a policy are roles for emergencies. */
function emergencyGap(view: DerivationView, emergencies: readonly Ternary[]): Gap | undefined {
	if (emergencies.length === 0 || emergencies.every((one) => one === "yes")) return undefined;
	const fault = unseenAlarms(view);
	if (fault !== undefined) return { code: fault.code, detail: fault.detail };
	return emergencies.includes("no") ? undefined : untilApply(["assume_role_policy"]);
}

const answers = ["administrator", "wholeServices", "decryptsAll", "looseSending"];

/** A policy that is not in the evidence: AWS's own are known by name, others cannot be seen. */
function ofElsewhere(arn: string | undefined): Facts {
	const name = arn === undefined ? undefined : awsPolicyName(arn);
	const whole = name === undefined ? undefined : managedPolicies.wholeServices.get(name);
	if (name === undefined || whole === undefined) {
		const gap: Gap = arn === undefined || arn === unknownText ? untilApply(["policy_arn"]) : { code: "not_in_plan", detail: arn };
		return { values: {}, gaps: new Map(answers.map((path) => [path, gap])) };
	}
	const administers = whole.includes("*");
	const given = (service: string): object => ({ certain: administers || whole.includes(service) ? [{ statement: name }] : [], undecided: [] });
	return {
		values: {
			managedPolicy: name,
			administrator: { certain: administers ? [{ statement: name }] : [], undecided: [] },
			wholeServices: { certain: administers ? [] : whole.map((service) => ({ statement: name, service })), undecided: [] },
			decryptsAll: given("kms"),
			looseSending: given("ses"),
		},
		gaps: new Map(),
	};
}

/** Every action of every service on everything; and every action of one service, on whatever. */
function wholes(policies: readonly Policy[]): Facts {
	const all = allowsAny(policies, ["*"], ["*"]);
	const administrators = all.hits.map(({ statement, conditions, certain }) => ({ value: { statement, conditions }, sure: certain, dependsOn: all.dependsOn }));
	const given = allowsAny(
		policies,
		services.map((service) => `${service}:*`),
		["*"],
		{ resources: "any" },
	);
	const whole = given.hits
		.filter(({ statement }) => !all.hits.some((hit) => hit.certain && hit.statement === statement))
		.map(({ statement, action, certain }) => ({ value: { statement, service: action.slice(0, -2) }, sure: certain, dependsOn: given.dependsOn }));
	return merged([decided("administrator", administrators), decided("wholeServices", whole)]);
}

/** What limits a permission to some keys (AWS KMS Developer Guide, "Best practices for IAM policies"). */
function limitsKeys(key: string): boolean {
	return key === "kms:viaservice" || key === "kms:resourcealiases" || key.startsWith("aws:resourcetag/");
}

function decryption(policies: readonly Policy[]): Facts {
	return decided(
		"decryptsAll",
		wideGrants(policies, ["kms:Decrypt", "kms:ReEncryptFrom"], "key/*", limitsKeys).map(({ statement, actions, resources, conditions, wide, dependsOn }) => ({
			value: { statement, actions, resources, conditions },
			sure: wide === "yes",
			dependsOn,
		})),
	);
}

function sending(policies: readonly Policy[]): Facts {
	return decided(
		"looseSending",
		sendingGrants(policies).flatMap((grant) => {
			const { certain, possible } = faultsOf(grant);
			if (certain.length + possible.length === 0) return [];
			const { statement, sends, maybeSends } = grant;
			const sure = certain.length > 0 && sends.length > 0 && grant.effect === "Allow";
			const value = { statement, actions: sends.length > 0 ? sends : maybeSends, faults: certain.length > 0 ? certain : possible };
			return [{ value, sure, dependsOn: grant.unknown }];
		}),
	);
}

function faultsOf({ wholeService, everyResource, fromAddress, resources, notResources }: SendingGrant): { certain: string[]; possible: string[] } {
	const certain: string[] = [];
	const possible: string[] = [];
	const note = (value: "yes" | "no" | "unknown", fault: string): void => {
		if (value === "yes") certain.push(fault);
		if (value === "unknown") possible.push(fault);
	};
	note(wholeService, "gives ses:*");
	note(everyResource, "reaches every identity or configuration set");
	note(fromAddress === "yes" ? "no" : fromAddress === "no" ? "yes" : "unknown", "does not limit ses:FromAddress");
	if (everyResource === "no" && notResources.length === 0) {
		const named = (kind: string): boolean => resources.some((resource) => new RegExp(kind).test(resource));
		const open = resources.some((resource) => /^\$\{(?!.*\baws_)/.test(resource));
		if (!named("[:_-]identity([/.-]|$)")) note(open ? "unknown" : "yes", "names no identity");
		if (!named("[:_-]configuration[-_]set([/.-]|$)")) note(open ? "unknown" : "yes", "names no configuration set");
	}
	return { certain, possible };
}
