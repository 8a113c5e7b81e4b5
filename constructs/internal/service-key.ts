import type { DataAwsIamPolicyDocument, DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { accountOf } from "./account.ts";
import { administration } from "./key-policy.ts";
import { physicalName } from "./physical-name.ts";
import { policyDocument } from "./policy-document.ts";

export interface ServiceKeyProps {
	readonly description: string;
	/** Who may use the key, beside those who administer it. */
	readonly use: DataAwsIamPolicyDocumentStatement[];
	/** Region of the key where it is not the provider's. */
	readonly region?: string;
}

/**
 * Customer managed key for what surrounds the mail: the same rotation, waiting period and administration as a MailKey,
 * under a policy of its own, so that services that have no business with mail never stand in the mail key's policy.
 */
export class ServiceKey extends Construct {
	readonly key: KmsKey;
	readonly alias: KmsAlias;
	readonly policyDocument: DataAwsIamPolicyDocument;

	constructor(scope: Construct, id: string, props: ServiceKeyProps) {
		super(scope, id);
		const region = props.region === undefined ? {} : { region: props.region };
		this.policyDocument = policyDocument(this, "policy-document", [...administration(accountOf(this), undefined), ...props.use]);
		this.key = new KmsKey(this, "key", {
			...region,
			description: props.description,
			enableKeyRotation: true,
			rotationPeriodInDays: 365,
			deletionWindowInDays: 30,
			policy: this.policyDocument.json,
		});
		this.alias = new KmsAlias(this, "alias", { ...region, name: `alias/${physicalName(this, 200)}`, targetKeyId: this.key.keyId });
	}
}
