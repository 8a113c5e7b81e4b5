import { TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { reference, resources, synthesize } from "../testing/judge.test-support.ts";
import { ReputationAlarms, type ReputationAlarmsProps } from "./index.ts";

function build(props: Omit<ReputationAlarmsProps, "alarmTopic" | "deliveryStream"> = {}): string {
	return synthesize((stack) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		const { deliveryStream } = new MailEventTrail(stack, "events", { configurationSet });
		const { topic } = new AlarmTopic(stack, "alarms");
		new ReputationAlarms(stack, "reputation", { alarmTopic: topic, deliveryStream, ...props });
	});
}

function alarms(json: string): Map<string, Record<string, unknown>> {
	return new Map(resources(json, "aws_cloudwatch_metric_alarm").map((alarm) => [`${String(alarm.namespace)} ${String(alarm.metric_name)}`, alarm]));
}

describe("ReputationAlarms", () => {
	it("raises alarms where SES begins to review, and on events that are lost", () => {
		const found = alarms(build());
		expect([...found.keys()].sort()).toEqual(["AWS/Firehose DeliveryToS3.Success", "AWS/SES Reputation.BounceRate", "AWS/SES Reputation.ComplaintRate"]);
		expect(found.get("AWS/SES Reputation.BounceRate")).toMatchObject({ threshold: 0.05, comparison_operator: "GreaterThanOrEqualToThreshold" });
		expect(found.get("AWS/SES Reputation.ComplaintRate")).toMatchObject({ threshold: 0.001 });
		expect(found.get("AWS/Firehose DeliveryToS3.Success")).toMatchObject({ threshold: 1, comparison_operator: "LessThanThreshold" });
		for (const alarm of found.values()) expect(alarm).toMatchObject({ actions_enabled: true, alarm_actions: [expect.stringMatching(/^\$\{aws_sns_topic\./)] });
	});

	it("watches the quota where it is told", () => {
		expect(alarms(build({ dailySendQuota: 50_000 })).get("AWS/SES Send")).toMatchObject({ threshold: 40_000, period: 86_400, statistic: "Sum" });
	});

	it("leaves a quota that is a variable to Terraform", () => {
		const json = synthesize((stack) => {
			const dailySendQuota = new TerraformVariable(stack, "quota", { type: "number" }).numberValue;
			new ReputationAlarms(stack, "reputation", { alarmTopic: new AlarmTopic(stack, "alarms").topic, dailySendQuota });
		});
		expect(alarms(json).get("AWS/SES Send")?.threshold).toBe(reference("(var.quota * 0.8)"));
	});

	it.each<[string, Parameters<typeof build>[0], RegExp]>([
		["a bounce rate above SES's", { bounceRate: 0.1 }, /mail\/reputation: bounceRate must be a share above 0 and up to 0\.05, got 0\.1/],
		["a rate in per cent", { complaintRate: 0.1 }, /complaintRate must be .* 0\.001/],
		["a rate of nothing", { bounceRate: 0 }, /bounceRate/],
		["half a message", { dailySendQuota: 0.5 }, /dailySendQuota/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
