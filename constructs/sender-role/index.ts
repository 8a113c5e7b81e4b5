import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import type { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { fromCondition } from "../internal/from-addresses.ts";
import { policyDocument, serviceTrust, sourceAccount } from "../internal/policy-document.ts";
import { checkProp } from "../internal/prop-checks.ts";

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
 * Satisfies: iam.decryption_names_keys, iam.no_administrators, iam.no_whole_services, iam.sending_permissions_narrow
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
				condition: [fromCondition(this, props)],
			},
		]);
		this.policy = new IamRolePolicy(this, "policy", { role: this.role.id, policy: document.json });
	}
}
