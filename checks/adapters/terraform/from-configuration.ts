import { callAt, type Evidence } from "../../../model/evidence.ts";
import { keyText } from "./addresses.ts";
import { type AllowedBlock, allowedOf, ownEntry } from "./attributes.ts";
import { type ConfiguredResource, constructPath, readConfiguration, waiverNamed } from "./configuration.ts";
import type { TerraformDocument } from "./document.ts";
import { dynamicBodies } from "./dynamic.ts";
import { Evaluator } from "./evaluator.ts";
import { type EvidenceOptions, resourceItem, source, wellFormed } from "./item.ts";
import { type JsonObject, member } from "./json-value.ts";
import { outputItem } from "./outputs.ts";
import { Evaluated, project } from "./project.ts";
import type { Scope } from "./resolver.ts";
import type { Reading } from "./seen.ts";
import { unknown, withheld } from "./values.ts";

/** cdk.tf.json and other .tf.json: one root module, evaluated as far as it is known without applying. Throws InputError on resources declared twice. */
export function readFromConfiguration(document: TerraformDocument, options: EvidenceOptions): Reading {
	const configuration = readConfiguration(document.root, document.file);
	const evaluator = new Evaluator(configuration);
	const reading: Reading = { items: [], types: new Map(), gaps: new Map() };
	const resources = [...configuration.resources.values()].filter(({ mode }) => mode === "managed");
	for (const resource of resources) {
		const count = evaluator.instancesOf(resource)?.length;
		reading.types.set(resource.type, (reading.types.get(resource.type) ?? 0) + (count ?? 1));
		if (count !== undefined || reading.gaps.has(resource.type)) continue;
		reading.gaps.set(resource.type, {
			code: "unknown_until_apply",
			detail: wellFormed(resource.address),
			message: `how many instances ${wellFormed(resource.address)} has is known only after apply`,
		});
	}
	const [module] = configuration.modules;
	if (module !== undefined) {
		const names = configuration.modules.map(({ name }) => `module.${wellFormed(name)}`).slice(0, 20);
		reading.gaps.set("*", {
			code: "input_not_supplied",
			detail: names.join(", "),
			message: "the resources of modules do not stand in this file; give the plan (terraform show -json) instead",
		});
	}
	reading.items = items();
	return reading;

	function* items(): Generator<Evidence> {
		for (const resource of resources) {
			const allowed = allowedOf(resource.type);
			if (allowed !== undefined) yield* instanceItems(evaluator, resource, allowed, options);
		}
		for (const { name, body } of configuration.outputs) {
			const { references } = evaluator.resolve(body.value, new Map());
			const reads = readsOf(writtenAs(body.value), configuration.locals);
			yield outputItem({ name, sensitive: body.sensitive === true || body.sensitive === "true", references: [...references], reads }, options);
		}
	}
}

function* instanceItems(evaluator: Evaluator, resource: ConfiguredResource, allowed: AllowedBlock, options: EvidenceOptions): Generator<Evidence> {
	const call = callAt(`resource ${resource.type}`, constructPath(resource.body));
	const waiver = waiverNamed(resource.body);
	const instances = evaluator.instancesOf(resource);
	if (instances === undefined) {
		yield {
			kind: resource.type,
			id: wellFormed(resource.address),
			status: "error",
			error: { code: "unknown_until_apply", detail: "count or for_each", message: "how many instances there are is known only after apply" },
			source: source(call, options),
			collectedAt: options.now,
		};
		return;
	}
	for (const { key, scope } of instances) {
		const value = evaluateBody(evaluator, allowed, resource.body, scope);
		const item = resourceItem(resource.type, resource.address + keyText(key), call, project(allowed, { value }, { computedUnknown: true }), options);
		if (waiver !== undefined) item.source.waiver = wellFormed(waiver);
		yield item;
	}
}

/** The allowed attributes and blocks of a body, evaluated. */
function evaluateBody(evaluator: Evaluator, allowed: AllowedBlock, body: JsonObject, scope: Scope): JsonObject {
	const members: [string, unknown][] = [];
	for (const name of Object.keys(body)) {
		if (ownEntry(allowed.attributes, name) === undefined || body[name] === null) continue;
		const { value, references } = evaluator.resolve(body[name], scope);
		members.push([name, new Evaluated(value, references)]);
	}
	const dynamic = member(body, "dynamic") !== undefined;
	for (const [name, nested] of Object.entries(allowed.blocks ?? {})) {
		if (!dynamic && member(body, name) === undefined) continue;
		const blocks = dynamicBodies(evaluator, body, name, scope);
		if (blocks.bodies === undefined) members.push([name, new Evaluated(blocks.sensitive ? withheld : unknown, blocks.references)]);
		else members.push([name, blocks.bodies.map((block) => evaluateBody(evaluator, nested, block.body, block.scope))]);
	}
	return Object.fromEntries(members);
}

/**
 * Attributes that an output's expression names: `aws_iam_access_key.smtp.secret`. Undefined where an access key stands behind it as a whole
 * or through a local: which of its attributes is then not told.
 */
function readsOf(text: string, locals: ReadonlyMap<string, unknown>): string[] | undefined {
	const found = new Set<string>();
	const rest = text.replaceAll(
		/(?<![A-Za-z0-9_.-])([a-z][a-z0-9]{0,30}_[a-z0-9_]{1,100}\.[A-Za-z_][A-Za-z0-9_-]{0,200})(?:\[[^\]\s]{0,200}\])?\.([a-z][a-z0-9_]{0,100})/g,
		(_, base: string, attribute: string) => {
			found.add(`${base}.${attribute}`);
			return " ";
		},
	);
	return holdsKey(rest, locals, new Set()) ? undefined : [...found].sort();
}

function holdsKey(text: string, locals: ReadonlyMap<string, unknown>, visited: Set<string>): boolean {
	if (/(?<![A-Za-z0-9_.-])aws_iam_access_key\./.test(text)) return true;
	for (const [, name = ""] of text.matchAll(/(?<![A-Za-z0-9_.-])local\.([A-Za-z_][A-Za-z0-9_-]*)/g)) {
		if (visited.has(name)) continue;
		visited.add(name);
		if (holdsKey(writtenAs(locals.get(name)), locals, visited)) return true;
	}
	return false;
}

function writtenAs(value: unknown): string {
	return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
