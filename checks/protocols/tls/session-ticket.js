import { contentOf, DerError, readChildren, readWhole } from "../certificate/der.js";
import { groupName } from "./named-groups.js";

/** Constructed, context-specific tags 15 and 19 of OpenSSL's encoding: max_early_data, left out when it is 0, and kex_group. */
const maxEarlyDataTag = 0xaf;
const groupTag = 0xb3;
/** OpenSSL keeps groups that TLS cannot name under codes with this bit. */
const unnamedGroup = 0x0100_0000;
/** Newer versions of Node put a header, NUL, and the length of the host name with the name itself before the session. */
const nodeHeader = Buffer.from("\0nodejs:tls:session:1\0", "latin1");
/** Reads a session as node:tls gives it. null when it cannot be read. */
export function readSessionTicket(session) {
	try {
		const octets = withoutHeader(Buffer.from(session));
		const ticket = { earlyDataBytes: 0, group: null };
		for (const element of readChildren(octets, readWhole(octets, 0x30))) {
			if (element.tag === maxEarlyDataTag) ticket.earlyDataBytes = integerIn(octets, element);
			if (element.tag === groupTag) {
				const code = integerIn(octets, element);
				ticket.group = code < unnamedGroup ? groupName(code) : null;
			}
		}
		return ticket;
	} catch (error) {
		if (error instanceof DerError) return null;
		throw error;
	}
}
function withoutHeader(octets) {
	if (!octets.subarray(0, nodeHeader.length).equals(nodeHeader)) return octets;
	const at = nodeHeader.length;
	const length = (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
	return octets.subarray(at + 2 + length);
}
function integerIn(octets, element) {
	const [inner] = readChildren(octets, element);
	if (inner?.tag !== 0x02) throw new DerError("no integer where one belongs");
	const content = contentOf(octets, inner);
	if (content.length === 0 || content.length > 6) throw new DerError("integer is empty or too large");
	let value = 0;
	for (const octet of content) value = value * 256 + octet;
	return value;
}
