import { IamGroup } from "@cdktf/provider-aws/lib/iam-group/index.js";
import { IamGroupPolicy } from "@cdktf/provider-aws/lib/iam-group-policy/index.js";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user/index.js";
import { IamUserGroupMembership } from "@cdktf/provider-aws/lib/iam-user-group-membership/index.js";
import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import type { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Construct } from "constructs";
import { fromCondition } from "../internal/from-addresses.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument } from "../internal/policy-document.ts";
import { checkPropList } from "../internal/prop-checks.ts";

export interface SmtpSenderProps {
	/** Identity that mail is sent from: that of a SendingIdentity. */
	readonly identity: Sesv2EmailIdentity;
	/** Set that mail is sent with: that of a DeliverySettings. */
	readonly configurationSet: Sesv2ConfigurationSet;
	/** Addresses that may stand in From, such as "scanner@clinic.example". @default - every address of the identity's domain */
	readonly fromAddresses?: readonly string[];
	/** Networks that the device sends from, such as "198.51.100.7/32". @default - any */
	readonly sourceCidrs?: readonly string[];
}

/**
 * IAM user for a device or program that can send by SMTP only: from the named identity and addresses, and nothing else. What
 * can take a role is given a SenderRole instead.
 *
 * No access key is made here: its secret and the SMTP password made of it would lie in the state. Make the key outside
 * (`aws iam create-access-key`), keep the SMTP password in AWS Secrets Manager under a customer managed key, and replace both
 * every 90 days at the latest: sending without that fails SES-14.
 *
 * Meets: SES-13
 */
export class SmtpSender extends Construct {
	readonly user: IamUser;
	readonly group: IamGroup;
	readonly groupPolicy: IamGroupPolicy;
	readonly membership: IamUserGroupMembership;

	constructor(scope: Construct, id: string, props: SmtpSenderProps) {
		super(scope, id);
		checkPropList(this, "sourceCidrs", props.sourceCidrs, isCidr, {
			wanted: "an IPv4 network with its prefix, at least 8 bits long",
			remedy: 'write it such as "198.51.100.7/32" for one address',
		});
		const from = fromCondition(this, props);
		const source = props.sourceCidrs === undefined ? [] : [{ test: "IpAddress", variable: "aws:SourceIp", values: [...props.sourceCidrs] }];
		const document = policyDocument(this, "policy-document", [
			{
				sid: "Send",
				actions: ["ses:SendRawEmail"],
				resources: [props.identity.arn, props.configurationSet.arn],
				condition: [from, ...source],
			},
		]);
		this.user = new IamUser(this, "user", { name: physicalName(this, 64) });
		// Through a group: a user with a policy of its own is overlooked when permissions are reviewed.
		this.group = new IamGroup(this, "group", { name: physicalName(this, 128) });
		this.groupPolicy = new IamGroupPolicy(this, "group-policy", { group: this.group.name, policy: document.json });
		this.membership = new IamUserGroupMembership(this, "membership", { user: this.user.name, groups: [this.group.name] });
	}
}

function isCidr(text: string): boolean {
	const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
	if (parts === undefined) return false;
	const prefix = parts.pop() ?? 0;
	return prefix >= 8 && prefix <= 32 && parts.every((octet) => octet <= 255);
}
