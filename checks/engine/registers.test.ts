import { describe, expect, it } from "vitest";
import type { Evidence, Target } from "../../model/evidence.ts";
import { registersSchema } from "../../model/registers.ts";
import { sendOutcomes } from "../protocols/reconcile/index.ts";
import { EvidenceStore } from "./evidence-store.ts";
import { registersOf } from "./registers.ts";

const target: Target = { id: "records/", type: "records" };

function storeOf(...items: [kind: string, values: Record<string, unknown> & { id: string }][]): EvidenceStore {
	const store = new EvidenceStore([target]);
	for (const [kind, values] of items) {
		const source = { collector: "records", version: "1", call: "read x.yaml", target: target.id };
		const item: Evidence = { kind: `record.${kind}`, id: values.id, status: "ok", values, source, collectedAt: "2026-11-24T09:00:00Z" };
		store.add(item);
	}
	return store;
}

describe("registers of the report", () => {
	it("leave out what no record speaks of, so that none is told from zero", () => {
		expect(registersOf(storeOf(), "2026-11-24")).toEqual({});
	});

	it("hold what the scan saw beside the agreements, and counts of campaigns without the pseudonyms drawn", () => {
		const domain: Target = { id: "example.org", type: "domain" };
		const store = new EvidenceStore([target, domain]);
		const add = (kind: string, on: Target, id: string, values: object, gaps?: Evidence["gaps"]): void =>
			store.add({
				kind,
				id,
				status: "ok",
				values,
				gaps,
				source: { collector: "x", version: "1", call: "x", target: on.id },
				collectedAt: "2026-11-24T09:00:00Z",
			});
		add("derived.vendor", domain, "example.org/Mailchimp", { vendor: "Mailchimp", outcome: "undeclared", rows: [] });
		add("derived.message_host", domain, "example.org/a", {
			host: "mail1.mcsv.net",
			vendor: "Mailchimp",
			rows: [{ id: "b" }, { id: "a" }],
			noPhi: [],
			covered: false,
		});
		add(
			"derived.message_host",
			domain,
			"example.org/b",
			{ host: "x.example.net", vendor: null, rows: [], covered: false },
			{ covered: { code: "vendor_unknown" } },
		);
		add("derived.message_host", domain, "example.org", { host: null, covered: false });
		const authorization = Object.fromEntries(sendOutcomes.map((name) => [name, 1]));
		const flags = { opt_out_within: 0, opt_out_late: 0, opt_out_unlawful: 2, suppressed: 0 };
		const samples = { expired: { method: "all", references: ["sub_ABCDEFGHIJKLMNOPQRSTUVWXYZ"] } };
		add("sends.campaign", target, "camp-1", { campaign: "camp-1", sends: 12, needsAuthorization: true, authorization, flags, samples });
		const registers = registersOf(store, "2026-11-24");
		expect(registers.population?.map(({ name, outcome, rows }) => [name, outcome, rows])).toEqual([
			["Mailchimp", "undeclared", []],
			["mail1.mcsv.net", "not_covered", ["a", "b"]],
			["x.example.net", null, []],
		]);
		expect(registers.reconciliation).toEqual([{ campaign: "camp-1", sends: 12, needsAuthorization: true, authorization, flags }]);
		expect(registersSchema.parse(registers)).toEqual(registers);
		expect(JSON.stringify(registers)).not.toContain("sub_");
	});

	it("count people and never name them", () => {
		const subject = "sub_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
		const signature = { kind: "wet", at: "2026-01-01T10:00:00-06:00" };
		const person = (name: string, leftOn: string | null = null) => ({ name, hiredOn: "2020-01-01", leftOn, email: `${name}@clinic.example` });
		const course = { id: "mail", title: "Mail", contentVersion: "1" };
		const registers = registersOf(
			storeOf(
				["authorization", { id: "a1", subjectRef: subject, signature, expiration: { date: "2027-01-01" } }],
				["authorization", { id: "a2", subjectRef: subject, signature, expiration: { date: "2026-11-23" } }],
				["authorization", { id: "a3", subjectRef: subject, signature, revokedAt: "2026-02-01T10:00:00-06:00" }],
				["authorization", { id: "a4", subjectRef: subject }],
				[
					"authorization",
					{ id: "a5", subjectRef: subject, signature, expiration: { event: "end of care", resolver: { state: "occurred", checkedOn: "2026-11-01" } } },
				],
				["training", { id: "t1", person: person("ann"), course, completedOn: "2026-03-01" }],
				["training", { id: "t2", person: person("bob"), course, completedOn: null }],
				["training", { id: "t3", person: person("cai", "2026-06-30"), course, completedOn: null }],
			),
			"2026-11-24",
		);
		expect(registers.authorizations).toEqual({ total: 5, inForce: 1, unsigned: 1, revoked: 1, expired: 2 });
		expect(registers.training).toEqual({
			people: 2,
			courses: [{ id: "mail", title: "Mail", version: "1", completed: 1, open: 1, lastCompletedOn: "2026-03-01" }],
		});
		expect(JSON.stringify(registers)).not.toMatch(/sub_|ann|bob|@/);
	});

	it("keep decisions whole but for the addresses of staff and the place of the file", () => {
		const waiver = {
			id: "w",
			approvedBy: { name: "Ann", role: "official", email: "ann@clinic.example" },
			file: { path: "waivers.yaml", line: 3, sha256: "0" },
			disposeNotBefore: "2033-01-01",
		};
		const registers = registersOf(
			storeOf(["waiver", waiver], ["engagement", { id: "e", assessors: [{ name: "Kim", email: "kim@firm.example" }] }]),
			"2026-11-24",
		);
		expect(registers.waivers).toEqual([{ id: "w", approvedBy: { name: "Ann", role: "official" }, disposeNotBefore: "2033-01-01" }]);
		expect(registers.engagements).toEqual([{ id: "e", assessors: [{ name: "Kim" }] }]);
		expect(registers.retention).toEqual([{ kind: "waiver", records: 1, inForce: 0, firstDisposal: "2033-01-01" }]);
		expect(registersSchema.parse(registers)).toEqual(registers);
	});

	it("list agreements and policies by what an auditor asks for first", () => {
		const registers = registersOf(
			storeOf(
				[
					"baa",
					{
						id: "b",
						party: { legalName: "Mail LLC" },
						status: "executed",
						source: "click_through",
						effectiveOn: "2024-01-01",
						knownIssues: [{ action: "open" }, { action: "cured" }],
					},
				],
				["policy", { id: "p", title: "Mail", kind: "policy", version: "2", effectiveOn: "2024-01-01", reviews: [{ on: "2026-01-01" }, { on: "2025-01-01" }] }],
			),
			"2026-11-24",
		);
		expect(registers.agreements).toMatchObject([{ party: "Mail LLC", endsOn: null, services: [], verifiedOn: null, openIssues: 1 }]);
		expect(registers.policies).toMatchObject([{ title: "Mail", approvedOn: null, reviewedOn: "2026-01-01" }]);
		expect(registersSchema.parse(registers)).toEqual(registers);
	});
});
