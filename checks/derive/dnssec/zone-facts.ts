import type { Evidence } from "../../../model/evidence.ts";
import { readAnswer } from "../../collectors/dnssec/schema.ts";
import { keyBits, parentOf, readDs, readName, readSignature, shownName } from "../../protocols/dnssec/index.ts";
import type { DnsRecord } from "../../protocols/resolver.ts";

export interface ZoneFacts {
	/** Of the zone's keys and of the DS records at its parent. */
	algorithms: number[];
	digestTypes: number[];
	keys: { flags: number; algorithm: number; bits: number | null }[];
	/** How absence is proven; null where no such proof was seen. NSEC has neither iterations nor salt. */
	denial: { type: "NSEC" | "NSEC3"; iterations: number; saltLength: number; optOut: boolean } | null;
	signatures: SignatureFacts;
}

export interface SignatureFacts {
	count: number;
	/** Whole days from the time of the scan until the first one ends; negative after it. Null without signatures. */
	daysLeft: number | null;
	/** The one that ends first. */
	earliest: { name: string; type: string; expires: string } | null;
	/** "TYPE name" of those that do not hold yet. */
	notYetValid: string[];
}

/** What the stored answers show of one signed zone, whether it validates or not. */
export function zoneFacts(zone: string, items: readonly Evidence[], at: Date): ZoneFacts {
	const name = readName(zone) ?? "";
	const answers = items.filter((item) => item.status !== "error").map((item) => ({ item, answer: readAnswer(item) }));
	const all = answers.flatMap(({ answer }) => [...answer.answers, ...(answer.authorities ?? [])]);
	const keys = all
		.filter((record) => record.type === "DNSKEY" && readName(record.name) === name)
		.map((record) => record.data as { flags: number; algorithm: number; key: Uint8Array });
	const delegations = all.filter((record) => record.type === "DS" && readName(record.name) === name).flatMap((record) => readDs(record.data) ?? []);
	return {
		algorithms: sorted([...keys.map((key) => key.algorithm), ...delegations.map((ds) => ds.algorithm)]),
		digestTypes: sorted(delegations.map((ds) => ds.digestType)),
		keys: keys.map(({ flags, algorithm, key }) => ({ flags, algorithm, bits: keyBits(algorithm, key) ?? null })),
		denial: denialOf(all, name),
		signatures: signaturesOf(all, name, at),
	};
}

function denialOf(records: readonly DnsRecord[], zone: string): ZoneFacts["denial"] {
	const own = records
		.filter((record) => record.type === "NSEC3" && parentOf(readName(record.name) ?? "") === zone)
		.map((record) => record.data as { flags: number; iterations: number; salt: Uint8Array });
	if (own.length > 0)
		return {
			type: "NSEC3",
			iterations: Math.max(...own.map((one) => one.iterations)),
			saltLength: Math.max(...own.map((one) => one.salt.length)),
			optOut: own.some((one) => (one.flags & 1) !== 0),
		};
	const plain = records.some((record) => record.type === "NSEC" && readName(record.name) === zone);
	return plain ? { type: "NSEC", iterations: 0, saltLength: 0, optOut: false } : null;
}

function signaturesOf(records: readonly DnsRecord[], zone: string, at: Date): SignatureFacts {
	const now = Math.floor(at.getTime() / 1000);
	const seen = new Set<string>();
	const notYetValid = new Set<string>();
	let earliest: { left: number; name: string; type: string } | undefined;
	for (const record of records) {
		const signature = record.type === "RRSIG" ? readSignature(record.data) : undefined;
		if (signature === undefined || signature.signer !== zone) continue;
		const name = shownName(readName(record.name) ?? "");
		seen.add(`${name} ${signature.fields.toString("hex")}`);
		// Serial numbers: the distance from now, whatever the year (RFC 4034 3.1.5).
		const left = (signature.expiration - (now >>> 0)) | 0;
		if (((signature.inception - (now >>> 0)) | 0) > 0) notYetValid.add(`${signature.typeCovered} ${name}`);
		if (earliest === undefined || left < earliest.left) earliest = { left, name, type: signature.typeCovered };
	}
	return {
		count: seen.size,
		daysLeft: earliest === undefined ? null : Math.floor(earliest.left / 86_400),
		earliest: earliest === undefined ? null : { name: earliest.name, type: earliest.type, expires: new Date((now + earliest.left) * 1000).toISOString() },
		notYetValid: [...notYetValid].sort(),
	};
}

function sorted(numbers: readonly number[]): number[] {
	return [...new Set(numbers)].sort((a, b) => a - b);
}
