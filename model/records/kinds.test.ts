import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { controlFacts, controlIds } from "./control-catalogue.ts";
import { baaClauses, recordKinds, retentionOf } from "./index.ts";
import { subjectRef } from "./shared.ts";
import { samePerson } from "./waiver.ts";

interface CatalogueRow {
	id: string;
	implementation: string;
	provenBy: string[];
}

const samples = new URL("../../examples/clinic-records/", import.meta.url);

/** A file of the kind among the samples; those that feed the report alone have none. */
function sampleOf(kind: string): unknown {
	for (const file of readdirSync(samples, { recursive: true, encoding: "utf8" })) {
		if (!file.endsWith(".yaml")) continue;
		const value = parse(readFileSync(new URL(file, samples), "utf8")) as { schema: string; records: unknown[] };
		if (value.schema === `mailward/${kind}/v1` && value.records.length > 0) return value;
	}
	if (!["engagement", "poam", "response"].includes(kind)) throw new Error(`no sample of ${kind}`);
	return undefined;
}

describe("the registry of kinds", () => {
	it("has one row for each kind, and a version", () => {
		const names = recordKinds.map((kind) => kind.kind);
		expect(names).toEqual([...new Set(names)].sort());
		for (const kind of recordKinds) expect(kind.version).toBe(1);
	});

	it("has a JSON Schema for each kind, which the samples satisfy", () => {
		for (const kind of recordKinds) {
			const schema = z.toJSONSchema(kind.file, { io: "input" });
			expect(schema.additionalProperties).toBe(false);
			if (kind.kind === "baa") expect(JSON.stringify(schema)).toContain(`"type":"integer","minimum":0,"maximum":60`);
			const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
			const value = sampleOf(kind.kind);
			if (value === undefined) continue;
			expect([validate(value), validate.errors]).toEqual([true, null]);
			expect(kind.file.safeParse(value).success).toBe(true);
			expect(validate({ ...(value as object), records: [{ id: "x" }] })).toBe(false);
		}
	});

	it("lists the clauses in the order of the rule, twelve for BAA-02 and three for BAA-03", () => {
		const citations = Object.values(baaClauses);
		expect(citations.filter((citation) => citation.startsWith("45 CFR 164.504(e)(2)"))).toHaveLength(12);
		expect(citations.filter((citation) => citation.startsWith("45 CFR 164.314(a)(2)(i)"))).toHaveLength(3);
	});
});

describe("the control facts", () => {
	it("are those of the frameworks", () => {
		const rows = ["hipaa", "nprm-2025"].flatMap((name) => {
			const text = readFileSync(new URL(`../../checks/frameworks/${name}.yaml`, import.meta.url), "utf8");
			return (parse(text) as { controls: CatalogueRow[] }).controls;
		});
		expect([...controlIds].sort()).toEqual(rows.map((row) => row.id).sort());
		for (const row of rows) {
			expect({ id: row.id, ...controlFacts(row.id) }).toEqual({
				id: row.id,
				implementation: row.implementation,
				byPerson: row.provenBy.includes("record") || row.provenBy.includes("attestation"),
			});
		}
	});
	it("know nothing of names that every object has", () => expect(controlFacts("constructor")).toBeUndefined());
});

describe("shared forms", () => {
	it("takes subjectRef of 128 bits or more in base32, and no hash of another form", () => {
		expect(subjectRef.safeParse(`sub_${"a2b3c4d5".repeat(4)}`).success).toBe(true);
		expect(subjectRef.safeParse(`sub_${"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`).success).toBe(true);
		for (const bad of [`sub_${"a".repeat(25)}`, `sub_${"a".repeat(53)}`, "a".repeat(30), `sub_${"!".repeat(30)}`, "sub_", ""])
			expect(subjectRef.safeParse(bad).success).toBe(false);
	});
	it("tells people apart by address, else by name", () => {
		expect(samePerson({ name: "A", email: "a@x.example" }, { name: "B", email: "A@x.example" })).toBe(true);
		expect(samePerson({ name: "Security  Official" }, { name: "security official", email: "b@x.example" })).toBe(true);
		expect(samePerson({ name: "A", email: "a@x.example" }, { name: "A", email: "b@x.example" })).toBe(false);
		expect(samePerson(undefined, null)).toBe(false);
	});
});

describe("retention of a record", () => {
	const kindOf = (name: string) => {
		const kind = recordKinds.find((one) => one.kind === name);
		if (kind === undefined) throw new Error(name);
		return kind;
	};
	it("runs from the end of an agreement, the end of a waiver, the day of an attestation", () => {
		expect(retentionOf(kindOf("baa"), { createdOn: "2020-01-01", endsOn: "2022-04-30" })).toBe("2028-04-30");
		expect(retentionOf(kindOf("baa"), { createdOn: "2020-01-01", endsOn: null })).toBe("open");
		expect(retentionOf(kindOf("waiver"), { createdOn: "2020-01-01", expiresOn: "2021-01-01", lastInEffectOn: "2020-06-01" })).toBe("2026-06-01");
		expect(retentionOf(kindOf("attestation"), { createdOn: "2026-10-06", performedOn: "2026-10-05" })).toBe("2032-10-06");
	});
	it("is moved out by a hold or a later date in the record, never in", () => {
		const record = { createdOn: "2020-01-01", endsOn: "2022-04-30" };
		expect(retentionOf(kindOf("baa"), { ...record, retentionHold: { reason: "litigation", until: "2031-01-01" } })).toBe("2031-01-01");
		expect(retentionOf(kindOf("baa"), { ...record, retentionHold: { reason: "litigation", until: "2021-01-01" } })).toBe("2028-04-30");
		expect(retentionOf(kindOf("baa"), { ...record, disposeNotBefore: "2030-01-01" })).toBe("2030-01-01");
	});
});
