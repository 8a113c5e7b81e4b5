import { holdersOf } from "../../protocols/iam/index.ts";
import type { Derivation } from "../derivation.ts";
import { keyPolicies } from "../key-documents.ts";
import { decided, type Facts } from "../policy-facts.ts";
import { type PolicySubject, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const administration = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"];

const spec: ResourcePolicySpec = {
	...keyPolicies,
	produces: "derived.key_policy",
	facts: duties,
};

/** derived.key_policy, one per key: whom its policy admits, and who both administers and decrypts. */
const derivation: Derivation = {
	id: "key-policies",
	target: "plan",
	needs: [...spec.subjects, ...spec.attachments].map(({ kind }) => kind),
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;

/** Principals that hold an administrative action and kms:Decrypt. The account itself hands both out by IAM policies. */
function duties({ policies }: PolicySubject): Facts {
	const both = holdersOf(policies, [...administration, "kms:Decrypt"]).filter((holder) => !holder.isAccount && holder.type !== "Service");
	const held = (list: readonly string[]): boolean => list.includes("kms:Decrypt") && administration.some((action) => list.includes(action));
	return decided(
		"bothDuties",
		both
			.map((holder) => ({ holder, sure: held(holder.actions), may: held([...holder.actions, ...holder.maybe]) }))
			.filter(({ may }) => may)
			.map(({ holder: { principal, statements }, sure }) => ({ value: { principal, statements }, sure })),
	);
}
