import { suiteCodes } from "./suite-codes.ts";

export type Weakness = "null" | "anonymous" | "export" | "rc4" | "des" | "3des" | "md5" | "under_112_bits";

/** How the parts of a suite's name read; tls13 where the name says nothing of the key exchange. */
export type KeyExchangeKind = "rsa" | "dhe" | "ecdhe" | "dh" | "ecdh" | "anonymous" | "tls13";

export interface CipherSuite {
	code: number;
	/** IANA name. */
	name: string;
	keyExchange: KeyExchangeKind;
	/** What the server's certificate has to hold; null for anonymous suites and in TLS 1.3. */
	authentication: "rsa" | "ecdsa" | "dss" | null;
	/** Authenticated encryption: GCM, CCM, ChaCha20-Poly1305. */
	aead: boolean;
	/** An ephemeral key exchange, so that a stolen key opens no recorded session. */
	forwardSecret: boolean;
	/** What RFC 9325 4.1 forbids, and MD5. Empty: nothing. */
	weaknesses: Weakness[];
}

const byCode = new Map<number, CipherSuite>();
const byName = new Map<string, CipherSuite>();
for (const [hex, name] of Object.entries(suiteCodes)) {
	const suite = describe(Number.parseInt(hex, 16), name);
	byCode.set(suite.code, suite);
	byName.set(name, suite);
}

/** Every suite that can be offered, by code. */
export const cipherSuites: readonly CipherSuite[] = [...byCode.values()].sort((a, b) => a.code - b.code);

export function suiteByCode(code: number): CipherSuite | undefined {
	return byCode.get(code);
}

export function suiteByName(name: string): CipherSuite | undefined {
	return byName.get(name);
}

/** The IANA name, or the code in hexadecimal where it is none of the table's. */
export function suiteName(code: number): string {
	return byCode.get(code)?.name ?? `0x${code.toString(16).padStart(4, "0")}`;
}

export function isWeak(suite: CipherSuite): boolean {
	return suite.weaknesses.length > 0;
}

function describe(code: number, name: string): CipherSuite {
	const [exchange, cipher] = name.includes("_WITH_") ? (name.slice(4).split("_WITH_") as [string, string]) : ["", name.slice(4)];
	const keyExchange = keyExchangeOf(exchange);
	const weaknesses: Weakness[] = [];
	if (cipher.startsWith("NULL")) weaknesses.push("null");
	if (keyExchange === "anonymous") weaknesses.push("anonymous");
	if (exchange.includes("EXPORT")) weaknesses.push("export");
	if (cipher.startsWith("RC4")) weaknesses.push("rc4");
	if (/^DES(?:40)?_/.test(cipher)) weaknesses.push("des");
	if (cipher.startsWith("3DES")) weaknesses.push("3des");
	if (cipher.endsWith("MD5")) weaknesses.push("md5");
	if (/_40_|_56_|^DES/.test(cipher)) weaknesses.push("under_112_bits");
	const authentication = /_?(RSA|ECDSA|DSS)(?:_EXPORT\w*)?$/.exec(exchange)?.[1]?.toLowerCase() as CipherSuite["authentication"] | undefined;
	return {
		code,
		name,
		keyExchange,
		authentication: keyExchange === "anonymous" ? null : (authentication ?? (exchange.startsWith("RSA") ? "rsa" : null)),
		aead: /GCM|CCM|POLY1305/.test(cipher),
		forwardSecret: keyExchange === "dhe" || keyExchange === "ecdhe" || keyExchange === "tls13",
		weaknesses,
	};
}

function keyExchangeOf(exchange: string): KeyExchangeKind {
	if (exchange === "") return "tls13";
	if (exchange.includes("anon")) return "anonymous";
	if (exchange.startsWith("ECDHE")) return "ecdhe";
	if (exchange.startsWith("ECDH")) return "ecdh";
	if (exchange.startsWith("DHE")) return "dhe";
	if (exchange.startsWith("DH")) return "dh";
	return "rsa";
}
