import type { Configuration, ConfiguredResource } from "./configuration.ts";
import { sortedEntries } from "./functions.ts";
import { type JsonObject, member } from "./json-value.ts";
import { emptyScope, type Resolver, type Scope } from "./resolver.ts";
import { EvaluationError, hasUnknown, InstanceReference, isList, isMap, numberOfValue, ResourceReference, SetValue, type Value } from "./values.ts";

/** The instances of a resource, each with what its expressions may use besides the module's names. */
export type Instances = readonly { key: number | string | undefined; scope: Scope }[];

const single: Instances = [{ key: undefined, scope: emptyScope }];
const maxInstances = 10_000;

function isRepeated(body: JsonObject): boolean {
	return member(body, "count") !== undefined || member(body, "for_each") !== undefined;
}

/** The resources of a configuration as count and for_each repeat them. */
export class Resources {
	private readonly configuration: Configuration;
	private readonly resolver: Pick<Resolver, "resolve" | "note">;
	private readonly expanded = new Map<string, Instances | undefined>();

	constructor(configuration: Configuration, resolver: Pick<Resolver, "resolve" | "note">) {
		this.configuration = configuration;
		this.resolver = resolver;
	}

	/** What a reference names; undefined where the configuration has no such resource. */
	at({ mode, type, name }: ResourceReference): ConfiguredResource | undefined {
		return this.configuration.resources.get(`${mode === "data" ? "data." : ""}${type}.${name}`);
	}

	/** Instances by count or for_each; undefined when they are unknown. */
	instancesOf(resource: ConfiguredResource): Instances | undefined {
		if (!isRepeated(resource.body)) return single;
		const known = this.expanded.get(resource.address);
		if (known !== undefined || this.expanded.has(resource.address)) return known;
		// A count that depends on itself is unknown.
		this.expanded.set(resource.address, undefined);
		const instances = this.expand(resource);
		this.expanded.set(resource.address, instances);
		return instances;
	}

	private expand({ body }: ConfiguredResource): Instances | undefined {
		if (member(body, "count") !== undefined && body.count !== null) {
			const { value } = this.resolver.resolve(body.count, emptyScope);
			let count: number;
			try {
				count = numberOfValue(value);
			} catch (error) {
				if (error instanceof EvaluationError) return undefined;
				throw error;
			}
			if (!Number.isInteger(count) || count < 0 || count > maxInstances) return undefined;
			return Array.from({ length: count }, (_, index) => ({ key: index, scope: new Map([["count", new Map([["index", index]])]]) }));
		}
		if (member(body, "for_each") !== undefined && body.for_each !== null) {
			const entries = this.iterate(this.resolver.resolve(body.for_each, emptyScope).value);
			if (entries === undefined || entries.length > maxInstances) return undefined;
			// A list is an error in for_each of a resource; keys must be text.
			if (entries.some(([key]) => typeof key !== "string")) return undefined;
			return entries.map(([key, value]) => ({
				key: String(key),
				scope: new Map([
					[
						"each",
						new Map([
							["key", key],
							["value", value],
						]),
					],
				]),
			}));
		}
		return single;
	}

	/** Keys and values of what for_each, dynamic and for run over; undefined when not known how many. */
	iterate(value: Value): [Value, Value][] | undefined {
		if (value instanceof ResourceReference) {
			const collection = this.collection(value);
			return collection === undefined ? undefined : this.iterate(collection);
		}
		if (isMap(value)) return sortedEntries(value);
		if (value instanceof SetValue) return hasUnknown(value) ? undefined : value.items.map((item) => [item, item]);
		if (isList(value)) return value.map((item, index) => [index, item]);
		return undefined;
	}

	/** A resource as the list or map of its instances that expressions see; undefined when not known. */
	collection(reference: ResourceReference): Value | undefined {
		const resource = this.at(reference);
		const instances = this.known(resource);
		if (resource === undefined || instances === undefined) return undefined;
		if (member(resource.body, "for_each") !== undefined) return new Map(instances.map(({ key }) => [String(key), new InstanceReference(reference, key)]));
		if (member(resource.body, "count") !== undefined) return instances.map(({ key }) => new InstanceReference(reference, key));
		return undefined;
	}

	/** The instances of what a reference named. Where they are not known, what is made of one hangs on the resource as a whole. */
	known(resource: ConfiguredResource | undefined): Instances | undefined {
		const instances = resource === undefined ? undefined : this.instancesOf(resource);
		if (instances === undefined) this.noteWhole(resource);
		return instances;
	}

	noteWhole(resource: ConfiguredResource | undefined): void {
		if (resource?.mode === "managed") this.resolver.note(resource.address);
	}
}
