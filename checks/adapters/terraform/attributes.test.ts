import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { type AllowedBlock, accountWideKinds, allowedOf, maybeSecret, terraformKinds } from "./attributes.ts";

const shared = resolve(process.env.MAILWARD_SHARED ?? "../shared");
const catalogue = resolve(shared, "reference/aws-checks.yaml");
const schemas = resolve(shared, "conformance/terraform-aws-schema");
if (!existsSync(catalogue)) console.log("terraform attributes: the catalogue is skipped, reference/aws-checks.yaml is not under MAILWARD_SHARED");
if (!existsSync(schemas)) console.log("terraform attributes: the generator is skipped, conformance/terraform-aws-schema is not under MAILWARD_SHARED");

function* blocksIn(block: AllowedBlock): Generator<AllowedBlock> {
	yield block;
	for (const nested of Object.values(block.blocks ?? {})) yield* blocksIn(nested);
}

describe("the allow-list", () => {
	it.skipIf(!existsSync(catalogue))("covers every resource type that a check names", () => {
		const checks = z.array(z.object({ id: z.string(), terraform: z.array(z.string()) })).parse(parse(readFileSync(catalogue, "utf8")));
		const named = new Set(checks.flatMap(({ terraform }) => terraform));
		expect(named.size).toBe(108);
		expect([...named].filter((type) => !terraformKinds.includes(type))).toEqual([]);
	});

	it.skipIf(!existsSync(schemas))("is what the generator makes of the YAML and the provider's schemas", () => {
		execFileSync(process.execPath, ["scripts/generate-terraform-attributes.ts", "--check"], { stdio: "pipe" });
	});

	it("leaves out tags, environments and what has no known type", () => {
		for (const type of terraformKinds) {
			const block = allowedOf(type);
			expect(block?.attributes).not.toHaveProperty("tags");
			expect(block?.attributes).not.toHaveProperty("tags_all");
			for (const inner of block === undefined ? [] : blocksIn(block))
				for (const [name, code] of Object.entries(inner.attributes))
					expect([type, name, code]).toEqual([type, name, expect.stringMatching(/^(?:string|number|bool|(?:list|set|map)\((?:string|number|bool)\))$/)]);
		}
		expect(allowedOf("aws_lambda_function")?.blocks?.environment).toMatchObject({ attributes: {} });
		expect(allowedOf("aws_iam_access_key")?.attributes).not.toHaveProperty("secret");
	});

	it("holds account-wide kinds and knows what may be secret", () => {
		for (const kind of accountWideKinds) expect(terraformKinds).toContain(kind);
		expect(maybeSecret("aws_iam_access_key", "secret")).toBe(true);
		expect(maybeSecret("aws_other_thing", "master_password")).toBe(true);
		expect(maybeSecret("aws_secretsmanager_secret_policy", "secret_arn")).toBe(false);
		expect(maybeSecret("aws_s3_bucket", "bucket")).toBe(false);
	});
});
