import type { Configuration, ConfiguredResource } from "./configuration.ts";
import { Evaluation } from "./evaluation.ts";
import { loop } from "./for-expression.ts";
import { callFunction, isFunction, itemsOf } from "./functions.ts";
import { binary, concatenate, decides, unary } from "./operators.ts";
import { References, type Source } from "./references.ts";
import type { Resolved, Scope } from "./resolver.ts";
import { type Instances, Resources } from "./resources.ts";
import { type Node, parseTemplate } from "./syntax.ts";
import {
	booleanOfValue,
	EvaluationError,
	hasUnknown,
	InstanceReference,
	isList,
	isSensitive,
	plain,
	ResourceReference,
	SetValue,
	textOfValue,
	Unknown,
	unknown,
	type Value,
	withheld,
} from "./values.ts";

const none: ReadonlySet<string> = new Set();

/**
 * Evaluates the expressions of one configuration without side effects, files or the network. What it does not know is
 * `Unknown`; it never guesses. Work, text and list sizes are bounded.
 */
export class Evaluator implements Source {
	private readonly configuration: Configuration;
	private readonly evaluation = new Evaluation();
	private readonly resources: Resources;
	private readonly references: References;
	private readonly templates = new Map<string, Node>();

	constructor(configuration: Configuration) {
		this.configuration = configuration;
		this.resources = new Resources(configuration, this);
		this.references = new References(configuration, this.evaluation, this.resources, this);
	}

	resolve(json: unknown, scope: Scope): Resolved {
		// Most attributes are plain text, numbers and switches.
		if (typeof json === "string" ? !json.includes("{") : typeof json === "number" || typeof json === "boolean")
			return { value: json as Value, references: none };
		return this.evaluation.recorded(() => this.json(json, scope));
	}

	note(address: string): void {
		this.evaluation.note(address);
	}

	iterate(value: Value): [Value, Value][] | undefined {
		return this.resources.iterate(value);
	}

	/** Instances by count or for_each; undefined when they are unknown. */
	instancesOf(resource: ConfiguredResource): Instances | undefined {
		return this.resources.instancesOf(resource);
	}

	/** JSON syntax: strings are templates, the keys of objects too. */
	json(json: unknown, scope: Scope): Value {
		this.evaluation.down();
		const value = this.jsonInside(json, scope);
		this.evaluation.up();
		return value;
	}

	private jsonInside(json: unknown, scope: Scope): Value {
		if (typeof json === "string") return this.evaluate(this.parse(json), scope);
		if (json === null || json === undefined || typeof json === "number" || typeof json === "boolean") return json ?? null;
		if (Array.isArray(json)) return json.map((item) => this.jsonOrUnknown(item, scope));
		const map = new Map<string, Value>();
		for (const [key, item] of Object.entries(json)) {
			const name = key.includes("{") ? this.evaluate(this.parse(key), scope) : key;
			if (name instanceof Unknown) return plain(name);
			map.set(textOfValue(name), this.jsonOrUnknown(item, scope));
		}
		return map;
	}

	/** An element that Terraform would refuse leaves its neighbours readable. */
	private jsonOrUnknown(json: unknown, scope: Scope): Value {
		const { depth } = this.evaluation;
		try {
			return this.json(json, scope);
		} catch (error) {
			if (!(error instanceof EvaluationError)) throw error;
			this.evaluation.depth = depth;
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
		this.evaluation.down();
		const value = this.evaluateInside(node, scope);
		this.evaluation.up();
		return value;
	}

	private evaluateInside(node: Node, scope: Scope): Value {
		switch (node.kind) {
			case "literal":
				return node.value;
			case "opaque":
				return this.opaque(node.text);
			case "template":
				return concatenate(node.parts.map((part) => this.evaluate(part, scope)));
			case "name": {
				const local = scope.get(node.name);
				return local === undefined ? unknown : local;
			}
			case "item":
				return scope.get("*") ?? unknown;
			case "attribute":
				return this.attribute(node, scope);
			case "index":
				return this.references.index(this.evaluate(node.on, scope), this.evaluate(node.key, scope));
			case "splat":
				return this.splat(this.evaluate(node.on, scope), node.each, scope);
			case "call":
				return this.call(node.name, node.parameters, node.spread, scope);
			case "unary":
				return unary(node.operator, this.evaluate(node.operand, scope));
			case "binary": {
				const left = this.evaluate(node.left, scope);
				return decides(node.operator, left) ? left : binary(node.operator, left, this.evaluate(node.right, scope));
			}
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
			case "for": {
				const over = this.evaluate(node.over, scope);
				if (over instanceof Unknown) return plain(over);
				const entries = this.iterate(over);
				if (entries !== undefined) return loop(node, entries, scope, (part, inner) => this.evaluate(part, inner));
				if (over instanceof ResourceReference || over instanceof SetValue) return unknown;
				throw new EvaluationError("not iterable");
			}
		}
	}

	/** What could not be parsed may still name resources: they count as references. */
	private opaque(text: string): Value {
		for (const match of text.matchAll(/[a-z][a-z0-9_]{0,100}\.[A-Za-z_][A-Za-z0-9_-]{0,200}/g)) {
			if (this.configuration.resources.has(match[0])) this.note(match[0]);
		}
		return /\bsensitive\(/.test(text) ? withheld : unknown;
	}

	private attribute({ on, name }: Node & { kind: "attribute" }, scope: Scope): Value {
		if (on.kind === "name" && !scope.has(on.name)) return this.references.named(on.name, name);
		if (on.kind === "attribute" && on.on.kind === "name" && on.on.name === "data" && !scope.has("data")) return this.references.resource("data", on.name, name);
		return this.references.member(this.evaluate(on, scope), name);
	}

	private splat(on: Value, each: Node, scope: Scope): Value {
		let items: readonly Value[];
		if (on instanceof Unknown) return plain(on);
		if (on === null) items = [];
		else if (on instanceof ResourceReference) {
			const resource = this.resources.at(on);
			const collection = this.resources.collection(on);
			if (collection !== undefined) items = isList(collection) ? collection : [collection];
			else if (resource !== undefined && this.instancesOf(resource)?.length === 1) items = [new InstanceReference(on, undefined)];
			else return unknown;
		} else items = on instanceof SetValue || isList(on) ? itemsOf(on) : [on];
		return items.map((item) => this.evaluate(each, new Map([...scope, ["*", item]])));
	}

	private call(name: string, parameters: readonly Node[], spread: boolean, scope: Scope): Value {
		if (name === "try" || name === "can") {
			const { depth } = this.evaluation;
			for (const parameter of parameters) {
				try {
					const value = this.evaluate(parameter, scope);
					// Unknown may turn out to be an error at apply time.
					if (name === "can") return hasUnknown(value) ? unknown : true;
					return value;
				} catch (error) {
					if (!(error instanceof EvaluationError)) throw error;
					this.evaluation.depth = depth;
				}
			}
			if (name === "can") return false;
			throw new EvaluationError("nothing to try");
		}
		const values = parameters.map((parameter) => {
			const value = this.evaluate(parameter, scope);
			return value instanceof ResourceReference ? (this.resources.collection(value) ?? unknown) : value;
		});
		if (spread) {
			const last = values.pop() ?? null;
			if (last instanceof Unknown) return plain(last);
			values.push(...itemsOf(last));
		}
		if (!isFunction(name) && name !== "sensitive") return values.some(isSensitive) ? withheld : unknown;
		return callFunction(name, values);
	}

	private condition(testNode: Node, yes: Node, no: Node, scope: Scope): Value {
		const test = this.evaluate(testNode, scope);
		if (test instanceof Unknown) {
			// Either may become the value: both count as references.
			for (const node of [yes, no]) {
				const { value, references } = this.evaluation.recorded(() => this.evaluate(node, scope));
				this.evaluation.noteAll(references);
				if (isSensitive(value)) return withheld;
			}
			return plain(test);
		}
		const chosen = booleanOfValue(test);
		const value = this.evaluate(chosen ? yes : no, scope);
		if (typeof value !== "number" && typeof value !== "boolean") return value;
		// Both results have one type: a number beside a text is a text.
		const other = this.evaluation.recorded(() => this.evaluate(chosen ? no : yes, scope)).value;
		return typeof other === "string" ? String(value) : value;
	}
}
