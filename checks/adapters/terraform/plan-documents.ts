// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { arrayOf, isObject, type JsonObject, member, objectOf, textOf } from "./json-value.ts";

/** One data source that a plan will read during apply. */
interface PlannedRead {
	after: unknown;
	unknown: unknown;
	sensitive: unknown;
}

/**
 * What a plan tells of documents that are known only after apply. Of a configuration in JSON (CDKTF's) a plan repeats the texts
 * with their references; of data.aws_iam_policy_document it shows the blocks with what is known of them. HCL's expressions are
 * not in a plan, only their references: whether a function stands around a document cannot be told, so that nothing is said of it.
 */
export class PlanDocuments {
	private readonly reads = new Map<string, PlannedRead>();
	private readonly configured = new Map<string, JsonObject>();

	constructor(root: JsonObject) {
		for (const change of arrayOf(root.resource_changes)) {
			const address = textOf(member(change, "address"));
			if (address === undefined || member(change, "mode") !== "data") continue;
			const inner = objectOf(member(change, "change"));
			this.reads.set(address, { after: inner.after, unknown: inner.after_unknown, sensitive: inner.after_sensitive });
		}
		for (const resource of arrayOf(member(member(root.configuration, "root_module"), "resources"))) {
			const address = textOf(member(resource, "address"));
			if (address !== undefined) this.configured.set(address, objectOf(member(resource, "expressions")));
		}
	}

	/** The text behind an expression of the root module, with `${address.attribute}` where a part is not known. */
	textOf(expression: JsonObject): string | undefined {
		const text = textOf(expression.constant_value);
		if (text === undefined || !isTemplate(text)) return undefined;
		const address = /^\$\{(data\.aws_iam_policy_document\.[\w-]+)\.(?:minified_)?json\}$/.exec(text)?.[1];
		if (address === undefined) return text;
		const read = this.reads.get(address);
		return read === undefined ? undefined : document(read, this.configured.get(address) ?? {});
	}
}

/** References alone, no functions and no escapes: the text reads as written once they are filled in. */
function isTemplate(text: string): boolean {
	return text.includes("${") && !/\$\$\{|%\{/.test(text) && text.split("${").length - 1 === (text.match(/\$\{[A-Za-z_][\w-]*(?:\.[\w-]+)+\}/g) ?? []).length;
}

/** The document that the AWS provider will compute; undefined where more than texts in lists is unknown, or other documents go in. */
function document({ after, unknown, sensitive }: PlannedRead, expressions: JsonObject): string | undefined {
	const others = ["source_json", "source_policy_documents", "override_json", "override_policy_documents"];
	if (others.some((name) => isSomething(member(after, name)) || isSomething(member(unknown, name))) || holdsTrue(sensitive)) return undefined;
	if (holdsTrue(member(unknown, "version")) || member(unknown, "statement") === true) return undefined;
	const statements: JsonObject[] = [];
	const blocks = arrayOf(expressions.statement);
	for (const [at, block] of arrayOf(member(after, "statement")).entries()) {
		const made = statement(block, elementOf(member(unknown, "statement"), at), objectOf(blocks[at]));
		if (made === undefined) return undefined;
		statements.push(made);
	}
	return JSON.stringify({ Version: textOf(member(after, "version")) ?? "2012-10-17", Statement: statements });
}

function statement(block: unknown, unknown: unknown, expressions: JsonObject): JsonObject | undefined {
	if (unknown === true || ["sid", "effect"].some((name) => member(unknown, name) === true)) return undefined;
	const made: JsonObject = { Effect: textOf(member(block, "effect")) ?? "Allow" };
	const sid = textOf(member(block, "sid"));
	if (sid !== undefined && sid !== "") made.Sid = sid;
	for (const [name, key] of [
		["actions", "Action"],
		["not_actions", "NotAction"],
		["resources", "Resource"],
		["not_resources", "NotResource"],
	] as const) {
		const values = texts(member(block, name), member(unknown, name), textsOf(expressions[name]));
		if (values.length > 0) made[key] = values;
	}
	for (const [name, key] of [
		["principals", "Principal"],
		["not_principals", "NotPrincipal"],
	] as const) {
		if (member(unknown, name) === true) return undefined;
		const principals: Record<string, string[]> = {};
		for (const [at, one] of arrayOf(member(block, name)).entries()) {
			const hidden = elementOf(member(unknown, name), at);
			const type = textOf(member(one, "type"));
			if (type === undefined || hidden === true) return undefined;
			const own = arrayOf(expressions[name]).filter((expression) => constantOf(member(expression, "type")) === type);
			const written = own.flatMap((expression) => textsOf(member(expression, "identifiers")));
			principals[type] = [...(principals[type] ?? []), ...texts(member(one, "identifiers"), member(hidden, "identifiers"), written)];
		}
		if (Object.keys(principals).length > 0) made[key] = principals["*"]?.join() === "*" ? "*" : principals;
	}
	if (member(unknown, "condition") === true) return undefined;
	const conditions: Record<string, Record<string, string[]>> = {};
	for (const [at, one] of arrayOf(member(block, "condition")).entries()) {
		const hidden = elementOf(member(unknown, "condition"), at);
		const test = textOf(member(one, "test"));
		const variable = textOf(member(one, "variable"));
		if (test === undefined || variable === undefined || hidden === true) return undefined;
		const own = arrayOf(expressions.condition).filter(
			(expression) => constantOf(member(expression, "test")) === test && constantOf(member(expression, "variable")) === variable,
		);
		const values = texts(
			member(one, "values"),
			member(hidden, "values"),
			own.flatMap((expression) => textsOf(member(expression, "values"))),
		);
		conditions[test] = { ...conditions[test], [variable]: values };
	}
	if (Object.keys(conditions).length > 0) made.Condition = conditions;
	return made;
}

/** The values of a list. Its unknown ones are the texts with references, as they are written, if there are as many; their order means nothing. */
function texts(value: unknown, unknown: unknown, written: readonly string[]): string[] {
	const known: string[] = [];
	let open = unknown === true ? written.length : 0;
	for (const [at, item] of arrayOf(value).entries()) {
		if (elementOf(unknown, at) === true) open += 1;
		else if (typeof item === "string") known.push(item.replaceAll("&{", "${"));
	}
	if (unknown === true && open === 0) return ["${unknown}"];
	const templates = written.filter((text) => text.includes("${"));
	const made = templates.filter((text) => text.includes("${aws_"));
	const fitting = [templates, made].find((list) => list.length === open && list.every(isTemplate));
	return [...known, ...(fitting ?? Array.from({ length: open }, () => "${unknown}"))];
}

function textsOf(expression: unknown): string[] {
	const constant = constantOf(expression);
	return (Array.isArray(constant) ? constant : [constant]).filter((one) => typeof one === "string");
}

function constantOf(expression: unknown): unknown {
	return member(expression, "constant_value");
}

function elementOf(shadow: unknown, index: number): unknown {
	return Array.isArray(shadow) ? shadow[index] : shadow === true ? true : undefined;
}

function isSomething(value: unknown): boolean {
	return value === true || (typeof value === "string" && value !== "") || (Array.isArray(value) && value.length > 0);
}

function holdsTrue(shadow: unknown): boolean {
	if (shadow === true) return true;
	if (Array.isArray(shadow)) return shadow.some(holdsTrue);
	return isObject(shadow) && Object.values(shadow).some(holdsTrue);
}
