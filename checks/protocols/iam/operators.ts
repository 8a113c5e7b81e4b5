/** What is compared, and how. `arn` is both ArnEquals and ArnLike, which do the same. */
export type Comparison =
	| "string"
	| "stringIgnoreCase"
	| "stringLike"
	| "numericEquals"
	| "numericLess"
	| "numericLessEquals"
	| "numericGreater"
	| "numericGreaterEquals"
	| "dateEquals"
	| "dateLess"
	| "dateLessEquals"
	| "dateGreater"
	| "dateGreaterEquals"
	| "bool"
	| "binary"
	| "ip"
	| "arn"
	| "null";

export interface Operator {
	readonly comparison: Comparison;
	/** StringNotEquals and the like: the exact opposite, so that it holds where the key is absent. */
	readonly negated: boolean;
	readonly ifExists: boolean;
	readonly set?: "ForAllValues" | "ForAnyValue";
}

const comparisons: Readonly<Record<string, readonly [Comparison, boolean]>> = {
	stringequals: ["string", false],
	stringnotequals: ["string", true],
	stringequalsignorecase: ["stringIgnoreCase", false],
	stringnotequalsignorecase: ["stringIgnoreCase", true],
	stringlike: ["stringLike", false],
	stringnotlike: ["stringLike", true],
	numericequals: ["numericEquals", false],
	numericnotequals: ["numericEquals", true],
	numericlessthan: ["numericLess", false],
	numericlessthanequals: ["numericLessEquals", false],
	numericgreaterthan: ["numericGreater", false],
	numericgreaterthanequals: ["numericGreaterEquals", false],
	dateequals: ["dateEquals", false],
	datenotequals: ["dateEquals", true],
	datelessthan: ["dateLess", false],
	datelessthanequals: ["dateLessEquals", false],
	dategreaterthan: ["dateGreater", false],
	dategreaterthanequals: ["dateGreaterEquals", false],
	bool: ["bool", false],
	binaryequals: ["binary", false],
	ipaddress: ["ip", false],
	notipaddress: ["ip", true],
	arnequals: ["arn", false],
	arnlike: ["arn", false],
	arnnotequals: ["arn", true],
	arnnotlike: ["arn", true],
	null: ["null", false],
};

const sets = { forallvalues: "ForAllValues", foranyvalue: "ForAnyValue" } as const;

/** Reads `ForAnyValue:StringLikeIfExists`; undefined for what AWS would refuse. Names are taken in any case. */
export function readOperator(text: string): Operator | undefined {
	if (text.length > 64) return undefined;
	const parts = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(text.toLowerCase());
	const found = Object.hasOwn(comparisons, parts?.[2] ?? "") ? comparisons[parts?.[2] ?? ""] : undefined;
	if (parts === null || found === undefined) return undefined;
	const [comparison, negated] = found;
	const ifExists = parts[3] !== undefined;
	// "Null" has no IfExists: it asks for existence itself.
	if (comparison === "null" && (ifExists || parts[1] !== undefined)) return undefined;
	const set = parts[1] === "forallvalues" || parts[1] === "foranyvalue" ? sets[parts[1]] : undefined;
	return set === undefined ? { comparison, negated, ifExists } : { comparison, negated, ifExists, set };
}

/** String and ARN operators take policy variables, the others do not (IAM User Guide, "Where you can use policy variables"). */
export function takesVariables(comparison: Comparison): boolean {
	return comparison === "string" || comparison === "stringIgnoreCase" || comparison === "stringLike" || comparison === "arn";
}

export function takesWildcards(comparison: Comparison): boolean {
	return comparison === "stringLike" || comparison === "arn";
}
