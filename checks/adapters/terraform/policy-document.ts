// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { byCodeUnit } from "../../../model/canonical.ts";
import { bodiesOf } from "./configuration.ts";
import { dynamicBodies, type ScopedBody } from "./dynamic.ts";
import { isObject, type JsonObject, member } from "./json-value.ts";
import type { Resolver, Scope } from "./resolver.ts";
import { isList, isSensitive, SetValue, textOfValue, Unknown, unknown, type Value, withheld } from "./values.ts";

/** Thrown inside when some part leaves the whole document unknown. */
class Undecided extends Error {
	readonly value: Unknown;
	constructor(value: Unknown) {
		super("undecided");
		this.value = value;
	}
}

/** What the parts of a document do not tell; the document is then a template. */
interface Gaps {
	found: boolean;
}

/**
 * data.aws_iam_policy_document: the JSON that the AWS provider computes from the blocks. source documents come first, own
 * statements next, overrides last, by Sid; lists are in descending order and lists of one are written as a string, as the
 * provider does. Where a part is not known the result is unknown, with the document's text as its template when every unknown
 * part is a text inside it.
 */
export function policyDocument(resolver: Resolver, body: JsonObject, scope: Scope, minified: boolean): Value {
	const gaps: Gaps = { found: false };
	try {
		const document = build(resolver, body, scope, gaps);
		const text = minified ? JSON.stringify(document) : JSON.stringify(document, undefined, 2);
		return gaps.found ? new Unknown(text) : text;
	} catch (error) {
		if (error instanceof Undecided) return error.value;
		throw error;
	}
}

interface Statement {
	Sid?: string;
	[key: string]: unknown;
}

function build(resolver: Resolver, body: JsonObject, scope: Scope, gaps: Gaps): JsonObject {
	const read = (source: JsonObject, at: Scope, name: string): Value => {
		const { value, references } = resolver.resolve(source[name], at);
		for (const address of references) resolver.note(address);
		if (isSensitive(value)) throw new Undecided(withheld);
		return value;
	};
	const text = (source: JsonObject, at: Scope, name: string): string | undefined => {
		if (!Object.hasOwn(source, name)) return undefined;
		const value = read(source, at, name);
		if (value === null || value === "") return undefined;
		if (value instanceof Unknown) {
			if (value.template === undefined) throw new Undecided(unknown);
			gaps.found = true;
			return value.template;
		}
		return textOfValue(value);
	};
	const list = (source: JsonObject, at: Scope, name: string): string[] => {
		if (!Object.hasOwn(source, name)) return [];
		const value = read(source, at, name);
		if (value === null) return [];
		const items = value instanceof SetValue ? value.items : value;
		if (!isList(items)) throw new Undecided(unknown);
		return items.map((item) => {
			if (!(item instanceof Unknown)) return textOfValue(item);
			if (item.template === undefined) throw new Undecided(unknown);
			gaps.found = true;
			return item.template;
		});
	};
	const blocks = (source: JsonObject, at: Scope, name: string): readonly ScopedBody[] => {
		const { bodies, references } = dynamicBodies(resolver, source, name, at);
		for (const address of references) resolver.note(address);
		if (bodies === undefined) throw new Undecided(unknown);
		return bodies;
	};

	const document: JsonObject = { Version: "2012-10-17" };
	const statements: Statement[] = [];
	const include = (json: string, override: boolean): void => addDocument(json, override, document, statements, gaps);
	const sourceJson = text(body, scope, "source_json");
	if (sourceJson !== undefined) include(sourceJson, false);
	for (const json of list(body, scope, "source_policy_documents")) include(json, false);
	const version = text(body, scope, "version");
	if (version !== undefined) document.Version = version;
	const id = text(body, scope, "policy_id");
	if (id !== undefined) document.Id = id;

	for (const block of blocks(body, scope, "statement")) {
		const statement: Statement = {};
		const sid = text(block.body, block.scope, "sid");
		if (sid !== undefined) statement.Sid = sid;
		statement.Effect = text(block.body, block.scope, "effect") ?? "Allow";
		for (const [name, key] of [
			["actions", "Action"],
			["not_actions", "NotAction"],
			["resources", "Resource"],
			["not_resources", "NotResource"],
		] as const) {
			const values = descending(list(block.body, block.scope, name).map(variables));
			if (values.length > 0) statement[key] = one(values);
		}
		for (const [name, key] of [
			["principals", "Principal"],
			["not_principals", "NotPrincipal"],
		] as const) {
			const principals = new Map<string, string[]>();
			for (const principal of blocks(block.body, block.scope, name)) {
				const type = text(principal.body, principal.scope, "type") ?? "";
				principals.set(type, [...(principals.get(type) ?? []), ...list(principal.body, principal.scope, "identifiers").map(variables)]);
			}
			if (principals.size === 0) continue;
			const everyone = principals.get("*");
			statement[key] =
				everyone?.length === 1 && everyone[0] === "*"
					? "*"
					: Object.fromEntries([...principals].sort(([a], [b]) => byCodeUnit(a, b)).map(([type, ids]) => [type, one(descending(ids))]));
		}
		const conditions: Record<string, Record<string, unknown>> = {};
		for (const condition of blocks(block.body, block.scope, "condition")) {
			const test = text(condition.body, condition.scope, "test") ?? "";
			const variable = text(condition.body, condition.scope, "variable") ?? "";
			const group = Object.hasOwn(conditions, test) ? conditions[test] : undefined;
			conditions[test] = { ...group, [variable]: one(list(condition.body, condition.scope, "values").map(variables)) };
		}
		if (Object.keys(conditions).length > 0) statement.Condition = conditions;
		statements.push(statement);
	}

	for (const json of list(body, scope, "override_policy_documents")) include(json, true);
	const overrideJson = text(body, scope, "override_json");
	if (overrideJson !== undefined) include(overrideJson, true);
	document.Statement = statements;
	return document;
}

function addDocument(json: string, override: boolean, document: JsonObject, statements: Statement[], gaps: Gaps): void {
	let parsed: unknown;
	try {
		parsed = JSON.parse(json);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new Undecided(unknown);
	}
	if (!isObject(parsed)) throw new Undecided(unknown);
	// A placeholder where the document's own members stand would hide them.
	if (gaps.found && member(parsed, "Statement") === undefined) throw new Undecided(unknown);
	for (const key of ["Version", "Id"]) if (member(parsed, key) !== undefined) document[key] = member(parsed, key);
	for (const item of bodiesOf(member(parsed, "Statement"))) {
		const statement: Statement = item;
		const same = override && typeof statement.Sid === "string" && statement.Sid !== "" ? statements.findIndex(({ Sid }) => Sid === statement.Sid) : -1;
		if (same === -1) statements.push(statement);
		else statements[same] = statement;
	}
}

/** The provider writes `&{aws:username}` as `${aws:username}`, which Terraform's templates leave no room for. */
function variables(text: string): string {
	return text.replaceAll("&{", "${");
}

function descending(values: readonly string[]): string[] {
	return [...new Set(values)].sort((a, b) => byCodeUnit(b, a));
}

function one(values: readonly string[]): unknown {
	return values.length === 1 ? values[0] : values;
}
