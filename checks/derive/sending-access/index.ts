import { accessTo, accessUses, identityKinds } from "../access.ts";
import type { Derivation } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";
import { attachment, findPolicies, type PolicySpec } from "../resource-policies.ts";

const spec: PolicySpec = {
	subjects: [{ kind: "aws_sesv2_email_identity" }],
	attachments: [attachment("aws_sesv2_email_identity_policy", "email_identity")],
	several: true,
};

const actions = ["ses:SendEmail", "ses:SendRawEmail", "ses:SendBulkEmail"];

/** derived.sending_access, one per identity of SES in an account: who may send as it. */
const derivation: Derivation = {
	id: "sending-access",
	target: "account",
	needs: [...identityKinds, "aws_sesv2_email_identity", "aws_sesv2_email_identity_policy"],
	uses: accessUses,
	produces: ["derived.sending_access"],
	derive: (view) =>
		findPolicies(view, spec).map(({ item, documents, basis, error, hidden }) => {
			const kind = "derived.sending_access";
			const resource = textAt(item, "arn");
			if (error !== undefined || resource === undefined)
				return {
					kind,
					id: item.id,
					error: error ?? { code: "not_collected", detail: item.id, message: "the identity of the policy was not seen" },
					basis: [...basis],
				};
			return accessTo(view, {
				kind,
				id: resource,
				resource,
				asks: actions.map((action) => ({ action, resources: () => [resource] })),
				documents,
				hidden,
				basis,
				also: { values: { sends: true }, gaps: {} },
			});
		}),
};

export default derivation;
