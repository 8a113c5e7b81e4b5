import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DnsRecord } from "../resolver.ts";
import { nameWire } from "./name.ts";
import { base32Hex, nsec3Hash, readHashLabel } from "./nsec3.ts";
import { defaultLimits } from "./outcome.ts";
import { encodeRdata } from "./rdata.ts";
import { rrsetOf, verifyRrset } from "./rrset.ts";
import { keyBits, keyTagOf } from "./signature.ts";
import { zoneKeys } from "./zone-keys.ts";

interface Vector {
	source: string;
	zone: string;
	key: { flags: number; algorithm: number; key: string };
	tag: number;
	bits: number;
	ds?: { digestType: number; digest: string };
	records: DnsRecord[];
	inception: number;
	expiration: number;
	signature: string;
}

const mx = [{ name: "example.com.", type: "MX", ttl: 1, data: { preference: 10, exchange: "mail.Example.com." } }];
const www = (address: string): DnsRecord[] => [{ name: "WWW.example.net", type: "A", ttl: 1, data: address }];
const eddsaTimes = { zone: "example.com", records: mx, inception: 1438207200, expiration: 1440021600 };

/** Key and signature examples of the standards; those of RFC 8080 as its verified erratum 4935 gives them. */
const vectors: Vector[] = [
	{
		source: "RFC 5702 6.1",
		zone: "example.net",
		key: {
			flags: 256,
			algorithm: 10,
			key: "AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL",
		},
		tag: 3740,
		bits: 1024,
		records: www("192.0.2.91"),
		inception: Date.UTC(2000, 0, 1) / 1000,
		expiration: Date.UTC(2030, 0, 1) / 1000,
		signature:
			"tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=",
	},
	{
		source: "RFC 6605 6.1",
		zone: "example.net",
		key: { flags: 257, algorithm: 13, key: "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==" },
		tag: 55648,
		bits: 256,
		ds: { digestType: 2, digest: "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17" },
		records: www("192.0.2.1"),
		inception: Date.UTC(2010, 7, 12, 10, 4, 39) / 1000,
		expiration: Date.UTC(2010, 8, 9, 10, 4, 39) / 1000,
		signature: "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==",
	},
	{
		source: "RFC 6605 6.2",
		zone: "example.net",
		key: {
			flags: 257,
			algorithm: 14,
			key: "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
		},
		tag: 10771,
		bits: 384,
		ds: { digestType: 4, digest: "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6" },
		records: www("192.0.2.1"),
		inception: Date.UTC(2010, 7, 12, 10, 20, 25) / 1000,
		expiration: Date.UTC(2010, 8, 9, 10, 20, 25) / 1000,
		signature: "/L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm",
	},
	{
		source: "RFC 8080 6.1, first",
		key: { flags: 257, algorithm: 15, key: "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=" },
		tag: 3613,
		bits: 256,
		ds: { digestType: 2, digest: "3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b" },
		...eddsaTimes,
		signature: "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==",
	},
	{
		source: "RFC 8080 6.1, second",
		key: { flags: 257, algorithm: 15, key: "zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=" },
		tag: 35217,
		bits: 256,
		ds: { digestType: 2, digest: "401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c" },
		...eddsaTimes,
		signature: "zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==",
	},
	{
		source: "RFC 8080 6.2, first",
		key: { flags: 257, algorithm: 16, key: "3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA" },
		tag: 9713,
		bits: 456,
		ds: { digestType: 2, digest: "6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2b19c7" },
		...eddsaTimes,
		signature:
			"3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA",
	},
	{
		source: "RFC 8080 6.2, second",
		key: { flags: 257, algorithm: 16, key: "kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5HlHAMy12VoISsA" },
		tag: 38353,
		bits: 456,
		ds: { digestType: 2, digest: "645ff078b3568f5852b70cb60e8e696cc77b75bfaaffc118cf79cbda1ba28af4" },
		...eddsaTimes,
		signature:
			"E1/oLjSGIbmLny/4fcgM1z4oL6aqo+izT3urCyHyvEp4Sp8Syg1eI+lJ57CSnZqjJP41O/9l4m0AsQ4f7qI1gVnML8vWWiyW2KXhT9kuAICUSxv5OWbf81Rq7Yu60npabODB0QFPb/rkW3kUZmQ0YQUA",
	},
];

describe.each(vectors)("$source", (vector) => {
	const data = { ...vector.key, key: Buffer.from(vector.key.key, "base64") };
	const rdata = encodeRdata("DNSKEY", data, true) as Buffer;
	const keys = zoneKeys({ name: vector.zone, type: "DNSKEY", records: [{ name: vector.zone, type: "DNSKEY", ttl: 1, data }], signatures: [] });
	const type = vector.records[0]?.type ?? "";
	const owner = vector.records[0]?.name ?? "";
	const signature = {
		typeCovered: type,
		algorithm: vector.key.algorithm,
		labels: owner.replace(/\.$/, "").split(".").length,
		originalTTL: 3600,
		expiration: vector.expiration,
		inception: vector.inception,
		keyTag: vector.tag,
		signersName: `${vector.zone}.`,
		signature: Buffer.from(vector.signature, "base64"),
	};
	const verify = (now: number, changed: Partial<typeof signature> = {}) => {
		const section = [...vector.records, { name: owner, type: "RRSIG", ttl: 1, data: { ...signature, ...changed } }];
		const set = rrsetOf(section, owner.replace(/\.$/, "").toLowerCase(), type);
		return set === undefined ? undefined : verifyRrset(set, vector.zone, keys, { now, limits: defaultLimits, budget: { verifications: 100 } });
	};

	it("gives the key tag, the DS digest and the key length", () => {
		expect(keyTagOf(rdata)).toBe(vector.tag);
		expect(keyBits(vector.key.algorithm, data.key)).toBe(vector.bits);
		if (vector.ds === undefined) return;
		const hash = vector.ds.digestType === 2 ? "sha256" : "sha384";
		expect(createHash(hash).update(nameWire(vector.zone)).update(rdata).digest("hex")).toBe(vector.ds.digest);
	});
	it("verifies from its first to its last second", () => {
		expect(verify(vector.inception)).toMatchObject({ ok: true });
		expect(verify(vector.expiration)).toMatchObject({ ok: true });
		expect(verify(vector.inception - 1)).toEqual({ ok: false, fault: "not_yet_valid" });
		expect(verify(vector.expiration + 1)).toEqual({ ok: false, fault: "expired" });
	});
	it("verifies for nothing else", () => {
		expect(verify(vector.inception, { originalTTL: 3601 })).toEqual({ ok: false, fault: "bad_signature" });
		expect(verify(vector.inception, { keyTag: vector.tag ^ 1 })).toEqual({ ok: false, fault: "no_key" });
		expect(verify(vector.inception, { signersName: "example" })).toEqual({ ok: false, fault: "wrong_signer" });
		expect(verify(vector.inception, { labels: signature.labels + 1 })).toEqual({ ok: false, fault: "bad_labels" });
		expect(verify(vector.inception, { signature: signature.signature.subarray(1) })).toEqual({ ok: false, fault: "bad_signature" });
	});
});

describe("RFC 5155 appendix A", () => {
	it.each([
		["example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"],
		["a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl"],
		["ai.example", "gjeqe526plbf1g8mklp59enfd789njgi"],
		["ns1.example", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"],
		["w.example", "k8udemvp1j2f7eg6jebps17vp3n8i58h"],
		["*.w.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"],
		["x.w.example", "b4um86eghhds6nea196smvmlo4ors995"],
		["y.w.example", "ji6neoaepv8b5o6k4ev33abha8ht9fgc"],
		["x.y.w.example", "2vptu5timamqttgl4luu9kg21e0aor3s"],
		["xx.example", "t644ebqk9bibcna874givr6joj62mlhv"],
	])("hashes %s", (name, hash) => {
		expect(base32Hex(nsec3Hash(name, Buffer.from("aabbccdd", "hex"), 12))).toBe(hash);
		expect(base32Hex(readHashLabel(hash) ?? Buffer.alloc(0))).toBe(hash);
	});
});
