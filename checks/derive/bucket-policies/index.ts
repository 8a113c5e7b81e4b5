import { holdersOf, type Limit, type ServicePrincipal, servicePrincipals, type Ternary } from "../../protocols/iam/index.ts";
import { type Callable, clearText } from "../clear-text.ts";
import type { Derivation } from "../derivation.ts";
import { decided, type Facts, merged, serviceName, truth, unknownPrincipals } from "../policy-facts.ts";
import { attachment, type PolicySubject, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

/** The name makes the ARN; a plan knows it before it knows the ARN. */
const bucket: Callable = {
	kind: "aws_s3_bucket",
	link: "bucket",
	actions: ["s3:*"],
	below: ["", "/*"],
	arnOf: (name) => `arn:aws:s3:::${name}`,
	arnAttributes: ["arn"],
	nameAttributes: ["bucket", "id"],
};

const spec: ResourcePolicySpec = {
	produces: "derived.bucket_policy",
	subjects: [{ kind: "aws_s3_bucket", policy: "policy" }],
	attachments: [attachment("aws_s3_bucket_policy", "bucket")],
	// An address is a limit too, as S3 has it; who may reach it is judged with the network.
	limitedBy: ["account", "organization", "principal", "source", "vpc", "network"],
	facts: (subject) => merged([clearText(subject, bucket), mailWriters(subject)]),
};

/** derived.bucket_policy, one per bucket: whom its policy admits, whether it refuses clear text, and how it lets SES write. */
const derivation: Derivation = {
	id: "bucket-policies",
	target: "plan",
	needs: ["aws_s3_bucket", "aws_s3_bucket_policy"],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;

/** Statements that let SES write, and whether they are bound to this account's receipt rules (SES Developer Guide, "Give permissions to write to an S3 bucket"). */
function mailWriters({ policies }: PolicySubject): Facts {
	const writers = holdersOf(policies, ["s3:PutObject"]).filter(({ type, principal }) => type === "Service" && serviceName(principal) === "ses");
	const statements = new Set(writers.flatMap((writer) => writer.statements));
	const grants = servicePrincipals(policies).filter(({ statement, service }) => statements.has(statement) && serviceName(service) === "ses");
	const loose = grants.map((grant) => ({ grant, bound: toReceiptRules(grant) })).filter(({ bound }) => bound !== "yes");
	const facts = decided(
		"mailWriters",
		loose.map(({ grant: { statement, conditions }, bound }) => ({ value: { statement, conditions }, sure: bound === "no" })),
	);
	const open = unknownPrincipals(policies);
	return merged([facts, truth("writtenByMail", grants.length > 0 ? "yes" : open.length > 0 ? "unknown" : "no", open)]);
}

function toReceiptRules({ boundBy }: ServicePrincipal): Ternary {
	const account = boundBy.find(({ key }) => key.toLowerCase() === "aws:sourceaccount");
	const source = boundBy.find(({ key, values }) => key.toLowerCase() === "aws:sourcearn" && values.every(isReceiptRule));
	if (account === undefined || source === undefined) return "no";
	return [account, source].every(({ limits }: Limit) => limits === "yes") ? "yes" : "unknown";
}

function isReceiptRule(arn: string): boolean {
	return /:receipt-rule-set\/[^:]+:receipt-rule\/[^:]+$/.test(arn) || /^\$\{(?:module\.[^{}]*\.)?aws_ses_receipt_rule\.[^{}]*\.arn\}$/.test(arn);
}
