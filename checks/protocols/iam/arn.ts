import { covers, isUnknownPart, lowerCase, matches, nameless, overlaps, type Sym, type Symbols, star } from "./glob.ts";
import { and, type Ternary } from "./ternary.ts";

export interface Arn {
	readonly partition: string;
	readonly service: string;
	readonly region: string;
	readonly account: string;
	/** Everything after the fifth colon. */
	readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
	const parts = text.split(":", 5);
	const [arn, partition = "", service = "", region = "", account] = parts;
	if (arn !== "arn" || account === undefined) return undefined;
	const resource = text.slice(parts.join(":").length + 1);
	return resource === "" ? undefined : { partition, service, region, account, resource };
}

export function isAccountId(text: string): boolean {
	return /^\d{12}$/.test(text);
}

/** The six parts between the first five colons, or undefined when there are fewer. */
export function arnParts(symbols: Symbols): Sym[][] | undefined {
	const parts: Sym[][] = [];
	let from = 0;
	for (let i = 0; i < symbols.length && parts.length < 5; i++) {
		if (symbols[i] !== ":") continue;
		parts.push(symbols.slice(from, i));
		from = i + 1;
	}
	if (parts.length < 5) return undefined;
	parts.push(symbols.slice(from));
	return parts;
}

/**
 * ArnEquals and ArnLike: part by part, so that `*` in one does not run over its colon. An unknown part of a pattern may hold
 * colons itself (`${aws_sns_topic.t.arn}`); such a pattern is compared as a whole.
 */
export function matchesArn(pattern: Symbols, subject: Symbols): Ternary {
	if (covers(pattern, subject) && (pattern.length === subject.length || (pattern.length === 1 && pattern[0] === star))) return "yes";
	const wanted = arnParts(pattern);
	const given = arnParts(subject);
	const whole = (): Ternary => (overlaps(pattern, subject) ? "unknown" : "no");
	// The subject is any text at all, or has an unknown part that may be a whole ARN.
	if (given === undefined) return subject.some((symbol) => symbol === star || isUnknownPart(symbol)) ? whole() : "no";
	if (wanted === undefined) return pattern.some(isUnknownPart) ? whole() : "no";
	if (wanted.some((part) => part.some(isUnknownPart)) && wanted.some((part) => part.includes(nameless))) return whole();
	return and(...wanted.map((part, i) => matches(part, given[i] ?? [])));
}

/** Actions are compared without regard to case. */
export function matchesAction(pattern: Symbols, action: Symbols): Ternary {
	return matches(lowerCase(pattern), lowerCase(action));
}
