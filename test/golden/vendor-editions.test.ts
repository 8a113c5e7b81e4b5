import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadVendors } from "../../checks/data/vendors/load-vendors.ts";
import { type Lab, loadWorld, startLab } from "../../lab/index.ts";
import { configSchema } from "../../model/config.ts";
import { baaClauses } from "../../model/records/index.ts";
import { collect } from "../../pipeline/collect.ts";
import { evaluateBundle } from "../../pipeline/evaluate.ts";
import { now, removeTemporaryFolders, temporaryFolder } from "../smoke/support.ts";

/**
 * What is said of a domain that shows a vendor with a guide in DNS (lab/vendor-domains.yaml) and in the header and links of a message
 * (lab/vendor-messages), without an agreement and with one for each edition that the vendor data knows. A change of the file is a change of what users are told: read it before committing.
 */
const domains = {
	"Google Workspace": "google-workspace.example",
	"Gmail (consumer)": "gmail.example",
	"Microsoft 365 (Exchange Online)": "microsoft-365.example",
	"Outlook.com (consumer)": "outlook.example",
	Mailchimp: "mailchimp.example",
	HubSpot: "hubspot.example",
	Paubox: "paubox.example",
	LuxSci: "luxsci.example",
} as const;
const file = join(import.meta.dirname, "vendor-editions.json");
const world = join(import.meta.dirname, "../../lab/vendor-domains.yaml");
const messageOf = (domain: string): string => join(import.meta.dirname, "../../lab/vendor-messages", domain.replace(/\.example$/, ".eml"));
const guided = loadVendors().vendors.filter((row) => row.guide !== undefined);
const scans = Object.entries(domains).flatMap(([vendor, domain]) => {
	const editions = guided.find((row) => row.vendor === vendor)?.editions ?? [];
	return [null, ...editions.map(({ name }) => name)].map((edition) => ({ vendor, domain, edition }));
});
const found = new Map<string, string[]>();
let lab: Lab;

beforeAll(async () => {
	lab = await startLab(loadWorld(readFileSync(world, "utf8"), world), { now: new Date(now) });
});
afterAll(async () => {
	await lab.close();
	removeTemporaryFolders();
});

function register(vendor: string, edition: string | null): unknown {
	const official = { name: "Security Official", role: "Security Official" };
	const clauses = Object.fromEntries(Object.keys(baaClauses).map((key) => [key, { present: "yes", pageRef: "2" }]));
	const row = {
		id: "agreement",
		createdOn: "2026-01-15",
		owner: official,
		party: { legalName: vendor, kind: "business_associate" },
		status: "executed",
		source: "click_through",
		effectiveOn: "2026-01-15",
		acceptedOn: "2026-01-15",
		document: { uri: "https://clinic.example/agreement.pdf", sha256: "a".repeat(64) },
		edition,
		breachNoticeDays: 30,
		subcontractors: [],
		knownIssues: [],
		verification: { verifiedOn: "2026-06-01" },
		clauses,
	};
	return { schema: "mailward/baa/v1", records: edition === null ? [] : [row] };
}

describe("the vendors with a guide", () => {
	it("each have a domain in the lab, editions and a guide", () => {
		expect(guided.map((row) => row.vendor).sort()).toEqual(Object.keys(domains).sort());
		expect(guided.filter((row) => row.editions === undefined || row.messageHosts === undefined)).toEqual([]);
	});

	it.each(scans)("$vendor, edition $edition", { timeout: 60_000 }, async ({ vendor, domain, edition }) => {
		const dir = temporaryFolder();
		mkdirSync(join(dir, "records"));
		writeFileSync(join(dir, "records", "baa.yaml"), JSON.stringify(register(vendor, edition)));
		copyFileSync(messageOf(domain), join(dir, "message.eml"));
		const config = configSchema.parse({ version: 1, domains: [{ name: domain }], network: lab.network });
		const request = { domains: config.domains, plans: [], records: "records", content: ["message.eml"], open: (path: string) => join(dir, path) };
		const out = join(dir, "bundle");
		mkdirSync(out);
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		const include = ["vendors.*", "baa.*"];
		const options = { config, request, out, profile: "hipaa", concurrency: 4, now: () => new Date(now), progress: () => undefined, log, include };
		await collect({ ...options, signal: new AbortController().signal });
		const { results } = await evaluateBundle({ dir: out, include });
		const said = results.filter((one) => one.state !== "not_applicable" && (/^baa\.|^vendors\.(?:message|link)_hosts_covered$/.test(one.check) || one.resource.includes(vendor)));
		found.set(
			`${vendor} / ${edition ?? "no agreement"}`,
			said.map((one) => [one.check, /_hosts_covered$/.test(one.check) ? one.resource : null, one.state, one.reason?.code ?? null, one.message].filter((part) => part !== null).join(" | ")).sort(),
		);
		// Whoever shows in DNS without an agreement is found, whatever the vendor.
		if (edition === null) expect(said.find((one) => one.check === "vendors.declared")?.state).toBe("fail");
		// And whoever carries its messages or counts its links, of which DNS may show nothing.
		const hosts = said.filter((one) => /_hosts_covered$/.test(one.check));
		expect(hosts.length).toBeGreaterThanOrEqual(2);
		if (edition === null) expect(hosts.map((one) => one.state)).toContain("fail");
		if (edition === null) expect(hosts.map((one) => one.state)).not.toContain("pass");
	});

	it("are judged as on file", () => {
		const text = `${JSON.stringify(Object.fromEntries(found), null, "\t")}\n`;
		if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
		expect(text, "changed verdicts: if they are meant, run with UPDATE_GOLDEN=1").toBe(readFileSync(file, "utf8"));
	});
});
