import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { publicStatements } from "../../protocols/iam/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";
import { parseAll, textAt } from "../policy-documents.ts";

const endpointKind = "aws_vpc_endpoint";
const serviceKind = "aws.vpc_endpoint_service";

/**
 * derived.smtp_endpoint, one per endpoint for SES of an account: whether it is `available`, whether it can have a policy
 * (`policySupported`), and whether the policy lets less through than the default, which lets everything through (`policyNarrow`).
 */
const derivation: Derivation = {
	id: "smtp-endpoints",
	target: "account",
	needs: [endpointKind, serviceKind],
	produces: ["derived.smtp_endpoint"],
	derive: (view) =>
		view.items(endpointKind).flatMap((endpoint): DerivedItem[] => {
			// What service one is for that could not be read is not known.
			const error = errorOf(endpoint, endpointKind);
			if (error !== undefined) return [{ kind: "derived.smtp_endpoint", id: endpoint.id, error, basis: [endpoint] }];
			return isForSmtp(endpoint) ? [itemOf(view, endpoint)] : [];
		}),
};

export default derivation;

function isForSmtp(endpoint: Evidence): boolean {
	return endpoint.status === "ok" && textAt(endpoint, "service_name")?.endsWith(".email-smtp") === true;
}

function itemOf(view: DerivationView, endpoint: Evidence): DerivedItem {
	// EC2 writes the state in small letters, its reference with a capital.
	const available = textAt(endpoint, "state")?.toLowerCase() === "available";
	const own = { kind: "derived.smtp_endpoint", id: endpoint.id };
	const { policies, error } = parseAll([textAt(endpoint, "policy")], `${endpoint.id} policy`);
	const everything = publicStatements(policies).some(({ resources, conditions }) => conditions.length === 0 && resources.includes("*"));
	// A narrow policy is one, whatever the service says that it takes.
	if (error === undefined && !everything) return { ...own, values: { endpoint: endpoint.id, available, policyNarrow: true }, basis: [endpoint] };
	const service = view.items(serviceKind).find((item) => item.id === endpoint.id || valueAt(item.values, "vpc_endpoint_id") === endpoint.id);
	const supported = valueAt(service?.values, "policy_supported");
	const gaps: Record<string, Gap> = {};
	if (typeof supported !== "boolean") gaps.policySupported = gapOf(service?.error ?? { code: "not_collected", detail: serviceKind });
	if (error !== undefined) gaps.policyNarrow = gapOf(error);
	return {
		...own,
		values: {
			endpoint: endpoint.id,
			available,
			...(typeof supported === "boolean" ? { policySupported: supported } : {}),
			...(error === undefined ? { policyNarrow: false } : {}),
		},
		gaps,
		basis: service === undefined ? [endpoint] : [endpoint, service],
	};
}

function gapOf({ code, detail }: Gap): Gap {
	return detail === undefined ? { code } : { code, detail };
}
