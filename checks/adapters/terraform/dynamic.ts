import { bodiesOf } from "./configuration.ts";
import { type JsonObject, member } from "./json-value.ts";
import type { Resolver, Scope } from "./resolver.ts";
import { Unknown, type Value, withheld } from "./values.ts";

export interface ScopedBody {
	body: JsonObject;
	scope: Scope;
}

export interface Blocks {
	/** Undefined when it is not known how many there are. */
	bodies: readonly ScopedBody[] | undefined;
	/** Whether that is so because a value is withheld. */
	sensitive: boolean;
	references: ReadonlySet<string>;
}

/** The blocks of a name in a body: those written out, then those of `dynamic` with content that is known. */
export function dynamicBodies(resolver: Resolver, body: JsonObject, name: string, scope: Scope): Blocks {
	const references = new Set<string>();
	const written = member(body, name);
	if (typeof written === "string") {
		// A template in the place of blocks: not Terraform's syntax, so that nothing is known of it.
		const resolved = resolver.resolve(written, scope);
		return { bodies: undefined, sensitive: resolved.value === withheld, references: resolved.references };
	}
	const bodies: ScopedBody[] = bodiesOf(written).map((block) => ({ body: block, scope }));
	for (const group of bodiesOf(member(body, "dynamic"))) {
		for (const block of bodiesOf(member(group, name))) {
			const resolved = resolver.resolve(block.for_each, scope);
			for (const address of resolved.references) references.add(address);
			const entries = resolver.iterate(resolved.value);
			if (entries === undefined) return { bodies: undefined, sensitive: resolved.value instanceof Unknown && resolved.value.sensitive, references };
			const iterator = typeof block.iterator === "string" ? block.iterator.replace(/^\$\{\s*(.*?)\s*\}$/, "$1") : name;
			for (const [key, value] of entries) {
				const inner = new Map<string, Value>(scope);
				inner.set(
					iterator,
					new Map<string, Value>([
						["key", key],
						["value", value],
					]),
				);
				for (const content of bodiesOf(block.content)) bodies.push({ body: content, scope: inner });
			}
		}
	}
	return { bodies, sensitive: false, references };
}
