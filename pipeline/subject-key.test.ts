import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { readSubjectKey } from "./subject-key.ts";

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), "mailward-subject-key-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function keyFile(text: string, mode = 0o600): string {
	const file = join(dir, `${text.length}-${mode}`);
	writeFileSync(file, text, { mode });
	return file;
}
const hex = "0123456789abcdef".repeat(4);

describe("the key of the pseudonyms", () => {
	it.each(["", "\n", "\r\n"])("is the octets of the file, a line end %j left out", async (end) => {
		expect(Buffer.from(await readSubjectKey(keyFile(hex + end))).toString("latin1")).toBe(hex);
	});

	it.each<[string, string, number, RegExp]>([
		["is too short to be one", "short", 0o600, /at least 32.*openssl rand/],
		["is another file", "x".repeat(70_000), 0o600, /at most 65536/],
		["others may read", hex, 0o644, /readable by others/],
	])("is refused where it %s", async (_what, text, mode, message) => {
		await expect(readSubjectKey(keyFile(text, mode))).rejects.toThrow(message);
	});

	it("is named where it is missing", async () => {
		await expect(readSubjectKey(join(dir, "absent"))).rejects.toThrow(InputError);
	});
});
