// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { readTerraform, terraformEvidence } from "../../adapters/terraform/index.ts";
import type { DerivationView } from "../derivation.ts";
import derivation from "./index.ts";

async function flows(resource: unknown): Promise<Map<string, { carries: boolean | null; what: string[]; through: string | null }>> {
	const document = readTerraform(Buffer.from(JSON.stringify({ resource })), "cdk.tf.json");
	const items = [...terraformEvidence(document, { target: "cdk.tf.json", now: "2026-11-24T09:00:00Z", version: "1" })];
	const view = { items: (kind: string) => items.filter((item: Evidence) => item.kind === kind) } as unknown as DerivationView;
	const derived = await derivation.derive(view);
	return new Map(derived.map(({ values }) => [(values as { resource: string }).resource, values as never]));
}

const published = (sink: Record<string, unknown>) => ({
	d: { configuration_set_name: "a", event_destination_name: "d", event_destination: { enabled: true, matching_event_types: ["SEND"], ...sink } },
});

describe("mail-flow", () => {
	it("follows events through a stream into its bucket, and copies of it", async () => {
		const found = await flows({
			aws_s3_bucket: { events: { bucket: "events" }, copy: { bucket: "copy" }, site: { bucket: "site" } },
			aws_kinesis_firehose_delivery_stream: {
				s: { name: "s", destination: "extended_s3", extended_s3_configuration: { bucket_arn: "${aws_s3_bucket.events.arn}", role_arn: "r" } },
			},
			aws_s3_bucket_replication_configuration: {
				r: { bucket: "${aws_s3_bucket.events.id}", role: "r", rule: [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::copy" } }] },
			},
			aws_sesv2_configuration_set_event_destination: published({
				kinesis_firehose_destination: { delivery_stream_arn: "${aws_kinesis_firehose_delivery_stream.s.arn}", iam_role_arn: "r" },
			}),
		});
		expect(found.get("aws_s3_bucket.copy")).toMatchObject({ carries: true, what: ["mail_events"] });
		expect(found.get("aws_s3_bucket.events")?.through).toBe("aws_sesv2_configuration_set_event_destination.d > aws_kinesis_firehose_delivery_stream.s");
		expect(found.get("aws_s3_bucket.site")?.carries).toBe(false);
	});

	it("tells mail from events, and follows what a bucket tells of", async () => {
		const found = await flows({
			aws_s3_bucket: { mail: { bucket: "mail" } },
			aws_lambda_function: { handler: { function_name: "handler", role: "r" } },
			aws_ses_receipt_rule: { r: { name: "r", rule_set_name: "s", s3_action: [{ bucket_name: "mail", position: 1 }] } },
			aws_s3_bucket_notification: {
				n: {
					bucket: "${aws_s3_bucket.mail.id}",
					lambda_function: [{ lambda_function_arn: "${aws_lambda_function.handler.arn}", events: ["s3:ObjectCreated:*"] }],
				},
			},
		});
		expect(found.get("aws_s3_bucket.mail")).toMatchObject({ carries: true, what: ["mail"] });
		expect(found.get("aws_lambda_function.handler")).toMatchObject({ carries: true, what: ["mail"] });
	});

	it("follows queues to functions and dead letters, and ends in a circle", async () => {
		const found = await flows({
			aws_sns_topic: { t: { name: "t" } },
			aws_sqs_queue: {
				q: { name: "q", redrive_policy: '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.dead.arn})}' },
				dead: { name: "dead", redrive_policy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:q"}' },
			},
			aws_lambda_function: { f: { function_name: "f", role: "r" }, g: { function_name: "g", role: "r" } },
			aws_lambda_event_source_mapping: {
				m: { event_source_arn: "${aws_sqs_queue.q.arn}", function_name: "f" },
				off: { event_source_arn: "${aws_sqs_queue.q.arn}", function_name: "g", enabled: false },
			},
			aws_sns_topic_subscription: { s: { topic_arn: "${aws_sns_topic.t.arn}", protocol: "sqs", endpoint: "${aws_sqs_queue.q.arn}" } },
			aws_sesv2_configuration_set_event_destination: published({ sns_destination: { topic_arn: "${aws_sns_topic.t.arn}" } }),
		});
		for (const id of ["aws_sqs_queue.q", "aws_sqs_queue.dead", "aws_lambda_function.f", "aws_sns_topic_subscription.s"])
			expect(found.get(id)?.carries, id).toBe(true);
		expect(found.get("aws_lambda_function.g")?.carries).toBe(false);
	});

	it("says nothing is carried where SES publishes nothing", async () => {
		const found = await flows({
			aws_sns_topic: { t: { name: "t" } },
			aws_sns_topic_subscription: { s: { topic_arn: "${var.topic}", protocol: "email", endpoint: "a@example.org" } },
		});
		expect([...found.values()].map(({ carries }) => carries)).toEqual([false, false]);
	});

	it("bounds the chain of a plan that is all dead-letter queues", async () => {
		const queues = Object.fromEntries(
			Array.from({ length: 200 }, (_, index) => [
				`q${index}`,
				{ name: `q${index}`, redrive_policy: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:q${index + 1}"}` },
			]),
		);
		const found = await flows({
			aws_sqs_queue: queues,
			aws_sns_topic_subscription: {
				s: { topic_arn: "arn:aws:sns:us-east-1:111122223333:t", protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:111122223333:q0" },
			},
			aws_sesv2_configuration_set_event_destination: published({ sns_destination: { topic_arn: "arn:aws:sns:us-east-1:111122223333:t" } }),
		});
		expect(found.get("aws_sqs_queue.q199")?.carries).toBe(true);
		expect(found.get("aws_sqs_queue.q199")?.through?.split(" > ")).toHaveLength(16);
	});
});
