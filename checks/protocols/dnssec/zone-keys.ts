import { createHash } from "node:crypto";
import type { DsData } from "./anchors.ts";
import { nameWire } from "./name.ts";
import type { DnssecReason, Limits } from "./outcome.ts";
import { encodeRdata } from "./rdata.ts";
import type { Rrset, ZoneKey } from "./rrset.ts";
import { dsDigests, isSupportedAlgorithm, keyTagOf } from "./signature.ts";

const zoneKeyFlag = 0x0100;
const revokedFlag = 0x0080;

/** Keys that may sign in the zone: the zone flag is set (RFC 4034 2.1.1), and they are not revoked (RFC 5011 2.1). */
export function zoneKeys(set: Rrset): ZoneKey[] {
	const keys: ZoneKey[] = [];
	for (const { data } of set.records) {
		const rdata = encodeRdata("DNSKEY", data, true);
		if (rdata === undefined) continue;
		const { flags, algorithm, key } = data as { flags: number; algorithm: number; key: Uint8Array };
		if ((flags & zoneKeyFlag) === 0 || (flags & revokedFlag) !== 0) continue;
		keys.push({ flags, algorithm, tag: keyTagOf(rdata), key, rdata });
	}
	return keys;
}

/**
 * The DS records that count. None left means that the zone is signed in ways this validator does not know: it is then treated as
 * unsigned (RFC 4035 5.2, RFC 6840 5.2). SHA-1 digests are passed over where a stronger one stands (RFC 4509 3).
 */
export function usableDs(list: readonly DsData[], limits: Limits): DsData[] | { reason: DnssecReason } {
	const byAlgorithm = list.filter((ds) => isSupportedAlgorithm(ds.algorithm));
	if (byAlgorithm.length === 0) return { reason: "unsupported_algorithm" };
	const usable = byAlgorithm.filter((ds) => Object.hasOwn(dsDigests, ds.digestType));
	if (usable.length === 0) return { reason: "unsupported_digest" };
	const strong = usable.filter((ds) => ds.digestType !== 1);
	return (strong.length > 0 ? strong : usable).slice(0, limits.records);
}

/** The keys that DS records vouch for (RFC 4034 5.1.4). */
export function keysOfDs(zone: string, keys: readonly ZoneKey[], list: readonly DsData[], limits: Limits): ZoneKey[] {
	const owner = nameWire(zone);
	const trusted = new Set<ZoneKey>();
	for (const ds of list) {
		const hash = dsDigests[ds.digestType];
		if (hash === undefined) continue;
		const candidates = keys.filter((key) => key.tag === ds.keyTag && key.algorithm === ds.algorithm);
		for (const key of candidates.slice(0, limits.keysPerTag)) {
			if (createHash(hash).update(owner).update(key.rdata).digest().equals(ds.digest)) trusted.add(key);
		}
	}
	return [...trusted];
}
