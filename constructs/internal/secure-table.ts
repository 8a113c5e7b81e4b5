import { DynamodbTable, type DynamodbTableConfig } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { Construct } from "constructs";
import type { KeyReference } from "./existing.ts";
import { physicalName } from "./physical-name.ts";

export interface SecureTableProps {
	readonly hashKey: string;
	readonly rangeKey?: string;
	/** Its policy must let roles use it through DynamoDB. */
	readonly encryptionKey: KeyReference;
	/** Whether the table can be deleted. */
	readonly sandbox: boolean;
	/** Whether its changes can be followed. */
	readonly stream?: boolean;
}

/** DynamoDB table under one's own key, that can be put back to any second of the last 35 days and is not deleted by mistake. */
export function secureTable(scope: Construct, id: string, props: SecureTableProps): DynamodbTable {
	const keys = [props.hashKey, ...(props.rangeKey === undefined ? [] : [props.rangeKey])];
	const config: DynamodbTableConfig = {
		name: physicalName(scope, 255),
		billingMode: "PAY_PER_REQUEST",
		attribute: keys.map((name) => ({ name, type: "S" })),
		hashKey: props.hashKey,
		serverSideEncryption: { enabled: true, kmsKeyArn: props.encryptionKey.arn },
		pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
		deletionProtectionEnabled: !props.sandbox,
		...(props.rangeKey === undefined ? {} : { rangeKey: props.rangeKey }),
		...(props.stream === true ? { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" } : {}),
	};
	return new DynamodbTable(scope, id, config);
}
