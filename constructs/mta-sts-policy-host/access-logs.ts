import type { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery/index.js";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination/index.js";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import type { KeyReference } from "../internal/existing.ts";
import { maskAddresses } from "../internal/log-masking.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument, sourceAccount } from "../internal/policy-document.ts";
import { sixYearsDays } from "../internal/retention.ts";

export interface AccessLogsProps {
	readonly distribution: CloudfrontDistribution;
	readonly encryptionKey: KeyReference;
	readonly region: string;
}

/** Requests to a distribution in a log group: CloudFront's older logging into a bucket needs ACLs, which a private bucket has off. */
export class AccessLogs extends Construct {
	readonly logGroup: CloudwatchLogGroup;

	constructor(scope: Construct, id: string, props: AccessLogsProps) {
		super(scope, id);
		const { region } = props;
		const account = accountOf(this);
		const name = physicalName(this, 60);
		this.logGroup = new CloudwatchLogGroup(this, "log-group", {
			region,
			name: `/aws/cloudfront/${name}`,
			kmsKeyId: props.encryptionKey.arn,
			retentionInDays: sixYearsDays,
		});
		maskAddresses(this, "log-masking", this.logGroup, account);
		const writing = policyDocument(this, "policy-document", [
			{
				sid: "LogDelivery",
				actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
				resources: [`${this.logGroup.arn}:log-stream:*`],
				principals: [{ type: "Service", identifiers: ["delivery.logs.amazonaws.com"] }],
				condition: [
					sourceAccount(account),
					{ test: "ArnLike", variable: "aws:SourceArn", values: [`arn:${account.partition}:logs:${region}:${account.accountId}:*`] },
				],
			},
		]);
		const policy = new CloudwatchLogResourcePolicy(this, "policy", { region, policyName: name, policyDocument: writing.json });
		const source = new CloudwatchLogDeliverySource(this, "source", { region, name, logType: "ACCESS_LOGS", resourceArn: props.distribution.arn });
		const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
			region,
			name,
			outputFormat: "json",
			deliveryDestinationConfiguration: [{ destinationResourceArn: this.logGroup.arn }],
		});
		new CloudwatchLogDelivery(this, "delivery", {
			region,
			deliverySourceName: source.name,
			deliveryDestinationArn: destination.arn,
			dependsOn: [policy],
		});
	}
}
