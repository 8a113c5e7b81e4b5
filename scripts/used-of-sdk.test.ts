import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, expect, it } from "vitest";
import { usedOfSdk } from "./used-of-sdk.ts";

const dist = mkdtempSync(join(tmpdir(), "mailward-sdk-"));
afterAll(() => rmSync(dist, { recursive: true }));

/** What the bundle of one module of ours exports of the package that it imports. */
async function exportsOf(code: string): Promise<string[]> {
	mkdirSync(join(dist, "checks"), { recursive: true });
	mkdirSync(join(dist, "pipeline"), { recursive: true });
	const input = join(dist, "checks", "index.js");
	writeFileSync(input, code);
	const bundle = await rolldown({ input, platform: "node", external: (_id, importer) => importer?.startsWith("\0") === true, plugins: [usedOfSdk(dist)] });
	const { output } = await bundle.generate({ format: "esm" });
	await bundle.close();
	return output.flatMap((file) => (file.type === "chunk" && file.isDynamicEntry ? file.exports : [])).sort();
}

it("keeps the client and the operations that are named, and nothing else of the package", async () => {
	const named = 'const kms = api({ client: "KMSClient", load: () => import("@aws-sdk/client-kms") }); kms("ListKeys"); kms("GetKeyPolicy"); "KMS";';
	expect(await exportsOf(named)).toEqual(["GetKeyPolicyCommand", "KMSClient", "ListKeysCommand"]);
});

it("keeps what is taken out of the package by name", async () => {
	const taken = 'const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers"); fromNodeProviderChain();';
	expect(await exportsOf(taken)).toEqual(["fromNodeProviderChain"]);
});

it("refuses an import of which nothing is named", async () => {
	await expect(exportsOf('import("@aws-sdk/client-sns");')).rejects.toThrow("@aws-sdk/client-sns is imported, and nothing of it is named");
});
