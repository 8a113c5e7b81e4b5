import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { evidenceLine } from "../../../model/canonical.ts";
import { type Evidence, evidenceSchema } from "../../../model/evidence.ts";
import { readTerraform, type TerraformForm, terraformEvidence, terraformKinds } from "./index.ts";
import { arrayOf, isObject, type JsonObject, member, objectOf } from "./json-value.ts";

const shared = resolve(process.env.MAILWARD_SHARED ?? "../shared", "conformance/terraform-plans");
const present = existsSync(join(shared, "SOURCE.md"));
if (!present) console.log(`terraform conformance: skipped, ${join("conformance/terraform-plans", "SOURCE.md")} is not under MAILWARD_SHARED`);

const forms: Record<string, TerraformForm> = { plans: "plan", states: "state", cdktf: "configuration" };

interface Sample {
	folder: string;
	file: string;
	exercises: string;
	/** Documented counts by type, of managed and data resources together. */
	counts: Map<string, number>;
}

/** Rows of the tables in SOURCE.md: file, version, what it exercises, "type n, type n; other n", bytes. */
function samples(): Sample[] {
	const found: Sample[] = [];
	let folder = "";
	for (const line of readFileSync(join(shared, "SOURCE.md"), "utf8").split("\n")) {
		const heading = /^## (\w+)/.exec(line)?.[1];
		if (heading !== undefined) folder = { Plans: "plans", States: "states", CDKTF: "cdktf" }[heading] ?? "";
		const cells = line.split("|").map((cell) => cell.trim());
		const [, file = "", , exercises = "", types = ""] = cells;
		if (folder === "" || !/\.(json|tfstate)$/.test(file)) continue;
		const counts = new Map<string, number>();
		for (const match of types.matchAll(/([a-z0-9_]+) (\d+)/g)) if (match[1] !== "other") counts.set(`aws_${match[1]}`, Number(match[2]));
		found.push({ folder, file, exercises, counts });
	}
	return found;
}

const contentOf = (sample: Sample): Buffer => readFileSync(join(shared, sample.folder, sample.file));

function judge(sample: Sample): Evidence[] {
	return [...terraformEvidence(readTerraform(contentOf(sample), sample.file), { target: sample.file, now: "2026-01-01T00:00:00Z", version: "1" })];
}

function decoded(sample: Sample): JsonObject {
	const content = contentOf(sample);
	return JSON.parse(content[0] === 0xff ? content.subarray(2).toString("utf16le") : content.toString("utf8")) as JsonObject;
}

const isResource = ({ kind }: Evidence): boolean => terraformKinds.includes(kind);

function* plannedResources(module: unknown): Generator<JsonObject> {
	for (const resource of arrayOf(member(module, "resources"))) if (isObject(resource)) yield resource;
	for (const child of arrayOf(member(module, "child_modules"))) yield* plannedResources(child);
}

/** Texts of an original that stand where its shadow says true. */
function* secretsIn(value: unknown, shadow: unknown): Generator<string> {
	if (shadow === true && typeof value === "string" && value.length > 3) yield value;
	else if (shadow === true && typeof value === "object" && value !== null) for (const inner of Object.values(value)) yield* secretsIn(inner, true);
	else if (isObject(shadow) || Array.isArray(shadow))
		for (const [key, inner] of Object.entries(shadow))
			yield* secretsIn((objectOf(value) as JsonObject)[key] ?? (Array.isArray(value) ? value[Number(key)] : undefined), inner);
}

describe.skipIf(!present)("real plans, states and cdktf output", () => {
	const all = present ? samples() : [];

	it("are all there", () => {
		const files = Object.keys(forms).flatMap((folder) => readdirSync(join(shared, folder)).map((file) => `${folder}/${file}`));
		expect(all.map(({ folder, file }) => `${folder}/${file}`).sort()).toEqual(files.sort());
		expect(all.length).toBe(41);
	});

	it.each(all.map((sample) => [`${sample.folder}/${sample.file}`, sample] as const))("%s: form, counts, schema", (_, sample) => {
		const document = readTerraform(contentOf(sample), sample.file);
		expect(document.form).toBe(forms[sample.folder]);
		const items = judge(sample);
		for (const item of items) evidenceLine(evidenceSchema.parse(item));
		const ids = items.map(({ kind, id }) => `${kind} ${id}`);
		expect(new Set(ids).size).toBe(ids.length);
		// The table counts what stands in the document: deletions are in resource_changes, data sources have types too.
		const deleted = new Map<string, number>();
		for (const change of arrayOf(decoded(sample).resource_changes)) {
			const type = String(member(change, "type"));
			const actions = JSON.stringify(member(member(change, "change"), "actions"));
			if (actions === '["delete"]' && member(change, "mode") === "managed") deleted.set(type, (deleted.get(type) ?? 0) + 1);
		}
		for (const [type, documented] of sample.counts) {
			if (!terraformKinds.includes(type)) continue;
			let count = documented - (deleted.get(type) ?? 0);
			if (sample.folder === "states") {
				// In a state the table counts resources, not their instances.
				const blocks = arrayOf(decoded(sample).resources).filter((block) => member(block, "type") === type && member(block, "mode") === "managed");
				expect([type, blocks.length]).toEqual([type, documented]);
				count = blocks.flatMap((block) => arrayOf(member(block, "instances"))).length;
			}
			expect([type, items.filter(({ kind }) => kind === type).length]).toEqual([type, count]);
			expect(member(items.find(({ id }) => id === `${type}@${sample.file}`)?.values, "count")).toBe(count);
		}
	});

	it.each(all.filter(({ folder }) => folder === "plans").map((sample) => [sample.file, sample] as const))(
		"%s: every planned resource, and changes agree with planned values",
		(file, sample) => {
			const root = decoded(sample);
			const planned = [...plannedResources(member(root.planned_values, "root_module"))].filter(
				({ mode, type }) => mode === "managed" && terraformKinds.includes(String(type)),
			);
			const items = judge(sample).filter(isResource);
			expect(items.map(({ id }) => id).sort()).toEqual(planned.map(({ address }) => String(address)).sort());
			if (file === "eventbridge-lambda-update-delete.json" || file === "iam-policy-document-data-for-each.json") return;
			// Judged from planned_values alone, the values are the same.
			const { resource_changes: _, configuration: __, ...rest } = root;
			const again = [
				...terraformEvidence(readTerraform(Buffer.from(JSON.stringify(rest)), file), { target: file, now: "2026-01-01T00:00:00Z", version: "1" }),
			].filter(isResource);
			const values = (list: readonly Evidence[]): unknown => Object.fromEntries(list.map((item) => [item.id, pruned(item.values)]));
			expect(values(again)).toEqual(values(items));
		},
	);

	it.each(all.filter(({ exercises }) => /\bunknown\b/.test(exercises)).map((sample) => [sample.file, sample] as const))(
		"%s: unknown values are listed as unknown",
		(_, sample) => {
			const kinds = [...sample.counts.keys()].filter((type) => terraformKinds.includes(type));
			if (kinds.length === 0) return;
			const items = judge(sample).filter(isResource);
			expect(items.some(({ unknown }) => (unknown?.length ?? 0) > 0)).toBe(true);
			for (const item of items) for (const path of item.unknown ?? []) expect([path, valueAt(item.values, path)]).toEqual([path, undefined]);
		},
	);

	it.each(all.map((sample) => [sample.file, sample] as const))("%s: sensitive values are nowhere", (_, sample) => {
		const root = decoded(sample);
		const text = JSON.stringify(judge(sample).map(({ values }) => values));
		const secrets = new Set<string>();
		for (const change of arrayOf(root.resource_changes))
			for (const secret of secretsIn(member(member(change, "change"), "after"), member(member(change, "change"), "after_sensitive"))) secrets.add(secret);
		for (const output of Object.values(objectOf(root.outputs))) if (member(output, "sensitive") === true) secrets.add(String(member(output, "value")));
		for (const secret of secrets) expect(text.includes(JSON.stringify(secret))).toBe(false);
		expect(text).not.toContain("foobarbaz");
	});

	it("references lead to items, through modules and indexes", () => {
		const nested = judge({ folder: "plans", file: "module-for-each-nested.json", exercises: "", counts: new Map() });
		expect(nested.find(({ kind }) => kind === "aws_lambda_permission")?.references).toEqual({
			source_arn: ["module.outer[0].module.inner.aws_cloudwatch_event_rule.example"],
		});
		const logging = judge({ folder: "plans", file: "s3-acl-logging-count-1.3.json", exercises: "", counts: new Map() });
		expect(logging.find(({ kind }) => kind === "aws_s3_bucket_logging")?.references).toEqual({
			bucket: ["aws_s3_bucket.validbucket2[0]"],
			target_bucket: ["aws_s3_bucket.logbucket1"],
		});
	});

	it("keep good and bad examples apart", () => {
		const valuesIn = (file: string, kind: string): Record<string, unknown> =>
			Object.fromEntries(
				judge({ folder: "plans", file, exercises: "", counts: new Map() })
					.filter((item) => item.kind === kind)
					.map((item) => [item.id.replace(/^.*\./, ""), item.values]),
			);
		const trails = Object.values(valuesIn("cloudtrail-validation.json", "aws_cloudtrail")).map((values) => member(values, "enable_log_file_validation"));
		expect(trails.map(String).sort()).toEqual(["false", "true"]);
		const encryption = Object.values(valuesIn("s3-sse-kms.json", "aws_s3_bucket")).map((values) =>
			member(member(member(member(values, "server_side_encryption_configuration"), "rule"), "apply_server_side_encryption_by_default"), "sse_algorithm"),
		);
		expect(encryption.map(String).sort()).toEqual(["AES256", "aws:kms", "undefined"]);
		const groups = Object.values(valuesIn("lambda-log-groups.json", "aws_cloudwatch_log_group")).map((values) => member(values, "retention_in_days"));
		expect(groups).toEqual([90, 90, 90]);
		const viewers = Object.values(valuesIn("cloudfront-https.json", "aws_cloudfront_distribution")).map((values) =>
			member(member(values, "default_cache_behavior"), "viewer_protocol_policy"),
		);
		expect(new Set(viewers).size).toBeGreaterThan(1);
	});

	it("states: an empty key id is absent, as nobody set it", () => {
		const [trail] = judge({ folder: "states", file: "cloudtrail.tfstate", exercises: "", counts: new Map() });
		expect(trail?.kind).toBe("aws_cloudtrail");
		expect(trail?.values).not.toHaveProperty("kms_key_id");
		expect(trail?.values).toMatchObject({ enable_log_file_validation: false });
	});
});

/** What planned_values alone cannot tell from an empty value: nested objects that hold unknown values only. */
function pruned(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(pruned);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.map(([key, inner]) => [key, pruned(inner)] as const)
			.filter(([, inner]) => !(isObject(inner) && Object.keys(inner).length === 0)),
	);
}

function valueAt(values: unknown, path: string): unknown {
	let at: unknown = values;
	for (const step of path.split(".")) at = Array.isArray(at) ? at[Number(step)] : member(at, step);
	return at;
}
