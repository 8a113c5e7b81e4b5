import type { Derivation } from "../derivation.ts";
import { attachment, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const spec: ResourcePolicySpec = {
	produces: "derived.ses_identity_policy",
	subjects: [{ kind: "aws_sesv2_email_identity" }, { kind: "aws_ses_domain_identity" }, { kind: "aws_ses_email_identity" }],
	attachments: [attachment("aws_sesv2_email_identity_policy", "email_identity"), attachment("aws_ses_identity_policy", "identity")],
	// Up to twenty policies of one identity, looked at together.
	several: true,
};

/** derived.ses_identity_policy, one per sending identity: who may send as it by its policies, Allow and Deny together. */
const derivation: Derivation = {
	id: "ses-identity-policies",
	target: "plan",
	needs: [...spec.subjects, ...spec.attachments].map(({ kind }) => kind),
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;
