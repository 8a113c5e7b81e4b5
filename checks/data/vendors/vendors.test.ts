import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../model/source.ts";
import { loadVendors, vendorKinds } from "./load-vendors.ts";

const { asOf, vendors, carriers } = loadVendors();
const columns = ["spfIncludes", "mxSuffixes", "dkimCnameSuffixes"] as const;

describe("the vendor data", () => {
	it("has a date and every column on every row", () => {
		expect(asOf).toMatch(/^\d{4}-\d{2}$/);
		expect(vendors.length).toBeGreaterThanOrEqual(132);
		for (const row of vendors) {
			for (const key of ["vendor", "kind", ...columns, "txtTokens", "baa", "baaNote", "source", "asOf", "confidence"])
				expect(Object.keys(row), row.vendor).toContain(key);
			expect(row.asOf === null || row.asOf <= asOf, row.vendor).toBe(true);
		}
	});
	it("names each vendor once, and uses each kind", () => {
		expect(new Set(vendors.map((row) => row.vendor)).size).toBe(vendors.length);
		expect(new Set(vendors.map((row) => row.kind))).toEqual(new Set(vendorKinds));
	});
	it("is confirmed only with a month, and tells what is to be confirmed", () => {
		for (const row of vendors) {
			if (row.confidence === "confirmed") expect(row.asOf, row.vendor).not.toBeNull();
			else expect(row.baaNote, row.vendor).toMatch(/confirm/i);
			if (/DISPUTED/.test(row.baaNote)) expect(row.confidence, row.vendor).toBe("confirm");
			if (row.baa === "unknown") expect(row.confidence, row.vendor).toBe("confirm");
		}
	});
	it("has suffixes in lower case, without outer dots, none covered by another in its list", () => {
		for (const row of vendors) {
			for (const column of columns) {
				for (const suffix of row[column]) {
					expect(suffix).toBe(suffix.toLowerCase());
					expect(suffix).not.toMatch(/^\.|\.$|\.\./);
					for (const other of row[column]) if (other !== suffix) expect(suffix.endsWith(`.${other}`), `${row.vendor} ${suffix}`).toBe(false);
				}
			}
			for (const token of row.txtTokens) expect(token.trim()).toBe(token);
		}
	});
	it("knows the carrier of every name that stands on several rows, and none besides", () => {
		for (const column of [...columns, "txtTokens"] as const) {
			const rows = new Map<string, string[]>();
			for (const row of vendors) for (const name of row[column]) rows.set(name, [...(rows.get(name) ?? []), row.vendor]);
			for (const [name, on] of rows) if (on.length > 1) expect(on, name).toContain(carriers.find((carrier) => carrier.name === name)?.vendor);
		}
		expect(carriers.map((carrier) => carrier.name)).toEqual(
			expect.arrayContaining([
				"amazonses.com",
				"dkim.amazonses.com",
				"inbound-smtp.*.amazonaws.com",
				"sendgrid.net",
				"mailgun.org",
				"spf.protection.outlook.com",
				"spf.titan.email",
			]),
		);
	});

	const reference = join(process.env.MAILWARD_SHARED ?? "../shared", "reference/vendors.tsv");
	const present = existsSync(reference);
	if (!present) console.log(`skipped: comparison with the reference table, ${reference} is not there`);
	it.skipIf(!present)("says what the reference table says", () => {
		const [header = "", ...lines] = readFileSync(reference, "utf8").trimEnd().split("\n");
		expect(header.split("\t")).toHaveLength(11);
		const list = (cell: string | undefined): string[] => (cell === undefined || cell === "" ? [] : cell.split(";"));
		const expected = lines.map((line) => {
			const [vendor, kind, spf, mx, dkim, txt, baa, baaNote, source, month, confidence] = line.split("\t");
			return {
				vendor,
				kind,
				spfIncludes: list(spf),
				mxSuffixes: list(mx),
				dkimCnameSuffixes: list(dkim),
				txtTokens: list(txt),
				baa,
				baaNote,
				source,
				asOf: month === "" ? null : month,
				confidence,
			};
		});
		const own = vendors.map(
			({
				source,
				addressDomains: _addressDomains,
				spfNeverAligns: _spfNeverAligns,
				editions: _editions,
				guide: _guide,
				messageHosts: _messageHosts,
				...row
			}) => ({
				...row,
				source: `DNS: ${source.dns} | BAA: ${source.baa}`,
			}),
		);
		expect(own).toEqual(expected);
	});
});

describe("a newer file of the user's", () => {
	const shipped = readFileSync(fileURLToPath(new URL("./vendors.yaml", import.meta.url)), "utf8");
	const folderWith = async (text: string): Promise<string> => {
		const folder = await mkdtemp(join(tmpdir(), "vendors-"));
		await writeFile(join(folder, "vendors.yaml"), text);
		return folder;
	};
	const faultOf = async (from: string, to: string): Promise<string> => {
		expect(shipped).toContain(from);
		const folder = await folderWith(shipped.replace(from, to));
		try {
			loadVendors(folder);
		} catch (error) {
			if (error instanceof InputError) return error.message.replace(`${folder}/`, "");
			throw error;
		}
		return "no fault";
	};

	it("is read from a file or a folder; a folder without one keeps the shipped data", async () => {
		const folder = await folderWith(shipped.replace('asOf: "2026-11"', 'asOf: "2027-03"'));
		expect(loadVendors(folder).asOf).toBe("2027-03");
		expect(loadVendors(join(folder, "vendors.yaml")).asOf).toBe("2027-03");
		expect(loadVendors(await mkdtemp(join(tmpdir(), "vendors-"))).asOf).toBe(asOf);
		expect(() => loadVendors(join(folder, "nowhere"))).toThrow(InputError);
	});
	it.each([
		["unknown column", "kind: mailbox", "kind: mailbox\n    knid: x", /^vendors\.yaml:\d+:5: error vendors\[0\]\.knid: unknown field; did you mean kind\?$/],
		["unknown kind", "kind: mailbox", "kind: letterbox", /vendors\[0\]\.kind/],
		["capital letters", '["_spf.google.com"]', '["_SPF.google.com"]', /vendors\[0\]\.spfIncludes\[0\]: expected a suffix/],
		["outer dot", '["_spf.google.com"]', '[".google.com"]', /vendors\[0\]\.spfIncludes\[0\]: expected a suffix/],
		["covered", '["google.com", "googlemail.com"]', '["google.com", "mx.google.com"]', /vendors\[0\]\.mxSuffixes\[1\]: covered by google\.com/],
		[
			"confirmed without a month",
			'asOf: "2026-11"\n    confidence: confirmed',
			"asOf: null\n    confidence: confirmed",
			/vendors\[0\]\.asOf: a confirmed verdict needs/,
		],
		["vendor twice", "vendor: Gmail (consumer)", "vendor: Google Workspace", /vendors\[1\]\.vendor: vendor stands twice/],
		["shared name without a carrier", '  - { name: "mailgun.org", vendor: "Mailgun (Sinch)" }\n', "", /carriers: mailgun\.org stands on several rows/],
		["carrier that is none", 'vendor: "Mailgun (Sinch)" }', 'vendor: "Nobody" }', /no such vendor/],
	])("is refused for %s, with a position", async (_name, from, to, expected) => expect(await faultOf(from, to)).toMatch(expected));
});
