import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evidenceLine, sha256Hex } from "../model/canonical.ts";
import { type Evidence, type EvidenceManifest, evidenceManifestSchemaId } from "../model/evidence.ts";
import { InputError } from "../model/source.ts";
import { EvidenceWriter, manifestName, manifestText, readEvidence, readManifest } from "./evidence-files.ts";

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-evidence-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const item = (kind: string, id: string, values: unknown = {}, target = "example.org"): Evidence => ({
	kind,
	id,
	status: "ok",
	values,
	source: { collector: "dns", version: "1", call: "c", target },
	collectedAt: "2026-01-01T00:00:00Z",
});

function manifestOf(files: EvidenceManifest["files"]): EvidenceManifest {
	const time = "2026-01-01T00:00:00Z";
	const run = {
		tool: { name: "mailward" as const, version: "0.1.0" },
		startedAt: time,
		endedAt: time,
		asOf: time,
		caller: null,
		vantage: {},
		interrupted: false,
	};
	return { schema: evidenceManifestSchemaId, run, profile: "hipaa", configSha256: "a", judgement: {}, targets: [], notRequested: [], deniedCalls: [], files };
}

async function write(...targets: Evidence[][]): Promise<EvidenceManifest> {
	const writer = new EvidenceWriter(root);
	for (const items of targets) await writer.writeTarget(items);
	return manifestOf(writer.close());
}

async function read(manifest: EvidenceManifest): Promise<{ item: Evidence; sha256: string }[]> {
	const all: { item: Evidence; sha256: string }[] = [];
	for await (const one of readEvidence(root, manifest)) all.push(one);
	return all;
}

describe("evidence files", () => {
	it("hold one canonical line per item: targets in the order they came, lines of a target by id", async () => {
		const manifest = await write([item("dns.txt", "b"), item("dns.mx", "m"), item("dns.txt", "a")], [item("dns.txt", "a", {}, "example.net")]);
		expect(manifest.files.map(({ path, items }) => [path, items])).toEqual([
			["evidence/dns.mx.jsonl", 1],
			["evidence/dns.txt.jsonl", 3],
		]);
		for (const { path, bytes, sha256 } of manifest.files) {
			const octets = await readFile(join(root, path));
			expect([octets.length, sha256Hex(octets)]).toEqual([bytes, sha256]);
			expect((await stat(join(root, path))).mode & 0o777).toBe(0o600);
		}
		const found = (await read(manifest)).map((one) => `${one.item.kind} ${one.item.id} ${one.item.source.target}`);
		expect(found).toEqual(["dns.mx m example.org", "dns.txt a example.org", "dns.txt b example.org", "dns.txt a example.net"]);
	});

	it("give back what was written, with the hash of its line, whatever the text", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 5 }), fc.string({ unit: "binary" }), async (texts, odd) => {
				await rm(join(root, "evidence"), { recursive: true, force: true });
				const written = [
					item("dns.txt", "odd", { odd: odd.toWellFormed(), lines: "a\u2028b\u2029c\rd\ne\u0085f", texts: texts.map((text) => text.toWellFormed()) }),
				];
				const [back, ...others] = await read(await write(written));
				expect(others).toEqual([]);
				expect(back).toEqual({ item: written[0], sha256: evidenceLine(written[0] as Evidence).sha256 });
			}),
			{ numRuns: 60 },
		);
	});

	it("are told while they are written, as they read afterwards", async () => {
		const told: { item: Evidence; sha256: string }[] = [];
		const writer = new EvidenceWriter(root);
		const long = item("dns.txt", "long", { text: "x".repeat(40_000), a: undefined });
		await writer.writeTarget([item("dns.txt", "b", { z: 1, a: [null] }), long, item("dns.txt", "a")], (one, sha256) => told.push({ item: one, sha256 }));
		expect(told).toEqual(await read(manifestOf(writer.close())));
	});

	it.each([
		["a changed octet", (text: string) => text.replace('"ok"', '"no"')],
		["another valid value", (text: string) => text.replace('"a"', '"c"')],
		["a line less", (text: string) => text.split("\n").slice(1).join("\n")],
		["a line more", (text: string) => `${text}${text.split("\n")[0]}\n`],
		["no last line end", (text: string) => text.trimEnd()],
		["other line ends", (text: string) => text.replaceAll("\n", "\r\n")],
		["an empty line", (text: string) => `${text}\n`],
		["nothing left", () => ""],
		["what is no JSON", () => "{\n"],
		["octets that are no UTF-8", (text: string) => Buffer.concat([Buffer.from(text.slice(0, 9)), Buffer.from([0xff]), Buffer.from(text.slice(10))])],
	])("are refused with %s", async (_what, change) => {
		const manifest = await write([item("dns.txt", "a"), item("dns.txt", "b")]);
		const file = join(root, "evidence/dns.txt.jsonl");
		await writeFile(file, change(await readFile(file, "utf8")));
		await expect(read(manifest)).rejects.toThrow(InputError);
	});

	it.each(["../secret.jsonl", "evidence/../../secret.jsonl", "/etc/passwd", "evidence/a/b.jsonl", "evidence/a.json", "evidence/.jsonl\n"])(
		"are not looked for at %j",
		async (path) => {
			await expect(read(manifestOf([{ path, bytes: 0, sha256: sha256Hex(""), items: 0 }]))).rejects.toThrow(InputError);
		},
	);

	it("that are gone are named", async () => {
		const manifest = await write([item("dns.txt", "a")]);
		await rm(join(root, "evidence/dns.txt.jsonl"));
		await expect(read(manifest)).rejects.toThrow(/dns\.txt\.jsonl/);
	});

	it("are never written over", async () => {
		await write([item("dns.txt", "a")]);
		await expect(write([item("dns.txt", "b")])).rejects.toThrow(/EEXIST/);
	});
});

describe("the manifest", () => {
	it("is read back with the hash of its octets", async () => {
		const manifest = await write([item("dns.txt", "a")]);
		await writeFile(join(root, manifestName), manifestText(manifest));
		expect(await readManifest(root)).toEqual({ manifest, sha256: sha256Hex(manifestText(manifest)) });
	});

	it.each([
		["is no JSON", "{"],
		["is of another version", manifestText({ ...manifestOf([]), schema: "mailward/evidence-manifest/v9" as typeof evidenceManifestSchemaId })],
		["holds more than it may", JSON.stringify({ ...manifestOf([]), more: 1 })],
		["is a list", "[]"],
	])("is refused where it %s", async (_what, text) => {
		await writeFile(join(root, manifestName), text);
		await expect(readManifest(root)).rejects.toThrow(InputError);
	});

	it("says which folder holds no evidence", async () => {
		await expect(readManifest(root)).rejects.toThrow(/holds no evidence \(mailward collect writes it\)/);
		await expect(readManifest(join(root, "none"))).rejects.toThrow(InputError);
	});
});
