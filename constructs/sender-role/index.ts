import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import type { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { addressRule, isReportAddress } from "../internal/domain-name.ts";
import { policyDocument, serviceTrust, sourceAccount } from "../internal/policy-document.ts";
import { checkProp, checkPropList, propError } from "../internal/prop-checks.ts";

export interface SenderRoleProps {
	/** Identity that mail is sent from: that of a SendingIdentity. */
	readonly identity: Sesv2EmailIdentity;
	/** Set that mail is sent with: that of a DeliverySettings. */
	readonly configurationSet: Sesv2ConfigurationSet;
	/** Addresses that may stand in From, such as "reminders@clinic.example". @default - every address of the identity's domain */
	readonly fromAddresses?: readonly string[];
	/** What sends: "lambda" functions, "ecs-tasks" or "ec2" instances. @default "lambda" */
	readonly sender?: "lambda" | "ecs-tasks" | "ec2";
}

/**
 * Role with which a program sends mail: from the named identity and addresses, with the named configuration set, and
 * nothing else (45 CFR 164.312(a)(1)).
 *
 * Meets: SES-13
 */
export class SenderRole extends Construct {
	readonly role: IamRole;
	readonly policy: IamRolePolicy;

	constructor(scope: Construct, id: string, props: SenderRoleProps) {
		super(scope, id);
		const { sender = "lambda" } = props;
		checkProp(this, "sender", sender, (name) => ["lambda", "ecs-tasks", "ec2"].includes(name), {
			wanted: '"lambda", "ecs-tasks" or "ec2"',
			remedy: "leave it out for Lambda functions",
		});
		const domain = props.identity.emailIdentityInput ?? props.identity.emailIdentity;
		checkFrom(this, props.fromAddresses, domain);
		// Only ECS says for which account it takes a role; for the others iam:PassRole alone decides who hands it to what.
		const conditions = sender === "ecs-tasks" ? [sourceAccount(accountOf(this))] : [];
		this.role = new IamRole(this, "role", {
			namePrefix: "mail-sender-",
			assumeRolePolicy: serviceTrust(this, "trust", `${sender}.amazonaws.com`, conditions).json,
		});
		const document = policyDocument(this, "policy-document", [
			{
				sid: "Send",
				actions: ["ses:SendEmail", "ses:SendRawEmail"],
				resources: [props.identity.arn, props.configurationSet.arn],
				condition: [
					props.fromAddresses === undefined
						? { test: "StringLike", variable: "ses:FromAddress", values: [`*@${domain}`] }
						: { test: "StringEquals", variable: "ses:FromAddress", values: [...props.fromAddresses] },
				],
			},
		]);
		this.policy = new IamRolePolicy(this, "policy", { role: this.role.id, policy: document.json });
	}
}

/** SES takes an address below the identity's domain too. */
function checkFrom(scope: Construct, addresses: readonly string[] | undefined, domain: string): void {
	checkPropList(scope, "fromAddresses", addresses, isReportAddress, addressRule);
	if (addresses === undefined || Token.isUnresolved(domain)) return;
	for (const [index, address] of addresses.entries()) {
		if (Token.isUnresolved(address)) continue;
		const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
		if (host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`)) continue;
		throw propError(scope, `fromAddresses[${index}]`, address, { wanted: `an address of ${domain}`, remedy: "make a SendingIdentity for the other domain" });
	}
}
