// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { keyText } from "./addresses.ts";
import { allowedOf, maybeSecret, ownEntry } from "./attributes.ts";
import type { Configuration, ConfiguredResource } from "./configuration.ts";
import { convert } from "./convert.ts";
import { callFunction, exact, isFunction, itemsOf, sortedEntries } from "./functions.ts";
import { type JsonObject, member } from "./json-value.ts";
import { policyDocument } from "./policy-document.ts";
import { type Node, parseTemplate } from "./syntax.ts";
import {
	booleanOfValue,
	EvaluationError,
	equalValues,
	fromJson,
	hasUnknown,
	InstanceReference,
	isList,
	isMap,
	isSensitive,
	maxItems,
	maxText,
	numberOfValue,
	ResourceReference,
	SetValue,
	textOfValue,
	Unknown,
	unknown,
	type Value,
	withheld,
} from "./values.ts";

/** Names that an expression may use besides the module's: each, count, iterators of dynamic blocks, variables of for. */
export type Scope = ReadonlyMap<string, Value>;

/** A value and the addresses of the resources that it was made from. */
export interface Resolved {
	value: Value;
	references: ReadonlySet<string>;
}

/** The instances of a resource; undefined while count or for_each is unknown. */
export type Instances = readonly { key: number | string | undefined; scope: Scope }[];

function isRepeated(body: JsonObject): boolean {
	return member(body, "count") !== undefined || member(body, "for_each") !== undefined;
}

/** Beyond a bound of ours: no `try` may take that for an error of Terraform's. */
class LimitError extends Error {}

const opaquePart = "${unknown}";
const emptyScope: Scope = new Map();
const none: ReadonlySet<string> = new Set();
const single: Instances = [{ key: undefined, scope: emptyScope }];
const maxEvaluationDepth = 1200;
const maxSteps = 20_000_000;
const maxChain = 150;
const maxInstances = 10_000;

/**
 * Evaluates the expressions of one configuration without side effects, files or the network. What it does not know is
 * `Unknown`; it never guesses. Work, text and list sizes are bounded.
 */
export class Evaluator {
	private readonly configuration: Configuration;
	private readonly templates = new Map<string, Node>();
	private readonly cache = new Map<string, Resolved>();
	private readonly instances = new Map<string, Instances | undefined>();
	private readonly running = new Set<string>();
	/** Addresses seen by the value that is being evaluated; the innermost one's set. */
	private seen = new Set<string>();
	private steps = 0;
	private depth = 0;
	/** How often a bound cut an evaluation short. */
	private cuts = 0;

	constructor(configuration: Configuration) {
		this.configuration = configuration;
	}

	/** Evaluates an attribute as JSON syntax writes it. Never throws: what Terraform would refuse is unknown. */
	resolve(json: unknown, scope: Scope): Resolved {
		// Most attributes are plain text, numbers and switches.
		if (typeof json === "string" ? !json.includes("{") : typeof json === "number" || typeof json === "boolean")
			return { value: json as Value, references: none };
		return this.recorded(() => this.json(json, scope));
	}

	/** Counts an address for the value that is being evaluated. */
	note(address: string): void {
		this.seen.add(address);
	}

	private recorded(work: () => Value): Resolved {
		const outer = this.seen;
		const depth = this.depth;
		const references = new Set<string>();
		this.seen = references;
		try {
			return { value: work(), references };
		} catch (error) {
			// RangeError: values nested beyond the engine's stack, which only a hostile configuration builds.
			if (!(error instanceof EvaluationError || error instanceof LimitError || error instanceof RangeError)) throw error;
			if (!(error instanceof EvaluationError)) this.cuts += 1;
			return { value: unknown, references };
		} finally {
			this.seen = outer;
			this.depth = depth;
		}
	}

	/** Instances by count or for_each; undefined when they are unknown. */
	instancesOf(resource: ConfiguredResource): Instances | undefined {
		if (!isRepeated(resource.body)) return single;
		const known = this.instances.get(resource.address);
		if (known !== undefined || this.instances.has(resource.address)) return known;
		// A count that depends on itself is unknown.
		this.instances.set(resource.address, undefined);
		const instances = this.expand(resource);
		this.instances.set(resource.address, instances);
		return instances;
	}

	private expand(resource: ConfiguredResource): Instances | undefined {
		const { body } = resource;
		if (member(body, "count") !== undefined && body.count !== null) {
			const { value } = this.resolve(body.count, emptyScope);
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
			const entries = this.iterate(this.resolve(body.for_each, emptyScope).value);
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

	/** One step down; whoever takes it comes back up. */
	private down(): void {
		this.steps += 1;
		this.depth += 1;
		if (this.steps > maxSteps || this.depth > maxEvaluationDepth) throw new LimitError();
	}

	/** JSON syntax: strings are templates, the keys of objects too. */
	private json(json: unknown, scope: Scope): Value {
		this.down();
		const value = this.jsonInside(json, scope);
		this.depth -= 1;
		return value;
	}

	private jsonInside(json: unknown, scope: Scope): Value {
		if (typeof json === "string") return this.evaluate(this.parse(json), scope);
		if (json === null || json === undefined || typeof json === "number" || typeof json === "boolean") return json ?? null;
		if (Array.isArray(json)) return json.map((item) => this.jsonOrUnknown(item, scope));
		const map = new Map<string, Value>();
		for (const [key, item] of Object.entries(json)) {
			const name = key.includes("{") ? this.evaluate(this.parse(key), scope) : key;
			if (name instanceof Unknown) return isSensitive(name) ? withheld : unknown;
			map.set(textOfValue(name), this.jsonOrUnknown(item, scope));
		}
		return map;
	}

	/** An element that Terraform would refuse leaves its neighbours readable. */
	private jsonOrUnknown(json: unknown, scope: Scope): Value {
		const depth = this.depth;
		try {
			return this.json(json, scope);
		} catch (error) {
			if (!(error instanceof EvaluationError)) throw error;
			this.depth = depth;
			return unknown;
		}
	}

	private parse(text: string): Node {
		if (!text.includes("{")) return { kind: "literal", value: text };
		let node = this.templates.get(text);
		if (node === undefined) {
			node = parseTemplate(text);
			this.templates.set(text, node);
		}
		return node;
	}

	private evaluate(node: Node, scope: Scope): Value {
		this.down();
		const value = this.evaluateInside(node, scope);
		this.depth -= 1;
		return value;
	}

	private evaluateInside(node: Node, scope: Scope): Value {
		switch (node.kind) {
			case "literal":
				return node.value;
			case "opaque":
				return this.opaque(node.text);
			case "template":
				return this.concatenate(node.parts.map((part) => this.evaluate(part, scope)));
			case "name":
				return this.name(node.name, scope);
			case "item":
				return scope.get("*") ?? unknown;
			case "attribute":
				return this.attribute(node, scope);
			case "index":
				return this.index(this.evaluate(node.on, scope), this.evaluate(node.key, scope));
			case "splat":
				return this.splat(this.evaluate(node.on, scope), node.each, scope);
			case "call":
				return this.call(node.name, node.parameters, node.spread, scope);
			case "unary": {
				const operand = this.evaluate(node.operand, scope);
				if (operand instanceof Unknown) return plain(operand);
				return node.operator === "!" ? !booleanOfValue(operand) : -numberOfValue(operand);
			}
			case "binary":
				return this.binary(node.operator, node.left, node.right, scope);
			case "condition":
				return this.condition(node.test, node.yes, node.no, scope);
			case "tuple":
				return node.items.map((item) => this.evaluate(item, scope));
			case "object": {
				const map = new Map<string, Value>();
				for (const [keyNode, valueNode] of node.entries) {
					const key = this.evaluate(keyNode, scope);
					if (key instanceof Unknown) return plain(key);
					map.set(textOfValue(key), this.evaluate(valueNode, scope));
				}
				return map;
			}
			case "for":
				return this.loop(node, scope);
		}
	}

	/** What could not be parsed may still name resources: they count as references. */
	private opaque(text: string): Value {
		for (const match of text.matchAll(/[a-z][a-z0-9_]{0,100}\.[A-Za-z_][A-Za-z0-9_-]{0,200}/g)) {
			if (this.configuration.resources.has(match[0])) this.seen.add(match[0]);
		}
		return /\bsensitive\(/.test(text) ? withheld : unknown;
	}

	private concatenate(parts: readonly Value[]): Value {
		if (parts.some(isSensitive)) return withheld;
		let text = "";
		let known = true;
		for (const part of parts) {
			if (part instanceof Unknown || part instanceof ResourceReference || part instanceof InstanceReference) {
				known = false;
				// A part without a name of its own still leaves the text around it readable.
				text += (part instanceof Unknown ? part.template : undefined) ?? opaquePart;
			} else text += textOfValue(part);
			if (text.length > maxText) return unknown;
		}
		return known ? text : new Unknown(text);
	}

	private name(name: string, scope: Scope): Value {
		const local = scope.get(name);
		if (local !== undefined) return local;
		return unknown;
	}

	private attribute(node: Node & { kind: "attribute" }, scope: Scope): Value {
		const { on, name } = node;
		if (on.kind === "name" && !scope.has(on.name)) {
			if (on.name === "local") return this.local(name);
			if (on.name === "var") return this.variable(name);
			if (["path", "terraform", "module", "data", "self", "each", "count", "ephemeral"].includes(on.name)) return new Unknown(`\${${on.name}.${name}}`);
			return this.reference("managed", on.name, name);
		}
		if (on.kind === "attribute" && on.on.kind === "name" && on.on.name === "data" && !scope.has("data")) return this.reference("data", on.name, name);
		return this.member(this.evaluate(on, scope), name);
	}

	private reference(mode: "managed" | "data", type: string, name: string): Value {
		const reference = new ResourceReference(mode, type, name);
		return this.resourceOf(reference) === undefined ? unknown : reference;
	}

	private resourceOf(reference: ResourceReference): ConfiguredResource | undefined {
		return this.configuration.resources.get(`${reference.mode === "data" ? "data." : ""}${reference.type}.${reference.name}`);
	}

	private member(value: Value, name: string): Value {
		if (value instanceof Unknown) return extended(value, `.${name}`);
		if (value instanceof ResourceReference) {
			const resource = this.resourceOf(value);
			const instances = resource === undefined ? undefined : this.instancesOf(resource);
			if (resource === undefined || instances === undefined) {
				if (resource?.mode === "managed") this.seen.add(resource.address);
				return unknown;
			}
			const [only] = instances;
			if (only !== undefined && only.key === undefined) return this.instanceAttribute(new InstanceReference(value, undefined), name);
			// resource.x.key for a for_each of literal keys.
			if (instances.some(({ key }) => key === name)) return new InstanceReference(value, name);
			throw new EvaluationError("a resource with several instances has no attributes");
		}
		if (value instanceof InstanceReference) return this.instanceAttribute(value, name);
		if (isMap(value)) {
			const found = value.get(name);
			if (found === undefined) throw new EvaluationError("no such attribute");
			return found;
		}
		// A legacy index, list.0, or a block that JSON syntax wrote as a list of one.
		throw new EvaluationError("no attributes here");
	}

	private instanceAttribute(instance: InstanceReference, name: string): Value {
		const resource = this.resourceOf(instance.resource);
		if (resource === undefined) return unknown;
		const address = resource.address + keyText(instance.key);
		// A policy document is made of what it names; of other data sources the address tells that something is looked up.
		if (resource.mode === "managed" || resource.type !== "aws_iam_policy_document") this.seen.add(address);
		if (maybeSecret(resource.type, name)) return withheld;
		const placeholder = new Unknown(`\${${address}.${name}}`);
		const instances = this.instancesOf(resource);
		const scope = (typeof instance.key === "number" ? instances?.[instance.key] : instances?.find(({ key }) => key === instance.key))?.scope;
		if (scope === undefined) throw new EvaluationError("no such instance");
		if (resource.type === "aws_iam_policy_document" && resource.mode === "data" && (name === "json" || name === "minified_json")) {
			const document = this.cached(`${address}.${name}`, true, () => policyDocument(this, resource.body, scope, name === "minified_json"));
			return document instanceof Unknown && document.template === undefined && !document.sensitive ? placeholder : document;
		}
		const configured = member(resource.body, name);
		if (configured === undefined || configured === null) return placeholder;
		const value = this.cached(`${address}.${name}`, resource.mode === "data", () => {
			const type = resource.mode === "managed" ? ownEntry(allowedOf(resource.type)?.attributes, name) : undefined;
			const evaluated = this.json(configured, scope);
			return type === undefined ? evaluated : convert(evaluated, type);
		});
		// The unknown value goes by the nearest name; what it is made from is the other resource's own matter.
		return value instanceof Unknown && !value.sensitive ? placeholder : value;
	}

	/** Evaluates once. With `through`, what the value is made from counts for whoever reads it. */
	private cached(id: string, through: boolean, work: () => Value): Value {
		let entry = this.cache.get(id);
		if (entry === undefined) {
			if (this.running.has(id)) return unknown;
			if (this.running.size > maxChain) {
				this.cuts += 1;
				return unknown;
			}
			const cuts = this.cuts;
			this.running.add(id);
			entry = this.recorded(work);
			this.running.delete(id);
			// Deep in a chain the value may be cut short by a bound; from nearer by it may be had another time.
			if (this.cuts === cuts || this.running.size === 0) this.cache.set(id, entry);
		}
		if (through) for (const address of entry.references) this.seen.add(address);
		return entry.value;
	}

	private local(name: string): Value {
		if (!this.configuration.locals.has(name)) return unknown;
		return this.cached(`local.${name}`, true, () => this.json(this.configuration.locals.get(name), emptyScope));
	}

	/** A default stands for the variable, as long as the configuration alone is judged; a plan knows what was really given. */
	private variable(name: string): Value {
		const body = this.configuration.variables.get(name);
		if (body === undefined) return unknown;
		if (body.sensitive === true || body.sensitive === "true" || body.ephemeral === true) return withheld;
		if (!Object.hasOwn(body, "default")) return new Unknown(`\${var.${name}}`);
		const value = fromJson(body.default);
		const type = typeof body.type === "string" ? body.type.replace(/^\$\{(.*)\}$/, "$1").trim() : "any";
		return convert(value, type);
	}

	private index(on: Value, key: Value): Value {
		if (on instanceof Unknown) return key instanceof Unknown || typeof key === "object" ? plain(on) : extended(on, keyText(key as number | string));
		if (on instanceof ResourceReference) {
			const resource = this.resourceOf(on);
			const instances = resource === undefined ? undefined : this.instancesOf(resource);
			if (resource === undefined || instances === undefined || key instanceof Unknown) {
				if (resource?.mode === "managed") this.seen.add(resource.address);
				return unknown;
			}
			if (instances[0]?.key === undefined && instances.length === 1) throw new EvaluationError("not several instances");
			const wanted = typeof instances[0]?.key === "number" ? numberOfValue(key) : textOfValue(key);
			if (!instances.some((instance) => instance.key === wanted)) throw new EvaluationError("no such instance");
			return new InstanceReference(on, wanted);
		}
		if (key instanceof Unknown) return plain(key);
		if (isMap(on)) {
			// A single block is a list of one to Terraform's expressions, an object in JSON syntax.
			if (key === 0 && !on.has("0")) return on;
			const found = on.get(textOfValue(key));
			if (found === undefined) throw new EvaluationError("no such key");
			return found;
		}
		if (isList(on)) {
			const found = on[numberOfValue(key)];
			if (found === undefined) throw new EvaluationError("no such index");
			return found;
		}
		throw new EvaluationError("not indexable");
	}

	/** A resource as the list or map of its instances that expressions see; undefined when not known. */
	private collection(reference: ResourceReference): Value | undefined {
		const resource = this.resourceOf(reference);
		const instances = resource === undefined ? undefined : this.instancesOf(resource);
		if (resource === undefined || instances === undefined) {
			if (resource?.mode === "managed") this.seen.add(resource.address);
			return undefined;
		}
		if (member(resource.body, "for_each") !== undefined) return new Map(instances.map(({ key }) => [String(key), new InstanceReference(reference, key)]));
		if (member(resource.body, "count") !== undefined) return instances.map(({ key }) => new InstanceReference(reference, key));
		return undefined;
	}

	private splat(on: Value, each: Node, scope: Scope): Value {
		let items: readonly Value[];
		if (on instanceof Unknown) return plain(on);
		if (on === null) items = [];
		else if (on instanceof ResourceReference) {
			const resource = this.resourceOf(on);
			const collection = this.collection(on);
			if (collection !== undefined) items = isList(collection) ? collection : [collection];
			else if (resource !== undefined && this.instancesOf(resource)?.length === 1) items = [new InstanceReference(on, undefined)];
			else return unknown;
		} else items = on instanceof SetValue || isList(on) ? itemsOf(on) : [on];
		return items.map((item) => this.evaluate(each, new Map([...scope, ["*", item]])));
	}

	private call(name: string, parameters: readonly Node[], spread: boolean, scope: Scope): Value {
		if (name === "try" || name === "can") {
			const depth = this.depth;
			for (const parameter of parameters) {
				try {
					const value = this.evaluate(parameter, scope);
					// Unknown may turn out to be an error at apply time.
					if (name === "can") return hasUnknown(value) ? unknown : true;
					return value;
				} catch (error) {
					if (!(error instanceof EvaluationError)) throw error;
					this.depth = depth;
				}
			}
			if (name === "can") return false;
			throw new EvaluationError("nothing to try");
		}
		const values = parameters.map((parameter) => {
			const value = this.evaluate(parameter, scope);
			return value instanceof ResourceReference ? (this.collection(value) ?? unknown) : value;
		});
		if (spread) {
			const last = values.pop() ?? null;
			if (last instanceof Unknown) return plain(last);
			values.push(...itemsOf(last));
		}
		if (!isFunction(name) && name !== "sensitive") return values.some(isSensitive) ? withheld : unknown;
		return callFunction(name, values);
	}

	private binary(operator: string, leftNode: Node, rightNode: Node, scope: Scope): Value {
		const left = this.evaluate(leftNode, scope);
		if (operator === "&&" && left === false) return false;
		if (operator === "||" && left === true) return true;
		const right = this.evaluate(rightNode, scope);
		if (isSensitive(left) || isSensitive(right)) return withheld;
		if (operator === "==" || operator === "!=") {
			// Comparing with null is safe for what is configured; what is not known might be null.
			if (hasUnknown(left) || hasUnknown(right)) return unknown;
			// A list and a tuple of the same elements differ to Terraform; here both are one type.
			if (typeof left === "object" && left !== null && typeof right === "object" && right !== null) return unknown;
			const same = equalValues(left, right);
			return operator === "==" ? same : !same;
		}
		if (left instanceof Unknown || right instanceof Unknown) return unknown;
		if (operator === "&&" || operator === "||")
			return operator === "&&" ? booleanOfValue(left) && booleanOfValue(right) : booleanOfValue(left) || booleanOfValue(right);
		const [a, b] = [numberOfValue(left), numberOfValue(right)];
		switch (operator) {
			case "<":
				return a < b;
			case ">":
				return a > b;
			case "<=":
				return a <= b;
			case ">=":
				return a >= b;
			case "+":
				return exact(a + b);
			case "-":
				return exact(a - b);
			case "*":
				return exact(a * b);
			default:
				if (b === 0) throw new EvaluationError("division by zero");
				return exact(operator === "/" ? a / b : a % b);
		}
	}

	private condition(testNode: Node, yes: Node, no: Node, scope: Scope): Value {
		const test = this.evaluate(testNode, scope);
		if (test instanceof Unknown) {
			// Either may become the value: both count as references.
			for (const node of [yes, no]) {
				const { value, references } = this.recorded(() => this.evaluate(node, scope));
				for (const address of references) this.seen.add(address);
				if (isSensitive(value)) return withheld;
			}
			return plain(test);
		}
		const chosen = booleanOfValue(test);
		const value = this.evaluate(chosen ? yes : no, scope);
		if (typeof value !== "number" && typeof value !== "boolean") return value;
		// Both results have one type: a number beside a text is a text.
		const other = this.recorded(() => this.evaluate(chosen ? no : yes, scope)).value;
		return typeof other === "string" ? String(value) : value;
	}

	private loop(node: Node & { kind: "for" }, scope: Scope): Value {
		const over = this.evaluate(node.over, scope);
		if (over instanceof Unknown) return plain(over);
		const entries = this.iterate(over);
		if (entries === undefined) {
			if (over instanceof ResourceReference || over instanceof SetValue) return unknown;
			throw new EvaluationError("not iterable");
		}
		const list: Value[] = [];
		const map = new Map<string, Value>();
		const groups = new Map<string, Value[]>();
		for (const [key, value] of entries) {
			const inner = new Map(scope);
			if (node.keyName !== undefined) inner.set(node.keyName, key);
			inner.set(node.valueName, value);
			if (node.filter !== undefined) {
				const keep = this.evaluate(node.filter, inner);
				if (keep instanceof Unknown) return plain(keep);
				if (!booleanOfValue(keep)) continue;
			}
			const result = this.evaluate(node.value, inner);
			if (list.length > maxItems) return unknown;
			if (node.key === undefined) {
				list.push(result);
				continue;
			}
			const name = this.evaluate(node.key, inner);
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
}

/** Unknown without a template: it was put to use, and its text is not what comes out. */
function plain(value: Unknown): Unknown {
	return value.sensitive ? withheld : unknown;
}

/** `${data.x.y}` and `.z` make `${data.x.y.z}`. */
function extended(value: Unknown, step: string): Unknown {
	if (value.sensitive) return withheld;
	const { template } = value;
	if (template === undefined || !/^\$\{[^{}]*\}$/.test(template)) return unknown;
	return new Unknown(`${template.slice(0, -1)}${step}}`);
}
