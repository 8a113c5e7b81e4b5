// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { keyText } from "./addresses.ts";
import { allowedOf, maybeSecret, ownEntry } from "./attributes.ts";
import type { Configuration } from "./configuration.ts";
import { convert } from "./convert.ts";
import type { Evaluation } from "./evaluation.ts";
import { member } from "./json-value.ts";
import { policyDocument } from "./policy-document.ts";
import { emptyScope, type Resolver, type Scope } from "./resolver.ts";
import type { Resources } from "./resources.ts";
import {
	EvaluationError,
	extended,
	fromJson,
	InstanceReference,
	isList,
	isMap,
	numberOfValue,
	plain,
	ResourceReference,
	textOfValue,
	Unknown,
	unknown,
	type Value,
	withheld,
} from "./values.ts";

/** Roots of references that are no types of resources, and of which a configuration tells nothing. */
const openRoots: ReadonlySet<string> = new Set(["path", "terraform", "module", "data", "self", "each", "count", "ephemeral"]);

/** The evaluator, for what references lead to. */
export interface Source extends Resolver {
	/** As resolve, but throws EvaluationError, and what the value is made from counts for whoever asks. */
	json(json: unknown, scope: Scope): Value;
}

/** What the names of a module stand for, and the attributes and indices after them. */
export class References {
	private readonly configuration: Configuration;
	private readonly evaluation: Evaluation;
	private readonly resources: Resources;
	private readonly source: Source;

	constructor(configuration: Configuration, evaluation: Evaluation, resources: Resources, source: Source) {
		this.configuration = configuration;
		this.evaluation = evaluation;
		this.resources = resources;
		this.source = source;
	}

	/** `local.x`, `var.x`, `aws_y.x` ... */
	named(root: string, name: string): Value {
		if (root === "local") return this.local(name);
		if (root === "var") return this.variable(name);
		if (openRoots.has(root)) return new Unknown(`\${${root}.${name}}`);
		return this.resource("managed", root, name);
	}

	resource(mode: "managed" | "data", type: string, name: string): Value {
		const reference = new ResourceReference(mode, type, name);
		return this.resources.at(reference) === undefined ? unknown : reference;
	}

	private local(name: string): Value {
		if (!this.configuration.locals.has(name)) return unknown;
		return this.evaluation.cached(`local.${name}`, true, () => this.source.json(this.configuration.locals.get(name), emptyScope));
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

	/** `value.name` */
	member(value: Value, name: string): Value {
		if (value instanceof Unknown) return extended(value, `.${name}`);
		if (value instanceof ResourceReference) {
			const instances = this.resources.known(this.resources.at(value));
			if (instances === undefined) return unknown;
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
		const resource = this.resources.at(instance.resource);
		if (resource === undefined) return unknown;
		const address = resource.address + keyText(instance.key);
		// A policy document is made of what it names; of other data sources the address tells that something is looked up.
		if (resource.mode === "managed" || resource.type !== "aws_iam_policy_document") this.evaluation.note(address);
		if (maybeSecret(resource.type, name)) return withheld;
		const placeholder = new Unknown(`\${${address}.${name}}`);
		const instances = this.resources.instancesOf(resource);
		const scope = (typeof instance.key === "number" ? instances?.[instance.key] : instances?.find(({ key }) => key === instance.key))?.scope;
		if (scope === undefined) throw new EvaluationError("no such instance");
		if (resource.type === "aws_iam_policy_document" && resource.mode === "data" && (name === "json" || name === "minified_json")) {
			const document = this.evaluation.cached(`${address}.${name}`, true, () => policyDocument(this.source, resource.body, scope, name === "minified_json"));
			return document instanceof Unknown && document.template === undefined && !document.sensitive ? placeholder : document;
		}
		const configured = member(resource.body, name);
		if (configured === undefined || configured === null) return placeholder;
		const value = this.evaluation.cached(`${address}.${name}`, resource.mode === "data", () => {
			const type = resource.mode === "managed" ? ownEntry(allowedOf(resource.type)?.attributes, name) : undefined;
			const evaluated = this.source.json(configured, scope);
			return type === undefined ? evaluated : convert(evaluated, type);
		});
		// The unknown value goes by the nearest name; what it is made from is the other resource's own matter.
		return value instanceof Unknown && !value.sensitive ? placeholder : value;
	}

	/** `on[key]` */
	index(on: Value, key: Value): Value {
		if (on instanceof Unknown) return key instanceof Unknown || typeof key === "object" ? plain(on) : extended(on, keyText(key as number | string));
		if (on instanceof ResourceReference) {
			const resource = this.resources.at(on);
			const instances = this.resources.known(resource);
			if (instances === undefined) return unknown;
			if (key instanceof Unknown) {
				this.resources.noteWhole(resource);
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
}
