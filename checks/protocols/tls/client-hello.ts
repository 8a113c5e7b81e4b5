import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { concat, uint8, uint16, uint16List, vector } from "./octet-writer.ts";
import { type ProtocolVersion, protocolVersions, versionCode } from "./versions.ts";

export interface KeyShare {
	group: number;
	key: Uint8Array;
}

export interface ClientHelloOptions {
	/** What the client says it speaks. Before TLS 1.3 only the highest can be said: the server may answer with any older one. */
	versions: readonly ProtocolVersion[];
	/** Code points, first choice first. */
	suites: readonly number[];
	/** Sent as SNI unless it is an address (RFC 6066 3). */
	servername?: string | undefined;
	/** Code points, first choice first; none: the extension is left out. */
	groups?: readonly number[];
	/** For TLS 1.3. None: the server names the group it wants in a HelloRetryRequest (RFC 8446 4.2.8). */
	keyShares?: readonly KeyShare[];
	/** Code points; none: the extension is left out. */
	signatureSchemes?: readonly number[];
	/** 0 is none, 1 DEFLATE (RFC 3749). */
	compression?: readonly number[];
	/** RFC 7627. */
	extendedMasterSecret?: boolean;
	/** RFC 5746; as a signalling suite where there are no extensions (SSLv3). */
	renegotiationInfo?: boolean;
	/** Asks for a stapled OCSP answer (RFC 6066 8). */
	statusRequest?: boolean;
	/** 32 octets; for tests. */
	random?: Uint8Array;
	sessionId?: Uint8Array;
}

const extensionCodes = {
	serverName: 0,
	statusRequest: 5,
	supportedGroups: 10,
	ecPointFormats: 11,
	signatureAlgorithms: 13,
	padding: 21,
	extendedMasterSecret: 23,
	supportedVersions: 43,
	pskKeyExchangeModes: 45,
	keyShare: 51,
	renegotiationInfo: 0xff01,
} as const;

const maxFragment = 16_384;
const renegotiationSuite = 0x00ff;

/**
 * A ClientHello in TLS records (RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6101 5.6.1.2), ready to be sent. It only ever asks: the
 * secrets behind its key shares are not kept, so that no handshake can be finished with it. Throws RangeError for options
 * that no ClientHello can hold.
 */
export function writeClientHello(options: ClientHelloOptions): Uint8Array {
	const { versions } = options;
	const highest = protocolVersions.findLast((version) => versions.includes(version));
	if (highest === undefined) throw new RangeError("a ClientHello offers at least one version");
	if (options.suites.length === 0) throw new RangeError("a ClientHello offers at least one suite");
	const plain = highest === "SSLv3";
	const random = options.random ?? Uint8Array.from(randomBytes(32));
	if (random.length !== 32) throw new RangeError("the random of a ClientHello has 32 octets");
	// Middlebox compatibility mode (RFC 8446 D.4); before TLS 1.3 an id would ask for a session that there is not.
	const sessionId = options.sessionId ?? (highest === "TLSv1.3" ? Uint8Array.from(randomBytes(32)) : new Uint8Array());
	const suites = plain && options.renegotiationInfo !== false ? [...options.suites, renegotiationSuite] : options.suites;
	const head = concat(
		uint16(Math.min(versionCode(highest), versionCode("TLSv1.2"))),
		random,
		vector(1, sessionId),
		vector(2, uint16List(suites)),
		vector(1, Uint8Array.from(options.compression ?? [0])),
	);
	const body = plain ? head : concat(head, vector(2, ...padded(extensionsOf(options, highest), head.length)));
	const message = concat(uint8(1), vector(3, body));
	const recordVersion = uint16(plain ? versionCode("SSLv3") : versionCode("TLSv1"));
	const records: Uint8Array[] = [];
	for (let at = 0; at < message.length; at += maxFragment) {
		records.push(concat(uint8(22), recordVersion, vector(2, message.subarray(at, at + maxFragment))));
	}
	return concat(...records);
}

function extensionsOf(options: ClientHelloOptions, highest: ProtocolVersion): Uint8Array[] {
	const { servername, groups = [], signatureSchemes = [], versions } = options;
	const list: Uint8Array[] = [];
	const add = (code: number, ...content: Uint8Array[]): void => void list.push(concat(uint16(code), vector(2, ...content)));
	if (servername !== undefined && isIP(servername) === 0) {
		add(extensionCodes.serverName, vector(2, uint8(0), vector(2, Uint8Array.from(Buffer.from(servername, "latin1")))));
	}
	if (options.statusRequest !== false) add(extensionCodes.statusRequest, uint8(1), vector(2), vector(2));
	if (groups.length > 0) {
		add(extensionCodes.supportedGroups, vector(2, uint16List(groups)));
		add(extensionCodes.ecPointFormats, vector(1, uint8(0)));
	}
	if (signatureSchemes.length > 0) add(extensionCodes.signatureAlgorithms, vector(2, uint16List(signatureSchemes)));
	if (options.extendedMasterSecret !== false) add(extensionCodes.extendedMasterSecret);
	if (options.renegotiationInfo !== false) add(extensionCodes.renegotiationInfo, vector(1));
	if (highest === "TLSv1.3") {
		const newestFirst = protocolVersions.filter((version) => versions.includes(version)).reverse();
		add(extensionCodes.supportedVersions, vector(1, uint16List(newestFirst.map(versionCode))));
		add(extensionCodes.pskKeyExchangeModes, vector(1, uint8(1)));
		add(extensionCodes.keyShare, vector(2, ...(options.keyShares ?? []).map(({ group, key }) => concat(uint16(group), vector(2, key)))));
	}
	return list;
}

/** Some servers hang on a message of 256 to 511 octets: it is padded beyond (RFC 7685 4). */
function padded(extensions: Uint8Array[], headOctets: number): Uint8Array[] {
	const total = 4 + headOctets + 2 + concat(...extensions).length;
	if (total < 256 || total >= 512) return extensions;
	const fill = Math.max(512 - total - 4, 1);
	return [...extensions, concat(uint16(extensionCodes.padding), vector(2, new Uint8Array(fill)))];
}
