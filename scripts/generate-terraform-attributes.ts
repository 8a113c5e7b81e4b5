import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { z } from "zod";

/**
 * Joins checks/adapters/terraform/attributes.yaml, the hand-written allow-list, with the AWS provider's schemas and writes
 * attributes.json: of each allowed attribute its type, of each block whether it is single. Only names and such facts are
 * written. Without the schemas (MAILWARD_SHARED) the committed file stays as it is. `--check` fails when it would change.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "checks/adapters/terraform");
const shared = resolve(root, process.env.MAILWARD_SHARED ?? "../shared", "conformance/terraform-aws-schema");
/** Oldest first: of what both know, the newer says how it is. */
const schemaFiles = ["aws-6.25.0.json", "aws-6.47.0.json", "aws-mailmanager.json"];

type Entry = string | { [block: string]: Entry[] };
const entrySchema: z.ZodType<Entry> = z.lazy(() => z.union([z.string(), z.record(z.string(), z.array(entrySchema))]));
const allowListSchema = z.record(z.string(), z.array(entrySchema));

interface SchemaBlock {
	attributes?: Record<string, { type?: unknown; nested_type?: unknown; sensitive?: boolean; computed?: boolean; optional?: boolean; write_only?: boolean }>;
	block_types?: Record<string, { nesting_mode: string; max_items?: number; block: SchemaBlock }>;
}
interface TypeSchemas {
	provider_schemas: Record<string, { resource_schemas: Record<string, { block: SchemaBlock }> }>;
}

interface AllowedBlock {
	attributes: Record<string, string>;
	computed?: string[];
	sensitive?: string[];
	blocks?: Record<string, AllowedBlock & { single: boolean; set?: true }>;
}

function primitive(type: unknown): string | undefined {
	return type === "string" || type === "number" || type === "bool" ? type : undefined;
}

function typeCode(type: unknown): string {
	const simple = primitive(type);
	if (simple !== undefined) return simple;
	if (!Array.isArray(type) || typeof type[0] !== "string") return "any";
	const [kind, element] = type;
	const inner = primitive(element);
	return (kind === "list" || kind === "set" || kind === "map") && inner !== undefined ? `${kind}(${inner})` : "any";
}

function allowed(entries: readonly Entry[], schema: SchemaBlock | undefined, at: string, faults: string[], top: boolean): AllowedBlock {
	const block: AllowedBlock = { attributes: {} };
	const computed: string[] = [];
	const sensitive: string[] = [];
	const blocks: NonNullable<AllowedBlock["blocks"]> = {};
	for (const entry of entries) {
		if (typeof entry === "string") {
			const [name = "", declared] = entry.split("=");
			const attribute = schema?.attributes?.[name];
			if (schema !== undefined && attribute === undefined) {
				faults.push(`${at}.${name}: the schema has no such attribute`);
				continue;
			}
			block.attributes[name] = attribute === undefined ? (declared === "list" ? "list(string)" : (declared ?? "string")) : typeCode(attribute.type);
			// The SDK calls id optional; nobody sets it, and it is known after apply only.
			const onlyComputed = attribute === undefined ? top && (name === "id" || name === "arn") : attribute.computed === true && attribute.optional !== true;
			if (onlyComputed || (top && name === "id")) computed.push(name);
			if (attribute?.sensitive === true || attribute?.write_only === true) sensitive.push(name);
			continue;
		}
		for (const [key, inner] of Object.entries(entry)) {
			const forced = key.endsWith("!");
			const name = forced ? key.slice(0, -1) : key;
			const nested = schema?.block_types?.[name];
			if (schema !== undefined && nested === undefined) {
				faults.push(`${at}.${name}: the schema has no such block`);
				continue;
			}
			const single = forced || nested?.max_items === 1 || nested?.nesting_mode === "single" || nested?.nesting_mode === "group";
			blocks[name] = {
				single,
				...(nested?.nesting_mode === "set" && !single ? { set: true as const } : {}),
				...allowed(inner, nested?.block, `${at}.${name}`, faults, false),
			};
		}
	}
	if (computed.length > 0) block.computed = computed.sort();
	if (sensitive.length > 0) block.sensitive = sensitive.sort();
	if (Object.keys(blocks).length > 0) block.blocks = sorted(blocks);
	block.attributes = sorted(block.attributes);
	return block;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
	return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function sensitivePaths(block: SchemaBlock, prefix: string, found: string[]): string[] {
	for (const [name, attribute] of Object.entries(block.attributes ?? {})) if (attribute.sensitive || attribute.write_only) found.push(prefix + name);
	for (const [name, nested] of Object.entries(block.block_types ?? {})) sensitivePaths(nested.block, `${prefix}${name}.`, found);
	return found;
}

/** Newer over older, attribute by attribute: a name that one version dropped stays readable. */
function merge(older: SchemaBlock, newer: SchemaBlock): SchemaBlock {
	const blocks = { ...older.block_types };
	for (const [name, nested] of Object.entries(newer.block_types ?? {})) {
		const before = blocks[name];
		blocks[name] = before === undefined ? nested : { ...nested, block: merge(before.block, nested.block) };
	}
	return { attributes: { ...older.attributes, ...newer.attributes }, block_types: blocks };
}

/** JSON as the formatter leaves it: objects one member a line, arrays on one line where they fit. */
function formatted(value: unknown, depth: number, used = 0): string {
	const inner = "\t".repeat(depth + 1);
	const outer = "\t".repeat(depth);
	if (Array.isArray(value)) {
		const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
		if (depth * 2 + used + line.length < 160) return line;
		return `[\n${value.map((item) => inner + JSON.stringify(item)).join(",\n")}\n${outer}]`;
	}
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	if (members.length === 0) return "{}";
	return `{\n${members.map(([key, member]) => `${inner}${JSON.stringify(key)}: ${formatted(member, depth + 1, key.length + 5)}`).join(",\n")}\n${outer}}`;
}

function main(): number {
	const out = join(folder, "attributes.json");
	const missing = schemaFiles.filter((file) => !existsSync(join(shared, file)));
	if (missing.length > 0) {
		console.log(`terraform attributes: ${missing.join(", ")} not found under MAILWARD_SHARED; ${relative(root, out)} stays as it is`);
		return existsSync(out) ? 0 : 1;
	}
	const source = parseDocument(readFileSync(join(folder, "attributes.yaml"), "utf8"), { uniqueKeys: true });
	const allowList = allowListSchema.parse(source.toJS());
	const schemas: Record<string, SchemaBlock> = {};
	for (const file of schemaFiles) {
		const content = JSON.parse(readFileSync(join(shared, file), "utf8")) as TypeSchemas;
		for (const provider of Object.values(content.provider_schemas)) {
			for (const [type, { block }] of Object.entries(provider.resource_schemas)) {
				const before = schemas[type];
				schemas[type] = before === undefined ? block : merge(before, block);
			}
		}
	}
	const faults: string[] = [];
	const types: Record<string, AllowedBlock> = {};
	const withoutSchema: string[] = [];
	for (const [type, entries] of Object.entries(allowList)) {
		if (schemas[type] === undefined) withoutSchema.push(type);
		types[type] = allowed(entries, schemas[type], type, faults, true);
	}
	if (faults.length > 0) {
		console.error(faults.join("\n"));
		return 1;
	}
	const secrets: Record<string, string[]> = {};
	for (const [type, block] of Object.entries(schemas)) {
		const paths = sensitivePaths(block, "", []).sort();
		if (paths.length > 0) secrets[type] = paths;
	}
	const text = `${formatted({ types: sorted(types), secrets: sorted(secrets) }, 0)}\n`;
	const before = existsSync(out) ? readFileSync(out, "utf8") : "";
	if (process.argv.includes("--check")) {
		if (before === text) return 0;
		console.error(`${relative(root, out)} is not what attributes.yaml and the schemas make; run scripts/generate-terraform-attributes.ts`);
		return 1;
	}
	if (before !== text) writeFileSync(out, text);
	console.log(`terraform attributes: ${Object.keys(types).length} types; without a schema, as written by hand: ${withoutSchema.join(", ")}`);
	return 0;
}

process.exitCode = main();
