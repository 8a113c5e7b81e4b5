import { referenceName } from "../certificate/index.ts";
import { isMxPattern } from "./parse-policy.ts";

/**
 * Whether an mx pattern of a policy covers an MX host (RFC 8461 4.1): the whole name, case aside, or "*." for exactly one
 * label in its place. A final dot and U-labels of the host are normalised; patterns hold A-labels only. False for addresses.
 */
export function matchMtaStsMx(pattern: string, host: string): boolean {
	const name = referenceName(host);
	if (name === undefined || !isMxPattern(pattern)) return false;
	const wanted = pattern.toLowerCase();
	if (!wanted.startsWith("*.")) return wanted === name;
	const dot = name.indexOf(".");
	return dot > 0 && name.slice(dot) === wanted.slice(1);
}
