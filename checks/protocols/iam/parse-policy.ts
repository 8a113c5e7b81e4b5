import { maxDocumentLength, parseDocumentText } from "./document-text.ts";
import { type Operator, readOperator, takesVariables, takesWildcards } from "./operators.ts";
import type { Clause, Matcher, ParsedPolicy, Policy, PolicyError, PrincipalElement, PrincipalEntry, PrincipalType, Statement } from "./policy.ts";
import { isPlaceholder, type PolicyText, readText } from "./text.ts";

/** Thrown inside this file only; parsePolicy gives it back as a value. */
class Refusal extends Error {
	readonly error: PolicyError;
	constructor(message: string, path: string, code: PolicyError["code"] = "malformed") {
		super(message);
		this.error = { code, message, path };
	}
}

interface Rules {
	readonly variables: boolean;
	/** Characters left before the document is too large: objects are measured as texts are. */
	budget: number;
}

/**
 * A policy document, as text (JSON, URL-encoded JSON, or the Terraform adapter's partial text) or as an object. A document that
 * AWS would refuse gives an error, since it is in force nowhere: an unknown element, operator or Effect, a missing Action, an
 * element twice. Whether there must be a Principal and a Resource depends on where the policy stands; evaluateIam looks at that.
 * Placeholders (`${aws_s3_bucket.b.arn}`, `${unknown}`) become unknown parts, wherever they stand. Never throws.
 */
export function parsePolicy(input: unknown): ParsedPolicy {
	if (isParsed(input)) return { ok: true, policy: input };
	if (typeof input !== "string") return read(input);
	const known = recent.get(input);
	if (known !== undefined) return known;
	const result = read(input);
	if (recentLength > maxRecentLength) {
		recent.clear();
		recentLength = 0;
	}
	recent.set(input, result);
	recentLength += input.length;
	return result;
}

/** Derivations ask for the same documents one after the other: what their texts read as, until they are too long together. */
const recent = new Map<string, ParsedPolicy>();
const maxRecentLength = 4 * 1024 * 1024;
let recentLength = 0;

function read(input: unknown): ParsedPolicy {
	try {
		const policy = typeof input === "string" ? fromText(input) : fromObject(input, maxDocumentLength);
		parsed.add(policy);
		return { ok: true, policy };
	} catch (error) {
		if (error instanceof Refusal) return { ok: false, error: error.error };
		throw error;
	}
}

/** Results of parsePolicy may be given wherever a document may; anything else, however like one, is a document. */
const parsed = new WeakSet<object>();

export function isParsed(value: unknown): value is Policy {
	return typeof value === "object" && value !== null && parsed.has(value);
}

function fromText(text: string): Policy {
	if (isPlaceholder(text.trim())) return whollyUnknown(text.trim());
	const read = parseDocumentText(text);
	if (!read.ok) throw new Refusal(read.message, "", read.code);
	return fromObject(read.value, maxDocumentLength);
}

function whollyUnknown(name: string): Policy {
	return { version: "2012-10-17", statements: [unknownStatement(0, name)] };
}

function unknownStatement(index: number, name: string): Statement {
	const value = readText(name, { wildcards: false, variables: false });
	const anything: Matcher = { negated: false, patterns: [value] };
	// The principal stands there only for resource policies; the others never look at it.
	return {
		index,
		effect: "unknown",
		principal: { negated: false, entries: [{ type: "unknown", value }] },
		action: anything,
		resource: anything,
		conditions: [],
	};
}

function fromObject(input: unknown, budget: number): Policy {
	if (typeof input === "string" && isPlaceholder(input)) return whollyUnknown(input);
	const elements = elementsOf(input, "", ["version", "id", "statement"]);
	const version = elements.get("version") ?? "2008-10-17";
	if (version !== "2008-10-17" && version !== "2012-10-17") throw new Refusal("Version must be 2008-10-17 or 2012-10-17", "Version");
	const id = elements.get("id");
	if (id !== undefined && typeof id !== "string") throw new Refusal("Id must be a string", "Id");
	const written = elements.get("statement");
	if (written === undefined) throw new Refusal("Statement is missing", "");
	const rules: Rules = { variables: version === "2012-10-17", budget };
	const list: readonly unknown[] = Array.isArray(written) ? written : [written];
	const statements = list.map((statement, index) => readStatement(statement, index, rules));
	return id === undefined ? { version, statements } : { version, id, statements };
}

const statementElements = ["sid", "effect", "principal", "notprincipal", "action", "notaction", "resource", "notresource", "condition"];

function readStatement(input: unknown, index: number, rules: Rules): Statement {
	const path = `Statement[${index}]`;
	if (typeof input === "string" && isPlaceholder(input)) return unknownStatement(index, input);
	const elements = elementsOf(input, path, statementElements);
	const sid = elements.get("sid");
	if (sid !== undefined && typeof sid !== "string") throw new Refusal("Sid must be a string", `${path}.Sid`);
	const effect = elements.get("effect");
	// "The Effect value is case sensitive" (IAM User Guide).
	const known = effect === "Allow" || effect === "Deny";
	if (!known && !(typeof effect === "string" && isPlaceholder(effect))) throw new Refusal("Effect must be Allow or Deny", `${path}.Effect`);
	const action = readMatcher(elements, "action", "notaction", path, rules, false);
	if (action === undefined) throw new Refusal("Action or NotAction is missing", path);
	const resource = readMatcher(elements, "resource", "notresource", path, rules, true);
	const principal = readPrincipal(elements, path, rules);
	return {
		index,
		...(sid === undefined ? {} : { sid }),
		effect: known ? effect : "unknown",
		...(principal === undefined ? {} : { principal }),
		action,
		...(resource === undefined ? {} : { resource }),
		conditions: readConditions(elements.get("condition"), `${path}.Condition`, rules),
	};
}

/** The members of an object under their names in lower case; refuses others than the known ones, and any that comes twice. */
function elementsOf(input: unknown, path: string, known: readonly string[]): Map<string, unknown> {
	if (!isObject(input)) throw new Refusal(path === "" ? "the document is not an object" : "not an object", path);
	const found = new Map<string, unknown>();
	for (const [name, value] of Object.entries(input)) {
		const lower = name.toLowerCase();
		if (!known.includes(lower)) throw new Refusal("there is an element that the policy language does not have", path);
		if (found.has(lower)) throw new Refusal("an element is there twice", path);
		found.set(lower, value);
	}
	return found;
}

function readMatcher(elements: Map<string, unknown>, name: string, opposite: string, path: string, rules: Rules, variables: boolean): Matcher | undefined {
	const plain = elements.get(name);
	const negated = elements.get(opposite);
	if (plain !== undefined && negated !== undefined) throw new Refusal(`${name} and ${opposite} exclude each other`, path);
	const value = plain ?? negated;
	if (value === undefined) return undefined;
	const texts = strings(value, `${path}.${name}`, rules);
	return { negated: negated !== undefined, patterns: texts.map((text) => readText(text, { wildcards: true, variables: variables && rules.variables })) };
}

function readPrincipal(elements: Map<string, unknown>, path: string, rules: Rules): PrincipalElement | undefined {
	const plain = elements.get("principal");
	const opposite = elements.get("notprincipal");
	if (plain !== undefined && opposite !== undefined) throw new Refusal("principal and notprincipal exclude each other", path);
	const value = plain ?? opposite;
	if (value === undefined) return undefined;
	const negated = opposite !== undefined;
	// The grammar knows only "*" here; an account or ARN without its {"AWS": ...} around it is taken for what it must mean.
	if (typeof value === "string" || Array.isArray(value)) {
		return { negated, entries: strings(value, `${path}.Principal`, rules).map((text) => entry(isPlaceholder(text) ? "unknown" : "AWS", text)) };
	}
	if (!isObject(value)) throw new Refusal("Principal must be a string or an object", `${path}.Principal`);
	const entries: PrincipalEntry[] = [];
	for (const [name, members] of Object.entries(value)) {
		const type = isPlaceholder(name) ? "unknown" : principalTypes.get(name.toLowerCase());
		if (type === undefined) throw new Refusal("there is a principal type that the policy language does not have", `${path}.Principal`);
		for (const text of strings(members, `${path}.Principal`, rules)) entries.push(entry(type, text));
	}
	if (entries.length === 0) throw new Refusal("Principal names nobody", `${path}.Principal`);
	return { negated, entries };
}

const principalTypes: ReadonlyMap<string, PrincipalType> = new Map([
	["aws", "AWS"],
	["service", "Service"],
	["federated", "Federated"],
	["canonicaluser", "CanonicalUser"],
]);

/** No wildcards inside a principal's name; "*" alone means everyone. Variables are not to be used here either. */
function entry(type: PrincipalType, text: string): PrincipalEntry {
	return { type: type === "AWS" && text === "*" ? "*" : type, value: readText(text, { wildcards: false, variables: false }) };
}

function readConditions(input: unknown, path: string, rules: Rules): Clause[] {
	if (input === undefined) return [];
	if (typeof input === "string" && isPlaceholder(input)) return [{ operatorText: input, key: input, values: [] }];
	if (!isObject(input)) throw new Refusal("Condition must be an object", path);
	const clauses: Clause[] = [];
	for (const [name, keys] of Object.entries(input)) {
		const operator = isPlaceholder(name) ? undefined : readOperator(name);
		if (operator === undefined && !isPlaceholder(name)) throw new Refusal("there is a condition operator that the policy language does not have", path);
		if (typeof keys === "string" && isPlaceholder(keys)) {
			clauses.push({ operatorText: keys, key: keys, values: [] });
			continue;
		}
		if (!isObject(keys)) throw new Refusal("a condition operator must hold an object", path);
		for (const [key, values] of Object.entries(keys)) clauses.push(readClause(name, operator, key, values, path, rules));
	}
	return clauses;
}

function readClause(operatorText: string, operator: Operator | undefined, key: string, input: unknown, path: string, rules: Rules): Clause {
	const texts = strings(input, path, rules, true);
	// A key that is a placeholder, or has one inside, is not known.
	if (operator === undefined || key.includes("${")) return { operatorText, key, values: [] };
	const wildcards = takesWildcards(operator.comparison);
	const variables = rules.variables && takesVariables(operator.comparison);
	return { operatorText, operator, key, values: texts.map((text): PolicyText => readText(text, { wildcards, variables })) };
}

/** One string or a list of them; in conditions numbers and booleans too ("quotation marks are optional"). */
function strings(input: unknown, path: string, rules: Rules, scalars = false): string[] {
	const list: readonly unknown[] = Array.isArray(input) ? input : [input];
	const texts: string[] = [];
	for (const value of list) {
		if (typeof value === "string") texts.push(value);
		else if (scalars && (typeof value === "number" || typeof value === "boolean")) texts.push(String(value));
		else throw new Refusal("a value is not a string", path);
		rules.budget -= (texts.at(-1) ?? "").length;
		if (rules.budget < 0) throw new Refusal(`the document has more than ${maxDocumentLength} characters`, path, "too_large");
	}
	return texts;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
