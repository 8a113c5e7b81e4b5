import { contentOf, type DerElement, readChildren, readWhole } from "../certificate/der.ts";

/** Constructed, context-specific 15: max_early_data in OpenSSL's encoding of a session, left out when it is 0. */
const maxEarlyDataTag = 0xaf;

/**
 * Octets of early data (RFC 8446 4.2.10) that the server grants with a ticket, out of a session as node:tls gives it
 * (OpenSSL's DER). null when the session cannot be read.
 */
export function earlyDataOf(session: Uint8Array): number | null {
	try {
		for (const element of readChildren(session, readWhole(session, 0x30))) {
			if (element.tag === maxEarlyDataTag) return integerIn(session, element);
		}
		return 0;
	} catch (error) {
		if (error instanceof Error && error.name === "DerError") return null;
		throw error;
	}
}

function integerIn(octets: Uint8Array, element: DerElement): number | null {
	const [inner] = readChildren(octets, element);
	if (inner === undefined || inner.tag !== 0x02) return null;
	let value = 0;
	const content = contentOf(octets, inner);
	if (content.length > 6) return null;
	for (const octet of content) value = value * 256 + octet;
	return value;
}
