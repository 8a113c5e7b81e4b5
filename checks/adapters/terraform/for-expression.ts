import type { Scope } from "./resolver.ts";
import type { Node } from "./syntax.ts";
import { booleanOfValue, EvaluationError, maxItems, plain, textOfValue, Unknown, unknown, type Value } from "./values.ts";

/** A for expression over the keys and values of its collection: a list, a map, or a map of lists where `...` groups. */
export function loop(node: Node & { kind: "for" }, entries: readonly [Value, Value][], scope: Scope, evaluate: (node: Node, scope: Scope) => Value): Value {
	const list: Value[] = [];
	const map = new Map<string, Value>();
	const groups = new Map<string, Value[]>();
	for (const [key, value] of entries) {
		const inner = new Map(scope);
		if (node.keyName !== undefined) inner.set(node.keyName, key);
		inner.set(node.valueName, value);
		if (node.filter !== undefined) {
			const keep = evaluate(node.filter, inner);
			if (keep instanceof Unknown) return plain(keep);
			if (!booleanOfValue(keep)) continue;
		}
		const result = evaluate(node.value, inner);
		if (list.length > maxItems) return unknown;
		if (node.key === undefined) {
			list.push(result);
			continue;
		}
		const name = evaluate(node.key, inner);
		if (name instanceof Unknown) return plain(name);
		const text = textOfValue(name);
		if (node.group) {
			const group = groups.get(text);
			if (group === undefined) groups.set(text, [result]);
			else group.push(result);
		} else if (map.has(text)) throw new EvaluationError("duplicate key");
		else map.set(text, result);
	}
	if (node.key === undefined) return list;
	return node.group ? groups : map;
}
