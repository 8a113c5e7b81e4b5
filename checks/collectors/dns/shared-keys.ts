import { sha256Hex } from "../../../model/canonical.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { looksLikeDkimKey, parseDkimKey, wildcardProbeSelector } from "../../protocols/dkim/index.ts";

/** A live DKIM key that a domain publishes. */
export interface PublishedKey {
	/** <selector>._domainkey.<domain>. */
	name: string;
	/** SHA-256, hex, of p= without white space. */
	publicKeySha256: string;
	/** The name is an alias into another zone. */
	delegated: boolean;
}

/** How many others of one key are named. */
const maxNamed = 10;

/** Keys in the dns.txt items of a domain: selectors with exactly one key. Under a wildcard every name answers: then none is counted. */
export function publishedKeys(domain: string, items: readonly Evidence[]): PublishedKey[] {
	const found: PublishedKey[] = [];
	for (const { kind, id, status, values } of items) {
		if (kind !== "dns.txt" || status !== "ok" || !id.endsWith(`._domainkey.${domain}`)) continue;
		const { records } = values as { records: { type: string; data: unknown }[] };
		const texts = records.filter(({ type, data }) => type === "TXT" && Array.isArray(data)).map(({ data }) => (data as string[]).join(""));
		const [text, second] = texts.filter(looksLikeDkimKey);
		const publicKey = text === undefined || second !== undefined ? undefined : parseDkimKey(text).publicKey;
		if (publicKey === undefined) continue;
		if (id === `${wildcardProbeSelector}._domainkey.${domain}`) return [];
		found.push({ name: id, publicKeySha256: sha256Hex(publicKey), delegated: records.some(({ type }) => type === "CNAME") });
	}
	return found;
}

/**
 * What spans domains: for each domain the keys of others that are its own too, as items of kind dkim.shared_key on it (id the other's
 * name). Two aliases into one provider's zone share by design and are left out.
 */
export function sharedKeys(domains: readonly { domain: string; keys: readonly PublishedKey[] }[], now: string): Map<string, Evidence[]> {
	const byKey = new Map<string, { domain: string; key: PublishedKey }[]>();
	for (const { domain, keys } of domains) {
		for (const key of keys) {
			const list = byKey.get(key.publicKeySha256);
			if (list === undefined) byKey.set(key.publicKeySha256, [{ domain, key }]);
			else list.push({ domain, key });
		}
	}
	const shared = new Map<string, Map<string, Evidence>>();
	for (const holders of byKey.values()) {
		if (holders.every((one) => one.domain === holders[0]?.domain)) continue;
		for (const own of holders) {
			const others = holders.filter((other) => other.domain !== own.domain && !(own.key.delegated && other.key.delegated));
			for (const { domain, key } of others.slice(0, maxNamed)) {
				const items = shared.get(own.domain) ?? new Map<string, Evidence>();
				shared.set(own.domain, items);
				items.set(key.name, {
					kind: "dkim.shared_key",
					id: key.name,
					status: "ok",
					values: { domain, publicKeySha256: key.publicKeySha256, domains: new Set(others.map((other) => other.domain)).size },
					source: { collector: "dns", version: "1", call: "compare the DKIM keys of all domains of the run", target: own.domain },
					collectedAt: now,
				});
			}
		}
	}
	return new Map([...shared].map(([domain, items]) => [domain, [...items.keys()].sort().map((name) => items.get(name) as Evidence)]));
}
