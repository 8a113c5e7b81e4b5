import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { countStates } from "../model/result.ts";
import { Journal } from "./journal.ts";

const header = { listSha256: "l", configSha256: "c", policySha256: "p", profile: "hipaa", asOf: null, options: "[]" };
const entry = (index: number, domain: string) => ({
	...{ index, domain, hosts: [], totals: countStates([]), fail: [], notAssessed: [], exitCode: 0, keys: [] },
});

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "mailward-journal-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it("gives records back as they were written, the larger and the smaller after it, also on resuming", () => {
	// Three octets to a character, and more of them than the first room for a record holds.
	const wide = JSON.stringify("\u6f22".repeat(200_000));
	const records = [
		{ index: 0, domain: "a.example", evidence: [{ kind: "dns.txt", line: wide }], result: '{"a":"\u00e9"}' },
		{ index: 1, domain: "b.example", evidence: [], result: '{"b":1}' },
	];
	const written = Journal.create(dir, header);
	for (const { index, domain, evidence, result } of records) written.appendDomain(entry(index, domain), evidence, result);
	written.appendHost("mx.example|192.0.2.1|25", [{ kind: "smtp.session", line: '{"h":"\ud83d\ude00"}' }]);
	for (const journal of [written, Journal.resume(dir, header)]) {
		for (const { index, domain, evidence, result } of records) {
			const read = journal.domain(index);
			expect(read.entry).toMatchObject({ index, domain });
			expect(
				read.evidence.map(({ kind, line }) => ({ kind, line: line.toString("utf8") })),
				domain,
			).toEqual(evidence);
			expect(read.result.toString("utf8")).toBe(result);
		}
		expect(journal.host("mx.example|192.0.2.1|25").map(({ line }) => line.toString("utf8"))).toEqual(['{"h":"\ud83d\ude00"}']);
		journal.close();
	}
});
