import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { EventAlarm } from "../internal/event-alarm.ts";
import type { LogGroupReference } from "../internal/existing.ts";
import { isAdministrator } from "../internal/key-policy.ts";
import { isMfaAge, mfaAgeRule, mfaTrust, noChangeWithoutMfa, principalRule } from "../internal/mfa-trust.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument } from "../internal/policy-document.ts";
import { checkProp, checkPropList } from "../internal/prop-checks.ts";

export interface BreakGlassRoleProps {
	/** ARNs of the IAM users and roles that may take the role in an emergency. */
	readonly trustedArns: readonly string[];
	/** Log group of a trail of all Regions: that of an AccessLogTrail. */
	readonly trailLogGroup: LogGroupReference;
	/** Topic that hears each time the role is taken: that of an AlarmTopic. */
	readonly alarmTopic: SnsTopic;
	/** Name of the role, as the emergency procedure tells it. @default - the construct's path, such as "mail-break-glass" */
	readonly roleName?: string;
	/** ARNs of the managed policies that say what the role may do. @default - AWS's AdministratorAccess */
	readonly managedPolicyArns?: readonly string[];
	/** Seconds since MFA after which the role is no longer given, 60 to 3600. @default 3600 (an hour) */
	readonly maxMfaAgeSeconds?: number;
}

/**
 * Emergency access (45 CFR 164.312(a)(2)(ii)): a role that a few named people can take with recent MFA for an hour, and an
 * alarm whenever one does. Test it once a year and keep the record.
 *
 * The check on break-glass roles knows one by `break-glass` or `emergency` in its name, or by its parameter breakGlassRoles.
 *
 * Satisfies: alarms.actions_set, iam.admin_roles_demand_mfa, iam.break_glass_alarmed
 *
 * Meets: IAM-08, LOG-09
 */
export class BreakGlassRole extends Construct {
	readonly role: IamRole;
	readonly policies: readonly IamRolePolicyAttachment[];
	readonly alarm: EventAlarm;

	constructor(scope: Construct, id: string, props: BreakGlassRoleProps) {
		super(scope, id);
		checkPropList(this, "trustedArns", props.trustedArns, isAdministrator, principalRule);
		checkPropList(this, "managedPolicyArns", props.managedPolicyArns, (arn) => /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(arn), {
			wanted: "the ARN of a managed policy",
			remedy: 'write it such as "arn:aws:iam::aws:policy/AdministratorAccess"',
		});
		checkProp(this, "maxMfaAgeSeconds", props.maxMfaAgeSeconds, isMfaAge, mfaAgeRule);
		checkProp(this, "roleName", props.roleName, (name) => /^[\w+=,.@-]{1,64}$/.test(name), {
			wanted: "1 to 64 letters, digits and signs of _+=,.@-",
			remedy: 'choose a name such as "mail-break-glass"',
		});
		this.role = new IamRole(this, "role", {
			name: props.roleName ?? physicalName(this, 64),
			description: "Emergency access to the mail system; taking it raises an alarm",
			maxSessionDuration: 3600,
			assumeRolePolicy: mfaTrust(this, "trust", props.trustedArns, props.maxMfaAgeSeconds).json,
		});
		new IamRolePolicy(this, "mfa-policy", { role: this.role.id, policy: policyDocument(this, "mfa-policy-document", [noChangeWithoutMfa]).json });
		const managed = props.managedPolicyArns ?? [`arn:${accountOf(this).partition}:iam::aws:policy/AdministratorAccess`];
		this.policies = managed.map((policyArn, index) => new IamRolePolicyAttachment(this, `policy-${index + 1}`, { role: this.role.name, policyArn }));
		this.alarm = new EventAlarm(this, "taken", {
			logGroup: props.trailLogGroup,
			alarmTopic: props.alarmTopic,
			description: "Somebody took the break-glass role.",
			pattern: `{ ($.eventSource = "sts.amazonaws.com") && ($.eventName = "AssumeRole") && ($.requestParameters.roleArn = "${this.role.arn}") }`,
		});
	}
}
