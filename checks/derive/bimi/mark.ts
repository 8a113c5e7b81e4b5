import { type Certificate, type ChainReason, judgeChain, parseCertificate, pemCertificates } from "../../protocols/certificate/index.ts";
import { logoOctets } from "./logo.ts";

/** What a mark certificate says; null where it could not be told. */
export interface MarkFacts {
	/** The file holds a certificate. */
	seen: boolean;
	inDate: boolean;
	/** subjectAltName names the domain, its organizational domain, or the selector below it. */
	namesDomain: boolean;
	/** The logo in the certificate is the one that was served; null without a logo on either side. */
	sameLogo: boolean | null;
	/** The certificates of the file lead to one of the roots; null where no roots are at hand. */
	trusted: boolean | null;
}

/** id-kp-BrandIndicatorforMessageIdentification. */
const markUsage = "1.3.6.1.5.5.7.3.31";
const marker = Buffer.from("data:image/svg+xml;base64,");

interface MarkOptions {
	domain: string;
	organizationalDomain: string;
	logo: Uint8Array | undefined;
	/** DER, roots of mark authorities: others than those of the web. */
	roots: readonly Uint8Array[];
	now: Date;
}

/** A mark certificate (draft-fetch-validation-vmc-wchuang), the first in a PEM file, with its issuers behind it. Any octets in, a value out. */
export function markFacts(pem: Uint8Array, o: MarkOptions): MarkFacts {
	const chain = pemCertificates(Buffer.from(pem).toString("latin1"));
	const leaf = certificateOf(chain[0]);
	if (leaf === undefined) return { seen: false, inDate: false, namesDomain: false, sameLogo: null, trusted: null };
	const names = leaf.extensions.subjectAltNames.filter((name) => name.type === "dns").map((name) => name.value.toLowerCase());
	const accepted = [o.domain, o.organizationalDomain].flatMap((name) => [name, `default._bimi.${name}`]);
	const held = logoIn(leaf.der);
	const usable = leaf.extensions.extendedKeyUsage?.includes(markUsage) ?? false;
	return {
		seen: true,
		inDate: leaf.notBefore <= o.now && o.now <= leaf.notAfter,
		namesDomain: usable && names.some((name) => accepted.includes(name)),
		sameLogo: held === undefined || o.logo === undefined ? null : Buffer.compare(held, o.logo) === 0,
		trusted: o.roots.length === 0 ? null : leadsToRoot(chain, o),
	};
}

/** The purpose is that of a mark, not of a web server, all the way up. */
const beside: ReadonlySet<ChainReason> = new Set(["wrong_usage", "out_of_order"]);

function leadsToRoot(chain: readonly Uint8Array[], { roots, now }: MarkOptions): boolean {
	const judged = judgeChain({ chain, roots, now });
	return judged.anchor !== null && judged.faults.every((fault) => beside.has(fault.reason));
}

function certificateOf(der: Uint8Array | undefined): Certificate | undefined {
	const parsed = der === undefined ? undefined : parseCertificate(der);
	return parsed?.ok === true ? parsed.certificate : undefined;
}

/** The drawing in the logotype extension (RFC 9399): a data URI with base64, gzip inside as mark authorities have it. */
function logoIn(der: Uint8Array): Uint8Array | undefined {
	const octets = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
	const start = octets.indexOf(marker);
	if (start === -1) return undefined;
	const encoded = /^[A-Za-z0-9+/=]*/.exec(octets.toString("latin1", start + marker.length))?.[0] ?? "";
	return logoOctets(Buffer.from(encoded, "base64"));
}
