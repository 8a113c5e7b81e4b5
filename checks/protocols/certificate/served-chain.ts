import type { TLSSocket } from "node:tls";
import { maxCertificateBytes } from "./certificate.ts";

const maxServed = 32;

/**
 * The certificates a peer sent in this handshake, DER, in the order they were sent; empty when it sent none.
 * getPeerCertificate() would reorder and complete them from the trust store.
 */
export function servedChain(socket: TLSSocket): Uint8Array[] {
	const chain: Uint8Array[] = [];
	let certificate = socket.getPeerX509Certificate();
	while (certificate !== undefined && chain.length < maxServed && certificate.raw.length <= maxCertificateBytes) {
		chain.push(certificate.raw);
		certificate = certificate.issuerCertificate;
	}
	return chain;
}
