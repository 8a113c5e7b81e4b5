import { describe, expect, it } from "vitest";
import { idsWith, judge, onlyResource, satisfiedBy, synthesize, told } from "../testing/judge.test-support.ts";
import { DeliverySettings, type DeliverySettingsProps } from "./index.ts";

function build(props: DeliverySettingsProps = {}, id = "settings"): string {
	return synthesize((stack) => {
		new DeliverySettings(stack, id, props);
	});
}

describe("DeliverySettings", () => {
	it("satisfies the checks it names; alone it lacks the events, and nothing else", async () => {
		const verdicts = await judge(build());
		const passed = idsWith(verdicts, "pass");
		for (const id of satisfiedBy("delivery-settings")) expect(passed, told(verdicts)).toContain(id);
		expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual(["sending.events_published"]);
	});

	it("requires TLS, suppresses, measures, and tracks nobody", () => {
		const set = onlyResource(build(), "aws_sesv2_configuration_set");
		expect(set).toMatchObject({
			configuration_set_name: "mail-settings",
			delivery_options: { tls_policy: "REQUIRE" },
			reputation_options: { reputation_metrics_enabled: true },
			suppression_options: { suppressed_reasons: ["BOUNCE", "COMPLAINT"] },
			vdm_options: { dashboard_options: { engagement_metrics: "DISABLED" } },
		});
		expect(set.tracking_options).toBeUndefined();
	});

	it("keeps names within 64 characters and apart", () => {
		const names = [`${"a".repeat(70)}1`, `${"a".repeat(70)}2`].map((id) =>
			String(onlyResource(build({}, id), "aws_sesv2_configuration_set").configuration_set_name),
		);
		for (const name of names) expect(name).toMatch(/^mail-a+-[0-9a-f]{8}$/);
		for (const name of names) expect(name).toHaveLength(64);
		expect(new Set(names).size).toBe(2);
	});

	it("refuses a name that SES refuses", () => {
		expect(() => build({ configurationSetName: "all mail" })).toThrow(
			'mail/settings: configurationSetName must be 1 to 64 letters, digits, "_" and "-", got "all mail"; choose a name such as "transactional"',
		);
		expect(() => build({ configurationSetName: "" })).toThrow(/got ""/);
	});
});
