import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { describe, expect, it } from "vitest";
import { onlyResource, reference, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { AlarmTopic, type AlarmTopicProps } from "./index.ts";

function build(props: AlarmTopicProps = {}): string {
	return synthesize((stack) => {
		new AlarmTopic(stack, "alarms", props);
	});
}

describe("AlarmTopic", () => {
	it("takes alarms of this account's CloudWatch alone, over TLS alone", () => {
		const json = build();
		expect(statementsOf(json, onlyResource(json, "aws_sns_topic_policy").policy)).toMatchObject([
			{
				sid: "Alarms",
				principals: [{ identifiers: ["cloudwatch.amazonaws.com"] }],
				condition: [{ variable: "aws:SourceAccount" }, { variable: "aws:SourceArn" }],
			},
			{ sid: "DenyClearText", effect: "Deny", actions: ["sns:Publish"], condition: [{ variable: "aws:SecureTransport", values: ["false"] }] },
		]);
		const key = statementsOf(json, onlyResource(json, "aws_kms_key").policy).find(({ sid }) => sid === "CloudWatch");
		expect(key).toMatchObject({ actions: ["kms:Decrypt", "kms:GenerateDataKey*"], condition: [{ variable: "aws:SourceAccount" }] });
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it("subscribes mailboxes, and warns when nobody listens", () => {
		const found = resources(build({ emailAddresses: ["a@clinic.example", "b@clinic.example"] }), "aws_sns_topic_subscription");
		expect(found).toMatchObject([
			{ protocol: "email", endpoint: "a@clinic.example" },
			{ protocol: "email", endpoint: "b@clinic.example" },
		]);
		synthesize((stack) => {
			expect(new AlarmTopic(stack, "silent").node.metadata).toMatchObject([{ data: expect.stringContaining("nobody is subscribed") }]);
			expect(new AlarmTopic(stack, "heard", { emailAddresses: ["a@clinic.example"] }).node.metadata).toEqual([]);
		});
	});

	it("uses a given key and makes none", () => {
		const json = synthesize((stack) => {
			new AlarmTopic(stack, "alarms", { encryptionKey: new KmsKey(stack, "own-key", { enableKeyRotation: true }) });
		});
		expect(onlyResource(json, "aws_kms_key")).toBeDefined();
		expect(onlyResource(json, "aws_sns_topic").kms_master_key_id).toBe(reference("aws_kms_key.own-key.arn"));
	});

	it.each<[string, AlarmTopicProps, RegExp]>([
		["no mailbox", { emailAddresses: [] }, /mail\/alarms: emailAddresses must be a list with at least one element/],
		["a URL", { emailAddresses: ["https://clinic.example"] }, /emailAddresses\[0\] must be a mail address/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
