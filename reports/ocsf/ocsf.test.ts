import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { filesOf, nothingAssessed, sampleDocuments } from "../testing/samples.ts";
import { noSchemas, schemaJson } from "../testing/shared-schemas.ts";
import { writer } from "./index.ts";

interface Event {
	class_uid: number;
	activity_id: number;
	type_uid: number;
	severity_id: number;
	severity: string;
	status_id?: number;
	status?: string;
	compliance: { status_id: number; status: string; status_code: string; checks: { severity_id: number; severity: string }[] };
	finding_info: { uid: string };
}

function events(result: Parameters<typeof filesOf>[1]): Event[] {
	const text = filesOf(writer, result).get("ocsf.json") ?? "";
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as Event);
}

describe("ocsf.json", () => {
	it.skipIf(noSchemas !== null)("is valid by the class schema of 1.8.0, for every sample", () => {
		const ajv = new Ajv2020.default({ strict: false });
		addFormats.default(ajv);
		const validate = ajv.compile(schemaJson("ocsf/compliance_finding-2003-1.8.0.schema.json"));
		for (const [name, result] of sampleDocuments()) {
			for (const event of events(result)) {
				validate(event);
				expect([name, validate.errors]).toEqual([name, null]);
			}
		}
		expect(validate({ class_uid: 2004 })).toBe(false);
	});

	it.skipIf(noSchemas !== null)("captions every number as OCSF does", () => {
		const { attributes, objects } = schemaJson("ocsf/compliance_finding-2003-1.8.0.enum-captions.json") as {
			attributes: Record<string, Record<string, string>>;
			objects: Record<string, Record<string, Record<string, string>>>;
		};
		for (const [, result] of sampleDocuments()) {
			for (const event of events(result)) {
				expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
				expect(attributes.severity_id?.[event.severity_id]).toBe(event.severity);
				if (event.status_id !== undefined) expect(attributes.status_id?.[event.status_id]).toBe(event.status);
				if (event.compliance.status_id !== 99) expect(objects.compliance?.status_id?.[event.compliance.status_id]).toBe(event.compliance.status);
			}
		}
	});

	it("gives one event a result and no pass without one", () => {
		for (const [, result] of sampleDocuments()) {
			const all = events(result);
			expect(all.length).toBe(result.results.length);
			const { pass, attested, fail, exception, not_assessed, manual_pending } = result.totals.results as Record<string, number>;
			const by = (id: number): number => all.filter((event) => event.compliance.status_id === id).length;
			expect([by(1), by(3), by(2)]).toEqual([(pass ?? 0) + (attested ?? 0), (fail ?? 0) + (exception ?? 0), (not_assessed ?? 0) + (manual_pending ?? 0)]);
		}
		expect(events(nothingAssessed())[0]?.compliance.status_code).toBe("not_assessed.permission");
	});
});
