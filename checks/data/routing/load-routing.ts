import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../model/source.ts";
import { formatIp, type IpAddress, parseIp, widthOf } from "../../protocols/spf/address.ts";

/** Origin validation states of a route, RFC 6811 section 2. */
export const originStates = ["valid", "not_found", "invalid"] as const;
export type OriginState = (typeof originStates)[number];

export interface Route {
	prefix: string;
	state: OriginState;
}

/** Announced prefixes with the state of their origin, as a routing data source gave them on a day. */
export interface RoutingData {
	source: string;
	/** YYYY-MM-DD */
	asOf: string;
	/** The most specific prefix that an address is announced under; undefined where none is. */
	routeOf(address: string): Route | undefined;
}

const fileName = "routing.tsv";
const maxBytes = 256 * 1024 * 1024;
const remedy =
	'expected "# source: NAME" and "# asOf: YYYY-MM-DD", then lines of prefix, a tab and valid, invalid or not_found, made from your own table of routes and a validator such as Routinator';

/**
 * routing.tsv of a folder of --data; undefined where there is none. None ships: routes change by the hour. Several origins of one prefix have the
 * state of the worst. Throws InputError with file and line.
 */
export function loadRouting(folder: string): RoutingData | undefined {
	const file = join(folder, fileName);
	const stats = statSync(file, { throwIfNoEntry: false });
	if (stats === undefined) return undefined;
	if (!stats.isFile() || stats.size > maxBytes)
		throw new InputError([{ file, line: 1, column: 1, message: `is no regular file of at most ${maxBytes} octets; ${remedy}` }]);
	return parseRouting(readFileSync(file, "utf8"), file);
}

export function parseRouting(text: string, file: string): RoutingData {
	const fault = (line: number, message: string): InputError => new InputError([{ file, line, column: 1, message: `${message}; ${remedy}` }]);
	const head = new Map<string, string>();
	const tables = { 4: new Map<number, Map<bigint, OriginState>>(), 6: new Map<number, Map<bigint, OriginState>>() };
	let number = 0;
	for (let at = 0; at < text.length; ) {
		const found = text.indexOf("\n", at);
		const end = found === -1 ? text.length : found;
		const line = text.slice(at, end).replace(/\r$/, "");
		at = end + 1;
		number += 1;
		const named = /^# ?(source|asOf): ?(.{1,200})$/.exec(line);
		if (named?.[1] !== undefined && named[2] !== undefined) head.set(named[1], named[2].trim());
		if (line === "" || line.startsWith("#")) continue;
		const [prefix = "", state = ""] = line.split("\t");
		const network = networkOf(prefix);
		if (network === undefined) throw fault(number, "holds no prefix such as 192.0.2.0/24 at its beginning");
		if (!isState(state)) throw fault(number, "names no origin validation state");
		const table = tables[network.ip.family];
		const own = table.get(network.length) ?? new Map<bigint, OriginState>();
		const key = bitsOf(network.ip, network.length);
		const known = own.get(key);
		if (known === undefined || originStates.indexOf(known) < originStates.indexOf(state)) own.set(key, state);
		table.set(network.length, own);
	}
	const source = head.get("source");
	const asOf = head.get("asOf");
	if (source === undefined) throw fault(1, "does not name its source");
	if (asOf === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(asOf)) throw fault(1, "does not name its day");
	return {
		source,
		asOf,
		routeOf(address) {
			const ip = parseIp(address);
			if (ip === undefined) return undefined;
			for (let length = widthOf(ip.family); length >= 0; length -= 1) {
				const state = tables[ip.family].get(length)?.get(bitsOf(ip, length));
				if (state !== undefined) return { prefix: prefixOf(ip, length), state };
			}
			return undefined;
		},
	};
}

function isState(text: string): text is OriginState {
	return (originStates as readonly string[]).includes(text);
}

function networkOf(prefix: string): { ip: IpAddress; length: number } | undefined {
	const slash = prefix.indexOf("/");
	const length = Number(prefix.slice(slash + 1));
	const ip = slash === -1 || !/^\d{1,3}$/.test(prefix.slice(slash + 1)) ? undefined : parseIp(prefix.slice(0, slash));
	return ip === undefined || length > widthOf(ip.family) ? undefined : { ip, length };
}

function bitsOf(ip: IpAddress, length: number): bigint {
	return ip.bits >> BigInt(widthOf(ip.family) - length);
}

function prefixOf(ip: IpAddress, length: number): string {
	const shift = BigInt(widthOf(ip.family) - length);
	return `${formatIp({ family: ip.family, bits: (ip.bits >> shift) << shift })}/${length}`;
}
