import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Where a stack is deployed, as tokens: ARNs made of them hold in every partition, GovCloud included. */
export interface Account {
	readonly accountId: string;
	/** aws, aws-us-gov... */
	readonly partition: string;
	/** amazonaws.com in the partitions where HIPAA-eligible services are. */
	readonly dnsSuffix: string;
	readonly region: string;
}

/** Looked up once per stack, whatever the number of constructs. */
export function accountOf(scope: Construct): Account {
	const stack = TerraformStack.of(scope);
	const identity = once(stack, "mailward-caller-identity", DataAwsCallerIdentity, (id) => new DataAwsCallerIdentity(stack, id));
	const partition = once(stack, "mailward-partition", DataAwsPartition, (id) => new DataAwsPartition(stack, id));
	const region = once(stack, "mailward-region", DataAwsRegion, (id) => new DataAwsRegion(stack, id));
	return { accountId: identity.accountId, partition: partition.partition, dnsSuffix: partition.dnsSuffix, region: region.region };
}

function once<T extends Construct>(stack: TerraformStack, id: string, type: new (...args: never[]) => T, make: (id: string) => T): T {
	const found = stack.node.tryFindChild(id);
	if (found === undefined) return make(id);
	if (found instanceof type) return found;
	throw new Error(
		`${stack.node.path}: the child id "${id}" is taken by another construct; rename it, since mailward's constructs look up the account under that id`,
	);
}
