import Ajv from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { realisticResult } from "../testing/realistic.ts";
import { filesOf, nothingAssessed, sampleDocuments } from "../testing/samples.ts";
import { noSchemas, schemaJson } from "../testing/shared-schemas.ts";
import { defaultTheme, type Theme } from "../theme/theme.ts";
import { writer } from "./index.ts";

const schemas: Readonly<Record<string, string>> = {
	"oscal/catalog.json": "oscal/oscal_catalog_schema.json",
	"oscal/assessment-plan.json": "oscal/oscal_assessment-plan_schema.json",
	"oscal/assessment-results.json": "oscal/oscal_assessment-results_schema.json",
	"oscal/poam.json": "oscal/oscal_poam_schema.json",
};

function parsed(result: ResultDocument): Map<string, unknown> {
	return new Map([...filesOf(writer, result)].map(([path, text]) => [path, JSON.parse(text) as unknown]));
}

/** Every value of a member with one of the names, at any depth. */
function valuesOf(value: unknown, names: readonly string[], into: string[] = []): string[] {
	if (Array.isArray(value)) for (const item of value) valuesOf(item, names, into);
	else if (typeof value === "object" && value !== null) {
		for (const [key, member] of Object.entries(value)) {
			if (names.includes(key) && typeof member === "string") into.push(member);
			else valuesOf(member, names, into);
		}
	}
	return into;
}

describe("oscal/", () => {
	it.skipIf(noSchemas !== null)("is valid by the schemas of NIST, for every sample", () => {
		const ajv = new Ajv.default({ strict: false });
		addFormats.default(ajv);
		for (const [path, schema] of Object.entries(schemas)) {
			const validate = ajv.compile(schemaJson(schema));
			for (const [name, result] of sampleDocuments()) {
				validate(parsed(result).get(path));
				expect([path, name, validate.errors]).toEqual([path, name, null]);
			}
			expect(validate({})).toBe(false);
		}
	});

	it("refers to nothing that is not there", () => {
		for (const [, result] of sampleDocuments()) {
			const files = parsed(result);
			const ids = new Set([...files.values()].flatMap((file) => valuesOf(file, ["uuid", "id"])));
			for (const [path, file] of files) {
				const named = valuesOf(file, [
					"observation-uuid",
					"risk-uuid",
					"subject-uuid",
					"actor-uuid",
					"component-uuid",
					"party-uuid",
					"role-id",
					"target-id",
					"control-id",
				]);
				const fragments = valuesOf(file, ["href"]).filter((href) => href.startsWith("#"));
				for (const one of [...named, ...fragments.map((href) => href.slice(1))]) if (!ids.has(one)) expect([path, one]).toEqual([path, "an id in the files"]);
				for (const href of valuesOf(file, ["href"]))
					if (!href.startsWith("#") && !href.startsWith("../evidence/")) expect(files.has(`oscal/${href}`)).toBe(true);
			}
		}
	});

	it("gives each thing in a file an id of its own", () => {
		for (const file of parsed(realisticResult()).values()) {
			const ids = valuesOf(file, ["uuid"]);
			expect(new Set(ids).size).toBe(ids.length);
		}
	});

	it("keeps the ids of findings from run to run, and changes that of the document", () => {
		const later = realisticResult();
		const moved = { ...later, run: { ...later.run, asOf: "2027-01-01T00:00:00Z" } };
		const [one, two] = [realisticResult(), moved].map(
			(result) => parsed(result).get("oscal/assessment-results.json") as { "assessment-results": { uuid: string } },
		);
		const inner = (file: unknown): string[] =>
			valuesOf((file as { "assessment-results": { results: { findings: unknown }[] } })["assessment-results"].results[0]?.findings, ["uuid"]);
		expect(inner(one)).toEqual(inner(two));
		expect(one?.["assessment-results"].uuid).not.toBe(two?.["assessment-results"].uuid);
	});

	it.each([
		["waiver_expired", "has expired"],
		["waiver_void", "is void"],
	] as const)("logs a waiver in state %s as what leaves the risk open, and takes its measure for none", (disposition, said) => {
		const result = realisticResult();
		const [id, check] = ["W-2026-03", "mta_sts.enforced"];
		const lapsed = result.results.map((item) => (item.state === "fail" && item.check === check ? { ...item, disposition, waiver: id } : item));
		const file = parsed({ ...result, results: lapsed }).get("oscal/poam.json") as {
			"plan-of-action-and-milestones": { risks: { props: { name: string; value: string }[]; status: string; "mitigating-factors"?: object[] }[] };
		};
		const risks = file["plan-of-action-and-milestones"].risks.filter(({ props }) => props.some(({ name, value }) => name === "check-id" && value === check));
		expect(risks.length).toBeGreaterThan(0);
		for (const risk of risks) {
			expect(JSON.stringify(risk)).toMatch(new RegExp(`"title":"Waiver ${id} ${said}","start":"${result.run.asOf}","status-change":"(?:open|remediating)"`));
			expect(risk.status).not.toBe("deviation-approved");
			expect(risk["mitigating-factors"]).toBeUndefined();
		}
	});

	it("carries what people decided: the measure and its equivalence, approver, last day, plan and milestones", () => {
		interface Risk {
			status: string;
			deadline?: string;
			"mitigating-factors"?: { description: string }[];
			"risk-log"?: { entries: { title: string; "status-change": string; start: string; "logged-by"?: object[]; props?: { name: string; value: string }[] }[] };
			remediations?: { lifecycle: string; tasks?: { title: string; type: string }[]; props?: { name: string; value: string }[] }[];
		}
		for (const path of ["oscal/poam.json", "oscal/assessment-results.json"]) {
			const file = parsed(realisticResult()).get(path) as {
				"plan-of-action-and-milestones"?: { risks: Risk[] };
				"assessment-results"?: { results: { risks: Risk[] }[] };
			};
			const risks = file["plan-of-action-and-milestones"]?.risks ?? file["assessment-results"]?.results[0]?.risks ?? [];
			const waived = risks.find((risk) => risk.status === "deviation-approved");
			expect(waived?.deadline).toBe("2027-03-01T23:59:59Z");
			expect(waived?.["mitigating-factors"]?.[0]?.description).toMatch(
				/Alternative measure: Campaign reports.*Why it is equivalent: The export holds.*not reasonable and appropriate here: The newsletter/,
			);
			expect(waived?.["risk-log"]?.entries[0]).toMatchObject({
				title: "Waiver W-2026-03",
				"status-change": "deviation-approved",
				start: "2026-03-02T00:00:00Z",
				"logged-by": [{ "role-id": "waiver-approver" }],
				props: expect.arrayContaining([expect.objectContaining({ name: "approved-by", value: "Dana Reyes, security official" })]),
			});
			const planned = risks.find((risk) => risk.status === "remediating");
			expect(planned?.deadline).toBe("2026-10-31T23:59:59Z");
			expect(planned?.remediations?.find((one) => one.lifecycle === "planned")?.tasks?.map((task) => [task.type, task.title])).toEqual([
				["milestone", "Ask the vendor for a date"],
				["milestone", "Switch old versions off"],
			]);
		}
		expect(JSON.stringify(parsed(realisticResult()).get("oscal/assessment-results.json"))).toContain('"expires":"2027-05-31T23:59:59Z"');
	});

	it("takes no day of what the plan has done for a deadline, and logs nothing after the run", () => {
		const result = realisticResult();
		const entries = (name: string): Record<string, unknown>[] => result.records[name] as Record<string, unknown>[];
		const poam = entries("poam").map((item) => ({ ...item, status: "completed", verifiedBy: "scan of October" }));
		const waivers = entries("waivers").map((item) => ({ ...item, approvedOn: "2099-01-01" }));
		const file = parsed({ ...result, records: { ...result.records, poam, waivers } }).get("oscal/assessment-results.json") as {
			"assessment-results": { results: { risks: { status: string; deadline?: string; "risk-log"?: { entries: { start: string }[] } }[] }[] };
		};
		const risks = file["assessment-results"].results[0]?.risks ?? [];
		expect(risks.filter((risk) => risk.status !== "deviation-approved").flatMap((risk) => risk.deadline ?? [])).toEqual([]);
		const starts = risks.flatMap((risk) => risk["risk-log"]?.entries.map((entry) => entry.start) ?? []);
		expect(new Set(starts)).toEqual(new Set([result.run.asOf]));
	});

	it("names the hash of each evidence file that the bundle holds, and leads to none that it lacks", () => {
		const result = realisticResult();
		const linksWith = (evidenceFiles: Theme["evidenceFiles"]): { href: string; hashes?: object[] }[] => {
			const file = [...writer.write(result, { ...defaultTheme, evidenceFiles })].find(({ path }) => path === "oscal/assessment-results.json");
			const { "assessment-results": content } = JSON.parse([...(file?.chunks ?? [])].join("")) as {
				"assessment-results": { "back-matter": { resources: { rlinks?: { href: string; hashes?: object[] }[] }[] } };
			};
			return content["back-matter"].resources.flatMap((one) => one.rlinks ?? []).filter(({ href }) => href.startsWith("../evidence/"));
		};
		const sha256 = "ab".repeat(32);
		expect(linksWith([{ path: "evidence/dns.txt.jsonl", sha256 }])).toEqual([
			{ href: "../evidence/dns.txt.jsonl", "media-type": "application/jsonl", hashes: [{ algorithm: "SHA-256", value: sha256 }] },
		]);
		expect(linksWith([])).toEqual([]);
		expect(linksWith(null)).toEqual([{ href: "../evidence/dns.txt.jsonl", "media-type": "application/jsonl" }]);
	});

	it("calls nothing satisfied that was not assessed", () => {
		const file = parsed(nothingAssessed()).get("oscal/assessment-results.json");
		expect(valuesOf(file, ["state"])).not.toContain("satisfied");
		expect(JSON.stringify(file)).toContain('"methods":["UNKNOWN"]');
	});

	it("counts observations like the result", () => {
		for (const [, result] of sampleDocuments()) {
			const file = parsed(result).get("oscal/assessment-results.json") as {
				"assessment-results": { results: { observations?: { props: { name: string; value: string }[] }[] }[] };
			};
			const observations = file["assessment-results"].results[0]?.observations ?? [];
			const told = observations.map((one) => one.props.find((prop) => prop.name === "status")?.value).sort();
			expect(told).toEqual(result.results.map((item) => item.state).sort());
		}
	});
});
