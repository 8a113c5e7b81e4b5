import { createHash, sign } from "node:crypto";
import { deterministicSignature, type LabKey, makeKey } from "../certificates/keys.ts";
import { typeCodes } from "../dns/packet.ts";
import { canonicalName, type LabRecord } from "../dns/records.ts";
import { nameWire, signedLabelCount } from "./names.ts";
import { algorithm, canonicalRdata, dnskeyRdata, dsRdata, keyTag, signatureHead } from "./rdata.ts";

const { RRSIG = 46, DNSKEY = 48, DS = 43 } = typeCodes;
const daySeconds = 86_400;

export const signingFaults = ["expired", "not-yet-valid", "wrong-key", "wrong-ds", "stripped", "no-ds"] as const;
export type SigningFault = (typeof signingFaults)[number];

/** How a zone is signed. Days are counted from the lab's clock, negative for the past; signatures hold from a day before to 30 days after. */
export interface ZoneSigning {
	fault?: SigningFault | undefined;
	startsInDays?: number | undefined;
	expiresInDays?: number | undefined;
}

export type SignedZones = Readonly<Record<string, true | SigningFault | ZoneSigning>>;

export interface SignerOptions {
	zones: SignedZones;
	now: Date;
	/** With a seed, keys and signatures are the same octets in every run with the same clock. */
	seed?: string | undefined;
}

/** The keys of a lab's signed zones. Keys are made when they are first used, and a set is signed once: asked again, it has the same octets. */
export interface Signer {
	readonly zones: ReadonlySet<string>;
	/** The zone has signatures and proofs to show: it is signed, and they are not stripped off. */
	shows(zone: string): boolean;
	/** RDATA of the DNSKEY records: the key that the parent vouches for, and the one that signs the rest. */
	dnskeys(zone: string): Buffer[];
	/** RDATA of the DS record at the parent; none for an island. */
	delegation(zone: string): Buffer[];
	/** The RRSIG over a set. `source` is the name that the zone holds it under, a wildcard for instance; the set's own name is the one shown. */
	signature(zone: string, source: string, set: readonly LabRecord[]): LabRecord[];
	/** DS records of the root in master file form, whether the root is signed or not. */
	readonly rootAnchors: string;
}

interface SigningKey {
	key: LabKey;
	dnskey: Buffer;
	tag: number;
}

export function createSigner(options: SignerOptions): Signer {
	const zones = new Map<string, ZoneSigning>();
	for (const [name, given] of Object.entries(options.zones)) {
		zones.set(canonicalName(name), typeof given === "string" ? { fault: given } : given === true ? {} : given);
	}
	const keys = new Map<string, SigningKey>();
	const signatures = new Map<string, Buffer>();
	const seconds = Math.floor(options.now.getTime() / 1000);

	const keyOf = (zone: string, role: "key-signing" | "zone-signing" | "stranger"): SigningKey => {
		const label = `dnssec:${role}:${zone}`;
		const known = keys.get(label);
		if (known) return known;
		const key = makeKey("ec-p256", label, options.seed);
		const { x = "", y = "" } = key.publicKey.export({ format: "jwk" });
		const dnskey = dnskeyRdata(role === "zone-signing" ? 256 : 257, Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]));
		const made = { key, dnskey, tag: keyTag(dnskey) };
		keys.set(label, made);
		return made;
	};
	const times = (signing: ZoneSigning): { inception: number; expiration: number } => {
		const [starts, expires] = signing.fault === "expired" ? [-30, -2] : signing.fault === "not-yet-valid" ? [2, 32] : [-1, 30];
		const expiresInDays = signing.expiresInDays ?? expires;
		const startsInDays = signing.startsInDays ?? Math.min(starts, expiresInDays - 1);
		return { inception: seconds + Math.round(startsInDays * daySeconds), expiration: seconds + Math.round(expiresInDays * daySeconds) };
	};
	const delegationOf = (zone: string): Buffer => {
		const own = keyOf(zone, "key-signing");
		// The tag of a key that is there over the digest of one that is not, as after a change of keys that the parent missed.
		const vouched = zones.get(zone)?.fault === "wrong-ds" ? keyOf(zone, "stranger") : own;
		return dsRdata(own.tag, createHash("sha256").update(nameWire(zone)).update(vouched.dnskey).digest());
	};
	/** ECDSA draws a number at random for each signature, so what was signed once is kept. */
	const signatureOver = (data: Buffer, { key, tag }: SigningKey): Buffer => {
		const digest = createHash("sha256").update(data).digest();
		const label = `${tag}:${digest.toString("hex")}`;
		const known = signatures.get(label);
		if (known) return known;
		const made =
			key.scalar === undefined ? sign("sha256", data, { key: key.privateKey, dsaEncoding: "ieee-p1363" }) : deterministicSignature(key.scalar, digest);
		signatures.set(label, made);
		return made;
	};

	return {
		zones: new Set(zones.keys()),
		shows(zone) {
			const signing = zones.get(zone);
			return signing !== undefined && signing.fault !== "stripped";
		},
		dnskeys: (zone) => [keyOf(zone, "key-signing").dnskey, keyOf(zone, "zone-signing").dnskey],
		delegation: (zone) => (zones.get(zone)?.fault === "no-ds" ? [] : [delegationOf(zone)]),
		signature(zone, source, set) {
			const [first] = set;
			const signing = zones.get(zone);
			if (first === undefined || signing === undefined) return [];
			const { type, ttlSeconds, name } = first;
			const own = keyOf(zone, type === DNSKEY ? "key-signing" : "zone-signing");
			const used = signing.fault === "wrong-key" && type !== DNSKEY ? { ...keyOf(zone, "stranger"), tag: own.tag } : own;
			const head = signatureHead({ typeCovered: type, labels: signedLabelCount(source), ttlSeconds, ...times(signing), keyTag: own.tag, zone });
			const rdata = Buffer.concat([head, signatureOver(signedOctets(head, source, set), used)]);
			return [{ name, type: RRSIG, ttlSeconds, rdata }];
		},
		get rootAnchors() {
			const ds = delegationOf(".");
			return `. IN DS ${ds.readUInt16BE(0)} ${algorithm} ${ds[3] ?? 0} ${ds.subarray(4).toString("hex").toUpperCase()}\n`;
		},
	};
}

/** RFC 4034 3.1.8.1 and 6.3: the records in the order of their RDATA, each once. */
function signedOctets(head: Buffer, source: string, set: readonly LabRecord[]): Buffer {
	const owner = nameWire(source);
	const parts = [head];
	let before: Buffer | undefined;
	for (const { type, ttlSeconds, rdata } of set.map((record) => ({ ...record, rdata: canonicalRdata(record.type, record.rdata) })).toSorted(byRdata)) {
		if (before?.equals(rdata)) continue;
		before = rdata;
		const fixed = Buffer.alloc(10);
		fixed.writeUInt16BE(type, 0);
		fixed.writeUInt16BE(1, 2);
		fixed.writeUInt32BE(ttlSeconds, 4);
		fixed.writeUInt16BE(rdata.length, 8);
		parts.push(owner, fixed, rdata);
	}
	return Buffer.concat(parts);
}

function byRdata(left: { rdata: Buffer }, right: { rdata: Buffer }): number {
	return Buffer.compare(left.rdata, right.rdata);
}

/** A DS record set belongs to the parent, and so does its signature; `DS` and `DNSKEY` as records of a zone's data. */
export function keyRecords(signer: Signer, zone: string, ttlSeconds: number): { dnskeys: LabRecord[]; delegation: LabRecord[] } {
	const record = (type: number, rdata: Buffer): LabRecord => ({ name: zone, type, ttlSeconds, rdata });
	return {
		dnskeys: signer.dnskeys(zone).map((rdata) => record(DNSKEY, rdata)),
		delegation: zone === "." ? [] : signer.delegation(zone).map((rdata) => record(DS, rdata)),
	};
}
