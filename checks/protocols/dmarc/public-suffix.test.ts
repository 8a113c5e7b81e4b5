import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { toQueryName } from "./domain-name.ts";
import { organizationalDomain } from "./organizational-domain.ts";

const file = resolve(join(process.env.MAILWARD_SHARED ?? "../shared", "conformance/psl/tests.txt"));

if (!existsSync(file)) console.log("skipped: conformance/psl/tests.txt is not there (set MAILWARD_SHARED)");

/** Name and registrable domain by the list, both as asked in DNS; cases without a registrable domain are left out. */
function listCases(): { name: string; registrable: string }[] {
	const cases: { name: string; registrable: string }[] = [];
	for (const line of readFileSync(file, "utf8").split("\n")) {
		if (line.startsWith("//") || line.trim() === "") continue;
		const [name = "", expected = ""] = line.trim().split(/\s+/);
		const asked = toQueryName(name);
		const registrable = expected === "null" ? undefined : toQueryName(expected);
		if (asked !== undefined && registrable !== undefined) cases.push({ name: asked, registrable });
	}
	return cases;
}

const walk = async (domain: string, records: Record<string, string>) => {
	const zone: Record<string, Zone[string]> = {};
	for (const [name, text] of Object.entries(records)) zone[`_dmarc.${name}`] = { TXT: [text] };
	return (await organizationalDomain({ domain, resolver: zoneResolver(zone) })).domain;
};
const suffixOf = (domain: string) => domain.slice(domain.indexOf(".") + 1);

describe("tree walk and public suffix list", () => {
	it.skipIf(!existsSync(file))("agree where the registrable domain or its suffix publishes a record, and only there", async () => {
		let different = 0;
		const cases = listCases();
		for (const { name, registrable } of cases) {
			expect(await walk(name, { [registrable]: "v=DMARC1; p=reject" })).toBe(registrable);
			// A suffix that says so in DNS is honoured, whether or not the list knows it.
			expect(await walk(name, { [suffixOf(registrable)]: "v=DMARC1; p=none; psd=y" })).toBe(registrable);
			// The list is not asked: without records the name stands for itself.
			expect(await walk(name, {})).toBe(name);
			if (name !== registrable) different += 1;
			// A suffix that forgets psd=y takes its customers in.
			expect(await walk(name, { [suffixOf(registrable)]: "v=DMARC1; p=none" })).toBe(suffixOf(registrable));
		}
		console.log(`public suffix list: ${cases.length} names, walk without records differs on ${different}`);
		expect(cases.length).toBeGreaterThan(40);
		expect(different).toBeGreaterThan(20);
	});
});
