import { symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { evidenceLine, sha256Hex } from "../../../model/canonical.ts";
import { defaultConfig } from "../../../model/config.ts";
import { type Evidence, evidenceSchema } from "../../../model/evidence.ts";
import { InputError } from "../../../model/source.ts";
import type { CollectContext } from "../collector.ts";
import { attestationYaml, baaYaml, emptyHash, folderWith, waiverYaml } from "./fixtures/register.ts";
import records, { loadRecords } from "./index.ts";

const refused = (): never => {
	throw new Error("records need no network");
};

function contextOf(path: string, signal = new AbortController().signal): CollectContext {
	return {
		config: defaultConfig,
		path,
		domain: () => undefined,
		resolver: { resolve: refused },
		connector: { network: defaultConfig.network, extraRoots: [], connect: refused },
		now: () => "2026-11-24T10:00:00Z",
		signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	};
}

async function collect(path: string, id = "records/", signal?: AbortSignal): Promise<Evidence[]> {
	const items: Evidence[] = [];
	for await (const item of records.collect({ id, type: "records" }, contextOf(path, signal))) items.push(item);
	return items;
}

const clinic = (name: string): string => fileURLToPath(new URL(`../../../examples/clinic-records/${name}/records`, import.meta.url));

describe("the records collector", () => {
	it("yields each record and one listing for each kind, in canonical form", async () => {
		const folder = await folderWith({ "documents/baa.pdf": "", "baa/v.yaml": baaYaml, "w.yaml": waiverYaml, "a.yaml": attestationYaml });
		const items = await collect(folder);
		for (const item of items) expect(() => evidenceLine(evidenceSchema.parse(item))).not.toThrow();
		const held: Readonly<Record<string, string>> = { "record.attestation": "attestation-1", "record.baa": "vendor-1", "record.waiver": "waiver-1" };
		expect(items.map((item) => [item.kind, item.id, item.status])).toEqual(
			records.produces.flatMap((kind) => [...(held[kind] === undefined ? [] : [[kind, held[kind], "ok"]]), ["listing", `${kind}@records/`, "ok"]]),
		);
		expect(items.find((item) => item.kind === "record.baa")).toEqual({
			kind: "record.baa",
			id: "vendor-1",
			status: "ok",
			values: {
				id: "vendor-1",
				createdOn: "2025-01-02",
				lastInEffectOn: null,
				owner: { name: "Security Official", role: "Security Official", email: "security@clinic.example" },
				party: { legalName: "Example Vendor Inc.", kind: "business_associate" },
				status: "executed",
				source: "signed_document",
				signedBy: [{ name: "Contracts Department", signedOn: "2024-12-20" }],
				effectiveOn: "2025-01-01",
				endsOn: "2027-12-31",
				document: { path: "documents/baa.pdf", sha256: emptyHash, documentStatus: "ok" },
				hosts: ["vendor.example"],
				breachNoticeDays: 30,
				knownIssues: [{ foundOn: "2025-05-01", pattern: "late notice", action: "cured", closedOn: "2025-06-01" }],
				clauses: { permittedUses: { present: "yes", pageRef: 2 }, delegatedObligations: { present: "not_applicable" } },
				disposeNotBefore: "2033-12-31",
				notes: "plain",
				file: { path: "baa/v.yaml", line: 3, sha256: sha256Hex(baaYaml) },
			},
			source: { collector: "records", version: "1", call: "read baa/v.yaml", target: "records/" },
			collectedAt: "2026-11-24T10:00:00Z",
		});
		expect(items.find((item) => item.id === "record.baa@records/")?.values).toEqual({ kind: "record.baa", target: "records/", count: 1, complete: true });
		expect(items[0]).toHaveProperty("values.evidence", [{ uri: "https://clinic.example/review.pdf", sha256: emptyHash, documentStatus: "not_checked" }]);
		for (const item of items) if (item.kind !== "listing") expect(records.produces).toContain(item.kind);
	});

	it("throws every problem before it yields anything", async () => {
		const folder = await folderWith({ "a.yaml": attestationYaml, "b.yaml": baaYaml.replace("status: executed", "status: done"), "c.yaml": "[" });
		const items: Evidence[] = [];
		const run = async (): Promise<void> => {
			for await (const item of records.collect({ id: "my/records", type: "records" }, contextOf(folder))) items.push(item);
		};
		const error = await run().catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(InputError);
		expect((error as InputError).problems.map((problem) => problem.file)).toEqual(["my/records/b.yaml", "my/records/c.yaml"]);
		expect(items).toEqual([]);
	});

	it("takes an absent or empty folder for a positive none", async () => {
		const folder = await folderWith({});
		for (const path of [folder, join(folder, "nowhere")]) {
			const items = await collect(path, "r");
			expect(items.map((item) => item.values)).toEqual(records.produces.map((kind) => ({ kind, target: "r", count: 0, complete: true })));
		}
	});

	it("lists nothing once it was stopped", async () => {
		expect(await collect(await folderWith({ "a.yaml": attestationYaml }), "r", AbortSignal.abort())).toEqual([]);
	});

	it("gives the same items in the same order whatever the order of the files", async () => {
		const second = waiverYaml.replace("waiver-1", "waiver-0");
		const one = await loadRecords(await folderWith({ "a.yaml": waiverYaml, "b.yaml": second }));
		const two = await loadRecords(await folderWith({ "b.yaml": waiverYaml, "a.yaml": second }));
		expect(one.items.map((item) => item.id)).toEqual(["waiver-0", "waiver-1"]);
		expect(two.items.map((item) => item.id)).toEqual(["waiver-0", "waiver-1"]);
	});
});

describe("documents", () => {
	const statusOf = async (folder: string): Promise<unknown> => {
		const { items, problems } = await loadRecords(folder);
		expect(problems).toEqual([]);
		return (items[0]?.values as { document: { documentStatus: unknown } } | undefined)?.document.documentStatus;
	};
	const withPath = (path: string): string => baaYaml.replace("documents/baa.pdf", path);

	it("are hashed, in the folder or beside it", async () => {
		expect(await statusOf(await folderWith({ "x.yaml": baaYaml, "documents/baa.pdf": "" }))).toBe("ok");
		const folder = await folderWith({ "x.yaml": withPath("../contracts.pdf") });
		await writeFile(join(dirname(folder), "contracts.pdf"), "");
		expect(await statusOf(folder)).toBe("ok");
	});
	it("differ, are missing, cannot be looked at, or are not fetched", async () => {
		expect(await statusOf(await folderWith({ "x.yaml": baaYaml, "documents/baa.pdf": "changed" }))).toBe("hash_differs");
		expect(await statusOf(await folderWith({ "x.yaml": baaYaml }))).toBe("missing");
		expect(await statusOf(await folderWith({ "x.yaml": baaYaml, documents: "a file" }))).toBe("missing");
		expect(await statusOf(await folderWith({ "x.yaml": baaYaml, "documents/baa.pdf/x": "a folder" }))).toBe("unreadable");
		expect(await statusOf(await folderWith({ "x.yaml": baaYaml.replace("path: documents/baa.pdf", "uri: s3://bucket/baa.pdf") }))).toBe("not_checked");
		const draft = baaYaml.replace("status: executed", "status: draft").replace(`, sha256: ${emptyHash}`, "");
		expect(await statusOf(await folderWith({ "x.yaml": draft, "documents/baa.pdf": "" }))).toBe("not_hashed");
	});
	it("are not looked at further away, by path or by link", async () => {
		expect(await statusOf(await folderWith({ "x.yaml": withPath("../../../etc/hostname") }))).toBe("unreadable");
		const folder = await folderWith({ "x.yaml": withPath("link.pdf") });
		await symlink("/dev/zero", join(folder, "link.pdf"));
		expect(await statusOf(folder)).toBe("unreadable");
	});
	it("of several megabytes are hashed", async () => {
		const octets = Buffer.alloc(5_000_000, 7);
		const folder = await folderWith({ "x.yaml": baaYaml.replace(emptyHash, sha256Hex(octets)), "documents/baa.pdf": octets });
		expect(await statusOf(folder)).toBe("ok");
	});
});

describe("the sample clinics", () => {
	const summary = async (name: string): Promise<unknown[]> => {
		const { items, problems } = await loadRecords(clinic(name));
		expect(problems).toEqual([]);
		const own = items.filter((item) => ["attestation", "baa", "waiver"].includes(item.kind));
		return own.map((item) => [item.kind, item.id, (item.values as { document?: { documentStatus: string } }).document?.documentStatus]);
	};
	it("exemplary: every document is there", async () => {
		expect(await summary("exemplary")).toEqual([
			["attestation", "subject-lines-2026-q3", undefined],
			["baa", "aws-2025", "ok"],
		]);
		const { items } = await loadRecords(clinic("exemplary"));
		expect(JSON.stringify(items).match(/"documentStatus":"(?!ok")/g)).toBeNull();
		const clauses = (items.find((item) => item.kind === "baa")?.values.clauses ?? {}) as Record<string, { present: string; pageRef?: unknown }>;
		expect(Object.keys(clauses)).toHaveLength(15);
		for (const clause of Object.values(clauses)) expect(clause.pageRef).toBeDefined();
	});
	it("typical: a clause is left open, one agreement is none", async () => {
		expect(await summary("typical")).toEqual([
			["baa", "google-workspace-2023", "ok"],
			["baa", "mailchimp-2024", "ok"],
			["waiver", "mta-sts-2026", undefined],
		]);
	});
	it("neglected: ended, draft, missing, changed", async () => {
		expect(await summary("neglected")).toEqual([
			["baa", "constant-contact-2019", "ok"],
			["baa", "google-workspace-2018", "hash_differs"],
			["baa", "hubspot-draft", undefined],
			["baa", "mailgun-2020", "missing"],
			["waiver", "spf-2023", undefined],
		]);
	});
});
