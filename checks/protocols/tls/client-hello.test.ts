import { constants } from "node:crypto";
import { type AddressInfo, connect, createServer } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { generate } from "selfsigned";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
	answerOf,
	createKeyShare,
	groupByName,
	helloOf,
	olderSuites,
	type ServerFlight,
	ServerFlightReader,
	suiteByName,
	type TlsOffer,
	wideOffer,
	writeClientHello,
} from "./index.ts";

let keys: { key: string; cert: string };
beforeAll(async () => {
	const pems = await generate([{ name: "commonName", value: "mx.example.org" }], { keySize: 2048 });
	keys = { key: pems.private, cert: pems.cert };
});

const open: (() => void)[] = [];
afterEach(() => {
	for (const close of open.splice(0)) close();
});

async function opensslServer(options: TlsOptions): Promise<number> {
	const server = createTlsServer({ ...keys, minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0", ...options });
	server.on("tlsClientError", () => undefined);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push(() => server.close());
	return (server.address() as AddressInfo).port;
}

async function rawServer(answer: Uint8Array): Promise<number> {
	const server = createServer((socket) => {
		socket.on("error", () => socket.destroy());
		socket.once("data", () => socket.end(answer));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push(() => server.close());
	return (server.address() as AddressInfo).port;
}

function ask(port: number, hello: Uint8Array): Promise<ServerFlight> {
	return new Promise((resolve, reject) => {
		const reader = new ServerFlightReader();
		const socket = connect(port, "127.0.0.1", () => socket.write(hello));
		socket.on("data", (chunk: Buffer) => {
			if (!reader.push(chunk)) return;
			socket.destroy();
			resolve(reader.flight);
		});
		socket.on("close", () => resolve(reader.flight));
		socket.on("error", reject);
	});
}

const offerOf = (versions: TlsOffer["versions"], names: readonly string[], more: Partial<TlsOffer> = {}): TlsOffer => {
	const suites = names.map((name) => suiteByName(name)).filter((suite) => suite !== undefined);
	expect(suites).toHaveLength(names.length);
	return wideOffer(versions, suites, more);
};
const put = async (port: number, offer: TlsOffer, shares?: Parameters<typeof helloOf>[2]) =>
	answerOf(await ask(port, helloOf(offer, "mx.example.org", shares)));

describe("a ClientHello that OpenSSL reads", () => {
	it("settles on each older version with the suite offered", async () => {
		const port = await opensslServer({});
		for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2"] as const) {
			const answer = await put(port, offerOf([version], ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]));
			expect(answer).toMatchObject({
				outcome: "hello",
				version,
				suite: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
				extendedMasterSecret: true,
				secureRenegotiation: true,
			});
			expect(groupByName(answer.group ?? "")?.kind).toBe("ec");
			expect(answer.signature === null).toBe(version !== "TLSv1.2");
		}
	});

	it("shows chain, group, prime size, signature, and an anonymous suite without a chain", async () => {
		const port = await opensslServer({ maxVersion: "TLSv1.2", dhparam: "auto" });
		const flight = await ask(port, helloOf(offerOf(["TLSv1.2"], ["TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"], { groups: ["x25519"] }), "mx.example.org"));
		expect(flight.end).toBe("hello_done");
		expect(Buffer.from(flight.chain?.[0] ?? []).toString("base64")).toBe(keys.cert.replace(/-----[A-Z ]+-----|\s/g, ""));
		expect(answerOf(flight)).toMatchObject({ group: null, keyBits: expect.any(Number), signature: expect.stringContaining("sha") });
		expect(answerOf(flight).keyBits).toBeGreaterThanOrEqual(1024);
		const anonymous = await ask(port, helloOf(offerOf(["TLSv1.2"], ["TLS_ECDH_anon_WITH_AES_128_CBC_SHA"]), "mx.example.org"));
		expect([anonymous.end, anonymous.chain, answerOf(anonymous).signature]).toEqual(["hello_done", null, null]);
		expect(await put(port, offerOf(["TLSv1.2"], ["TLS_RSA_WITH_AES_128_CBC_SHA"]))).toMatchObject({ outcome: "hello", group: null, keyBits: null });
		const sha1 = await put(port, offerOf(["TLSv1.2"], ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], { signatures: ["rsa_pkcs1_sha1"] }));
		expect(sha1.signature).toBe("rsa_pkcs1_sha1");
	});

	it("is refused where nothing suits: versions, suites, groups", async () => {
		const modern = await opensslServer({ minVersion: "TLSv1.3" });
		expect(await put(modern, wideOffer(["TLSv1.2"], olderSuites))).toMatchObject({ outcome: "refused", detail: "protocol_version" });
		const picky = await opensslServer({ maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256", ecdhCurve: "prime256v1" });
		for (const weak of ["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_NULL_SHA"]) {
			expect(await put(picky, offerOf(["TLSv1.2"], [weak]))).toMatchObject({ outcome: "refused", detail: "handshake_failure" });
		}
		expect(await put(picky, offerOf(["TLSv1.2"], ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], { groups: ["x25519"] }))).toMatchObject({ outcome: "refused" });
		expect(await put(picky, wideOffer(["TLSv1.2"], olderSuites))).toMatchObject({ suite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", group: "secp256r1" });
	});

	it("of TLS 1.3 learns the group without a key share, and a ServerHello with one", async () => {
		const port = await opensslServer({ ecdhCurve: "X25519MLKEM768:X25519:P-256" });
		const suites = ["TLS_AES_128_GCM_SHA256"];
		const hybrid = await put(port, offerOf(["TLSv1.3"], suites, { groups: ["X25519MLKEM768"] }));
		expect(hybrid).toMatchObject({ outcome: "hello", detail: "hello_retry_request", version: "TLSv1.3", group: "X25519MLKEM768", suite: suites[0] });
		for (const name of ["X25519MLKEM768", "x25519", "secp256r1"]) {
			const share = createKeyShare(groupByName(name)?.code ?? 0);
			if (share === undefined) throw new Error(name);
			const answer = await put(port, offerOf(["TLSv1.3"], suites, { groups: [name] }), { keyShares: [share] });
			expect(answer).toMatchObject({ outcome: "hello", detail: null, group: name });
		}
		const classic = await opensslServer({ ecdhCurve: "P-256" });
		expect(await put(classic, offerOf(["TLSv1.3"], suites, { groups: ["X25519MLKEM768", "x25519"] }))).toMatchObject({ outcome: "refused" });
	});

	it("leaves out what is switched off", async () => {
		const port = await opensslServer({ maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT });
		const flight = await ask(
			port,
			writeClientHello({ versions: ["TLSv1.2"], suites: [0xc02f], groups: [29], signatureSchemes: [0x0804], extendedMasterSecret: false }),
		);
		expect(answerOf(flight)).toMatchObject({ outcome: "hello", extendedMasterSecret: false });
		expect(() => writeClientHello({ versions: [], suites: [1] })).toThrow(RangeError);
		expect(() => writeClientHello({ versions: ["TLSv1"], suites: [] })).toThrow(RangeError);
		expect(() => writeClientHello({ versions: ["TLSv1"], suites: Array.from({ length: 40_000 }, () => 1) })).toThrow(RangeError);
		expect(() => writeClientHello({ versions: ["TLSv1"], suites: [1], random: new Uint8Array(3) })).toThrow(RangeError);
	});
});

describe("a ClientHello octet by octet", () => {
	const random = new Uint8Array(32).fill(7);

	it("of SSLv3 has no extensions, and signals renegotiation by suite", () => {
		const octets = Buffer.from(writeClientHello({ versions: ["SSLv3"], suites: [0x0005], servername: "mx.example.org", random })).toString("hex");
		expect(octets).toBe(`160300002f0100002b0300${"07".repeat(32)}00000400050 0ff0100`.replace(" ", ""));
	});

	it("is never between 256 and 511 octets long (RFC 7685 4)", () => {
		for (let count = 1; count < 260; count += 3) {
			const octets = writeClientHello({
				versions: ["TLSv1.2"],
				suites: Array.from({ length: count }, () => 0x2f),
				servername: "mx.example.org",
				groups: [29],
				random,
			});
			const message = octets.length - 5;
			expect(message < 256 || message >= 512, `${count} suites: ${message}`).toBe(true);
		}
	});

	it("is cut into records of at most 16,384 octets", async () => {
		const octets = writeClientHello({ versions: ["TLSv1.2"], suites: Array.from({ length: 20_000 }, () => 0x2f), random });
		expect(Buffer.from(octets.subarray(0, 5)).toString("hex")).toBe("1603014000");
		expect(octets[5 + 16_384]).toBe(22);
	});

	it("carries no name for an address (RFC 6066 3)", () => {
		const withName = writeClientHello({ versions: ["TLSv1.2"], suites: [1], servername: "mx.example.org", random });
		const withAddress = writeClientHello({ versions: ["TLSv1.2"], suites: [1], servername: "192.0.2.1", random });
		expect(Buffer.from(withName).includes("mx.example.org")).toBe(true);
		expect(Buffer.from(withAddress).includes("192.0.2.1")).toBe(false);
	});
});

describe("servers that OpenSSL cannot play", () => {
	/** A plain ServerHello, without extensions. */
	const serverHello = (version: string, suite: string, tail = ""): Uint8Array => {
		const body = `${version}${"11".repeat(32)}00${suite}00${tail}`;
		const message = `02${(body.length / 2).toString(16).padStart(6, "0")}${body}`;
		return Uint8Array.from(Buffer.from(`16${version}${(message.length / 2).toString(16).padStart(4, "0")}${message}`, "hex"));
	};
	const done = (version: string): Uint8Array => Uint8Array.from(Buffer.from(`16${version}00040e000000`, "hex"));

	it("SSLv3 with RC4, export keys and compression are seen as such", async () => {
		const old = await rawServer(Buffer.concat([serverHello("0300", "0005"), done("0300")]));
		expect(answerOf(await ask(old, writeClientHello({ versions: ["SSLv3"], suites: [0x0005] })))).toMatchObject({
			outcome: "hello",
			version: "SSLv3",
			suite: "TLS_RSA_WITH_RC4_128_SHA",
			extendedMasterSecret: false,
			secureRenegotiation: false,
		});
		// TLS_RSA_EXPORT_WITH_RC4_40_MD5 with a temporary key of 512 bits.
		const exchange = `0040${"c3".repeat(64)}0003010001 0002abcd`.replace(" ", "");
		const message = `0c${(exchange.length / 2).toString(16).padStart(6, "0")}${exchange}`;
		const record = Buffer.from(`160301${(message.length / 2).toString(16).padStart(4, "0")}${message}`, "hex");
		const exporting = await rawServer(Buffer.concat([serverHello("0301", "0003"), record, done("0301")]));
		expect(await put(exporting, offerOf(["TLSv1"], ["TLS_RSA_EXPORT_WITH_RC4_40_MD5"]))).toMatchObject({
			suite: "TLS_RSA_EXPORT_WITH_RC4_40_MD5",
			keyBits: 512,
		});
		const deflate = serverHello("0303", "002f");
		deflate[deflate.length - 1] = 1;
		const compressing = await rawServer(Buffer.concat([deflate, done("0303")]));
		expect(await put(compressing, offerOf(["TLSv1.2"], ["TLS_RSA_WITH_AES_128_CBC_SHA"], { compression: true }))).toMatchObject({ compression: true });
	});

	it("another protocol, silence and nonsense prove nothing", async () => {
		const answer = async (octets: Uint8Array) => (await put(await rawServer(octets), wideOffer(["TLSv1.2"], olderSuites))).outcome;
		expect(await answer(Buffer.from("500 what\r\n"))).toBe("not_tls");
		expect(await answer(new Uint8Array())).toBe("closed");
		expect(await answer(Buffer.from("15030100020250", "hex"))).toBe("alert");
		expect(await answer(Buffer.from("1503010002022 8".replace(" ", ""), "hex"))).toBe("refused");
		expect(await answer(Buffer.from("160301ffff", "hex"))).toBe("malformed");
		// A warning goes before the answer (RFC 6066 3).
		expect(await answer(Buffer.concat([Buffer.from("15030100020170", "hex"), serverHello("0303", "002f"), done("0303")]))).toBe("hello");
	});
});
