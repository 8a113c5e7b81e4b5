import { byCodeUnit, canonicalJson } from "../../../model/canonical.ts";
import { type AllowedBlock, isDocumentAttribute, isPrefixList } from "./attributes.ts";
import { convert } from "./convert.ts";
import { isObject, type JsonObject, member } from "./json-value.ts";
import { EvaluationError, fromJson, isList, SetValue, toJson, Unknown, type Value } from "./values.ts";

const none: readonly never[] = [];

/** An attribute of a configuration after evaluation. */
export class Evaluated {
	readonly value: Value;
	readonly references: readonly string[];
	constructor(value: Value, references: ReadonlySet<string>) {
		this.value = value;
		this.references = references.size === 0 ? none : [...references].sort(byCodeUnit);
	}
}

export interface Projection {
	values: JsonObject;
	/** Dotted paths, elements of block lists by number: rule.0.status. */
	unknown: string[];
	references: Map<string, readonly string[]>;
	/** Documents of which parts are unknown: path to the text with `${address.attribute}` in those places. */
	partial: Map<string, string>;
}

/**
 * One level of a resource as its document shows it. `unknown` and `sensitive` are the shadows that plans and states keep
 * beside the values: true, or objects and arrays of the same shape. `expressions` are the configuration blocks of a plan that
 * may stand behind this level; `exact` says that no block is missing among them.
 */
export interface Level {
	value: unknown;
	unknown?: unknown;
	sensitive?: unknown;
	expressions?: readonly JsonObject[] | undefined;
	exact?: boolean;
}

export interface ProjectOptions {
	/** Addresses that a plan's expression is made from. */
	referencesOf?: (expression: JsonObject) => readonly string[];
	/** What a plan tells of a document that is not known as a whole. */
	documentOf?: (expression: JsonObject) => string | undefined;
	/** Attributes that nobody can configure are unknown where they are missing: in a configuration. */
	computedUnknown?: boolean;
}

/**
 * Copies what the allow-list names, and nothing else. Null, empty strings and missing blocks are absent: Terraform's SDK does
 * not tell them apart either. Unknown and sensitive attributes are absent and their paths are listed as unknown.
 */
export function project(allowed: AllowedBlock, level: Level, options: ProjectOptions): Projection {
	const out: Projection = { values: {}, unknown: [], references: new Map(), partial: new Map() };
	for (const name of Object.keys(allowed.attributes)) projectAttribute(allowed, name, allowed.attributes[name] ?? "any", level, options, out);
	for (const [name, nested] of Object.entries(allowed.blocks ?? {})) {
		const raw = member(level.value, name);
		const evaluated = raw instanceof Evaluated ? raw : undefined;
		if (evaluated !== undefined && evaluated.references.length > 0) out.references.set(name, evaluated.references);
		const expressions = level.expressions?.flatMap((block) => blocksOf(member(block, name)));
		const shadow = shadowOf(level.unknown, name);
		if (evaluated !== undefined || shadow === true || shadowOf(level.sensitive, name) === true) {
			out.unknown.push(name);
			continue;
		}
		const items = raw === null || raw === undefined ? [] : Array.isArray(raw) ? raw : [raw];
		// A block can be unknown as a whole inside a list that is known.
		if (items.some((_, index) => elementOf(shadow, index) === true || elementOf(shadowOf(level.sensitive, name), index) === true)) {
			out.unknown.push(name);
			continue;
		}
		const inner: Projection[] = [];
		for (const [index, item] of items.entries()) {
			const exact = level.exact === true && expressions?.length === items.length;
			// Sets have lost the order of the configuration.
			const own = exact && nested.set !== true ? expressions?.slice(index, index + 1) : expressions;
			const next: Level = {
				value: isObject(item) ? item : {},
				unknown: elementOf(shadow, index),
				sensitive: elementOf(shadowOf(level.sensitive, name), index),
				expressions: own,
				exact,
			};
			inner.push(project(nested, next, { ...options, computedUnknown: false }));
		}
		const [first] = inner;
		if (first === undefined) continue;
		if (nested.single && inner.length === 1) {
			out.values[name] = first.values;
			adopt(out, first, name);
			continue;
		}
		const ordered = nested.set === true ? sortBlocks(inner) : inner;
		out.values[name] = ordered.map(({ values }) => values);
		for (const [index, block] of ordered.entries()) adopt(out, block, `${name}.${index}`);
	}
	return out;
}

function projectAttribute(allowed: AllowedBlock, name: string, type: string, level: Level, options: ProjectOptions, out: Projection): void {
	const raw = member(level.value, name);
	const evaluated = raw instanceof Evaluated ? raw : undefined;
	const expressions = level.expressions?.map((block) => member(block, name)).filter(isObject) ?? none;
	const references = evaluated?.references ?? referencesIn(expressions, options);
	if (references.length > 0) out.references.set(name, references);

	const absent = raw === undefined || raw === null || raw === "" || evaluated?.value === null || evaluated?.value === "";
	const unknownHere = holdsTrue(shadowOf(level.unknown, name)) || evaluated?.value instanceof Unknown;
	const sensitiveHere = holdsTrue(shadowOf(level.sensitive, name)) || allowed.sensitive?.includes(name) === true;
	if (sensitiveHere) {
		if (!absent || unknownHere) out.unknown.push(name);
		return;
	}
	if (unknownHere) {
		// Nobody configured it, so that the provider's default will stand there: as absent as in cdk.tf.json.
		const configurable = allowed.computed?.includes(name) !== true;
		if (configurable && level.exact === true && expressions.length === 0) return;
		out.unknown.push(name);
		const template = isDocumentAttribute(name) ? templateOf(evaluated, expressions, options) : undefined;
		if (template !== undefined) out.partial.set(name, template);
		return;
	}
	if (absent) {
		if (options.computedUnknown === true && allowed.computed?.includes(name) === true) out.unknown.push(name);
		return;
	}
	try {
		const value = convert(evaluated === undefined ? fromJson(raw) : evaluated.value, type);
		if (value instanceof Unknown) {
			out.unknown.push(name);
			const partial = isPrefixList(name) && evaluated !== undefined ? partialList(evaluated.value) : undefined;
			if (partial !== undefined) out.partial.set(name, partial);
		} else if (value !== null) out.values[name] = toJson(value);
	} catch (error) {
		if (!(error instanceof EvaluationError)) throw error;
		out.unknown.push(name);
	}
}

function referencesIn(expressions: readonly JsonObject[], { referencesOf }: ProjectOptions): readonly string[] {
	if (expressions.length === 0 || referencesOf === undefined) return none;
	return [...new Set(expressions.flatMap(referencesOf))].sort(byCodeUnit);
}

/** A list whose elements are all text, whole or with placeholders, as JSON. */
function partialList(value: Value): string | undefined {
	const items = value instanceof SetValue ? value.items : isList(value) ? value : [];
	const texts = items.map((item) => (item instanceof Unknown ? item.template : item));
	return texts.length > 0 && texts.every((text) => typeof text === "string") ? JSON.stringify(texts) : undefined;
}

function templateOf(evaluated: Evaluated | undefined, expressions: readonly JsonObject[], { documentOf }: ProjectOptions): string | undefined {
	if (evaluated !== undefined) return evaluated.value instanceof Unknown ? evaluated.value.template : undefined;
	const [only] = expressions;
	return only === undefined || expressions.length > 1 ? undefined : documentOf?.(only);
}

/** The blocks of a name in a plan's configuration: an object, or an array of them. Attributes are objects too, but are not asked for. */
function blocksOf(value: unknown): JsonObject[] {
	if (Array.isArray(value)) return value.filter(isObject);
	return isObject(value) ? [value] : [];
}

/** The shadow of a member; true covers everything below. */
function shadowOf(shadow: unknown, name: string): unknown {
	return shadow === true ? true : member(shadow, name);
}

function elementOf(shadow: unknown, index: number): unknown {
	if (shadow === true) return true;
	if (Array.isArray(shadow)) return shadow[index];
	// The shadow of a single nested object has no list around it.
	return index === 0 ? shadow : undefined;
}

/** Whether true stands anywhere in a shadow. */
function holdsTrue(shadow: unknown): boolean {
	if (shadow === true) return true;
	if (Array.isArray(shadow)) return shadow.some(holdsTrue);
	return isObject(shadow) && Object.values(shadow).some(holdsTrue);
}

function adopt(out: Projection, inner: Projection, prefix: string): void {
	for (const path of inner.unknown) out.unknown.push(`${prefix}.${path}`);
	for (const [path, addresses] of inner.references) out.references.set(`${prefix}.${path}`, addresses);
	for (const [path, text] of inner.partial) out.partial.set(`${prefix}.${path}`, text);
}

/** Sets have no order: a fixed one makes plan, state and configuration agree. */
function sortBlocks(blocks: readonly Projection[]): Projection[] {
	const keyed = blocks.map((block) => ({ block, key: sortKey(block.values) }));
	return keyed.sort((a, b) => byCodeUnit(a.key, b.key)).map(({ block }) => block);
}

function sortKey(values: JsonObject): string {
	try {
		return canonicalJson(values);
	} catch (error) {
		// Lone surrogates have no canonical form; the plain one sorts as well.
		if (error instanceof Error) return JSON.stringify(values);
		throw error;
	}
}
