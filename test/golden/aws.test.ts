import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { startCompletingFront } from "../aws/completing-front.ts";
import { startRegionalFront } from "../aws/regional-front.ts";
import { scanAccount } from "../aws/scan-account.ts";
import { seedBad, seedGood, seedTypical } from "../aws/seed.ts";
import { removeTemporaryFolders } from "../smoke/support.ts";
import { emulatorPresent, pointAt, startEmulator } from "../support/aws-emulator.ts";

const update = process.env.UPDATE_GOLDEN === "1";
afterAll(removeTemporaryFolders);

/** Verdicts without what differs from run to run: made-up ids get numbers by what is said of them, which is the same in every run. */
function projection({ results, deniedCalls }: ResultDocument): string {
	const lines = results
		.filter((one) => one.state !== "not_applicable")
		.map((one) => JSON.stringify([one.check, one.resource, one.state, one.reason?.code ?? null, one.reason?.detail ?? null, one.severity]));
	const said = new Map<string, string[]>();
	for (const line of lines) for (const [id] of line.matchAll(madeUp)) said.set(id, [...(said.get(id) ?? []), line.replaceAll(madeUp, "")]);
	const words = new Map([...said].map(([id, own]) => [id, own.sort().join("\n")]));
	const order = [...words.keys()].sort((a, b) => ((words.get(a) ?? "") < (words.get(b) ?? "") ? -1 : 1));
	const numbered = lines.map((line) => line.replaceAll(madeUp, (id) => `<id ${order.indexOf(id) + 1}>`)).sort();
	const calls = deniedCalls.map((one) => JSON.stringify([one.call, one.code]));
	return `{\n"results": [\n${numbered.join(",\n")}\n],\n"deniedCalls": [\n${calls.sort().join(",\n")}\n]\n}\n`;
}

/** Who is meant to send in the good account: the one user of SMTP. */
const declared = { "access.senders_known": { allowedPrincipals: ["arn:aws:iam::123456789012:user/smtp"] } };

const madeUp = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=:secret:[^"]*-)[0-9A-Za-z]{6}(?=["| ])|[A-Z]KIA[0-9A-Z]{16}/g;

describe.skipIf(!emulatorPresent)("live accounts", () => {
	it.each([
		["good", seedGood],
		["typical", seedTypical],
		["bad", seedBad],
	] as const)("the verdicts on the %s account are those on file", { timeout: 60_000 }, async (name, seed) => {
		const emulator = await startEmulator();
		try {
			const keyArn = await seed();
			// What the emulator lacks, the good account has; in the others it is a service that does not answer.
			const whole = keyArn === undefined ? undefined : await startCompletingFront(emulator.url, keyArn);
			const front = await startRegionalFront(whole?.url ?? emulator.url);
			pointAt(front.url);
			const text = projection((await scanAccount(["us-east-1"], {}, name === "good" ? declared : {})).result);
			front.close();
			whole?.close();
			const file = join(import.meta.dirname, `aws-${name}.json`);
			if (update) writeFileSync(file, text);
			expect(text, "changed verdicts: if they are meant, run with UPDATE_GOLDEN=1").toBe(existsSync(file) ? readFileSync(file, "utf8") : "");
		} finally {
			emulator.stop();
		}
	});
});
