import { rootCertificates } from "node:tls";
import { type Certificate, parseCertificate, subjectOf } from "./certificate.ts";

/** Trust anchors, found by subject. A root is parsed only when a chain leads to its name. */
export interface TrustRoots {
	readonly size: number;
	/** Anchors of a subject (DistinguishedName.key). */
	bySubject(key: string): readonly Certificate[];
}

/** What anchors may come as: DER, or PEM text with any number of certificates. */
export type RootSource = TrustRoots | readonly (Uint8Array | string)[];

/** The certificates of PEM text, DER each. Text around the blocks is skipped. */
export function pemCertificates(pem: string): Uint8Array[] {
	const found: Uint8Array[] = [];
	for (const match of pem.matchAll(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END/g)) {
		found.push(Buffer.from(match[1] ?? "", "base64"));
	}
	return found;
}

/** Indexes anchors by subject. What is no certificate is left out: `size` tells. */
export function createTrustRoots(sources: readonly (Uint8Array | string)[], base?: TrustRoots): TrustRoots {
	const index = new Map<string, Uint8Array[]>();
	let size = 0;
	for (const source of sources) {
		for (const der of typeof source === "string" ? pemCertificates(source) : [source]) {
			const subject = subjectOf(der);
			if (subject === undefined) continue;
			size += 1;
			const list = index.get(subject.key);
			if (list === undefined) index.set(subject.key, [der]);
			else list.push(der);
		}
	}
	const parsed = new Map<string, Certificate[]>();
	return {
		size: size + (base?.size ?? 0),
		bySubject(key) {
			let own = parsed.get(key);
			if (own === undefined) {
				own = [];
				for (const der of index.get(key) ?? []) {
					const result = parseCertificate(der);
					if (result.ok) own.push(result.certificate);
				}
				// Only names that are indexed are kept: the keys asked for come from hostile certificates.
				if (index.has(key)) parsed.set(key, own);
			}
			return base === undefined ? own : [...own, ...base.bySubject(key)];
		},
	};
}

let cached: TrustRoots | undefined;

/** The public roots that this Node.js carries, indexed on first use. The machine's own store is not read: results must not depend on it. */
export function publicRoots(): TrustRoots {
	cached ??= createTrustRoots(rootCertificates);
	return cached;
}

/** The public roots and the user's (network.caFile). */
export function publicRootsAnd(extra: readonly (Uint8Array | string)[]): TrustRoots {
	return extra.length === 0 ? publicRoots() : createTrustRoots(extra, publicRoots());
}

export function toTrustRoots(source: RootSource): TrustRoots {
	return "bySubject" in source ? source : createTrustRoots(source);
}
