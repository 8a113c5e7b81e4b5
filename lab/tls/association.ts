import { createHash, X509Certificate } from "node:crypto";

/** "<usage> <selector> <matching type> of <server>": the TLSA data of the certificate that a server of the lab shows. */
const associationForm = /^([0-3])\s+([01])\s+([012])\s+of\s+(\S+)$/;

export function isAssociation(value: unknown): value is string {
	return typeof value === "string" && associationForm.test(value);
}

/**
 * The record in its zone file form. Usages 0 and 2 stand for the issuer, 1 and 3 for the leaf (RFC 6698 2.1.1). Where a server was
 * taken out of the world (`chainOf` gives undefined) its record stays, as it would in DNS, with data that no certificate matches.
 */
export function resolveAssociation(value: string, chainOf: (server: string) => readonly Buffer[] | undefined): string {
	const [, usage = "", selector = "", matchingType = "", server = ""] = associationForm.exec(value) ?? [];
	const chain = chainOf(server);
	const octets = chain === undefined ? Buffer.from(`nothing listens at ${server}`) : associated(chain, usage, selector, server);
	const data =
		matchingType === "0"
			? octets
			: createHash(matchingType === "1" ? "sha256" : "sha512")
					.update(octets)
					.digest();
	return `${usage} ${selector} ${matchingType} ${data.toString("hex")}`;
}

function associated(chain: readonly Buffer[], usage: string, selector: string, server: string): Buffer {
	const wanted = usage === "0" || usage === "2" ? chain[1] : chain[0];
	if (!wanted) throw new RangeError(`the chain of "${server}" holds no issuer`);
	return selector === "0" ? wanted : new X509Certificate(wanted).publicKey.export({ type: "spki", format: "der" });
}
