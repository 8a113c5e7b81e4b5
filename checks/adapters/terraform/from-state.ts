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
 * The shadow marks whole attributes and blocks: an index inside one marks the list, since withholding too much is the safe side.
 */
function shadowOf(paths: unknown): unknown {
	const root: JsonObject = {};
	for (const path of arrayOf(paths)) {
		let at = root;
		const names: string[] = [];
		for (const step of arrayOf(path)) {
			const name = member(step, "type") === "get_attr" ? textOf(member(step, "value")) : undefined;
			if (name === undefined) break;
			names.push(name);
		}
		const last = names.pop();
		if (last === undefined) continue;
		for (const name of names) {
			const inner = member(at, name);
			if (inner === true) break;
			const next = isObject(inner) ? inner : {};
			define(at, name, next);
			at = next;
		}
		define(at, last, true);
	}
	return root;
}

function define(object: JsonObject, key: string, value: unknown): void {
	Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
