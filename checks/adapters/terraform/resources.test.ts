// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { evidence, item, key, nameOf } from "./configuration.test-support.ts";

describe("count and for_each", () => {
	it("count gives numbered instances", () => {
		const document = { variable: { n: { default: 2 } }, resource: { aws_sqs_queue: { q: { count: "${var.n}", name: "q${count.index}" } } } };
		expect(item(document, "aws_sqs_queue.q[1]").values).toEqual({ name: "q1" });
		expect(evidence({ resource: { aws_sqs_queue: { q: { count: 0, name: "q" } } } }).filter(({ kind }) => kind === "aws_sqs_queue")).toEqual([]);
	});

	it("for_each runs over maps and sets, keys escaped in the address", () => {
		const document = {
			locals: { queues: { a: { delay: 1 }, 'b"c': { delay: 2 } } },
			resource: {
				aws_sqs_queue: { q: { for_each: "${local.queues}", name: "${each.key}-${each.value.delay}" } },
				aws_s3_bucket: { b: { for_each: '${toset(["x", "y"])}', bucket: "${each.value}" } },
			},
		};
		expect(item(document, 'aws_sqs_queue.q["a"]').values).toEqual({ name: "a-1" });
		expect(item(document, 'aws_sqs_queue.q["b\\"c"]').values).toEqual({ name: 'b"c-2' });
		expect(item(document, 'aws_s3_bucket.b["y"]').values).toEqual({ bucket: "y" });
		expect(item({ resource: { aws_s3_bucket: { b: { for_each: { k: "v" }, bucket: "${each.value}" } } } }, 'aws_s3_bucket.b["k"]').values).toEqual({
			bucket: "v",
		});
	});

	it("references reach instances", () => {
		const rest = { resource: { aws_sqs_queue: { n: { count: 2, name: "q${count.index}" }, f: { for_each: { a: "x" }, name: "${each.value}" } } } };
		expect(nameOf("${aws_sqs_queue.n[1].name}", rest)).toEqual({ value: "q1", unknown: false, references: ["aws_sqs_queue.n[1]"] });
		expect(nameOf('${aws_sqs_queue.f["a"].name}', rest)).toEqual({ value: "x", unknown: false, references: ['aws_sqs_queue.f["a"]'] });
		expect(nameOf('${join(",", aws_sqs_queue.n[*].name)}', rest).value).toBe("q0,q1");
		expect(nameOf('${join(",", [for k, q in aws_sqs_queue.f : q.name])}', rest).value).toBe("x");
		expect(nameOf("${aws_sqs_queue.n[0].arn}", rest)).toEqual({ value: undefined, unknown: true, references: ["aws_sqs_queue.n[0]"] });
		expect(nameOf("${aws_sqs_queue.n[2].name}", rest)).toMatchObject({ value: undefined, unknown: true });
		expect(nameOf("${aws_sqs_queue.n.name}", rest)).toMatchObject({ value: undefined, unknown: true });
	});

	it.each([
		["count", "${var.open}"],
		["count", "${length(aws_s3_bucket.b.tags_all)}"],
		["count", -1],
		["count", 1_000_000_000],
		["for_each", "${toset(aws_kms_key.k.grants)}"],
		["for_each", ["a"]],
	])("an unknown number of instances is one errored item: %s = %j", (name, value) => {
		const document = { variable: { open: {} }, resource: { ...key.resource, aws_s3_bucket: { b: { [name]: value, bucket: "x" } } } };
		const found = item(document, "aws_s3_bucket.b");
		expect(found.status).toBe("error");
		expect(found.error?.code).toBe("unknown_until_apply");
		expect(found.values).toBeUndefined();
		expect(item({ ...document }, "aws_kms_key.k").status).toBe("ok");
		const listing = evidence(document).find(({ id }) => id === "aws_s3_bucket@cdk.tf.json");
		expect(listing).toMatchObject({ status: "error", error: { code: "unknown_until_apply" }, values: { complete: false } });
	});
});
