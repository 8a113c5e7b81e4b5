import { createHash } from "node:crypto";
import type { DnsRecord } from "../../resolver.ts";
import { compareNames, isBelow, isWithin, labelsOf, nameWire, parentOf, readName, signedLabelCount, wildcardOf } from "../name.ts";
import { base32Hex, nsec3Hash } from "../nsec3.ts";
import { encodeRdata, signatureFields } from "../rdata.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";

/** Record data by owner and type, in the shapes of a message decoder. Owners are absolute. */
export type ZoneData = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;

export interface SignedZoneOptions {
	/** "." for the root. */
	name: string;
	records?: ZoneData;
	/** false: no keys, no signatures, no DS at the parent. */
	signed?: boolean;
	/** false: signed, but the parent has no DS (an island of security). */
	delegated?: boolean;
	/** Default 13. Several sign side by side. */
	algorithms?: readonly number[];
	/** One key for everything, else a key-signing and a zone-signing key. */
	singleKey?: boolean;
	rsaBits?: number;
	/** Without: NSEC. */
	nsec3?: { iterations?: number; salt?: Buffer; optOut?: boolean };
	/** Seconds since 1970. */
	inception?: number;
	expiration?: number;
	/** Of the DS records at the parent. Default [2]. */
	digestTypes?: readonly number[];
	/** DNSKEY records beside those that sign. */
	extraKeys?: readonly SigningKey[];
}

const ttl = 300;
const dsHashes: Readonly<Record<number, string>> = { 1: "sha1", 2: "sha256", 4: "sha384" };

/** A zone with its keys; signs on demand and proves absence. */
export class TestZone {
	readonly name: string;
	readonly options: SignedZoneOptions;
	readonly signed: boolean;
	readonly keySigning: SigningKey[] = [];
	readonly zoneSigning: SigningKey[] = [];
	private readonly sets = new Map<string, Map<string, unknown[]>>();
	private readonly times: { inception: number; expiration: number };
	private readonly cache = new Map<string, DnsRecord[]>();

	constructor(options: SignedZoneOptions, times: { inception: number; expiration: number }) {
		this.name = textName(options.name);
		this.options = options;
		this.signed = options.signed !== false;
		this.times = { inception: options.inception ?? times.inception, expiration: options.expiration ?? times.expiration };
		for (const algorithm of this.signed ? (options.algorithms ?? [13]) : []) {
			const first = createSigningKey(algorithm, 257, options.rsaBits);
			this.keySigning.push(first);
			this.zoneSigning.push(options.singleKey === true ? first : createSigningKey(algorithm, 256, options.rsaBits));
		}
		const shown = this.name === "" ? "." : this.name;
		this.add(this.name, "SOA", { mname: "ns.test", rname: "hostmaster.test", serial: 1, refresh: 3600, retry: 600, expire: 86400, minimum: 300 });
		this.add(this.name, "NS", "ns.test");
		if (this.signed)
			for (const key of new Set([...this.keySigning, ...this.zoneSigning, ...(options.extraKeys ?? [])])) this.add(this.name, "DNSKEY", key.data);
		for (const [owner, types] of Object.entries(options.records ?? {})) {
			const name = textName(owner);
			if (!isWithin(name, this.name)) throw new Error(`${owner} is not in ${shown}`);
			for (const [type, list] of Object.entries(types)) for (const data of list) this.add(name, type, data);
		}
	}

	add(name: string, type: string, data: unknown): void {
		const types = this.sets.get(name) ?? new Map<string, unknown[]>();
		this.sets.set(name, types);
		types.set(type, [...(types.get(type) ?? []), data]);
	}

	delegate(child: TestZone): void {
		this.add(child.name, "NS", "ns.test");
		if (child.signed && child.options.delegated !== false) for (const ds of child.dsData()) this.add(child.name, "DS", ds);
	}

	dsData(): { keyTag: number; algorithm: number; digestType: number; digest: Buffer }[] {
		return this.keySigning.flatMap((key) =>
			(this.options.digestTypes ?? [2]).map((digestType) => ({
				keyTag: key.tag,
				algorithm: key.algorithm,
				digestType,
				digest: createHash(dsHashes[digestType] ?? "sha256")
					.update(nameWire(this.name))
					.update(encodeRdata("DNSKEY", key.data, true) as Buffer)
					.digest(),
			})),
		);
	}

	/** The zone cut at or above a name, if it is not this zone's to answer for. */
	cutAbove(name: string): string | undefined {
		for (let at = name; isBelow(at, this.name); at = parentOf(at)) if (this.isCut(at)) return at;
		return undefined;
	}

	data(name: string, type: string): readonly unknown[] | undefined {
		return this.sets.get(name)?.get(type);
	}

	exists(name: string): boolean {
		return this.sets.has(name) || this.isEmptyNonTerminal(name);
	}

	/** A set with its signatures; `owner` differs from `name` where a wildcard at `name` answers. */
	signedSet(name: string, type: string, owner = name): DnsRecord[] {
		const key = `${type} ${name} ${owner}`;
		let records = this.cache.get(key);
		if (records === undefined) {
			const list = this.data(name, type) ?? [];
			records = [...list.map((data) => ({ name: shownOwner(owner), type, ttl, data })), ...this.sign(name, type, list, owner)];
			this.cache.set(key, records);
		}
		return records;
	}

	/** Authority section that shows that the type, or the name, is not there. `expanded`: a wildcard answered for the name. */
	denial(name: string, expanded = false): DnsRecord[] {
		const soa = expanded ? [] : this.signedSet(this.name, "SOA");
		if (!this.signed) return soa;
		const encloser = this.closestEncloser(name);
		const owners = this.options.nsec3 === undefined ? this.nsecFor(name, encloser, expanded) : this.nsec3For(name, encloser, expanded);
		const type = this.options.nsec3 === undefined ? "NSEC" : "NSEC3";
		return [...soa, ...[...new Set(owners)].flatMap((owner) => this.proof(owner, type))];
	}

	private nsecFor(name: string, encloser: string, expanded: boolean): string[] {
		const owners = this.nsecOwners();
		const at = (wanted: string): string => owners.findLast((owner) => compareNames(owner, wanted) <= 0) ?? this.name;
		if (this.exists(name) || expanded) return [at(name)];
		return [at(name), at(wildcardOf(encloser))];
	}

	private nsec3For(name: string, encloser: string, expanded: boolean): string[] {
		const next = (from: string): string =>
			labelsOf(name)
				.slice(-labelsOf(from).length - 1)
				.join(".");
		if (expanded) return [this.hashedAt(next(encloser))];
		if (this.hashed().some(({ owner }) => owner === name)) return [this.hashedAt(name)];
		let provable = encloser;
		while (provable === name || !this.hashed().some(({ owner }) => owner === provable)) provable = parentOf(provable);
		return [this.hashedAt(provable), this.hashedAt(next(provable)), this.hashedAt(wildcardOf(provable))];
	}

	private closestEncloser(name: string): string {
		let at = name;
		while (!this.exists(at)) at = parentOf(at);
		return at;
	}

	private isCut(name: string): boolean {
		return name !== this.name && this.sets.get(name)?.has("NS") === true;
	}

	private isEmptyNonTerminal(name: string): boolean {
		for (const owner of this.sets.keys()) if (isBelow(owner, name)) return true;
		return false;
	}

	/** Owners this zone answers for, in canonical order. */
	private nsecOwners(): string[] {
		return [...this.sets.keys()].filter((name) => this.cutAbove(name) === undefined || this.isCut(name)).sort(compareNames);
	}

	private typesAt(name: string): string[] {
		const types = [...(this.sets.get(name)?.keys() ?? [])];
		return this.isCut(name) ? types.filter((type) => type === "NS" || type === "DS") : types;
	}

	private hashed(): { hash: Buffer; owner: string }[] {
		const { iterations = 0, salt = Buffer.alloc(0), optOut = false } = this.options.nsec3 ?? {};
		const owners = new Set<string>();
		for (const name of this.nsecOwners()) {
			if (optOut && this.isCut(name) && !this.typesAt(name).includes("DS")) continue;
			for (let at = name; isWithin(at, this.name); at = parentOf(at)) {
				owners.add(at);
				if (at === this.name) break;
			}
		}
		return [...owners].map((owner) => ({ owner, hash: nsec3Hash(owner, salt, iterations) })).sort((a, b) => Buffer.compare(a.hash, b.hash));
	}

	/** Owner of the NSEC3 record that matches or covers a name. */
	private hashedAt(name: string): string {
		const { iterations = 0, salt = Buffer.alloc(0) } = this.options.nsec3 ?? {};
		const wanted = nsec3Hash(name, salt, iterations);
		const chain = this.hashed();
		return (chain.findLast(({ hash }) => Buffer.compare(hash, wanted) <= 0) ?? chain.at(-1))?.owner ?? this.name;
	}

	private proof(owner: string, type: "NSEC" | "NSEC3"): DnsRecord[] {
		const key = `${type} ${owner}`;
		const before = this.cache.get(key);
		if (before !== undefined) return before;
		const types = this.typesAt(owner);
		let name = owner;
		let data: unknown;
		if (type === "NSEC") {
			const owners = this.nsecOwners();
			const next = owners[(owners.indexOf(owner) + 1) % owners.length] ?? this.name;
			data = { nextDomain: next === "" ? "." : next, rrtypes: [...types, "RRSIG", "NSEC"] };
		} else {
			const { iterations = 0, salt = Buffer.alloc(0), optOut = false } = this.options.nsec3 ?? {};
			const chain = this.hashed();
			const place = chain.findIndex((one) => one.owner === owner);
			const hash = chain[place]?.hash ?? Buffer.alloc(20);
			name = `${base32Hex(hash)}${this.name === "" ? "" : `.${this.name}`}`;
			const unsigned = types.length === 0 || (this.isCut(owner) && !types.includes("DS"));
			data = {
				algorithm: 1,
				flags: optOut ? 1 : 0,
				iterations,
				salt,
				nextDomain: chain[(place + 1) % chain.length]?.hash,
				rrtypes: unsigned ? types : [...types, "RRSIG"],
			};
		}
		const records = [{ name: shownOwner(name), type, ttl, data }, ...this.sign(name, type, [data], name)];
		this.cache.set(key, records);
		return records;
	}

	private sign(name: string, type: string, list: readonly unknown[], owner: string): DnsRecord[] {
		const delegated = this.isCut(name) && type !== "DS" && type !== "NSEC";
		if (!this.signed || list.length === 0 || delegated || this.cutAbove(parentOf(name)) !== undefined) return [];
		const keys = type === "DNSKEY" ? this.keySigning : this.zoneSigning;
		return keys.map((key) => ({ name: shownOwner(owner), type: "RRSIG", ttl, data: signSet({ name, type, list, zone: this.name, key, ...this.times }) }));
	}
}

/** Data of the RRSIG over a set (RFC 4034 3.1.8.1). */
export function signSet(o: {
	name: string;
	type: string;
	list: readonly unknown[];
	zone: string;
	key: SigningKey;
	inception: number;
	expiration: number;
}): Record<string, unknown> {
	const data = {
		typeCovered: o.type,
		algorithm: o.key.algorithm,
		labels: signedLabelCount(o.name),
		originalTTL: ttl,
		expiration: o.expiration >>> 0,
		inception: o.inception >>> 0,
		keyTag: o.key.tag,
		signersName: shownOwner(o.zone),
	};
	const head = Buffer.alloc(10);
	head.writeUInt16BE(
		{ DNSKEY: 48, NSEC: 47, NSEC3: 50, DS: 43, SOA: 6, NS: 2, A: 1, AAAA: 28, MX: 15, TXT: 16, CNAME: 5, DNAME: 39, TLSA: 52, CAA: 257, PTR: 12, SPF: 99 }[
			o.type
		] ?? 0,
		0,
	);
	head.writeUInt16BE(1, 2);
	head.writeUInt32BE(ttl, 4);
	const rdata = o.list.map((one) => encodeRdata(o.type, one, true) as Buffer).sort(Buffer.compare);
	const body = rdata.map((octets) => {
		const own = Buffer.from(head);
		own.writeUInt16BE(octets.length, 8);
		return Buffer.concat([nameWire(o.name), own, octets]);
	});
	return { ...data, signature: o.key.sign(Buffer.concat([signatureFields(data) as Buffer, ...body])) };
}

function shownOwner(name: string): string {
	return name === "" ? "." : name;
}

export function textName(name: string): string {
	const read = readName(name);
	if (read === undefined) throw new Error(`${JSON.stringify(name)} is no name`);
	return read;
}
