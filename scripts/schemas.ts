/** Writes model/schemas/<name>.schema.json from the zod schemas in model/: JSON Schema draft 2020-12, as editors and other tools read it. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { configSchema } from "../model/config.ts";
import { evidenceManifestSchema, evidenceSchema } from "../model/evidence.ts";
import { recordKinds } from "../model/records/index.ts";
import { resultDocumentSchema } from "../model/result.ts";

const documents: readonly (readonly [name: string, title: string, schema: z.ZodType])[] = [
	["config", "mailward.yaml", configSchema],
	["evidence", "One line of evidence/<kind>.jsonl", evidenceSchema],
	["evidence-manifest", "evidence-manifest.json", evidenceManifestSchema],
	["result", "result.json", resultDocumentSchema],
	...recordKinds.map((kind) => [kind.kind, `A file of ${kind.kind} records`, kind.file] as const),
];

const folder = join(import.meta.dirname, "..", "model", "schemas");
mkdirSync(folder, { recursive: true });
const wanted = new Set(documents.map(([name]) => fileOf(name)));
for (const name of readdirSync(folder)) if (name.endsWith(".schema.json") && !wanted.has(name)) rmSync(join(folder, name));
for (const [name, title, schema] of documents) {
	// What may be written, not what parsing makes of it: a key with a default may be left out.
	const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
	// A relative $id: it resolves against wherever the file was taken from, the package or a copy.
	writeFileSync(join(folder, fileOf(name)), `${JSON.stringify({ $schema, $id: fileOf(name), title, ...rest }, null, "\t")}\n`);
}

function fileOf(name: string): string {
	return `${name}.schema.json`;
}
