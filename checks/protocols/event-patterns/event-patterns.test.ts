// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventPattern, filterPattern } from "./index.ts";

const event = {
	eventSource: "kms.amazonaws.com",
	eventName: "DisableKey",
	userIdentity: { type: "Root", sessionContext: { mfa: true } },
	requestParameters: { keyId: null, tags: [{ key: "a" }], days: 30 },
};

describe("filter patterns", () => {
	it.each<[string, string]>([
		['{ ($.eventSource = "kms.amazonaws.com") && ($.eventName = "DisableKey") }', "yes"],
		["{$.eventName=DisableKey}", "yes"],
		["{ $.eventName = Disable* }", "yes"],
		["{ $.eventName = *Key* && $.eventSource = kms* }", "yes"],
		['{ ($.eventName = "Other") || ($.eventName = "DisableKey") }', "yes"],
		['{ $.eventName = "Other" && $.eventName = "DisableKey" || $.userIdentity.type = "Root" }', "yes"],
		['{ $.eventName != "DisableKey" }', "no"],
		['{ $.missing != "x" }', "no"],
		["{ $.userIdentity.invokedBy NOT EXISTS }", "yes"],
		["{ $.userIdentity.type EXISTS && $.requestParameters.keyId IS NULL && $.userIdentity.sessionContext.mfa IS TRUE }", "yes"],
		['{ $.requestParameters.tags[0].key = "a" && $.requestParameters.days >= 30 && $.requestParameters.days < 31 }', "yes"],
		["{ $.requestParameters.days = 30 }", "yes"],
		['{ $.requestParameters.roleArn = "${aws_iam_role.r.arn}" }', "unknown"],
		['{ $.eventName = "Other" && $.eventSource = "${aws_x.y.z}" }', "no"],
		["{ $.eventName = %Disable.*% }", "unknown"],
		['"DisableKey"', "unknown"],
		["{ $.eventName = }", "unknown"],
		['{ ($.eventName = "DisableKey" }', "unknown"],
		["{ eventName = DisableKey }", "unknown"],
		["{}", "unknown"],
	])("%s is %s", (pattern, answer) => {
		expect(filterPattern(pattern)(event)).toBe(answer);
	});

	it("answers any text, deep or long, in bounded time", () => {
		expect(filterPattern(`{${"(".repeat(2000)}}`)(event)).toBe("unknown");
		expect(filterPattern(`{ $.eventName = "${"*a".repeat(1000)}" }`)(event)).toBe("no");
		const sign = fc.constantFrom("{", "}", "(", ")", "$.a", "=", "!=", '"', "*", "&&", "||", "EXISTS", "IS", " ", "x");
		fc.assert(fc.property(fc.array(sign, { maxLength: 40 }), (parts) => ["yes", "no", "unknown"].includes(filterPattern(parts.join(""))(event))));
	});
});

describe("event patterns", () => {
	const wrapped = { source: "aws.kms", "detail-type": "AWS API Call via CloudTrail", detail: event };
	it.each<[unknown, string]>([
		[{ source: ["aws.kms"], detail: { eventName: ["ScheduleKeyDeletion", "DisableKey"] } }, "yes"],
		[{ source: ["aws.s3"] }, "no"],
		[{ detail: { eventName: [{ prefix: "Disable" }], eventSource: [{ suffix: "amazonaws.com" }] } }, "yes"],
		[{ detail: { eventName: [{ wildcard: "*able*" }], userIdentity: { type: [{ "equals-ignore-case": "root" }] } } }, "yes"],
		[{ detail: { eventName: [{ "anything-but": ["DisableKey"] }] } }, "no"],
		[{ detail: { eventName: [{ "anything-but": "Other" }], errorCode: [{ exists: false }] } }, "yes"],
		[{ $or: [{ source: ["aws.s3"] }, { source: ["aws.kms"] }] }, "yes"],
		[{ detail: { requestParameters: { days: [{ numeric: [">", 5] }] } } }, "unknown"],
		[{ source: ["aws.s3"], detail: { requestParameters: { days: [{ numeric: [">", 5] }] } } }, "no"],
		[{ source: ["${var.source}"] }, "unknown"],
		["text", "unknown"],
	])("%j is %s", (pattern, answer) => {
		expect(eventPattern(JSON.stringify(pattern))(wrapped)).toBe(answer);
	});

	it("says nothing of what is no JSON, and ends on what is deep", () => {
		expect(eventPattern("{")(wrapped)).toBe("unknown");
		expect(eventPattern(`${'{"$or":['.repeat(100)}{}${"]}".repeat(100)}`)(wrapped)).toBe("unknown");
	});
});
