import { AccessanalyzerAnalyzer } from "@cdktf/provider-aws/lib/accessanalyzer-analyzer/index.js";
import { GuarddutyDetector } from "@cdktf/provider-aws/lib/guardduty-detector/index.js";
import { GuarddutyDetectorFeature } from "@cdktf/provider-aws/lib/guardduty-detector-feature/index.js";
import { IamAccountPasswordPolicy } from "@cdktf/provider-aws/lib/iam-account-password-policy/index.js";
import { S3AccountPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-account-public-access-block/index.js";
import { Sesv2AccountSuppressionAttributes } from "@cdktf/provider-aws/lib/sesv2-account-suppression-attributes/index.js";
import { Sesv2AccountVdmAttributes } from "@cdktf/provider-aws/lib/sesv2-account-vdm-attributes/index.js";
import { Construct } from "constructs";
import { physicalName } from "../internal/physical-name.ts";
import { checkProp, isWholeNumber } from "../internal/prop-checks.ts";

export interface AccountBaselineProps {
	/** Characters that a password must have, 14 to 128. @default 14 */
	readonly minimumPasswordLength?: number;
	/** Days after which a password must be changed, 1 to 90. @default 90 */
	readonly maxPasswordAgeDays?: number;
	/** Whether IAM Access Analyzer looks for what is shared outside the account. False where the organization's does. @default true */
	readonly accessAnalyzer?: boolean;
	/** Whether GuardDuty watches the account and the reads of its buckets; it costs by volume, and an organization may run it already. @default false */
	readonly guardDuty?: boolean;
}

/**
 * Settings that belong to the account as a whole, one such construct in an account and Region: passwords, no public buckets,
 * no mail to who bounced or complained, no tracking of readers, and watchers. Without it the account keeps what it has.
 *
 * Satisfies: account.password_policy_strong, buckets.account_blocks_public_access, detection.access_analyzer_active
 *
 * Meets: SES-06, SES-11, S3-01, IAM-04
 */
export class AccountBaseline extends Construct {
	readonly passwordPolicy: IamAccountPasswordPolicy;
	readonly publicAccessBlock: S3AccountPublicAccessBlock;
	readonly suppression: Sesv2AccountSuppressionAttributes;
	readonly deliverability: Sesv2AccountVdmAttributes;
	readonly accessAnalyzer: AccessanalyzerAnalyzer | undefined;
	readonly guardDuty: GuarddutyDetector | undefined;

	constructor(scope: Construct, id: string, props: AccountBaselineProps = {}) {
		super(scope, id);
		checkProp(this, "minimumPasswordLength", props.minimumPasswordLength, (length) => isWholeNumber(length, 14, 128), {
			wanted: "a whole number from 14 to 128",
			remedy: "leave it out for 14",
		});
		checkProp(this, "maxPasswordAgeDays", props.maxPasswordAgeDays, (days) => isWholeNumber(days, 1, 90), {
			wanted: "a whole number of days from 1 to 90",
			remedy: "leave it out for 90",
		});
		this.passwordPolicy = new IamAccountPasswordPolicy(this, "password-policy", {
			minimumPasswordLength: props.minimumPasswordLength ?? 14,
			maxPasswordAge: props.maxPasswordAgeDays ?? 90,
			passwordReusePrevention: 24,
			requireLowercaseCharacters: true,
			requireUppercaseCharacters: true,
			requireNumbers: true,
			requireSymbols: true,
			allowUsersToChangePassword: true,
		});
		this.publicAccessBlock = new S3AccountPublicAccessBlock(this, "public-access-block", {
			blockPublicAcls: true,
			blockPublicPolicy: true,
			ignorePublicAcls: true,
			restrictPublicBuckets: true,
		});
		this.suppression = new Sesv2AccountSuppressionAttributes(this, "suppression", { suppressedReasons: ["BOUNCE", "COMPLAINT"] });
		this.deliverability = new Sesv2AccountVdmAttributes(this, "deliverability", {
			vdmEnabled: "DISABLED",
			dashboardAttributes: { engagementMetrics: "DISABLED" },
		});
		if (props.accessAnalyzer !== false) {
			this.accessAnalyzer = new AccessanalyzerAnalyzer(this, "access-analyzer", { analyzerName: physicalName(this, 255), type: "ACCOUNT" });
		}
		if (props.guardDuty === true) {
			this.guardDuty = new GuarddutyDetector(this, "guard-duty", { enable: true });
			new GuarddutyDetectorFeature(this, "guard-duty-s3", { detectorId: this.guardDuty.id, name: "S3_DATA_EVENTS", status: "ENABLED" });
		}
	}
}
