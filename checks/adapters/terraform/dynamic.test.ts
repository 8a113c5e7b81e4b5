// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { item, type Json, key } from "./configuration.test-support.ts";

describe("dynamic blocks", () => {
	const lifecycle = (dynamic: unknown, rest: Json = {}): Json => ({
		...rest,
		resource: { ...(rest.resource as Json), aws_s3_bucket_lifecycle_configuration: { l: { bucket: "b", rule: [{ id: "written" }], dynamic } } },
	});
	const id = "aws_s3_bucket_lifecycle_configuration.l";

	it("unfold over known collections, with their iterator", () => {
		const found = item(
			lifecycle({ rule: { for_each: { a: 1, b: 2 }, iterator: "it", content: { id: "${it.key}", expiration: { days: "${it.value}" } } } }),
			id,
		);
		expect((found.values as Json).rule).toEqual([{ id: "written" }, { id: "a", expiration: { days: 1 } }, { id: "b", expiration: { days: 2 } }]);
		const listed = item(lifecycle([{ rule: [{ for_each: ["x"], content: { id: "${rule.key}${rule.value}" } }] }]), id);
		expect((listed.values as Json).rule).toEqual([{ id: "written" }, { id: "0x" }]);
	});

	it("make the whole block unknown when the collection is", () => {
		const found = item(lifecycle({ rule: { for_each: "${aws_kms_key.k.grants}", content: { id: "x" } } }, key), id);
		expect(found.values).toEqual({ bucket: "b" });
		expect(found.unknown).toEqual(["id", "rule"]);
		expect(found.references).toEqual({ rule: ["aws_kms_key.k"] });
	});
});
