// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { recordedBy } from "./selectors.ts";

function trail(values: Record<string, unknown>, unknown?: string[]): Evidence {
	return {
		kind: "aws_cloudtrail",
		id: "t",
		status: "ok",
		values,
		unknown,
		source: { collector: "test", version: "1", call: "test", target: "t" },
		collectedAt: "2026-11-24T09:00:00Z",
	};
}

const advanced = (...fields: Record<string, unknown>[]) => trail({ advanced_event_selector: [{ field_selector: fields }] });
const category = (name: string) => ({ field: "eventCategory", equals: [name] });
const type = (name: string) => ({ field: "resources.type", equals: [name] });

describe("recordedBy", () => {
	it("takes a trail without selectors for one of all management events and no data events", () => {
		expect(recordedBy(trail({}))).toMatchObject({ management: { read: true, write: true }, objects: { read: false, write: false }, sesTypes: [], open: false });
	});

	it("counts nothing of selectors that are not known", () => {
		const recorded = recordedBy(trail({}, ["advanced_event_selector"]));
		expect(recorded).toMatchObject({ management: { read: false, write: false }, open: true });
	});

	it("takes a readOnly field for half of the events, and a strange one for none", () => {
		expect(recordedBy(advanced(category("Management"), { field: "readOnly", equals: ["true"] })).management).toEqual({ read: true, write: false });
		expect(recordedBy(advanced(category("Management"), { field: "readOnly", not_equals: ["true"] })).management).toEqual({ read: false, write: false });
	});

	it("lets a management selector leave out the two talkative services, and no other", () => {
		const without = (source: string) => recordedBy(advanced(category("Management"), { field: "eventSource", not_equals: [source] })).management.write;
		expect([without("kms.amazonaws.com"), without("rdsdata.amazonaws.com"), without("ses.amazonaws.com")]).toEqual([true, true, false]);
	});

	it("takes a selector of one SES identity, or of some calls, for no record of sending", () => {
		expect(recordedBy(advanced(category("Data"), type("AWS::SES::EmailIdentity"))).sesTypes).toEqual(["AWS::SES::EmailIdentity"]);
		expect(recordedBy(advanced(category("Data"), type("AWS::SES::EmailIdentity"), { field: "eventName", equals: ["SendEmail"] })).sesTypes).toEqual([]);
		expect(recordedBy(advanced(category("Data"), type("AWS::SES::EmailIdentity"), { field: "readOnly", equals: ["false"] })).sesTypes).toEqual([]);
	});

	it("takes a bucket's ARN with its slash for the bucket, a longer prefix for none, and conditions beside it for none", () => {
		const buckets = (...fields: Record<string, unknown>[]) => [
			...recordedBy(advanced(category("Data"), type("AWS::S3::Object"), ...fields)).objects.buckets.keys(),
		];
		expect(buckets({ field: "resources.ARN", starts_with: ["arn:aws:s3:::mail/", "arn:aws-us-gov:s3:::log"] })).toEqual([
			"arn:aws:s3:::mail",
			"arn:aws-us-gov:s3:::log",
		]);
		expect(buckets({ field: "resources.ARN", starts_with: ["arn:aws:s3:::mail/inbox/"] })).toEqual([]);
		expect(buckets({ field: "resources.ARN", starts_with: ["arn:aws:s3:::mail/"], not_starts_with: ["arn:aws:s3:::mail/x"] })).toEqual([]);
		expect(buckets({ field: "resources.ARN", starts_with: ["arn:aws:s3:::mail/"] }, { field: "eventName", equals: ["GetObject"] })).toEqual([]);
	});

	it("reads the buckets of a configuration, whose ARNs are not known yet, from its placeholders", () => {
		const path = "advanced_event_selector.0.field_selector.2.starts_with";
		const item = trail(
			{
				advanced_event_selector: [{ field_selector: [category("Data"), type("AWS::S3::Object"), { field: "resources.ARN" }] }],
				partial: { [path]: '["${aws_s3_bucket.mail.arn}/","${aws_s3_bucket.log.arn}/part/"]' },
			},
			[path],
		);
		expect([...recordedBy(item).objects.buckets.keys()]).toEqual(["${aws_s3_bucket.mail.arn}"]);
		// The same in a plan, which tells no more than that there is something.
		expect(
			recordedBy(trail({ advanced_event_selector: [{ field_selector: [category("Data"), type("AWS::S3::Object"), { field: "resources.ARN" }] }] }, [path]))
				.objects,
		).toMatchObject({ read: false, write: false });
	});

	it("takes basic selectors for all buckets only where they say so", () => {
		const objects = (values: string[], more: Record<string, unknown> = {}) =>
			recordedBy(trail({ event_selector: [{ ...more, data_resource: [{ type: "AWS::S3::Object", values }] }] })).objects;
		expect(objects(["arn:aws:s3"])).toMatchObject({ read: true, write: true });
		expect(objects(["arn:aws:s3:::"], { read_write_type: "ReadOnly" })).toMatchObject({ read: true, write: false });
		expect(objects(["arn:aws:s3:::mail/"])).toMatchObject({ read: false, write: false });
	});
});
