import { BlockList, isIPv4, isIPv6 } from "node:net";
import { matchesArn } from "./arn.ts";
import { literal, lowerCase, matches, type Symbols, star } from "./glob.ts";
import type { Comparison } from "./operators.ts";
import { type Ternary, ternary } from "./ternary.ts";

/** A value of a request, or any text at all: what a key holds of which only the presence is assumed. */
export type Subject = string | typeof anyText;
export const anyText = Symbol("any text");

/**
 * One value of the request against one of the policy, by the operator's own meaning, negation apart. A value that is not of the
 * operator's kind (a numeric operator and "abc") does not match.
 */
export function compare(comparison: Comparison, wanted: Symbols, given: Subject): Ternary {
	switch (comparison) {
		case "string":
			return matches(wanted, symbolsOf(given));
		case "stringIgnoreCase":
			return matches(lowerCase(wanted), lowerCase(symbolsOf(given)));
		case "stringLike":
			return matches(wanted, symbolsOf(given));
		case "arn":
			return matchesArn(wanted, symbolsOf(given));
		default:
			break;
	}
	if (given === anyText || wanted.some((symbol) => typeof symbol === "string" && symbol.length > 1)) return "unknown";
	const value = wanted.join("");
	switch (comparison) {
		case "bool":
			return ternary(value.toLowerCase() === given.toLowerCase());
		case "binary":
			return ternary(sameBytes(value, given));
		case "ip":
			return ternary(inRange(value, given));
		case "numericEquals":
		case "numericLess":
		case "numericLessEquals":
		case "numericGreater":
		case "numericGreaterEquals":
			return ternary(ordered(comparison, readNumber(given), readNumber(value)));
		default:
			return ternary(ordered(comparison, readDate(given), readDate(value)));
	}
}

function symbolsOf(given: Subject): Symbols {
	return given === anyText ? [star] : literal(given);
}

function ordered(comparison: Comparison, a: number | undefined, b: number | undefined): boolean {
	if (a === undefined || b === undefined) return false;
	if (comparison.endsWith("LessEquals")) return a <= b;
	if (comparison.endsWith("GreaterEquals")) return a >= b;
	if (comparison.endsWith("Less")) return a < b;
	if (comparison.endsWith("Greater")) return a > b;
	return a === b;
}

export function readNumber(text: string): number | undefined {
	return /^\s*[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,3})?\s*$/i.test(text) ? Number(text) : undefined;
}

/** Milliseconds. W3C dates (year, month, day, or with time and zone), or seconds since 1970. */
export function readDate(text: string): number | undefined {
	const trimmed = text.trim();
	const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/i.exec(trimmed);
	if (parts !== null) {
		const [, year = "", month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = parts;
		const colon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
		const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}${colon}`);
		return Number.isNaN(time) ? undefined : time;
	}
	return /^\d{1,15}(?:\.\d{1,9})?$/.test(trimmed) ? Number(trimmed) * 1000 : undefined;
}

function sameBytes(wanted: string, given: string): boolean {
	const bytes = (text: string): Buffer | undefined => (/^[A-Za-z0-9+/]*={0,2}$/.test(text.trim()) ? Buffer.from(text.trim(), "base64") : undefined);
	const a = bytes(wanted);
	const b = bytes(given);
	return a !== undefined && b !== undefined && a.equals(b);
}

export interface AddressRange {
	readonly family: "ipv4" | "ipv6";
	readonly address: string;
	readonly prefix: number;
}

/** An address without a prefix is that address alone. */
export function readRange(text: string): AddressRange | undefined {
	const [address = "", length, ...rest] = text.trim().split("/");
	const family = isIPv4(address) ? "ipv4" : isIPv6(address) && !address.includes("%") ? "ipv6" : undefined;
	if (family === undefined || rest.length > 0) return undefined;
	const most = family === "ipv4" ? 32 : 128;
	if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
	const prefix = length === undefined ? most : Number(length);
	return prefix > most ? undefined : { family, address, prefix };
}

function inRange(wanted: string, given: string): boolean {
	const range = readRange(wanted);
	const one = readRange(given);
	if (range === undefined || one === undefined || range.family !== one.family) return false;
	// The wider of two ranges is not inside the narrower one.
	if (one.prefix < range.prefix) return false;
	const list = new BlockList();
	list.addSubnet(range.address, range.prefix, range.family);
	return list.check(one.address, one.family);
}
