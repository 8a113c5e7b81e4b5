import { describe, expect, it } from "vitest";
import { z } from "zod";
import { recordKinds } from "../../../model/records/index.ts";
import { defineRecordKind } from "../../../model/records/kind.ts";
import { sharedFields, subjectRef } from "../../../model/records/shared.ts";
import { formatProblem } from "../../../model/source.ts";
import { problemsOf } from "./fixtures/problems.ts";
import { attestationYaml, baaYaml, emptyHash, folderWith, waiverYaml } from "./fixtures/register.ts";
import { loadRecords } from "./load.ts";

const samples = { "baa.yaml": baaYaml, "waivers.yaml": waiverYaml, "attestations.yaml": attestationYaml };
type Sample = keyof typeof samples;

/** The sample with one change; the change must be one. */
function changed(sample: Sample, from: string, to: string): Record<string, string> {
	expect(samples[sample]).toContain(from);
	return { [sample]: samples[sample].replace(from, to) };
}

const cases: [string, Sample, string, string, string][] = [
	// REC-101, with the nearest name.
	["unknown field", "baa.yaml", "notes: plain", "noets: plain", "21:5: error REC-101 records[0].noets: unknown field; did you mean notes?"],
	[
		"unknown field deeper",
		"baa.yaml",
		"hosts: [vendor.example]",
		"covredServices: []",
		"14:5: error REC-101 records[0].covredServices: unknown field; did you mean coveredServices?",
	],
	[
		"unknown clause",
		"baa.yaml",
		"permittedUses: {",
		"permitedUses: {",
		"18:7: error REC-101 records[0].clauses.permitedUses: unknown field; did you mean permittedUses?",
	],
	["unknown field of the file", "baa.yaml", "schema: mailward/baa/v1", "schema: mailward/baa/v1\nversion: 2", "2:1: error REC-101 version: unknown field"],
	["a field that JavaScript knows", "baa.yaml", "notes: plain", "__proto__: {a: 1}", "21:5: error REC-101 records[0].__proto__: unknown field"],
	// REC-102
	["missing field", "baa.yaml", "    createdOn: 2025-01-02\n", "", "3:5: error REC-102 records[0].createdOn: required field missing"],
	[
		"field without a value",
		"baa.yaml",
		"createdOn: 2025-01-02",
		"createdOn:",
		"4:15: error REC-102 records[0].createdOn: required field missing: it has no value",
	],
	["missing choice", "baa.yaml", "    status: executed\n", "", "3:5: error REC-102 records[0].status: required field missing"],
	[
		"executed without hash",
		"baa.yaml",
		`, sha256: ${emptyHash}`,
		"",
		"13:15: error REC-102 records[0].document.sha256: required field missing: an executed agreement names the hash of its document",
	],
	[
		"executed without document",
		"baa.yaml",
		`    document: {path: documents/baa.pdf, sha256: ${emptyHash}}\n`,
		"",
		"3:5: error REC-102 records[0].document: required field missing: an executed agreement names the hash of its document",
	],
	[
		"executed without signers",
		"baa.yaml",
		"signedBy: [{name: Contracts Department, signedOn: 2024-12-20}]",
		"signedBy: []",
		"10:15: error REC-102 records[0].signedBy: required field missing: a signed document names who signed it",
	],
	[
		"executed, no effective date",
		"baa.yaml",
		"    effectiveOn: 2025-01-01\n",
		"",
		"3:5: error REC-102 records[0].effectiveOn: required field missing: an executed agreement has an effective date",
	],
	[
		"evidence nowhere",
		"attestations.yaml",
		'uri: "https://clinic.example/review.pdf", ',
		"",
		"13:16: error REC-102 records[0].evidence[0]: required field missing: path or uri",
	],
	[
		"met without evidence",
		"attestations.yaml",
		`[{uri: "https://clinic.example/review.pdf", sha256: ${emptyHash}}]`,
		"[]",
		"13:15: error REC-102 records[0].evidence: required field missing: an outcome of met rests on at least one piece of evidence with its hash",
	],
	[
		"waiver without a why",
		"waivers.yaml",
		"    notReasonableBecause: no\n",
		"",
		"3:5: error REC-102 records[0].notReasonableBecause: required field missing: why the specification is not reasonable here (45 CFR 164.306(d)(3)(ii)(B)(1))",
	],
	[
		"waiver without a measure",
		"waivers.yaml",
		"    alternativeMeasure: {text: a relay, checkIds: [smtp.relay]}\n",
		"",
		"3:5: error REC-102 records[0].alternativeMeasure: required field missing: the equivalent measure (45 CFR 164.306(d)(3)(ii)(B)(2))",
	],
	["waiver without expiry", "waivers.yaml", "    expiresOn: 2026-12-31\n", "", "3:5: error REC-102 records[0].expiresOn: required field missing"],
	[
		"waiver of nothing",
		"waivers.yaml",
		"      checks: [smtp.starttls_offered]\n",
		"",
		"8:7: error REC-102 records[0].scope: required field missing: at least one of checks or findings",
	],
	[
		"compensating, no control",
		"waivers.yaml",
		"kind: addressable_alternative",
		"kind: compensating_control",
		"3:5: error REC-102 records[0].compensatingControl: required field missing: the control that stands in for the one waived",
	],
	[
		"approver without role",
		"waivers.yaml",
		"{name: Security Official, role: Security Official}",
		"{name: Security Official}",
		"16:17: error REC-102 records[0].approvedBy.role: required field missing",
	],
	// REC-103
	[
		"value outside the set",
		"baa.yaml",
		"status: executed",
		"status: exectued",
		'8:13: error REC-103 records[0].status: expected one of draft, sent, executed, terminated, got "exectued"',
	],
	[
		"clause that must apply",
		"baa.yaml",
		"present: yes",
		"present: not_applicable",
		'18:32: error REC-103 records[0].clauses.permittedUses.present: expected one of yes, no, got "not_applicable"',
	],
	[
		"clause as boolean",
		"baa.yaml",
		"present: yes",
		"present: true",
		"18:32: error REC-103 records[0].clauses.permittedUses.present: expected one of yes, no, got true",
	],
	[
		"notice over 60 days",
		"baa.yaml",
		"breachNoticeDays: 30",
		"breachNoticeDays: 61",
		"15:23: error REC-103 records[0].breachNoticeDays: expected 0 to 60 days, got 61",
	],
	[
		"own approval",
		"waivers.yaml",
		"requestedBy: {name: Office Manager}",
		"requestedBy: {name: security  official}",
		"16:17: error REC-103 records[0].approvedBy: expected another person than requestedBy: nobody approves their own waiver",
	],
	[
		"not addressable",
		"waivers.yaml",
		"[TEC-10]",
		"[TEC-01]",
		"8:18: error REC-103 records[0].scope.controls[0]: expected a control that the Security Rule marks addressable (45 CFR 164.306(d)(3))",
	],
	[
		"only a machine can prove it",
		"attestations.yaml",
		"[CSP-02]",
		"[CSP-02, TEC-01]",
		"6:24: error REC-103 records[0].controls[1]: expected a control that a record or a person may prove; this one only a machine can",
	],
	// REC-104
	[
		"date form",
		"baa.yaml",
		"effectiveOn: 2025-01-01",
		'effectiveOn: "13/02/2025"',
		'11:18: error REC-104 records[0].effectiveOn: expected a date YYYY-MM-DD, got "13/02/2025"',
	],
	[
		"date that does not exist",
		"baa.yaml",
		"effectiveOn: 2025-01-01",
		"effectiveOn: 2025-02-29",
		'11:18: error REC-104 records[0].effectiveOn: expected a date YYYY-MM-DD that exists in the calendar, got "2025-02-29"',
	],
	[
		"date as a number",
		"baa.yaml",
		"effectiveOn: 2025-01-01",
		"effectiveOn: 2025",
		"11:18: error REC-104 records[0].effectiveOn: expected a date YYYY-MM-DD, got 2025",
	],
	[
		"hash in capitals",
		"baa.yaml",
		emptyHash,
		emptyHash.toUpperCase(),
		"13:49: error REC-104 records[0].document.sha256: expected a SHA-256 hash of 64 lower-case hex digits, got text of 64 characters, not shown",
	],
	[
		"not whole",
		"baa.yaml",
		"breachNoticeDays: 30",
		"breachNoticeDays: 30.5",
		"15:23: error REC-104 records[0].breachNoticeDays: expected a whole number of days, got 30.5",
	],
	[
		"not a number",
		"baa.yaml",
		"breachNoticeDays: 30",
		"breachNoticeDays: thirty",
		'15:23: error REC-104 records[0].breachNoticeDays: expected a whole number of days, got "thirty"',
	],
	[
		"id form",
		"baa.yaml",
		"id: vendor-1",
		"id: vendor 1",
		'3:9: error REC-104 records[0].id: expected an id of up to 64 letters, digits, dots, underscores and hyphens, got "vendor 1"',
	],
	["map for text", "baa.yaml", "notes: plain", "notes: {a: b}", "21:12: error REC-104 records[0].notes: expected text, got a map"],
	[
		"text for list",
		"baa.yaml",
		"hosts: [vendor.example]",
		"hosts: vendor.example",
		'14:12: error REC-104 records[0].hosts: expected a list, got "vendor.example"',
	],
	[
		"one label",
		"baa.yaml",
		"hosts: [vendor.example]",
		"hosts: [com]",
		'14:13: error REC-104 records[0].hosts[0]: expected a host name of at least two labels, such as mail.example.org, got "com"',
	],
	[
		"absolute path",
		"baa.yaml",
		"path: documents/baa.pdf",
		"path: /etc/passwd",
		'13:22: error REC-104 records[0].document.path: expected a path relative to the records folder, with forward slashes; use uri for a document that lives elsewhere, got "/etc/passwd"',
	],
	[
		"lone surrogate",
		"baa.yaml",
		"notes: plain",
		'notes: "\\ud800"',
		'21:12: error REC-104 records[0].notes: expected text without unpaired surrogates, got "\\ud800"',
	],
	[
		"star in the middle",
		"waivers.yaml",
		'"mx1.clinic.example|192.0.2.1|*"',
		'"mx*.clinic.example"',
		'10:19: error REC-104 records[0].scope.resources[0]: expected a resource id as printed; * only at the end of an id, got "mx*.clinic.example"',
	],
	[
		"star alone",
		"waivers.yaml",
		'"mx1.clinic.example|192.0.2.1|*"',
		'"*"',
		'10:19: error REC-104 records[0].scope.resources[0]: expected a resource id as printed; * only at the end of an id, got "*"',
	],
	[
		"star in a check",
		"waivers.yaml",
		"checks: [smtp.starttls_offered]",
		'checks: ["smtp.*"]',
		'9:16: error REC-104 records[0].scope.checks[0]: expected an id exactly as printed, without *, got "smtp.*"',
	],
	["records no list", "baa.yaml", baaYaml.slice(baaYaml.indexOf("records:")), "records: none\n", '2:10: error REC-104 records: expected a list, got "none"'],
	["record no map", "baa.yaml", baaYaml.slice(baaYaml.indexOf("records:")), "records: [text]\n", '2:11: error REC-104 records[0]: expected a map, got "text"'],
	// REC-105
	[
		"end before start",
		"baa.yaml",
		"endsOn: 2027-12-31",
		"endsOn: 2024-12-31",
		"12:13: error REC-105 records[0].endsOn: dates out of order: endsOn 2024-12-31 is before effectiveOn 2025-01-01",
	],
	[
		"closed before found",
		"baa.yaml",
		"closedOn: 2025-06-01",
		"closedOn: 2025-04-01",
		"16:88: error REC-105 records[0].knownIssues[0].closedOn: dates out of order: closedOn 2025-04-01 is before foundOn 2025-05-01",
	],
	[
		"waiver ends first",
		"waivers.yaml",
		"expiresOn: 2026-12-31",
		"expiresOn: 2026-05-31",
		"19:16: error REC-105 records[0].expiresOn: dates out of order: expiresOn 2026-05-31 is before reviewOn 2026-06-01",
	],
	[
		"valid before performed",
		"attestations.yaml",
		"validUntil: 2026-12-31",
		"validUntil: 2025-12-31",
		"12:17: error REC-105 records[0].validUntil: dates out of order: validUntil 2025-12-31 is before performedOn 2026-01-02",
	],
	// REC-106
	["unknown control, waiver", "waivers.yaml", "[TEC-10]", "[TEC-99]", "8:18: error REC-106 records[0].scope.controls[0]: the catalogue has no such control"],
	["unknown control, attested", "attestations.yaml", "[CSP-02]", "[CSP-99]", "6:16: error REC-106 records[0].controls[0]: the catalogue has no such control"],
	// REC-107
	[
		"no schema",
		"baa.yaml",
		"schema: mailward/baa/v1\n",
		"",
		`1:1: error REC-107 schema: required field missing; expected mailward/<kind>/v1 with a kind of ${recordKinds.map((kind) => kind.kind).join(", ")}`,
	],
	[
		"kind unknown",
		"baa.yaml",
		"mailward/baa/v1",
		"mailward/ba/v1",
		'1:9: error REC-107 schema: unknown kind of record, got "mailward/ba/v1"; did you mean baa?',
	],
	[
		"version too new",
		"baa.yaml",
		"mailward/baa/v1",
		"mailward/baa/v2",
		"1:9: error REC-107 schema: schema version 2 is newer than this version of mailward reads (1); update mailward",
	],
	["another schema", "baa.yaml", "mailward/baa/v1", "v1", '1:9: error REC-107 schema: expected mailward/<kind>/v1, got "v1"'],
	// REC-108
	[
		"disposed of too early",
		"baa.yaml",
		"disposeNotBefore: 2033-12-31",
		"disposeNotBefore: 2033-12-30",
		"20:23: error REC-108 records[0].disposeNotBefore: disposeNotBefore 2033-12-30 is earlier than the computed date 2033-12-31",
	],
	[
		"disposal of what is in force",
		"baa.yaml",
		"endsOn: 2027-12-31",
		"endsOn: null",
		"20:23: error REC-108 records[0].disposeNotBefore: disposeNotBefore 2033-12-31, but the record is in force: the date is open",
	],
	// REC-120
	[
		"phone number",
		"baa.yaml",
		"name: Contracts Department",
		"name: 217-555-0123",
		"10:23: error REC-120 records[0].signedBy[0].name: looks like a US phone number; value not shown (detector phone)",
	],
	[
		"address outside staff",
		"baa.yaml",
		"notes: plain",
		"notes: pat@clinic.example",
		"21:12: error REC-120 records[0].notes: looks like a mail address; value not shown (detector email)",
	],
	// REC-100
	["duplicate key", "baa.yaml", "notes: plain", "status: executed", "21:5: error REC-100 not valid YAML: duplicate key"],
	["tab", "baa.yaml", "    notes: plain", "\tnotes: plain", "21:1: error REC-100 not valid YAML: tab used as indentation; use spaces"],
	["quote left open", "baa.yaml", "notes: plain", 'notes: "plain', "22:1: error REC-100 not valid YAML: a quote is not closed"],
	["unknown tag", "baa.yaml", "notes: plain", "notes: !secret plain", "21:12: error REC-100 not valid YAML: unknown tag, or an alias without its anchor"],
];

describe("problems of one file", () => {
	it("finds none in the samples", async () => expect(await problemsOf(samples)).toEqual([]));
	it.each(cases)("%s", async (_name, sample, from, to, expected) => {
		expect(await problemsOf(changed(sample, from, to))).toEqual([`records/${sample}:${expected}`]);
	});
});

describe("a kind that names subjects", () => {
	const kind = defineRecordKind({
		kind: "subject-test",
		namesSubjects: true,
		fields: z.strictObject({ ...sharedFields, subjectRef, wanted: z.enum(["a", "b"]) }),
		rules: () => [],
		lastInEffect: () => null,
	});
	it("reports REC-121 and never shows a wrong value", async () => {
		const folder = await folderWith({
			"s.yaml":
				"schema: mailward/subject-test/v1\nrecords:\n  - id: s1\n    createdOn: never\n    owner: {name: Privacy Official}\n    subjectRef: pat sample\n    wanted: zebra\n",
		});
		const { problems } = await loadRecords(folder, { kinds: [kind], label: "records" });
		expect(problems.map(formatProblem)).toEqual([
			"records/s.yaml:4:16: error REC-104 records[0].createdOn: expected a date YYYY-MM-DD, got text of 5 characters, not shown",
			"records/s.yaml:6:17: error REC-121 records[0].subjectRef: expected sub_ and 26 to 52 base32 characters: a random value or a keyed HMAC, never a hash of an address or record number, got text of 10 characters, not shown",
			"records/s.yaml:7:13: error REC-103 records[0].wanted: expected one of a, b, got text of 5 characters, not shown",
		]);
	});
});
