import { execFile } from "node:child_process";
import { generateKeyPairSync, randomInt } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPromise as openZip } from "yauzl";
import { configSchema } from "../../model/config.ts";
import { InputError } from "../../model/source.ts";
import { realisticResult } from "../../reports/testing/realistic.ts";
import { themeOf as themeOfResult } from "../../reports/theme/theme.ts";
import { collect } from "../collect.ts";
import { evaluateBundle } from "../evaluate.ts";
import { readResult } from "../read-result.ts";
import { checkFindings, themeOf, writeReports } from "../report.ts";
import { keyId } from "../signing.ts";
import { besideManifest, bundleManifestName, entriesOf } from "./files.ts";
import { previousOf } from "./previous.ts";
import type { Seal } from "./seal.ts";
import { verifyBundle } from "./verify.ts";
import { zipBundle } from "./zip.ts";

const run = promisify(execFile);
const plan = "examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json";
const clock = new Date("2026-11-24T09:00:00Z");
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const trusted = [{ id: keyId(publicKey), name: "clinic.pub", key: publicKey }];
const stranger = generateKeyPairSync("ed25519");

let root: string;
let sealed: string;

async function write(dir: string, seal: Seal): Promise<void> {
	const config = configSchema.parse({ version: 1 });
	await collect({
		config,
		request: { domains: [], plans: [plan], records: "examples/clinic-records/exemplary/records", content: [], open: (path) => path },
		out: dir,
		profile: "hipaa",
		concurrency: 4,
		now: () => clock,
		signal: new AbortController().signal,
		progress: () => undefined,
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	});
	const result = await evaluateBundle({ dir });
	await writeReports(dir, result, ["html", "json", "csv"], await themeOf(dir, result, (path) => path), seal);
}

async function copyOf(dir: string): Promise<string> {
	const copy = join(root, `copy-${randomInt(1e12)}`);
	await cp(dir, copy, { recursive: true });
	return copy;
}

const isSeal = (path: string): boolean => path === bundleManifestName || besideManifest.has(path);

const problemsIn = async (dir: string, keys = trusted): Promise<string[]> =>
	(await verifyBundle({ dir, trusted: keys })).problems.map((one) => `${one.path}: ${one.message}`);

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-bundle-"));
	sealed = join(root, "sealed");
	await mkdir(sealed);
	await write(sealed, { key: privateKey, previous: "a".repeat(64) });
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("pages of single findings", () => {
	it("stand in the bundle and under its seal, and an id that no finding has is said", async () => {
		const dir = join(root, "handed-out");
		await mkdir(dir);
		const result = realisticResult();
		const failed = result.results.find((item) => item.state === "fail" && item.controls.includes("TEC-10"))?.id ?? "";
		const said = await writeReports(dir, result, ["html"], themeOfResult(result), {}, [failed, "F-0000000000"]);
		expect(said).toEqual([expect.stringContaining("--finding F-0000000000: no finding of this result has this id")]);
		const pages = (await readdir(dir)).filter((name) => name.startsWith("finding-"));
		expect(pages).toEqual([expect.stringMatching(/^finding-F-[0-9a-f]{10}\.html$/)]);
		expect(await readFile(join(dir, bundleManifestName), "utf8")).toContain(pages[0] ?? "none");
		expect(() => checkFindings(result, [failed])).not.toThrow();
		expect(() => checkFindings(result, ["F-0000000000"])).toThrow(InputError);
	});
});

describe("a sealed bundle", () => {
	it("is intact and signed by the trusted key", async () => {
		const { problems, signature, files, previous, evidence } = await verifyBundle({ dir: sealed, trusted });
		expect(problems).toEqual([]);
		expect(signature).toEqual({ state: "verified", signer: "clinic.pub", keyId: keyId(publicKey) });
		expect(files).toBeGreaterThan(10);
		expect(evidence.lines).toBeGreaterThan(50);
		expect(previous).toBe("a".repeat(64));
		expect(await previousOf(sealed)).toBe("a".repeat(64));
		expect(await readFile(join(sealed, "report.html"), "utf8")).toContain(`<dt>Bundle before (manifest.json)</dt><dd>${"a".repeat(64)}`);
	});

	it("is intact without a key, and its signer is not verified", async () => {
		const { problems, signature } = await verifyBundle({ dir: sealed, trusted: [] });
		expect([problems, signature]).toEqual([[], { state: "unverified", keyIds: [keyId(publicKey)] }]);
	});

	it("is the same octets for the same inputs, key and clock", async () => {
		const again = join(root, "again");
		await mkdir(again);
		await write(again, { key: privateKey, previous: "a".repeat(64) });
		for (const { path, kind } of await entriesOf(sealed)) {
			if (kind === "file") expect([path, await readFile(join(again, path))]).toEqual([path, await readFile(join(sealed, path))]);
		}
	});

	it("is checked by sha256sum and openssl alone", async () => {
		const copy = await copyOf(sealed);
		await writeFile(join(copy, "..", "signer.pub"), publicKey.export({ type: "spki", format: "pem" }));
		expect((await run("sha256sum", ["-c", "manifest.sha256"], { cwd: copy })).stdout).toContain("manifest.json: OK");
		const command = ["pkeyutl", "-verify", "-pubin", "-inkey", "../signer.pub", "-rawin", "-in", "manifest.pae", "-sigfile", "manifest.sig"];
		expect((await run("openssl", command, { cwd: copy })).stdout).toContain("Signature Verified Successfully");
	});

	it("is its owner's to read alone", async () => {
		for (const { path, kind } of await entriesOf(sealed)) if (kind === "file") expect([path, (await stat(join(sealed, path))).mode & 0o077]).toEqual([path, 0]);
	});

	it("loses its signature when it is written again without a key", async () => {
		const copy = await copyOf(sealed);
		const result = await readResult(copy);
		await writeReports(copy, result, ["html"], await themeOf(copy, result, (path) => path), { previous: await previousOf(copy) });
		expect((await verifyBundle({ dir: copy, trusted: [] })).signature).toEqual({ state: "none" });
		expect(await problemsIn(copy)).toEqual(["manifest.dsse.json: is not there: the bundle is not signed"]);
	});
});

describe("verify", () => {
	it("finds each of 1,000 changed octets", async () => {
		const copy = await copyOf(sealed);
		const files = (await entriesOf(copy)).filter((entry) => entry.kind === "file" && entry.bytes > 0);
		const changed = async (path: string): Promise<() => Promise<void>> => {
			const old = await readFile(join(copy, path));
			const octets = Buffer.from(old);
			const at = randomInt(octets.length);
			octets[at] = (octets[at] ?? 0) ^ randomInt(1, 256);
			await writeFile(join(copy, path), octets);
			return () => writeFile(join(copy, path), old);
		};
		// Each file that the manifest names must be named by itself, however many others were changed; the seal's own files are changed one by one.
		const [beside, listed] = [files.filter(({ path }) => isSeal(path)), files.filter(({ path }) => !isSeal(path))];
		const missed: string[] = [];
		let changes = 0;
		while (changes < 1000) {
			const restore = await Promise.all(listed.map(({ path }) => changed(path)));
			const named = await problemsIn(copy, []);
			missed.push(...listed.filter(({ path }) => !named.includes(`${path}: was changed`)).map(({ path }) => path));
			await Promise.all(restore.map((back) => back()));
			for (const { path } of beside) {
				const back = await changed(path);
				if ((await problemsIn(copy, [])).length === 0) missed.push(path);
				await back();
			}
			changes += files.length;
		}
		expect(missed).toEqual([]);
		expect(await problemsIn(copy)).toEqual([]);
	}, 120_000);

	it("names what was changed, removed, added, cut and swapped", async () => {
		const cases: [string, (dir: string) => Promise<unknown>, string][] = [
			["changed", (dir) => writeFile(join(dir, "results.csv"), "x"), "results.csv: was changed"],
			["removed", (dir) => rm(join(dir, "results.csv")), "results.csv: was removed"],
			["added", (dir) => writeFile(join(dir, "evidence/extra.jsonl"), "{}\n"), "evidence/extra.jsonl: was added"],
			["added folder", (dir) => mkdir(join(dir, "more")), "more: was added"],
			["cut", (dir) => truncate(join(dir, "report.html"), 100), "report.html: was changed"],
			[
				"swapped",
				async (dir) => {
					await rename(join(dir, "results.csv"), join(dir, "t"));
					await rename(join(dir, "findings.csv"), join(dir, "results.csv"));
					await rename(join(dir, "t"), join(dir, "findings.csv"));
				},
				"findings.csv: was changed",
			],
			["unsigned", (dir) => rm(join(dir, "manifest.sig")), "manifest.sig: was removed"],
			["checksums", (dir) => rm(join(dir, "manifest.sha256")), "manifest.sha256: was removed"],
		];
		for (const [name, change, expected] of cases) {
			const copy = await copyOf(sealed);
			await change(copy);
			const problems = await problemsIn(copy);
			expect([name, problems.some((one) => one.startsWith(expected))]).toEqual([name, true]);
		}
	});

	it("tells a bundle that somebody else signed again", async () => {
		const copy = await copyOf(sealed);
		const result = await readResult(copy);
		const better = { ...result, results: result.results.slice(1), totals: { ...result.totals, results: { ...result.totals.results } } };
		const dropped = result.results[0];
		if (dropped !== undefined) better.totals.results[dropped.state] = (better.totals.results[dropped.state] ?? 0) - 1;
		better.controls = result.controls.map((control) => ({ ...control, results: control.results.filter((id) => id !== dropped?.id) }));
		await writeReports(copy, better, ["json"], await themeOf(copy, better, (path) => path), { key: stranger.privateKey });
		expect(await problemsIn(copy)).toEqual([`manifest.dsse.json: is signed by a key that is not trusted (key id ${keyId(stranger.publicKey)})`]);
	});

	it("finds what a re-sealed bundle says against itself", async () => {
		const copy = await copyOf(sealed);
		const result = await readResult(copy);
		const first = result.results.find((item) => item.status === "pass");
		const lied = { ...result, results: result.results.map((item) => (item === first ? { ...item, evidence: ["0".repeat(64)] } : item)) };
		await writeReports(copy, lied, ["json"], await themeOf(copy, lied, (path) => path), { key: privateKey });
		expect(await problemsIn(copy)).toEqual([`result.json: result ${first?.id} rests on ${"0".repeat(64)}, which its evidence index lacks`]);
	});

	it("refuses links and hostile paths, and follows none", async () => {
		const linked = await copyOf(sealed);
		await rm(join(linked, "results.csv"));
		await symlink("/etc/passwd", join(linked, "results.csv"));
		expect((await problemsIn(linked)).filter((one) => one.startsWith("results.csv"))).toEqual([
			"results.csv: is a link or a device: refused, and not followed",
		]);
		for (const path of ["../outside", "/etc/passwd", "a/../../b", "a\\b", "./a", ".hidden", "a//b"]) {
			const copy = await copyOf(sealed);
			const manifest = JSON.parse(await readFile(join(copy, "manifest.json"), "utf8")) as { files: object[] };
			manifest.files.push({ path, bytes: 1, sha256: "0".repeat(64) });
			await writeFile(join(copy, "manifest.json"), JSON.stringify(manifest));
			expect((await problemsIn(copy)).filter((one) => one.includes("refused"))).toEqual([`manifest.json: names the path ${JSON.stringify(path)}: refused`]);
		}
	});

	it("names the row and the field of a result that no version of ours writes", async () => {
		const copy = await copyOf(sealed);
		const result = JSON.parse(await readFile(join(copy, "result.json"), "utf8")) as { results: object[] };
		const file = JSON.stringify({ ...result, results: result.results.map((item, index) => (index === 1 ? { ...item, status: "fine" } : item)) });
		await writeFile(join(copy, "result.json"), file);
		expect((await problemsIn(copy)).filter((one) => one.startsWith("result.json: line"))).toEqual([
			expect.stringMatching(/^result\.json: line 1, results\.1\.status: not a result of a known version/),
		]);
		await writeFile(join(copy, "result.json"), file.replace("{", '{"schema":"mailward/result/v1",'));
		expect(await problemsIn(copy)).toContainEqual(expect.stringMatching(/^result\.json: line 1: .*"schema" stands twice/));
	});

	it("refuses a file too large to be ours without reading it", async () => {
		const copy = await copyOf(sealed);
		await truncate(join(copy, "results.csv"), 3 * 1024 * 1024 * 1024);
		expect(await problemsIn(copy)).toContain("results.csv: has 3221225472 bytes; at most 2147483648 are read");
	});

	it("says what to do where there is no bundle", async () => {
		await expect(verifyBundle({ dir: join(root, "absent"), trusted: [] })).rejects.toThrow(InputError);
		const empty = join(root, "empty");
		await mkdir(empty);
		await expect(verifyBundle({ dir: empty, trusted: [] })).rejects.toThrow(/holds no manifest.json/);
	});
});

describe("zip", () => {
	it("packs the same octets twice, whole, with every file in it", async () => {
		const [one, two] = [join(root, "one.zip"), join(root, "two.zip")];
		await zipBundle(sealed, one);
		await zipBundle(await copyOf(sealed), two);
		expect(await readFile(one)).toEqual(await readFile(two));
		expect((await stat(one)).mode & 0o077).toBe(0);
		const archive = await openZip(one);
		const names: string[] = [];
		for await (const entry of archive.eachEntry()) names.push(entry.fileName);
		expect(names).toEqual((await entriesOf(sealed)).filter((entry) => entry.kind === "file").map((entry) => entry.path));
		expect(await readdir(root)).not.toContain("one.zip.partial");
	});
});
