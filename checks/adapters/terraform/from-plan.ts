import type { Evidence } from "../../../model/evidence.ts";
import { keyText, moduleOf } from "./addresses.ts";
import { allowedOf } from "./attributes.ts";
import { type EvidenceOptions, resourceItem } from "./item.ts";
import { arrayOf, isObject, type JsonObject, member, objectOf, textOf } from "./json-value.ts";
import { outputItem } from "./outputs.ts";
import { PlanDocuments } from "./plan-documents.ts";
import { type Asker, PlanReferences } from "./plan-references.ts";
import { project } from "./project.ts";
import { countType, type Reading } from "./seen.ts";

interface Planned {
	address: string;
	type: string;
	base: string;
	module: string;
	key: number | string | undefined;
	value: unknown;
	unknown: unknown;
	sensitive: unknown;
}

/**
 * `show -json` of a plan: what will be there after apply. Deletions and data sources are no resources; no-op, update and
 * replace are judged like create. Values come from resource_changes, which tell what is unknown and sensitive, and from
 * planned_values where a resource has no change.
 */
export function readFromPlan(root: JsonObject, options: EvidenceOptions): Reading {
	const references = new PlanReferences(objectOf(root.configuration));
	const documents = new PlanDocuments(root);
	const planned = plannedResources(root);
	const reading: Reading = { items: [], types: new Map(), gaps: new Map() };
	for (const { module, base, key, address, type } of planned) {
		references.addInstance(module, base, key, address);
		countType(reading.types, type);
	}
	if (root.complete === false || arrayOf(root.deferred_changes).length > 0) {
		reading.gaps.set("*", {
			code: "unknown_until_apply",
			detail: "complete: false",
			message: "the plan says that it is not complete (made with -target, or with deferred changes); plan again for the whole stack",
		});
	}
	reading.items = items();
	return reading;

	function* items(): Generator<Evidence> {
		for (const resource of planned) {
			const allowed = allowedOf(resource.type);
			if (allowed === undefined) continue;
			const expressions = member(references.configurationOf(resource.module, resource.base), "expressions");
			const asker: Asker = { module: resource.module, key: resource.key, base: resource.base };
			const projection = project(
				allowed,
				{
					value: resource.value,
					unknown: resource.unknown,
					sensitive: resource.sensitive,
					expressions: isObject(expressions) ? [expressions] : undefined,
					exact: isObject(expressions),
				},
				{
					referencesOf: (expression) => references.idsOf(expression, asker),
					...(resource.module === "" ? { documentOf: (expression) => documents.textOf(expression) } : {}),
				},
			);
			yield resourceItem(resource.type, resource.address, `resource ${resource.type}`, projection, options);
		}
		yield* outputs(root, references, options);
	}
}

function* outputs(root: JsonObject, references: PlanReferences, options: EvidenceOptions): Generator<Evidence> {
	const configured = objectOf(member(objectOf(root.configuration).root_module, "outputs"));
	const planned = objectOf(member(root.planned_values, "outputs"));
	for (const name of new Set([...Object.keys(configured), ...Object.keys(planned)])) {
		const expression = objectOf(member(member(configured, name), "expression"));
		const sensitive = member(member(planned, name), "sensitive") === true || member(member(configured, name), "sensitive") === true;
		yield outputItem(
			{
				name,
				sensitive,
				references: references.idsOf(expression, { module: "", key: undefined, base: "" }),
				reads: Object.hasOwn(configured, name) ? references.readsOf(expression) : undefined,
			},
			options,
		);
	}
}

function plannedResources(root: JsonObject): Planned[] {
	const changes = new Map<string, JsonObject>();
	const gone = new Set<string>();
	for (const change of arrayOf(root.resource_changes)) {
		const address = textOf(member(change, "address"));
		if (!isObject(change) || address === undefined || change.mode === "data" || Object.hasOwn(change, "deposed")) continue;
		const actions = arrayOf(member(change.change, "actions"));
		if (actions.length > 0 && actions.every((action) => action === "delete" || action === "forget" || action === "read")) gone.add(address);
		else changes.set(address, change);
	}
	const found: Planned[] = [];
	const listed = new Set<string>();
	for (const { resource, address } of plannedValues(objectOf(member(root.planned_values, "root_module")))) {
		if (resource.mode === "data" || gone.has(address) || listed.has(address)) continue;
		listed.add(address);
		const change = changes.get(address);
		const entry = change === undefined ? undefined : fromChange(change, address);
		found.push(entry ?? described(resource, address, objectOf(resource.values), undefined, resource.sensitive_values));
	}
	for (const [address, change] of changes) if (!listed.has(address)) found.push(fromChange(change, address));
	return found;
}

function fromChange(change: JsonObject, address: string): Planned {
	const inner = objectOf(change.change);
	// A plan that deletes and creates anew shows the new values here, a no-op the present ones.
	return described(change, address, objectOf(inner.after), inner.after_unknown, inner.after_sensitive);
}

/** With duplicate addresses the first counts; a missing type or name is taken from the address. */
function described(resource: JsonObject, address: string, value: JsonObject, unknown: unknown, sensitive: unknown): Planned {
	const module = moduleOf(address);
	const own = module === "" ? address : address.slice(module.length + 1);
	const type = textOf(resource.type) ?? own.split(".", 1)[0] ?? "";
	const key = typeof resource.index === "number" || typeof resource.index === "string" ? resource.index : undefined;
	const suffix = keyText(key);
	const base = key !== undefined && own.endsWith(suffix) ? own.slice(0, -suffix.length) : own.replace(/\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]$/, "");
	return { address, type, base, module, key: key ?? keyOf(own), value, unknown, sensitive };
}

/** The key at the end of an address, for documents that do not say it apart. */
function keyOf(own: string): number | string | undefined {
	const text = /\[([0-9]{1,9}|"(?:[^"\\]|\\.)*")\]$/.exec(own)?.[1];
	if (text === undefined) return undefined;
	if (!text.startsWith('"')) return Number(text);
	try {
		return String(JSON.parse(text));
	} catch (error) {
		if (error instanceof SyntaxError) return text.slice(1, -1);
		throw error;
	}
}

/** Every resource of planned_values or of a shown state, child modules included. */
export function* plannedValues(module: JsonObject): Generator<{ resource: JsonObject; address: string }> {
	for (const resource of arrayOf(module.resources)) {
		const address = textOf(member(resource, "address"));
		if (isObject(resource) && address !== undefined && address !== "") yield { resource, address };
	}
	for (const child of arrayOf(module.child_modules)) if (isObject(child)) yield* plannedValues(child);
}
