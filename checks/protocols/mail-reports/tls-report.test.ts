import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTlsReport, type TlsReport } from "./index.ts";
import { tlsJson } from "./testing/report-builders.ts";

function parsed(json: string): TlsReport {
	const result = parseTlsReport(Buffer.from(json));
	if (!result.ok) throw new Error(result.error.message);
	return result.report;
}

const refusal = (json: string | Buffer): string => {
	const result = parseTlsReport(Buffer.from(json));
	return result.ok ? "read" : `${result.error.code}: ${result.error.message}`;
};

const policyOf = (type: string, failures: readonly Record<string, unknown>[], failed: number): unknown => ({
	policy: { "policy-type": type, "policy-domain": "Example.org.", "policy-string": ["version: STSv1"] },
	summary: { "total-successful-session-count": 10, "total-failure-session-count": failed },
	"failure-details": failures,
});

describe("TLS reports", () => {
	it("adds up failures by type and host", () => {
		const detail = (type: string, count: number, host?: string) => ({
			"result-type": type,
			"failed-session-count": count,
			...(host === undefined ? {} : { "receiving-mx-hostname": host }),
		});
		const report = parsed(
			tlsJson({
				policies: [
					policyOf(
						"sts",
						[detail("certificate-expired", 2, "MX.example.org"), detail("certificate-expired", 3, "mx.example.org"), detail("tlsa-invalid", 1)],
						6,
					),
					policyOf("tlsa", [], 0),
				],
			}),
		);
		expect(report).toMatchObject({ successful: 20, failed: 6, details: 3, notes: [], begin: "2026-11-20T00:00:00.000Z" });
		expect(report.policies[0]).toEqual({
			type: "sts",
			domain: "example.org",
			successful: 10,
			failed: 6,
			failures: [
				{ resultType: "certificate-expired", sessions: 5, receivingMx: "mx.example.org" },
				{ resultType: "tlsa-invalid", sessions: 1, receivingMx: null },
			],
		});
	});

	it.each([
		[
			"a type that RFC 8460 does not name, without its text",
			policyOf("sts", [{ "result-type": "jane doe", "failed-session-count": 1 }], 1),
			["unknown_result_type"],
			"other",
		],
		["capitals", policyOf("STS", [{ "result-type": "Certificate-Expired", "failed-session-count": 1 }], 1), ["values_not_lower_case"], "certificate-expired"],
		[
			"details that differ from the summary",
			policyOf("sts", [{ "result-type": "tlsa-invalid", "failed-session-count": 2 }], 1),
			["details_differ"],
			"tlsa-invalid",
		],
		["an unknown policy type", policyOf("x", [{ "result-type": "tlsa-invalid", "failed-session-count": 1 }], 1), ["unknown_policy_type"], "tlsa-invalid"],
	])("notes %s", (_what, policy, notes, type) => {
		const report = parsed(tlsJson({ policies: [policy] }));
		expect(report.notes).toEqual(notes);
		expect(report.policies[0]?.failures[0]?.resultType).toBe(type);
	});

	it.each([
		["no JSON", "{", /no JSON/],
		["another document", "{}", /date-range/],
		["no policies", tlsJson({ policies: [] }), /policies/],
		["negative counts", tlsJson({ policies: [policyOf("sts", [], -1)] }), /policies.0.summary/],
		[
			"counts that are text",
			tlsJson({ policies: [policyOf("sts", [{ "result-type": "tlsa-invalid", "failed-session-count": "1" }], 1)] }),
			/failed-session-count/,
		],
		["a range without a zone", tlsJson({ "date-range": { "start-datetime": "2026-11-20T00:00:00", "end-datetime": "2026-11-20T23:59:59Z" } }), /date-range/],
		[
			"a range that ends before it begins",
			tlsJson({ "date-range": { "start-datetime": "2026-11-21T00:00:00Z", "end-datetime": "2026-11-20T23:59:59Z" } }),
			/date-range/,
		],
		[
			"a domain that is none",
			tlsJson({
				policies: [
					{ policy: { "policy-type": "sts", "policy-domain": "a b" }, summary: { "total-successful-session-count": 1, "total-failure-session-count": 0 } },
				],
			}),
			/policy-domain/,
		],
		["deep nesting", `{"a":${"[".repeat(100_000)}`, /too_large: .*nested/],
	])("refuses %s", (_what, json, want) => expect(refusal(json)).toMatch(want));

	it("refuses what is not UTF-8", () => expect(refusal(Buffer.from([0x7b, 0xff]))).toBe("malformed: the report is not UTF-8"));

	it("counts brackets in text as text", () => expect(refusal(tlsJson({ "contact-info": '[[[["\\'.repeat(100) }))).toBe("read"));

	it("gives a report or an error for anything", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
				expect(refusal(Buffer.from(octets))).toMatch(/^(malformed|too_large): /);
			}),
		);
		fc.assert(
			fc.property(fc.json(), fc.constantFrom("date-range", "policies", "report-id", "organization-name"), (json, field) => {
				expect(refusal(tlsJson({ [field]: JSON.parse(json) }))).toMatch(/^(read$|malformed: )/);
			}),
		);
	});
});
