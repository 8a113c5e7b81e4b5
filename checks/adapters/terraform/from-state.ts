import type { Evidence } from "../../../model/evidence.ts";
import { type InstanceKey, resourceAddress } from "./addresses.ts";
import { allowedOf } from "./attributes.ts";
import { plannedValues } from "./from-plan.ts";
import { type EvidenceOptions, resourceItem } from "./item.ts";
import { arrayOf, isObject, type JsonObject, member, objectOf, textOf } from "./json-value.ts";
import { outputItem } from "./outputs.ts";
import { project } from "./project.ts";
import { countType, type Reading } from "./seen.ts";

interface Stored {
	address: string;
	type: string;
	value: unknown;
	sensitive: unknown;
}

/** terraform.tfstate, version 4. Instances that are deposed, and data sources, are no resources. */
export function readFromState(root: JsonObject, options: EvidenceOptions): Reading {
	const stored: Stored[] = [];
	for (const resource of arrayOf(root.resources)) {
		const type = textOf(member(resource, "type"));
		const name = textOf(member(resource, "name"));
		if (!isObject(resource) || type === undefined || name === undefined || resource.mode === "data") continue;
		for (const instance of arrayOf(resource.instances)) {
			if (!isObject(instance) || (typeof instance.deposed === "string" && instance.deposed !== "")) continue;
			const key: InstanceKey = typeof instance.index_key === "number" || typeof instance.index_key === "string" ? instance.index_key : undefined;
			stored.push({
				address: resourceAddress(textOf(resource.module) ?? "", type, name, key),
				type,
				value: objectOf(instance.attributes),
				sensitive: shadowOf(instance.sensitive_attributes),
			});
		}
	}
	return reading(stored, objectOf(root.outputs), options);
}

/** `show -json` of a state. */
export function readFromShownState(root: JsonObject, options: EvidenceOptions): Reading {
	const stored: Stored[] = [];
	for (const { resource, address } of plannedValues(objectOf(member(root.values, "root_module")))) {
		const type = textOf(resource.type);
		if (type === undefined || resource.mode === "data" || Object.hasOwn(resource, "deposed_key")) continue;
		stored.push({ address, type, value: objectOf(resource.values), sensitive: resource.sensitive_values });
	}
	return reading(stored, objectOf(member(root.values, "outputs")), options);
}

function reading(stored: readonly Stored[], outputs: JsonObject, options: EvidenceOptions): Reading {
	const types = new Map<string, number>();
	for (const { type } of stored) countType(types, type);
	return { items: items(), types, gaps: new Map() };

	function* items(): Generator<Evidence> {
		for (const { address, type, value, sensitive } of stored) {
			const allowed = allowedOf(type);
			if (allowed !== undefined) yield resourceItem(type, address, `resource ${type}`, project(allowed, { value, sensitive }, {}), options);
		}
		for (const [name, output] of Object.entries(outputs)) {
			yield outputItem({ name, sensitive: member(output, "sensitive") === true, references: [], reads: undefined }, options);
		}
	}
}

/**
 * sensitive_attributes is a list of paths, each a list of steps: {type: "get_attr", value: name} or {type: "index", value: {value}}.
 * The shadow has the form of after_sensitive. Only the first element of a list is stepped into, which is what a block that occurs
 * once has; any other index marks the list as a whole, since withholding too much is the safe side.
 */
function shadowOf(paths: unknown): unknown {
	const root: JsonObject = {};
	for (const path of arrayOf(paths)) mark(root, arrayOf(path));
	return root;
}

function mark(root: JsonObject, steps: readonly unknown[]): void {
	let at = root;
	for (const [index, step] of steps.entries()) {
		const name = member(step, "type") === "get_attr" ? textOf(member(step, "value")) : undefined;
		// An index is read together with the attribute before it.
		if (name === undefined) continue;
		const known = member(at, name);
		if (known === true) return;
		const after = steps.slice(index + 1);
		const inside = after.some((one) => member(one, "type") === "get_attr");
		if (!inside || (isIndex(after[0]) && !isFirst(after[0]))) {
			define(at, name, true);
			return;
		}
		const listed = isIndex(after[0]);
		const element = listed && Array.isArray(known) ? known[0] : known;
		const next: JsonObject = isObject(element) ? element : {};
		define(at, name, listed ? [next] : next);
		at = next;
	}
}

function isIndex(step: unknown): boolean {
	return member(step, "type") === "index";
}

function isFirst(step: unknown): boolean {
	return member(member(step, "value"), "value") === 0;
}

function define(object: JsonObject, key: string, value: unknown): void {
	Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
