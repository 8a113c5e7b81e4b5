import { describe, expect, it } from "vitest";
import { canDo } from "./index.ts";
import { type Json, own } from "./policies.test-support.ts";

describe("MFA", () => {
	it("tells who can do without", () => {
		const give = (...statements: Json[]): Json => ({ Version: "2012-10-17", Statement: statements });
		const decrypt = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
		const mfa = { Effect: "Deny", Action: "*", Resource: "*", Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } };
		const user = (name: string): string => `arn:aws:iam::${own}:user/${name}`;
		const found = canDo({
			action: "kms:Decrypt",
			resource: `arn:aws:kms:us-east-1:${own}:key/1`,
			resourcePolicy: give({ Effect: "Allow", Principal: { AWS: own }, Action: "kms:*", Resource: "*" }),
			principals: [
				{ principal: user("open"), policies: [give(decrypt)] },
				{ principal: user("mfa"), policies: [give(decrypt, mfa)] },
				{ principal: user("none"), policies: [] },
				{ principal: user("bounded"), policies: [give(decrypt)], boundary: give({ Effect: "Allow", Action: "s3:*", Resource: "*" }) },
				{ principal: user("broken"), policies: ["{"] },
			],
		});
		expect(found.map(({ can, withoutMfa }) => [can, withoutMfa])).toEqual([
			["yes", "yes"],
			["unknown", "no"],
			["no", "no"],
			["no", "no"],
			["unknown", "unknown"],
		]);
	});
});
