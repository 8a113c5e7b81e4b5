import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { readDatedFacts } from "../../../pipeline/dated-facts.ts";
import { parseRouting, type RoutingData } from "../../data/routing/load-routing.ts";
import { zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import routing from "./index.ts";

const head = "# source: example table\n# asOf: 2026-11-20\n";
const table = `${head}192.0.2.0/24\tvalid\n192.0.2.128/25\tinvalid\n2001:db8::/32\tnot_found\n198.51.100.0/24\tvalid\n198.51.100.0/24\tinvalid\n`;

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), "mailward-routing-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("a table of routes", () => {
	it("answers with the most specific prefix, and with the worst of several origins", () => {
		const data = parseRouting(table, "routing.tsv");
		expect(data.routeOf("192.0.2.1")).toEqual({ prefix: "192.0.2.0/24", state: "valid" });
		expect(data.routeOf("192.0.2.200")).toEqual({ prefix: "192.0.2.128/25", state: "invalid" });
		expect(data.routeOf("2001:db8:1::1")).toEqual({ prefix: "2001:db8::/32", state: "not_found" });
		expect(data.routeOf("198.51.100.7")).toEqual({ prefix: "198.51.100.0/24", state: "invalid" });
		expect(data.routeOf("203.0.113.1")).toBeUndefined();
	});

	it.each([
		["192.0.2.0/24\tvalid\n", 1, "source"],
		["# source: x\n192.0.2.0/24\tvalid\n", 1, "day"],
		[`${head}192.0.2.0\tvalid\n`, 3, "prefix"],
		[`${head}192.0.2.0/33\tvalid\n`, 3, "prefix"],
		[`${head}192.0.2.0/24\tgood\n`, 3, "state"],
	])("is refused with its line where it is wrong: %j", (text, line, what) => {
		expect(() => parseRouting(text, "routing.tsv")).toThrow(
			expect.objectContaining({ problems: [expect.objectContaining({ line, message: expect.stringContaining(what) })] }),
		);
	});

	it("takes any text: a table or an error with a place", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
				try {
					expect(parseRouting(head + text, "f").source).toBe("example table");
				} catch (error) {
					expect((error as { problems?: unknown[] }).problems).toHaveLength(1);
				}
			}),
		);
	});

	it("is looked for in the folder of --data, which must hold it", () => {
		expect(readDatedFacts(undefined)).toEqual({});
		expect(() => readDatedFacts(join(dir, "absent"))).toThrow(/no such folder/);
		expect(() => readDatedFacts(dir)).toThrow(/routing\.tsv/);
		writeFileSync(join(dir, "routing.tsv"), table);
		expect(readDatedFacts(dir).routing?.asOf).toBe("2026-11-20");
	});
});

const zone = {
	"example.org": { MX: [[10, "mx.example.org"]], NS: ["ns.example.org"] },
	"mx.example.org": { A: ["192.0.2.200"] },
	"ns.example.org": { A: ["203.0.113.5"] },
};

async function seen(data: RoutingData | undefined, now = "2026-11-24T09:00:00Z"): Promise<Evidence[]> {
	const context = { routing: data, resolver: zoneResolver(zone), now: () => now, signal: new AbortController().signal } as unknown as CollectContext;
	const items: Evidence[] = [];
	for await (const item of routing.collect({ id: "example.org", type: "domain" }, context)) items.push(item);
	return items;
}

describe("origins of routes", () => {
	it("are told for the servers of the zone and the MX hosts", async () => {
		const items = await seen(parseRouting(table, "f"));
		expect(items.map((item) => [item.kind, item.id, item.status, item.error?.code ?? null])).toEqual([
			["routing.origin", "192.0.2.200", "ok", null],
			["routing.origin", "203.0.113.5", "error", "evidence_missing"],
			["listing", "routing.origin@example.org", "ok", null],
		]);
		expect(items[0]?.values).toEqual({ state: "invalid", prefix: "192.0.2.128/25", source: "example table, 2026-11-20" });
	});

	it("of an old table are not known", async () => {
		const items = await seen(parseRouting(table, "f"), "2027-02-01T00:00:00Z");
		expect(items.slice(0, 2).map((item) => item.error?.code)).toEqual(["data_stale", "data_stale"]);
	});

	it("without a table are listed as not supplied", async () => {
		expect((await seen(undefined)).map((item) => [item.kind, item.error?.code])).toEqual([["listing", "input_not_supplied"]]);
	});
});
