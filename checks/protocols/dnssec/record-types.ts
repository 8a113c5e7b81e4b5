/** Numbers of record types by mnemonic (IANA, DNS parameters): those a message decoder names and those a type bitmap may hold. */
const numbers: Readonly<Record<string, number>> = {
	A: 1,
	NS: 2,
	CNAME: 5,
	SOA: 6,
	NULL: 10,
	PTR: 12,
	HINFO: 13,
	MX: 15,
	TXT: 16,
	RP: 17,
	AFSDB: 18,
	SIG: 24,
	KEY: 25,
	AAAA: 28,
	LOC: 29,
	SRV: 33,
	NAPTR: 35,
	KX: 36,
	CERT: 37,
	DNAME: 39,
	OPT: 41,
	APL: 42,
	DS: 43,
	SSHFP: 44,
	IPSECKEY: 45,
	RRSIG: 46,
	NSEC: 47,
	DNSKEY: 48,
	DHCID: 49,
	NSEC3: 50,
	NSEC3PARAM: 51,
	TLSA: 52,
	SMIMEA: 53,
	HIP: 55,
	CDS: 59,
	CDNSKEY: 60,
	OPENPGPKEY: 61,
	CSYNC: 62,
	ZONEMD: 63,
	SVCB: 64,
	HTTPS: 65,
	SPF: 99,
	TKEY: 249,
	TSIG: 250,
	IXFR: 251,
	AXFR: 252,
	ANY: 255,
	URI: 256,
	CAA: 257,
	TA: 32768,
	DLV: 32769,
};

const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));

/** Undefined for what is no type: a set that holds it cannot be put in canonical form. UNKNOWN_n and TYPEn (RFC 3597) are types. */
export function typeNumber(type: unknown): number | undefined {
	if (typeof type !== "string") return undefined;
	const upper = type.toUpperCase();
	if (Object.hasOwn(numbers, upper)) return numbers[upper];
	const match = /^(?:UNKNOWN_|TYPE)(\d{1,5})$/.exec(upper);
	if (match === null) return undefined;
	const number = Number(match[1]);
	return number <= 0xffff ? number : undefined;
}

export function typeText(number: number): string {
	return names.get(number) ?? `UNKNOWN_${number}`;
}
