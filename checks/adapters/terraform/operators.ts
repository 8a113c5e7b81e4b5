// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { exact } from "./functions.ts";
import {
	booleanOfValue,
	EvaluationError,
	equalValues,
	hasUnknown,
	InstanceReference,
	isSensitive,
	maxText,
	numberOfValue,
	plain,
	ResourceReference,
	textOfValue,
	Unknown,
	unknown,
	type Value,
	withheld,
} from "./values.ts";

const opaquePart = "${unknown}";

/** The parts of a template as one text. */
export function concatenate(parts: readonly Value[]): Value {
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

export function unary(operator: string, operand: Value): Value {
	if (operand instanceof Unknown) return plain(operand);
	return operator === "!" ? !booleanOfValue(operand) : -numberOfValue(operand);
}

/** Whether the left side alone decides, so that the right one is not evaluated. */
export function decides(operator: string, left: Value): boolean {
	return (operator === "&&" && left === false) || (operator === "||" && left === true);
}

/** Of two sides that were both evaluated: see decides. */
export function binary(operator: string, left: Value, right: Value): Value {
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
