import { byCodeUnit } from "../../../model/canonical.ts";
import {
	booleanOfValue,
	EvaluationError,
	hasUnknown,
	InstanceReference,
	isList,
	isMap,
	isSensitive,
	numberOfValue,
	ResourceReference,
	SetValue,
	textOfValue,
	Unknown,
	unknown,
	type Value,
	withheld,
} from "./values.ts";

/**
 * Terraform's automatic conversion to the type of an attribute, as attributes.json writes types. Collections with an unknown
 * element become unknown as a whole: what is missing from a list could change what it means.
 * Throws EvaluationError where Terraform would refuse.
 */
export function convert(value: Value, type: string): Value {
	if (value === null) return null;
	if (value instanceof Unknown) return value;
	if (value instanceof ResourceReference || value instanceof InstanceReference) return unknown;
	if (type === "string") return textOfValue(value);
	if (type === "number") return numberOfValue(value);
	if (type === "bool") return booleanOfValue(value);
	const [, kind, element = "any"] = /^(list|set|map)\((.*)\)$/.exec(type) ?? [];
	if (kind === undefined) return value;
	if (hasUnknown(value)) return isSensitive(value) ? withheld : unknown;
	if (kind === "map") {
		if (!isMap(value)) throw new EvaluationError("not a map");
		const map = new Map<string, Value>();
		for (const [key, item] of value) if (item !== null) map.set(key, convert(item, element));
		return map;
	}
	const source = value instanceof SetValue ? value.items : value;
	if (!isList(source)) throw new EvaluationError("not a list");
	const items = source.filter((item) => item !== null).map((item) => convert(item, element));
	if (kind === "list") return items;
	return new SetValue(element === "string" ? [...new Set(items as string[])].sort(byCodeUnit) : items);
}
