import { quote } from "../dmarc/text.ts";
import { parseEd25519PublicKey, parseRsaPublicKey } from "./public-key.ts";
import { colonList, parseTagList } from "./tag-list.ts";

export interface DkimKeyIssue {
	/**
	 * syntax, version, key_type, no_key, base64, key_data: the record is not well formed. short_key: under 1024 bits.
	 * hash: h= admits no hash that may be used. service: s= leaves e-mail out. long_key, historic, unknown_tag: notes.
	 */
	code: "syntax" | "version" | "key_type" | "no_key" | "base64" | "key_data" | "short_key" | "hash" | "service" | "long_key" | "historic" | "unknown_tag";
	message: string;
}

/** A DKIM key record, RFC 6376 section 3.6.1 with RFC 8301 and RFC 8463. */
export interface DkimKey {
	/** A verifier of e-mail that follows the RFCs can use this record; a revoked key is a valid record. See wellFormed. */
	valid: boolean;
	keyType?: "rsa" | "ed25519";
	/** Bits of the RSA modulus, 256 for Ed25519; also set when the key is too short to be valid. */
	bits?: number;
	/** p= is empty. */
	revoked: boolean;
	/** t=y. */
	testing: boolean;
	/** h= as published, in lower case; absent when every hash is allowed. */
	hashes?: string[];
	/** The first reason for valid: false. */
	error?: string;
	/** The syntax is right and p= holds a key of its type, whatever its length, hashes and services (DKIM-03). */
	wellFormed: boolean;
	/** t=s: the domain in i= must be d= itself. */
	strictDomain: boolean;
	/** s= as published, in lower case; ["*"] by default. */
	services: string[];
	/** p= without white space: tells whether two selectors share a key. Public by its nature. */
	publicKey?: string;
	issues: DkimKeyIssue[];
}

const formCodes: ReadonlySet<DkimKeyIssue["code"]> = new Set(["syntax", "version", "key_type", "no_key", "base64", "key_data"]);
const noteCodes: ReadonlySet<DkimKeyIssue["code"]> = new Set(["long_key", "historic", "unknown_tag"]);
const knownTags: ReadonlySet<string> = new Set(["v", "h", "k", "n", "p", "s", "t"]);
/** RFC 8301 section 3.2: shorter keys are not valid, verifiers need not take longer ones. */
const minRsaBits = 1024;
const maxRsaBits = 4096;
/** A hostile record with thousands of tags must not become a long report. */
const maxIssues = 20;

/** Parses one TXT text (strings joined, octets as latin1). Any text in, a value out; never throws; linear time. */
export function parseDkimKey(text: string): DkimKey {
	const key: DkimKey = { valid: false, revoked: false, testing: false, wellFormed: false, strictDomain: false, services: ["*"], issues: [] };
	const list = parseTagList(text);
	if (!list.ok) {
		key.issues.push({ code: "syntax", message: list.error });
		return finish(key);
	}
	const tags = new Map(list.tags.map((tag) => [tag.name, tag.value]));
	const version = tags.get("v");
	if (version !== undefined && (version !== "DKIM1" || list.tags[0]?.name !== "v")) {
		const message = version === "DKIM1" ? "v= is not the first tag" : `v=${quote(version)} is not DKIM1`;
		key.issues.push({ code: "version", message });
	}
	readRestrictions(tags, key);
	readKey(tags, key);
	for (const { name } of list.tags) {
		if (name === "g") key.issues.push({ code: "historic", message: "g= is historic (RFC 4871) and ignored" });
		else if (!knownTags.has(name) && key.issues.length < maxIssues)
			key.issues.push({ code: "unknown_tag", message: `the tag ${quote(name)} is unknown and ignored` });
	}
	return finish(key);
}

function readRestrictions(tags: Map<string, string>, key: DkimKey): void {
	const flags = colonList(tags.get("t") ?? "");
	key.testing = flags.includes("y");
	key.strictDomain = flags.includes("s");
	const hashes = tags.get("h");
	if (hashes !== undefined) {
		key.hashes = colonList(hashes.toLowerCase());
		if (key.hashes.includes("")) key.issues.push({ code: "syntax", message: "h= is not a colon-separated list" });
		// RFC 8301 section 3.1 forbids rsa-sha1; sha256 is the only hash left that a signature may use.
		else if (!key.hashes.includes("sha256")) key.issues.push({ code: "hash", message: `h=${quote(hashes)} does not allow sha256, and sha1 must not be used` });
	}
	const services = tags.get("s");
	if (services !== undefined) {
		key.services = colonList(services.toLowerCase());
		if (key.services.includes("")) key.issues.push({ code: "syntax", message: "s= is not a colon-separated list" });
		else if (!key.services.includes("*") && !key.services.includes("email"))
			key.issues.push({ code: "service", message: `s=${quote(services)} leaves e-mail out` });
	}
	const rawFlags = tags.get("t");
	if (rawFlags !== undefined && flags.includes("")) key.issues.push({ code: "syntax", message: "t= is not a colon-separated list" });
}

function readKey(tags: Map<string, string>, key: DkimKey): void {
	const type = tags.get("k") ?? "rsa";
	if (type === "rsa" || type === "ed25519") key.keyType = type;
	else key.issues.push({ code: "key_type", message: `k=${quote(type)} is neither rsa nor ed25519` });
	const published = tags.get("p");
	if (published === undefined) {
		key.issues.push({ code: "no_key", message: "the tag p is missing" });
		return;
	}
	const base64 = published.replace(/[ \t\r\n]/g, "");
	if (base64 === "") {
		key.revoked = true;
		return;
	}
	key.publicKey = base64;
	const octets = decodeBase64(base64);
	if (octets === undefined) {
		key.issues.push({ code: "base64", message: "p= is not base64" });
		return;
	}
	if (key.keyType === undefined) return;
	const parsed = key.keyType === "rsa" ? parseRsaPublicKey(octets) : parseEd25519PublicKey(octets);
	if (!parsed.ok) {
		key.issues.push({ code: "key_data", message: parsed.error });
		return;
	}
	key.bits = parsed.bits;
	if (key.keyType === "ed25519") return;
	if (parsed.bits < minRsaBits) key.issues.push({ code: "short_key", message: `the RSA key has ${parsed.bits} bits, fewer than ${minRsaBits}` });
	if (parsed.bits > maxRsaBits)
		key.issues.push({ code: "long_key", message: `the RSA key has ${parsed.bits} bits; verifiers need not support more than ${maxRsaBits}` });
}

/** base64string of RFC 6376 section 2.10; padding may be left out there. Undefined when it is not base64. */
function decodeBase64(text: string): Buffer | undefined {
	const body = text.endsWith("==") ? text.slice(0, -2) : text.endsWith("=") ? text.slice(0, -1) : text;
	const padding = text.length - body.length;
	if (!/^[A-Za-z0-9+/]+$/.test(body) || body.length % 4 === 1) return undefined;
	if (padding > 0 && text.length % 4 !== 0) return undefined;
	return Buffer.from(body, "base64");
}

function finish(key: DkimKey): DkimKey {
	key.wellFormed = !key.issues.some((issue) => formCodes.has(issue.code));
	const reason = key.issues.find((issue) => !noteCodes.has(issue.code));
	key.valid = reason === undefined;
	if (reason !== undefined) key.error = reason.message;
	return key;
}

/**
 * Whether a TXT text at a selector is meant as a key: it starts with a DKIM version, or with no version at all and holds
 * a p= or k= tag. Tells a broken key from what a wildcard TXT record of the zone answers (SPF, DMARC, a token).
 */
export function looksLikeDkimKey(text: string): boolean {
	const head = text.slice(0, 4096);
	const version = /^[ \t]{0,50}v[ \t]{0,50}=[ \t]{0,50}(DKIM)?/i.exec(head);
	if (version !== null) return version[1] !== undefined;
	return /(?:^|;)[ \t\r\n]{0,20}[pk][ \t\r\n]{0,20}=/.test(head);
}
