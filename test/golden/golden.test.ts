import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demo } from "../../pipeline/demo.ts";
import { now, removeTemporaryFolders, resultIn, temporaryFolder } from "../smoke/support.ts";

/** What the demo says of each clinic with a fixed clock. A change of these files is a change of what users are told: read it before committing. */
const clinics = ["exemplary", "typical", "neglected"] as const;
const update = process.env.UPDATE_GOLDEN === "1";
let dir: string;

beforeAll(async () => {
	dir = join(temporaryFolder(), "demo");
	await demo({ out: dir, signal: new AbortController().signal, progress: () => undefined, now: () => new Date(now) });
});
afterAll(removeTemporaryFolders);

function projection(clinic: string): string {
	const { results, controls } = resultIn(join(dir, clinic));
	const lines = results.map((one) => JSON.stringify([one.check, one.resource, one.state, one.reason?.code ?? null, one.severity]));
	const states = controls.map((one) => JSON.stringify([one.id, one.state]));
	return `{\n"results": [\n${lines.sort().join(",\n")}\n],\n"controls": [\n${states.join(",\n")}\n]\n}\n`;
}

describe("the demo's verdicts", () => {
	it.each(clinics)("of the %s clinic are those on file", (clinic) => {
		const file = join(import.meta.dirname, `${clinic}.json`);
		if (update) writeFileSync(file, projection(clinic));
		expect(projection(clinic), "changed verdicts: if they are meant, run with UPDATE_GOLDEN=1").toBe(readFileSync(file, "utf8"));
	});
});
