// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { PlanDocuments } from "./plan-documents.ts";

const address = "data.aws_iam_policy_document.d";
const bucket = ["${aws_s3_bucket.b.arn}", "${aws_s3_bucket.b.arn}/*"];

/** A plan that reads one document during apply: its blocks, what is unknown of them, and how they are written. */
function plan(block: object, unknown: unknown, written: object, rest: { after?: object; unknown?: object; sensitive?: unknown } = {}): PlanDocuments {
	return new PlanDocuments({
		resource_changes: [
			{
				address,
				mode: "data",
				change: {
					actions: ["read"],
					after: { statement: [block], version: null, ...rest.after },
					after_unknown: { json: true, statement: unknown, ...rest.unknown },
					after_sensitive: rest.sensitive ?? {},
				},
			},
		],
		configuration: { root_module: { resources: [{ address, mode: "data", expressions: { statement: [written] } }] } },
	});
}
const asked = { constant_value: `\${${address}.json}` };
const read = (documents: PlanDocuments, expression: object = asked): unknown => {
	const text = documents.textOf({ ...expression });
	return text === undefined ? undefined : JSON.parse(text);
};

const block = {
	sid: "DenyClearText",
	effect: "Deny",
	actions: ["s3:*"],
	resources: [null, null],
	principals: [{ type: "*", identifiers: ["*"] }],
	not_principals: [],
	condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
};
const unknown = [{ actions: [false], resources: [true, true], principals: [{ identifiers: [false] }], condition: [{ values: [false] }] }];

describe("a document that a plan reads during apply", () => {
	it("is put together of what is known and the texts that are not", () => {
		expect(read(plan(block, unknown, { resources: { constant_value: bucket } }))).toEqual({
			Version: "2012-10-17",
			Statement: [
				{
					Effect: "Deny",
					Sid: "DenyClearText",
					Action: ["s3:*"],
					Resource: bucket,
					Principal: "*",
					Condition: { Bool: { "aws:SecureTransport": ["false"] } },
				},
			],
		});
	});

	it("has nameless parts where the texts are not in the plan, or are not as many, or hold functions", () => {
		const nameless = { Statement: [{ Resource: ["${unknown}", "${unknown}"] }] };
		for (const written of [
			{},
			{ resources: { references: ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"] } },
			{ resources: { constant_value: ["${aws_s3_bucket.b.arn}"] } },
			{ resources: { constant_value: ["${upper(aws_s3_bucket.b.arn)}", "${aws_s3_bucket.b.arn}/*"] } },
		])
			expect(read(plan(block, unknown, written))).toMatchObject(nameless);
	});

	it("is not told where a block, an effect or another document is unknown, or a part is sensitive", () => {
		const written = { resources: { constant_value: bucket } };
		expect(read(plan(block, true, written))).toBeUndefined();
		expect(read(plan(block, [{ ...unknown[0], effect: true }], written))).toBeUndefined();
		expect(read(plan(block, [{ ...unknown[0], principals: true }], written))).toBeUndefined();
		expect(read(plan(block, unknown, written, { after: { source_policy_documents: ["{}"] } }))).toBeUndefined();
		expect(read(plan(block, unknown, written, { unknown: { override_policy_documents: [true] } }))).toBeUndefined();
		expect(read(plan(block, unknown, written, { sensitive: { statement: [{ resources: [true] }] } }))).toBeUndefined();
	});

	it("is not told of HCL, where a function may stand around it, nor by any other text than the reference alone", () => {
		const documents = plan(block, unknown, { resources: { constant_value: bucket } });
		expect(read(documents, { references: [`${address}.json`, address] })).toBeUndefined();
		expect(documents.textOf({ constant_value: `\${replace(${address}.json, "a", "b")}` })).toBeUndefined();
		expect(documents.textOf({ constant_value: "${data.aws_iam_policy_document.other.json}" })).toBeUndefined();
		expect(documents.textOf({ constant_value: '{"Resource":"$${aws_s3_bucket.b.arn}"}' })).toBeUndefined();
	});

	it("is the text itself where it stands in the resource", () => {
		const text = '{"Statement":[{"Resource":"${aws_s3_bucket.b.arn}"}]}';
		expect(new PlanDocuments({}).textOf({ constant_value: text })).toBe(text);
	});
});
