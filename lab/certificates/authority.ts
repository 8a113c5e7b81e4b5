import { createHmac, randomBytes } from "node:crypto";
import { type KeyKind, type LabKey, makeKey } from "./keys.ts";
import { publicKeyInfo, writeCertificate } from "./writer.ts";

const dayMs = 86_400_000;

export const certificateVariants = [
	"valid",
	"expired",
	"near-expiry",
	"not-yet-valid",
	"wrong-name",
	"self-signed",
	"incomplete-chain",
	"reversed-chain",
	"expired-intermediate",
	"weak-key",
	"weak-signature",
	"untrusted-ca",
	"no-san",
] as const;
export type CertificateVariant = (typeof certificateVariants)[number];

/** What a server of the lab shows. Every field but `variant` overrides what the variant sets. */
export interface CertificateSpec {
	variant?: CertificateVariant | undefined;
	/** DNS names and addresses of the subjectAltName; default the host that shows it. */
	names?: readonly string[] | undefined;
	commonName?: string | undefined;
	key?: KeyKind | undefined;
	hash?: "sha1" | "sha256" | "sha384" | undefined;
	/** Days from the lab's clock; negative for the past. */
	startsInDays?: number | undefined;
	expiresInDays?: number | undefined;
	issuer?: "lab" | "untrusted" | "self" | "expired-intermediate" | undefined;
	chain?: "full" | "leaf" | "reversed" | "with-root" | undefined;
}

export interface ServedCertificate {
	/** DER, in the order in which it is served. */
	chain: Buffer[];
	/** DER of the leaf's SubjectPublicKeyInfo. */
	publicKeyInfo: Buffer;
	chainPem: string;
	keyPem: string;
}

export interface AuthorityOptions {
	/** The clock that validity is counted from. Default: the real one, read once. */
	now?: Date | undefined;
	/** With a seed, P-256 certificates are the same bytes for the same clock. */
	seed?: string | undefined;
}

/** The certificate authority of a lab. Keys and certificates are made when they are first asked for, and once. */
export interface Authority {
	readonly now: Date;
	/** PEM of the root that clients are told to trust. */
	readonly caPem: string;
	/** PEM of a second root, which nobody is told to trust. */
	readonly untrustedCaPem: string;
	/** The certificate for a host, made at the first call; the same arguments give the same certificate. */
	certificate(spec: CertificateSpec, host: string): ServedCertificate;
}

interface Issuer {
	name: string;
	key: LabKey;
	/** Certificates that a leaf is served with, issuer first. */
	above: Buffer[];
}

type Resolved = Required<{ [Field in keyof Omit<CertificateSpec, "variant">]: NonNullable<CertificateSpec[Field]> }>;

export function createAuthority(options: AuthorityOptions = {}): Authority {
	const now = options.now ?? new Date();
	const issuers = new Map<string, Issuer>();
	const served = new Map<string, ServedCertificate>();

	const at = (days: number): Date => new Date(now.getTime() + days * dayMs);
	const key = (kind: KeyKind, label: string): LabKey => makeKey(kind, label, options.seed);
	const serial = (label: string): Buffer => {
		const octets = options.seed === undefined ? randomBytes(16) : createHmac("sha256", options.seed).update(`serial:${label}`).digest().subarray(0, 16);
		const positive = Buffer.from(octets);
		positive[0] = ((positive[0] ?? 0) & 0x3f) | 0x40;
		return positive;
	};
	const once = (name: string, make: () => Issuer): Issuer => {
		const known = issuers.get(name);
		if (known) return known;
		const made = make();
		issuers.set(name, made);
		return made;
	};
	const root = (name: string): Issuer =>
		once(name, () => {
			const rootKey = key("ec-p256", name);
			const der = writeCertificate({
				commonName: name,
				issuerName: name,
				serial: serial(name),
				notBefore: at(-365),
				notAfter: at(3650),
				names: [],
				authority: { pathLength: 1 },
				subjectKey: rootKey,
				issuerKey: rootKey,
				hash: "sha256",
			});
			return { name, key: rootKey, above: [der] };
		});
	const intermediate = (name: string, parent: Issuer, expiresInDays: number): Issuer =>
		once(name, () => {
			const subjectKey = key("ec-p256", name);
			const der = writeCertificate({
				commonName: name,
				issuerName: parent.name,
				serial: serial(name),
				notBefore: at(-300),
				notAfter: at(expiresInDays),
				names: [],
				authority: { pathLength: 0 },
				subjectKey,
				issuerKey: parent.key,
				hash: "sha256",
			});
			return { name, key: subjectKey, above: [der, ...parent.above] };
		});
	const trustedRoot = (): Issuer => root("Mailward Lab Root CA");
	const untrustedRoot = (): Issuer => root("Mailward Lab Unknown Root CA");
	const issuerOf = (kind: "lab" | "untrusted" | "expired-intermediate"): Issuer => {
		if (kind === "untrusted") return intermediate("Mailward Lab Unknown Issuing CA", untrustedRoot(), 1800);
		if (kind === "expired-intermediate") return intermediate("Mailward Lab Expired Issuing CA", trustedRoot(), -5);
		return intermediate("Mailward Lab Issuing CA", trustedRoot(), 1800);
	};

	const make = (fields: Resolved, label: string): ServedCertificate => {
		const subjectKey = key(fields.key, label);
		const issuer: Issuer = fields.issuer === "self" ? { name: fields.commonName, key: subjectKey, above: [] } : issuerOf(fields.issuer);
		const leaf = writeCertificate({
			commonName: fields.commonName,
			issuerName: issuer.name,
			serial: serial(label),
			notBefore: at(fields.startsInDays),
			notAfter: at(fields.expiresInDays),
			names: fields.names,
			authority: null,
			subjectKey,
			issuerKey: issuer.key,
			hash: fields.hash,
		});
		const chain = chainAsServed(leaf, issuer.above, fields.chain);
		return {
			chain,
			publicKeyInfo: publicKeyInfo(subjectKey),
			chainPem: chain.map(pem).join(""),
			keyPem: subjectKey.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
		};
	};

	return {
		now,
		get caPem() {
			return trustedRoot().above.map(pem).join("");
		},
		get untrustedCaPem() {
			return untrustedRoot().above.map(pem).join("");
		},
		certificate(spec, host) {
			const fields = resolveSpec(spec, host);
			const label = JSON.stringify(fields);
			const known = served.get(label);
			if (known) return known;
			const made = make(fields, label);
			served.set(label, made);
			return made;
		},
	};
}

function chainAsServed(leaf: Buffer, above: readonly Buffer[], chain: Resolved["chain"]): Buffer[] {
	const middle = above.slice(0, -1);
	if (chain === "leaf") return [leaf];
	if (chain === "with-root") return [leaf, ...above];
	// TLS wants the leaf first (RFC 8446 4.4.2), so what can be out of order is what follows it.
	if (chain === "reversed") return [leaf, ...above.toReversed()];
	return [leaf, ...middle];
}

function resolveSpec(spec: CertificateSpec, host: string): Resolved {
	const base: Resolved = {
		names: [host],
		commonName: host,
		key: "ec-p256",
		hash: "sha256",
		startsInDays: -20,
		expiresInDays: 70,
		issuer: "lab",
		chain: "full",
		...variantFields(spec.variant ?? "valid", host),
	};
	const commonName = spec.commonName ?? spec.names?.[0] ?? base.commonName;
	return {
		names: spec.names ?? base.names,
		// A common name holds at most 64 characters (RFC 5280 appendix A.1, ub-common-name).
		commonName: commonName.length > 64 ? "" : commonName,
		key: spec.key ?? base.key,
		hash: spec.hash ?? base.hash,
		startsInDays: spec.startsInDays ?? Math.min(base.startsInDays, (spec.expiresInDays ?? base.expiresInDays) - 1),
		expiresInDays: spec.expiresInDays ?? base.expiresInDays,
		issuer: spec.issuer ?? base.issuer,
		chain: spec.chain ?? base.chain,
	};
}

function variantFields(variant: CertificateVariant, host: string): Partial<Resolved> {
	switch (variant) {
		case "valid":
			return {};
		case "expired":
			return { startsInDays: -100, expiresInDays: -10 };
		case "near-expiry":
			return { startsInDays: -80, expiresInDays: 10 };
		case "not-yet-valid":
			return { startsInDays: 5, expiresInDays: 95 };
		case "wrong-name":
			return { names: ["another-host.example"], commonName: "another-host.example" };
		case "self-signed":
			return { issuer: "self" };
		case "incomplete-chain":
			return { chain: "leaf" };
		case "reversed-chain":
			return { chain: "reversed" };
		case "expired-intermediate":
			return { issuer: "expired-intermediate" };
		case "weak-key":
			return { key: "rsa-1024" };
		case "weak-signature":
			return { hash: "sha1" };
		case "untrusted-ca":
			return { issuer: "untrusted" };
		case "no-san":
			return { names: [], commonName: host };
	}
}

function pem(der: Buffer): string {
	const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
