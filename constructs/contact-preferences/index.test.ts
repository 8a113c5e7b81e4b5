import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onlyResource, synthesize } from "../testing/judge.test-support.ts";
import { healthWordIn } from "./health-words.ts";
import { ContactPreferences, type ContactTopic } from "./index.ts";

const newsletter: ContactTopic = { topicName: "newsletter", displayName: "News of the clinic" };

function build(topics: readonly ContactTopic[], contactListName?: string): string {
	return synthesize((stack) => {
		new ContactPreferences(stack, "preferences", { topics, ...(contactListName === undefined ? {} : { contactListName }) });
	});
}

describe("ContactPreferences", () => {
	it("sends nothing to who never chose, unless told", () => {
		const notices: ContactTopic = { topicName: "notices", displayName: "Appointment notices", description: "One a visit", defaultSubscriptionStatus: "OPT_IN" };
		expect(onlyResource(build([newsletter, notices]), "aws_sesv2_contact_list")).toMatchObject({
			contact_list_name: "mail-preferences",
			topic: [
				{ topic_name: "newsletter", display_name: "News of the clinic", default_subscription_status: "OPT_OUT" },
				{ topic_name: "notices", default_subscription_status: "OPT_IN", description: "One a visit" },
			],
		});
	});

	it.each([
		["topicName", { ...newsletter, topicName: "diabetes-news" }, "diabetes"],
		["topicName", { ...newsletter, topicName: "newsOncology" }, "oncology"],
		["displayName", { ...newsletter, displayName: "Living with HIV" }, "hiv"],
		["description", { ...newsletter, description: "For women in pregnancy" }, "pregnancy"],
		["displayName", { ...newsletter, displayName: "Dépression" }, "depression"],
	])("refuses a condition in %s", (field, topic, word) => {
		expect(() => build([topic])).toThrow(
			new RegExp(
				`^mail/preferences: topics\\[0\\]\\.${field} must be free of words that tell of a health condition, such as "${word}", got ".*"; name the kind`,
			),
		);
	});

	it.each(["Questions and answers", "News", "Bandaids", "Appointment reminders", "Billing", "Opening hours", "Observed holidays"])(
		"lets %j through",
		(displayName) => {
			expect(healthWordIn(displayName)).toBeUndefined();
		},
	);

	it("takes any text without throwing", () => {
		fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => ["string", "undefined"].includes(typeof healthWordIn(text))));
	});

	it.each<[string, readonly ContactTopic[], RegExp]>([
		["no topic", [], /mail\/preferences: topics must be a list of 1 to 20 topics/],
		["too many", Array.from({ length: 21 }, (_item, index) => ({ ...newsletter, topicName: `t${index}` })), /topics/],
		["a name twice", [newsletter, newsletter], /topics\[1\]\.topicName must be a name of its own/],
		["a name with a space", [{ ...newsletter, topicName: "news letter" }], /topics\[0\]\.topicName must be 1 to 64/],
		["no display name", [{ ...newsletter, displayName: "" }], /displayName/],
		["a long description", [{ ...newsletter, description: "a".repeat(501) }], /description/],
		["another status", [{ ...newsletter, defaultSubscriptionStatus: "MAYBE" as "OPT_IN" }], /defaultSubscriptionStatus/],
	])("refuses %s", (_name, topics, message) => {
		expect(() => build(topics)).toThrow(message);
	});

	it("refuses a list name that SES refuses", () => {
		expect(() => build([newsletter], "my list")).toThrow(/contactListName/);
	});
});
