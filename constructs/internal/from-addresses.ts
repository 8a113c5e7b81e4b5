import type { DataAwsIamPolicyDocumentStatementCondition } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { addressRule, isReportAddress } from "./domain-name.ts";
import { checkPropList, propError } from "./prop-checks.ts";

interface FromProps {
	readonly identity: Sesv2EmailIdentity;
	readonly fromAddresses?: readonly string[];
}

/** Which addresses may stand in From: those given, or all of the identity's domain. Throws on one of another domain. */
export function fromCondition(scope: Construct, props: FromProps): DataAwsIamPolicyDocumentStatementCondition {
	const domain = props.identity.emailIdentityInput ?? props.identity.emailIdentity;
	checkPropList(scope, "fromAddresses", props.fromAddresses, isReportAddress, addressRule);
	if (props.fromAddresses === undefined) return { test: "StringLike", variable: "ses:FromAddress", values: [`*@${domain}`] };
	for (const [index, address] of props.fromAddresses.entries()) {
		if (isOf(address, domain)) continue;
		throw propError(scope, `fromAddresses[${index}]`, address, { wanted: `an address of ${domain}`, remedy: "make a SendingIdentity for the other domain" });
	}
	return { test: "StringEquals", variable: "ses:FromAddress", values: [...props.fromAddresses] };
}

/** SES takes an address below the identity's domain too. */
function isOf(address: string, domain: string): boolean {
	if (Token.isUnresolved(address) || Token.isUnresolved(domain)) return true;
	const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
	return host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`);
}
