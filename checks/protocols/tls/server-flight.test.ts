import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerOf, cipherSuites, olderSuites, readServerFlight, ServerFlightReader, suiteByName, summarizeProbes, type TlsProbe, wideOffer } from "./index.ts";
import { readSessionTicket } from "./session-ticket.ts";

/** Octets that look like TLS more often than not. */
const record = fc
	.tuple(fc.constantFrom(20, 21, 22, 22, 22, 23, 24, 128), fc.constantFrom(0x0300, 0x0301, 0x0303, 0x0200), fc.uint8Array({ maxLength: 120 }))
	.map(([type, version, content]) => Buffer.from([type, version >> 8, version & 255, content.length >> 8, content.length & 255, ...content]));
const message = fc
	.tuple(fc.constantFrom(0, 2, 2, 4, 11, 12, 13, 14, 22, 99), fc.uint8Array({ maxLength: 90 }))
	.map(([type, body]) => Buffer.from([type, 0, body.length >> 8, body.length & 255, ...body]));
const handshake = fc.array(message, { maxLength: 4 }).map((messages) => {
	const content = Buffer.concat(messages);
	return Buffer.concat([Buffer.from([22, 3, 3, content.length >> 8, content.length & 255]), content]);
});
const octets = fc.array(fc.oneof(record, handshake, fc.uint8Array({ maxLength: 30 })), { maxLength: 5 }).map((parts) => Uint8Array.from(Buffer.concat(parts)));

describe("the server's flight", () => {
	it("is a value for any octets, the same however they are cut", () => {
		fc.assert(
			fc.property(octets, fc.integer({ min: 1, max: 9 }), (all, size) => {
				const whole = readServerFlight(all);
				const reader = new ServerFlightReader();
				for (let at = 0; at < all.length; at += size) reader.push(all.subarray(at, at + size));
				expect(reader.flight).toEqual(whole);
				expect(answerOf(whole).outcome).toBeTypeOf("string");
			}),
			{ numRuns: 2000 },
		);
	});

	it("ends within its bounds on endless input", () => {
		const reader = new ServerFlightReader();
		const certificate = Buffer.from([22, 3, 3, 0x40, 0, 11, 1, 0xff, 0xff, ...new Uint8Array(16_380)]);
		let pushed = 0;
		const hello = Buffer.concat([Buffer.from([22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3]), Buffer.alloc(32), Buffer.from([0, 0, 0x2f, 0])]);
		reader.push(hello);
		while (!reader.push(certificate) && pushed < 100) pushed += 1;
		expect(pushed).toBeLessThan(20);
		expect(reader.flight.end).toBe("malformed");
		const silent = new ServerFlightReader();
		for (let count = 0; count < 200_000; count++) silent.push(Uint8Array.of(22, 3, 3));
		expect(silent.flight.end).toBe("malformed");
	});

	it("a session of the runtime tells early data and group; any octets give a value", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (all) => void expect(readSessionTicket(all)?.earlyDataBytes ?? 0).toBeGreaterThanOrEqual(0)));
		const read = (hex: string) => readSessionTicket(Buffer.from(hex, "hex"));
		expect(read("3008020101af03020500")).toBeNull();
		expect(read("3009020101af0402024000")).toEqual({ earlyDataBytes: 16_384, group: null });
		expect(read("3003020101")).toEqual({ earlyDataBytes: 0, group: null });
		const header = Buffer.from("\0nodejs:tls:session:1\0\0\x01x", "latin1").toString("hex");
		expect(read(`${header}3009020101b304020211ec`)).toEqual({ earlyDataBytes: 0, group: "X25519MLKEM768" });
		expect(read(header)).toBeNull();
	});
});

describe("cipher suites", () => {
	it("are told by their names", () => {
		const of = (name: string) => suiteByName(name)?.weaknesses;
		expect(of("TLS_RSA_EXPORT_WITH_RC4_40_MD5")).toEqual(["export", "rc4", "md5", "under_112_bits"]);
		expect(of("TLS_DH_anon_WITH_AES_128_CBC_SHA")).toEqual(["anonymous"]);
		expect(of("TLS_RSA_WITH_DES_CBC_SHA")).toEqual(["des", "under_112_bits"]);
		expect(of("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA")).toEqual(["3des"]);
		expect(of("TLS_RSA_WITH_NULL_SHA256")).toEqual(["null"]);
		expect(of("TLS_RSA_EXPORT1024_WITH_RC4_56_SHA")).toEqual(["export", "rc4", "under_112_bits"]);
		expect(of("TLS_RSA_WITH_AES_128_CBC_SHA")).toEqual([]);
		expect(suiteByName("TLS_RSA_WITH_AES_128_CBC_SHA")).toMatchObject({ keyExchange: "rsa", authentication: "rsa", forwardSecret: false, aead: false });
		expect(suiteByName("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8")).toMatchObject({ keyExchange: "ecdhe", authentication: "ecdsa", forwardSecret: true, aead: true });
		expect(suiteByName("TLS_AES_128_GCM_SHA256")).toMatchObject({ keyExchange: "tls13", authentication: null });
		expect(new Set(cipherSuites.map((suite) => suite.name)).size).toBe(cipherSuites.length);
	});
});

describe("probes read together", () => {
	it("only choices accept, only refusals of the whole offer refuse", () => {
		const offer = wideOffer(["TLSv1.2"], olderSuites.slice(0, 3));
		const base = answerOf(readServerFlight(new Uint8Array()));
		const probe = (answer: Partial<TlsProbe["answer"]>, more: Partial<TlsProbe> = {}): TlsProbe => ({
			asks: "suites",
			offer,
			...more,
			answer: { ...base, ...answer },
		});
		const names = olderSuites.slice(0, 3).map((suite) => suite.name);
		expect(summarizeProbes([]).suites).toEqual({ accepted: [], refused: [] });
		for (const outcome of ["alert", "closed", "timeout", "not_tls", "malformed", "no_handshake"] as const) {
			expect(summarizeProbes([probe({ outcome })]).suites).toEqual({ accepted: [], refused: [] });
		}
		expect(summarizeProbes([probe({ outcome: "refused" })]).suites.refused).toEqual([...names].sort());
		expect(summarizeProbes([probe({ outcome: "hello", suite: names[1] as string }), probe({ outcome: "refused" })]).suites).toEqual({
			accepted: [names[1]],
			refused: names.filter((name) => name !== names[1]).sort(),
		});
		const ssl3 = { asks: "version", offer: { ...offer, versions: ["SSLv3"] } } as Partial<TlsProbe>;
		expect(summarizeProbes([probe({ outcome: "hello", version: "SSLv3", extendedMasterSecret: false }, ssl3)])).toMatchObject({
			ssl3: true,
			extendedMasterSecret: null,
		});
		expect(summarizeProbes([probe({ outcome: "refused" }, ssl3)]).ssl3).toBe(false);
		expect(summarizeProbes([probe({ outcome: "closed" }, ssl3)]).ssl3).toBeNull();
	});
});
