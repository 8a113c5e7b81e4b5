import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { IamGroup } from "@cdktf/provider-aws/lib/iam-group/index.js";
import { IamGroupPolicy } from "@cdktf/provider-aws/lib/iam-group-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { isAdministrator, rootArn } from "../internal/key-policy.ts";
import { isMfaAge, mfaAgeRule, mfaTrust, noChangeWithoutMfa, principalRule } from "../internal/mfa-trust.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument } from "../internal/policy-document.ts";
import { checkProp, checkPropList } from "../internal/prop-checks.ts";

export interface MailAdminRoleProps {
	/** ARNs of the IAM users and roles that administer mail. @default - the members of the group made here */
	readonly administratorArns?: readonly string[];
	/** Seconds since MFA after which the role is no longer given, 60 to 3600. @default 3600 (an hour) */
	readonly maxMfaAgeSeconds?: number;
}

/**
 * Role with which people change the mail system, given only to those who proved themselves by MFA within the hour, and a
 * group whose members may take it. The role sets SES up; it sends no mail, reads no message and uses no key.
 *
 * Whoever is in the group can change nothing of SES, KMS and S3 without MFA, whatever else allows it. That denial stands
 * on the group and not on the role: a session of a role carries no MFA, so there it would deny everything.
 *
 * Satisfies: iam.admin_roles_demand_mfa, iam.changes_denied_without_mfa, iam.decryption_names_keys, iam.no_administrators,
 * iam.no_whole_services, iam.sending_permissions_narrow
 *
 * Meets: IAM-03, IAM-06, KMS-05
 */
export class MailAdminRole extends Construct {
	readonly role: IamRole;
	readonly policy: IamRolePolicy;
	readonly group: IamGroup;
	readonly groupPolicy: IamGroupPolicy;

	constructor(scope: Construct, id: string, props: MailAdminRoleProps = {}) {
		super(scope, id);
		checkPropList(this, "administratorArns", props.administratorArns, isAdministrator, principalRule);
		checkProp(this, "maxMfaAgeSeconds", props.maxMfaAgeSeconds, isMfaAge, mfaAgeRule);
		// With the account as principal, the IAM policies of the account say who may take the role: that of the group does.
		const principals = props.administratorArns ?? [rootArn(accountOf(this))];
		this.role = new IamRole(this, "role", {
			namePrefix: "mail-admin-",
			maxSessionDuration: 3600,
			assumeRolePolicy: mfaTrust(this, "trust", principals, props.maxMfaAgeSeconds).json,
		});
		this.policy = new IamRolePolicy(this, "policy", {
			role: this.role.id,
			policy: policyDocument(this, "policy-document", administration).json,
		});
		this.group = new IamGroup(this, "group", { name: physicalName(this, 128) });
		this.groupPolicy = new IamGroupPolicy(this, "group-policy", {
			group: this.group.name,
			policy: policyDocument(this, "group-policy-document", [
				{ sid: "TakeTheRole", actions: ["sts:AssumeRole"], resources: [this.role.arn] },
				noChangeWithoutMfa,
			]).json,
		});
	}
}

/** Most of SES's actions know no resource, hence "*". */
const administration: DataAwsIamPolicyDocumentStatement[] = [
	{
		sid: "Read",
		actions: [
			"ses:Describe*",
			"ses:Get*",
			"ses:List*",
			"cloudwatch:DescribeAlarms",
			"cloudwatch:GetMetricData",
			"kms:DescribeKey",
			"kms:GetKeyPolicy",
			"kms:GetKeyRotationStatus",
			"kms:ListAliases",
			"s3:GetBucket*",
			"s3:GetEncryptionConfiguration",
			"s3:GetLifecycleConfiguration",
			"s3:ListAllMyBuckets",
		],
		resources: ["*"],
	},
	{
		sid: "SetUp",
		actions: [
			"ses:CreateConfigurationSet",
			"ses:CreateConfigurationSetEventDestination",
			"ses:CreateContactList",
			"ses:CreateEmailIdentity",
			"ses:CreateReceiptRule",
			"ses:PutAccountSuppressionAttributes",
			"ses:PutConfigurationSet*",
			"ses:PutEmailIdentity*",
			"ses:PutSuppressedDestination",
			"ses:TagResource",
			"ses:UpdateConfigurationSetEventDestination",
			"ses:UpdateContactList",
			"ses:UpdateReceiptRule",
		],
		resources: ["*"],
	},
];
