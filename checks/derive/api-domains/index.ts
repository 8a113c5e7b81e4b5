import type { Evidence, Gap } from "../../../model/evidence.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

/** Where each kind of custom domain states its policy. */
const kinds: ReadonlyMap<string, string> = new Map([
	["aws_api_gateway_domain_name", "security_policy"],
	["aws_apigatewayv2_domain_name", "domain_name_configuration.security_policy"],
]);

/**
 * derived.api_domain, one per custom domain of API Gateway: its security policy. What API Gateway sets where a plan states none is not written
 * down for every kind of endpoint, and has changed: it is known when the domain is there.
 */
const derivation: Derivation = {
	id: "api-domains",
	target: "plan",
	needs: [...kinds.keys()],
	produces: ["derived.api_domain"],
	derive: (view) => [...kinds].flatMap(([kind, path]) => view.items(kind).flatMap((domain) => itemOf(view, domain, path) ?? [])),
};

export default derivation;

function itemOf(view: DerivationView, domain: Evidence, path: string): DerivedItem | undefined {
	const own = { kind: "derived.api_domain", id: domain.id };
	if (domain.status === "absent") return undefined;
	if (domain.status === "error") return { ...own, error: domain.error ?? { code: "malformed", message: "no error code" }, basis: [domain] };
	const policy = textAt(domain, path);
	const values = { domain: textAt(domain, "domain_name") ?? domain.id };
	if (policy !== undefined) return { ...own, values: { ...values, securityPolicy: policy }, basis: [domain] };
	if (isAccount(view.target) && !isUnknown(domain, path)) return { ...own, values: { ...values, securityPolicy: null }, basis: [domain] };
	const gap: Gap = { code: "unknown_until_apply", detail: `${domain.id} ${path}` };
	return { ...own, values, gaps: { securityPolicy: gap }, basis: [domain] };
}
