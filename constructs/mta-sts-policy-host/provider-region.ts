import { TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";

/** The Region that the stack's own AWS provider names in letters; undefined where only Terraform knows it. */
export function providerRegion(scope: Construct): string | undefined {
	const own = TerraformStack.of(scope)
		.node.findAll()
		.map((one) => one as { terraformResourceType?: unknown; region?: unknown; alias?: unknown })
		.find(({ terraformResourceType, alias }) => terraformResourceType === "aws" && alias === undefined);
	const region = own?.region;
	return typeof region === "string" && !Token.isUnresolved(region) ? region : undefined;
}
