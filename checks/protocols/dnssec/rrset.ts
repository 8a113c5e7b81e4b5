import type { DnsRecord } from "../resolver.ts";
import { labelsOf, lastLabels, nameWire, readName, signedLabelCount, wildcardOf } from "./name.ts";
import { LimitExceeded, type Limits, type SignatureFault } from "./outcome.ts";
import { encodeRdata, signatureFields } from "./rdata.ts";
import { typeNumber } from "./record-types.ts";
import { isSupportedAlgorithm, verifySignature } from "./signature.ts";

export interface Rrset {
	name: string;
	type: string;
	records: DnsRecord[];
	signatures: RrsigData[];
}

export interface RrsigData {
	typeCovered: string;
	algorithm: number;
	labels: number;
	originalTTL: number;
	expiration: number;
	inception: number;
	keyTag: number;
	/** Canonical. */
	signer: string;
	signature: Uint8Array;
	/** Everything before the signature, as it is signed. */
	fields: Buffer;
}

export interface ZoneKey {
	flags: number;
	algorithm: number;
	tag: number;
	key: Uint8Array;
	rdata: Buffer;
}

/** The records of one name and type out of a section, with the signatures over them. Undefined when there are none. */
export function rrsetOf(section: readonly DnsRecord[], name: string, type: string): Rrset | undefined {
	const records = section.filter((record) => record.type === type && readName(record.name) === name);
	if (records.length === 0) return undefined;
	return { name, type, records, signatures: signaturesOver(section, name, type) };
}

function signaturesOver(section: readonly DnsRecord[], name: string, type: string): RrsigData[] {
	const signatures: RrsigData[] = [];
	for (const record of section) {
		if (record.type !== "RRSIG" || readName(record.name) !== name) continue;
		const signature = readSignature(record.data);
		if (signature?.typeCovered === type) signatures.push(signature);
	}
	return signatures;
}

/** Undefined for data that is no signature. */
export function readSignature(data: unknown): RrsigData | undefined {
	if (typeof data !== "object" || data === null) return undefined;
	const own = data as RrsigData & { signersName: unknown };
	const fields = signatureFields(own as unknown as Record<string, unknown>);
	const signer = readName(own.signersName);
	if (fields === undefined || signer === undefined || !(own.signature instanceof Uint8Array)) return undefined;
	const { typeCovered, algorithm, labels, originalTTL, expiration, inception, keyTag, signature } = own;
	return { typeCovered, algorithm, labels, originalTTL, expiration, inception, keyTag, signer, signature, fields };
}

export type RrsetVerdict = { ok: true; closestEncloser: string | undefined } | { ok: false; fault: SignatureFault };

/** From what says most about a set to what says least. */
const weight: readonly SignatureFault[] = [
	"limit_exceeded",
	"malformed",
	"bad_signature",
	"expired",
	"not_yet_valid",
	"no_key",
	"bad_labels",
	"wrong_signer",
	"no_signature",
];

export interface VerifyContext {
	/** Seconds since 1970, modulo 2^32. */
	now: number;
	limits: Limits;
	/** Verifications left. */
	budget: { verifications: number };
}

/**
 * Checks a record set against the keys of a zone (RFC 4035 5.3): one good signature is enough (RFC 6840 5.11).
 * closestEncloser is set when the set was made from a wildcard: that the name itself does not exist is then still to be proven.
 */
export function verifyRrset(set: Rrset, zone: string, keys: readonly ZoneKey[], context: VerifyContext): RrsetVerdict {
	const { limits } = context;
	const faults = new Set<SignatureFault>(["no_signature"]);
	const count = signedLabelCount(set.name);
	let body: Buffer | undefined;
	let bodyFor = -1;
	let tried = 0;
	for (const [index, signature] of set.signatures.entries()) {
		if (index >= limits.signaturesPerSet) {
			faults.add("limit_exceeded");
			break;
		}
		if (signature.signer !== zone) faults.add("wrong_signer");
		else if (signature.labels > count) faults.add("bad_labels");
		else if (!isSupportedAlgorithm(signature.algorithm)) faults.add("no_key");
		else if (isBefore(signature.expiration, context.now) || isBefore(signature.expiration, signature.inception)) faults.add("expired");
		else if (isBefore(context.now, signature.inception)) faults.add("not_yet_valid");
		else {
			const candidates = keys.filter((key) => key.tag === signature.keyTag && key.algorithm === signature.algorithm);
			if (candidates.length === 0) faults.add("no_key");
			if (candidates.length > limits.keysPerTag) faults.add("limit_exceeded");
			for (const key of candidates.slice(0, limits.keysPerTag)) {
				if (tried >= limits.verificationsPerSet) {
					faults.add("limit_exceeded");
					break;
				}
				tried += 1;
				if (bodyFor !== signature.labels * 2 ** 32 + signature.originalTTL) {
					body = canonicalBody(set, signature, count);
					bodyFor = signature.labels * 2 ** 32 + signature.originalTTL;
				}
				if (body === undefined) return { ok: false, fault: "malformed" };
				context.budget.verifications -= 1;
				if (context.budget.verifications < 0) throw new LimitExceeded(`${set.type} ${set.name}`);
				if (verifySignature(key.algorithm, key.key, Buffer.concat([signature.fields, body]), signature.signature)) {
					return { ok: true, closestEncloser: signature.labels < count ? lastLabels(set.name, signature.labels) : undefined };
				}
				faults.add("bad_signature");
			}
		}
	}
	return { ok: false, fault: weight.find((fault) => faults.has(fault)) ?? "no_signature" };
}

/** The records in canonical form and order (RFC 4034 6.2, 6.3), with the owner that was signed: the wildcard, if one was expanded. */
function canonicalBody(set: Rrset, signature: RrsigData, count: number): Buffer | undefined {
	const type = typeNumber(set.type);
	if (type === undefined) return undefined;
	const expanded = signature.labels < count && labelsOf(set.name).length > 0;
	const owner = nameWire(expanded ? wildcardOf(lastLabels(set.name, signature.labels)) : set.name);
	const head = Buffer.alloc(8);
	head.writeUInt16BE(type, 0);
	head.writeUInt16BE(1, 2);
	head.writeUInt32BE(signature.originalTTL, 4);
	const octets: Buffer[] = [];
	for (const record of set.records) {
		const rdata = encodeRdata(set.type, record.data, true);
		if (rdata === undefined || rdata.length > 0xffff) return undefined;
		octets.push(rdata);
	}
	octets.sort(Buffer.compare);
	const parts: Buffer[] = [];
	for (const [index, rdata] of octets.entries()) {
		// RFC 2181 5: a set holds no record twice.
		if (index > 0 && octets[index - 1]?.equals(rdata) === true) continue;
		const length = Buffer.alloc(2);
		length.writeUInt16BE(rdata.length);
		parts.push(owner, head, length, rdata);
	}
	return Buffer.concat(parts);
}

/** Serial number arithmetic, RFC 1982 3.2 as RFC 4034 3.1.5 asks. */
export function isBefore(a: number, b: number): boolean {
	return ((a - b) | 0) < 0;
}
