import { byCodeUnit } from "../../../model/canonical.ts";
import { keyText, withoutKeys } from "./addresses.ts";
import { arrayOf, isObject, type JsonObject, member, objectOf, textOf } from "./json-value.ts";

/** One module of a plan's configuration section. */
interface ModuleConfiguration {
	resources: Map<string, JsonObject>;
	outputs: JsonObject;
	/** module_calls by name: their expressions are the module's variables. */
	calls: JsonObject;
}

/** Whose expression is asked for: same keys lead to same keys. */
export interface Asker {
	/** Address of the module instance, "" for the root. */
	module: string;
	key: number | string | undefined;
	/** Base address in its module: aws_s3_bucket.b. */
	base: string;
}

/** What a walk along references comes to. */
interface Found {
	ids: Set<string>;
	/** Attributes of resources, without keys. */
	reads: Set<string>;
	/** Something was met whose attributes cannot be told: a local, a whole resource or module, more than is followed. */
	opaque: boolean;
}

const maxVisits = 500;
const accessKey = "aws_iam_access_key.";

/**
 * Follows the references that a plan's configuration lists, through the variables and outputs of modules and through data
 * sources, to the resource instances at their ends. Locals are not in a plan: what goes through one is lost. Where it cannot be
 * told which instance is meant, the address stands without its key, which no item has.
 */
export class PlanReferences {
	private readonly modules = new Map<string, ModuleConfiguration>();
	private readonly instances = new Map<string, { id: string; key: number | string | undefined }[]>();
	private readonly moduleInstances = new Map<string, Set<string>>();

	constructor(configuration: JsonObject) {
		this.addModule("", objectOf(configuration.root_module));
	}

	private addModule(path: string, module: JsonObject): void {
		const resources = new Map<string, JsonObject>();
		for (const resource of arrayOf(module.resources)) {
			const base = textOf(member(resource, "address"));
			if (base !== undefined && isObject(resource)) resources.set(base, resource);
		}
		const calls = objectOf(module.module_calls);
		this.modules.set(path, { resources, outputs: objectOf(module.outputs), calls });
		for (const [name, call] of Object.entries(calls)) this.addModule(`${path === "" ? "" : `${path}.`}module.${name}`, objectOf(member(call, "module")));
	}

	/** Makes an instance known as an end of references. */
	addInstance(module: string, base: string, key: number | string | undefined, id: string): void {
		const whole = `${module === "" ? "" : `${module}.`}${base}`;
		const known = this.instances.get(whole);
		if (known === undefined) this.instances.set(whole, [{ id, key }]);
		else known.push({ id, key });
		for (let at = module; at !== ""; at = parentOf(at)) {
			const withoutKey = at.replace(/\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]$/, "");
			const set = this.moduleInstances.get(withoutKey);
			if (set === undefined) this.moduleInstances.set(withoutKey, new Set([at]));
			else set.add(at);
		}
	}

	/** The configuration of a resource: its expressions, count and for_each. */
	configurationOf(module: string, base: string): JsonObject | undefined {
		return this.modules.get(withoutKeys(module))?.resources.get(base);
	}

	/** Ids that an expression of the asker's is made from. */
	idsOf(expression: JsonObject, asker: Asker): string[] {
		return [...this.walk(expression, asker).ids];
	}

	/**
	 * Attributes that an expression of the root module is made from, through variables and outputs of modules, without keys:
	 * module.smtp.aws_iam_access_key.user.secret. Undefined where that cannot be told and an access key is among the resources: a secret
	 * may stand behind it.
	 */
	readsOf(expression: JsonObject): string[] | undefined {
		const { reads, opaque } = this.walk(expression, { module: "", key: undefined, base: "" });
		const hasKeys = () => [...this.modules.values()].some(({ resources }) => [...resources.keys()].some((base) => base.startsWith(accessKey)));
		return opaque && hasKeys() ? undefined : [...reads].sort(byCodeUnit);
	}

	private walk(expression: JsonObject, asker: Asker): Found {
		const found: Found = { ids: new Set(), reads: new Set(), opaque: false };
		this.follow(expression, asker, found, new Set(), { left: maxVisits });
		return found;
	}

	private follow(expression: JsonObject, asker: Asker, found: Found, visited: Set<string>, budget: { left: number }): void {
		let specific = "";
		for (const reference of arrayOf(expression.references)) {
			if (typeof reference !== "string" || reference.length > 2000) continue;
			// a.b.c is followed by a.b and a, which say nothing more.
			if (specific.startsWith(reference) && /^[.[]/.test(specific.slice(reference.length))) continue;
			specific = reference;
			budget.left -= 1;
			if (budget.left < 0) {
				found.opaque = true;
				return;
			}
			this.one(reference, expression, asker, found, visited, budget);
		}
	}

	private one(reference: string, expression: JsonObject, asker: Asker, found: Found, visited: Set<string>, budget: { left: number }): void {
		const step = `${asker.module}|${reference}`;
		if (visited.has(step)) return;
		visited.add(step);
		if (reference.startsWith("var.")) {
			const name = /^var\.([^.[]+)/.exec(reference)?.[1] ?? "";
			if (asker.module === "") return;
			const parent = parentOf(asker.module);
			const call = /module\.([^.[]+)(?:\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?$/.exec(asker.module)?.[1] ?? "";
			const argument = member(member(member(this.modules.get(withoutKeys(parent))?.calls, call), "expressions"), name);
			for (const inner of expressionsIn(argument)) this.follow(inner, { module: parent, key: undefined, base: "" }, found, visited, budget);
			return;
		}
		if (reference.startsWith("module.")) {
			const match = /^module\.([^.[]+)(\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?(?:\.([^.[]+))?/.exec(reference);
			const [, name = "", key = "", output] = match ?? [];
			if (output === undefined) {
				found.opaque = true;
				return;
			}
			const base = `${asker.module === "" ? "" : `${asker.module}.`}module.${name}`;
			// A module that only passes on has no instance of a resource to be known by.
			const passesOn = [...(this.modules.get(withoutKeys(base))?.resources.keys() ?? [])].every((own) => own.startsWith("data."));
			const children = key === "" ? (this.moduleInstances.get(base) ?? (passesOn ? [base] : [])) : [base + key];
			const declared = member(member(this.modules.get(withoutKeys(base))?.outputs, output), "expression");
			for (const child of children)
				for (const inner of expressionsIn(declared)) this.follow(inner, { module: child, key: undefined, base: "" }, found, visited, budget);
			return;
		}
		if (reference.startsWith("each.value")) {
			const source = member(this.configurationOf(asker.module, asker.base), "for_each_expression");
			if (isObject(source) && source !== expression) this.follow(source, asker, found, visited, budget);
			return;
		}
		const match = resourcePattern.exec(reference);
		if (match === null) {
			if (reference.startsWith("local.")) found.opaque = true;
			return;
		}
		const [, data, base = "", key, rest = ""] = match;
		if (data !== undefined) {
			// A policy document is made of what it names; of other data sources the address tells that something is looked up.
			if (!base.startsWith("aws_iam_policy_document.")) {
				found.ids.add(`${asker.module === "" ? "" : `${asker.module}.`}data.${base}${key ?? ""}`);
				return;
			}
			const configured = this.configurationOf(asker.module, `data.${base}`);
			const document: Asker = { module: asker.module, key: undefined, base: `data.${base}` };
			for (const inner of expressionsIn(member(configured, "expressions"))) this.follow(inner, document, found, visited, budget);
			return;
		}
		const id = this.instanceId(base, key, asker);
		if (id !== undefined) found.ids.add(id);
		const attribute = /^\.([A-Za-z_][A-Za-z0-9_-]*)/.exec(rest)?.[1];
		if (attribute === undefined) found.opaque = true;
		else found.reads.add(`${asker.module === "" ? "" : `${withoutKeys(asker.module)}.`}${base}.${attribute}`);
	}

	private instanceId(base: string, key: string | undefined, asker: Asker): string | undefined {
		const whole = `${asker.module === "" ? "" : `${asker.module}.`}${base}`;
		const known = this.instances.get(whole);
		// Not planned (count = 0, or a name that is no resource): nothing stands behind it.
		if (known === undefined) return this.configurationOf(asker.module, base) === undefined ? undefined : whole + (key ?? "");
		if (key !== undefined) return whole + key;
		const [only] = known;
		if (known.length === 1 && only !== undefined) return only.id;
		// Same keys on both sides: each instance is made from its counterpart.
		const own = asker.base === "" ? undefined : this.instances.get(`${asker.module === "" ? "" : `${asker.module}.`}${asker.base}`);
		if (asker.key !== undefined && own?.length === known.length && own.every(({ key: mine }) => known.some(({ key: theirs }) => theirs === mine))) {
			return whole + keyText(asker.key);
		}
		return whole;
	}
}

const resourcePattern =
	/^(data\.)?((?!var\.|local\.|module\.|each\.|count\.|path\.|terraform\.|self\.)[A-Za-z][A-Za-z0-9_-]*\.[^.[]+)(\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?(.*)$/s;

function parentOf(module: string): string {
	return module.replace(/(?:^|\.)module\.[^.[]+(?:\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?$/, "");
}

/** Every expression inside a tree of blocks: objects with `references`. */
function* expressionsIn(value: unknown): Generator<JsonObject> {
	if (Array.isArray(value)) for (const item of value) yield* expressionsIn(item);
	else if (isObject(value)) {
		if (Array.isArray(value.references)) yield value;
		else for (const inner of Object.values(value)) yield* expressionsIn(inner);
	}
}
