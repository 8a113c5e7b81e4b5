import type { ReasonCode } from "../../../../model/reasons.ts";
import { type DnsAnswer, type DnsRecord, normalizeName, type RecordType, type Resolver } from "../../resolver.ts";
import type { DsRecord } from "../anchors.ts";
import { isBelow, isWithin, parentOf, readName, wildcardOf } from "../name.ts";
import { type SignedZoneOptions, TestZone, textName } from "./sign-zone.ts";

export interface SignedWorldOptions {
	/** The root is added when it is not among them, and so is every zone's parent delegation. */
	zones: readonly SignedZoneOptions[];
	/** Signatures hold from a day before to thirty days after. */
	now: Date;
	/** Questions that fail: "TYPE name" or a name. */
	faults?: Readonly<Record<string, ReasonCode>>;
}

/** Changes one answer: "TYPE name" to what is given back. */
export type Tamper = (question: string, answer: DnsAnswer) => DnsAnswer;

export interface SignedWorld extends Resolver {
	readonly anchors: (DsRecord & { name: string })[];
	/** Every question so far, "TYPE name". */
	readonly asked: string[];
	zone(name: string): TestZone;
	/** The same world seen through something that changes answers. */
	through(tamper: Tamper): Resolver;
}

/**
 * A signed tree of zones in memory, answering as a recursive server does that is asked with DO and CD: aliases are followed over
 * zones, wildcards expanded, and absence comes with its proof. For tests and policy cases.
 */
export function signedWorld(options: SignedWorldOptions): SignedWorld {
	const seconds = Math.floor(options.now.getTime() / 1000);
	const times = { inception: seconds - 86_400, expiration: seconds + 30 * 86_400 };
	const listed = options.zones.some((zone) => textName(zone.name) === "") ? options.zones : [{ name: "." }, ...options.zones];
	const zones = new Map(listed.map((zone) => [textName(zone.name), new TestZone(zone, times)]));
	const enclosing = (name: string): TestZone => {
		let found: TestZone | undefined;
		for (const zone of zones.values()) if (isWithin(name, zone.name) && (found === undefined || isBelow(zone.name, found.name))) found = zone;
		if (found === undefined) throw new Error("there is no root zone");
		return found;
	};
	for (const zone of zones.values()) if (zone.name !== "") enclosing(parentOf(zone.name)).delegate(zone);
	const asked: string[] = [];

	async function resolve(asking: string, type: RecordType): Promise<DnsAnswer> {
		const shown = normalizeName(asking);
		asked.push(`${type} ${shown}`);
		const fault = options.faults?.[`${type} ${shown}`] ?? options.faults?.[shown];
		if (fault !== undefined) return { status: "error", code: fault, answers: [] };
		const answers: DnsRecord[] = [];
		const authorities: DnsRecord[] = [];
		const seen = new Set<string>();
		for (let at: string | undefined = readName(shown); at !== undefined; ) {
			if (seen.has(at)) return { status: "ok", rcode: "NOERROR", cnameLoop: true, answers, authorities };
			seen.add(at);
			const zone = enclosing(type === "DS" && at !== "" ? parentOf(at) : at);
			const step = lookUp(zone, at, type);
			answers.push(...step.answers);
			authorities.push(...step.authorities);
			if (step.next === undefined) return { status: "ok", rcode: step.exists ? "NOERROR" : "NXDOMAIN", answers, authorities };
			at = step.next;
		}
		return { status: "error", code: "malformed", answers: [] };
	}

	return {
		asked,
		resolve,
		anchors: enclosing("")
			.dsData()
			.map((ds) => ({ name: ".", ...ds })),
		zone(name) {
			const zone = zones.get(textName(name));
			if (zone === undefined) throw new Error(`there is no zone ${name}`);
			return zone;
		},
		through: (tamper) => ({ resolve: async (name, type) => tamper(`${type} ${normalizeName(name)}`, structuredCloneAnswer(await resolve(name, type))) }),
	};
}

function lookUp(zone: TestZone, name: string, type: string): { answers: DnsRecord[]; authorities: DnsRecord[]; next?: string; exists: boolean } {
	for (let at = parentOf(name); isWithin(at, zone.name) && name !== zone.name; at = parentOf(at)) {
		const target = zone.data(at, "DNAME")?.[0];
		if (typeof target === "string") {
			const next = textName(`${name.slice(0, name.length - at.length - (at === "" ? 0 : 1))}.${target}`);
			return { answers: [...zone.signedSet(at, "DNAME"), { name, type: "CNAME", ttl: 300, data: next }], authorities: [], next, exists: true };
		}
		if (at === zone.name) break;
	}
	const expanded = !zone.exists(name);
	let source = name;
	if (expanded) {
		let encloser = parentOf(name);
		while (!zone.exists(encloser)) encloser = parentOf(encloser);
		source = wildcardOf(encloser);
		if (!zone.exists(source)) return { answers: [], authorities: zone.denial(name), exists: false };
	}
	const proof = expanded ? zone.denial(name, true) : [];
	if (zone.data(source, type) !== undefined) return { answers: zone.signedSet(source, type, name), authorities: proof, exists: true };
	const alias = zone.data(source, "CNAME")?.[0];
	if (typeof alias === "string" && type !== "CNAME")
		return { answers: zone.signedSet(source, "CNAME", name), authorities: proof, next: textName(alias), exists: true };
	return { answers: [], authorities: expanded ? [...zone.denial(source), ...proof, ...zone.denial(name)] : zone.denial(name), exists: true };
}

/** A deep copy whose octets may be changed. */
function structuredCloneAnswer(answer: DnsAnswer): DnsAnswer {
	return copy(answer) as DnsAnswer;
}

function copy(value: unknown): unknown {
	if (value instanceof Uint8Array) return Buffer.from(value);
	if (Array.isArray(value)) return value.map(copy);
	if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copy(field)]));
	return value;
}
