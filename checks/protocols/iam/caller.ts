import { isAccountId, parseArn } from "./arn.ts";

/** Who makes the request. `account` is the principal's own account, where it has one and it is known. */
export type Caller = { readonly account?: string } & (
	| { readonly kind: "user"; readonly arn: string; readonly name: string }
	| { readonly kind: "role"; readonly arn: string; readonly name: string }
	| { readonly kind: "session"; readonly arn: string; readonly name: string }
	| { readonly kind: "root"; readonly arn: string }
	| { readonly kind: "federatedUser"; readonly arn: string }
	| { readonly kind: "service"; readonly name: string }
	| { readonly kind: "federated"; readonly name: string }
	| { readonly kind: "canonicalUser"; readonly id: string }
	| { readonly kind: "anonymous" }
	| { readonly kind: "unknown" }
);

/**
 * Reads a principal: an ARN of a user, role, assumed-role session, federated user, account root or identity provider; an account
 * id (its root user); a service such as ses.amazonaws.com; a canonical user id; "*" or "anonymous" for a request without
 * credentials. Undefined and what is none of these is unknown. For a role its ARN stands for any session of it.
 */
export function readCaller(principal: string | undefined): Caller {
	if (principal === undefined) return { kind: "unknown" };
	if (principal === "*" || principal.toLowerCase() === "anonymous") return { kind: "anonymous" };
	if (isAccountId(principal)) return { kind: "root", arn: `arn:aws:iam::${principal}:root`, account: principal };
	const arn = parseArn(principal);
	if (arn === undefined) {
		if (/^[0-9a-f]{64}$/.test(principal)) return { kind: "canonicalUser", id: principal };
		if (/\.amazonaws\.com(?:\.cn)?$/i.test(principal) && !/^cognito-identity\./i.test(principal)) return { kind: "service", name: principal };
		if (/^[\w.-]+\.[a-z]{2,}(?:\/.*)?$/i.test(principal)) return { kind: "federated", name: principal };
		return { kind: "unknown" };
	}
	const account = isAccountId(arn.account) ? { account: arn.account } : {};
	const [type = "", ...rest] = arn.resource.split("/");
	const name = rest.at(-1) ?? "";
	if (arn.service === "iam" && arn.resource === "root") return { kind: "root", arn: principal, ...account };
	if (arn.service === "iam" && type === "user") return { kind: "user", arn: principal, name, ...account };
	if (arn.service === "iam" && type === "role") return { kind: "role", arn: principal, name, ...account };
	if (arn.service === "iam" && (type === "saml-provider" || type === "oidc-provider")) return { kind: "federated", name: principal, ...account };
	if (arn.service === "sts" && type === "assumed-role") return { kind: "session", arn: principal, name: rest[0] ?? "", ...account };
	if (arn.service === "sts" && type === "federated-user") return { kind: "federatedUser", arn: principal, ...account };
	return { kind: "unknown", ...account };
}

/** Roles that a service made for itself: no SCP applies to them. */
export function isServiceLinked(caller: Caller): boolean {
	return caller.kind === "role" && caller.arn.includes(":role/aws-service-role/");
}
