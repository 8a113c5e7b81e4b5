const rows = [
	[1, "sect163k1", "ec", 163],
	[2, "sect163r1", "ec", 163],
	[3, "sect163r2", "ec", 163],
	[4, "sect193r1", "ec", 193],
	[5, "sect193r2", "ec", 193],
	[6, "sect233k1", "ec", 233],
	[7, "sect233r1", "ec", 233],
	[8, "sect239k1", "ec", 239],
	[9, "sect283k1", "ec", 283],
	[10, "sect283r1", "ec", 283],
	[11, "sect409k1", "ec", 409],
	[12, "sect409r1", "ec", 409],
	[13, "sect571k1", "ec", 571],
	[14, "sect571r1", "ec", 571],
	[15, "secp160k1", "ec", 160],
	[16, "secp160r1", "ec", 160],
	[17, "secp160r2", "ec", 160],
	[18, "secp192k1", "ec", 192],
	[19, "secp192r1", "ec", 192],
	[20, "secp224k1", "ec", 224],
	[21, "secp224r1", "ec", 224],
	[22, "secp256k1", "ec", 256],
	[23, "secp256r1", "ec", 256],
	[24, "secp384r1", "ec", 384],
	[25, "secp521r1", "ec", 521],
	[26, "brainpoolP256r1", "ec", 256],
	[27, "brainpoolP384r1", "ec", 384],
	[28, "brainpoolP512r1", "ec", 512],
	[29, "x25519", "ec", 255],
	[30, "x448", "ec", 448],
	[31, "brainpoolP256r1tls13", "ec", 256],
	[32, "brainpoolP384r1tls13", "ec", 384],
	[33, "brainpoolP512r1tls13", "ec", 512],
	[256, "ffdhe2048", "ff", 2048],
	[257, "ffdhe3072", "ff", 3072],
	[258, "ffdhe4096", "ff", 4096],
	[259, "ffdhe6144", "ff", 6144],
	[260, "ffdhe8192", "ff", 8192],
	[0x11eb, "SecP256r1MLKEM768", "hybrid", 256],
	[0x11ec, "X25519MLKEM768", "hybrid", 255],
	[0x11ed, "SecP384r1MLKEM1024", "hybrid", 384],
];
export const namedGroups = rows.map(([code, name, kind, bits]) => ({ code, name, kind, bits }));
const byCode = new Map(namedGroups.map((group) => [group.code, group]));
const byName = new Map(namedGroups.map((group) => [group.name.toLowerCase(), group]));
/** Names by which OpenSSL and Node call the same groups. */
const aliases = new Map([
	["prime256v1", "secp256r1"],
	["p-256", "secp256r1"],
	["p-384", "secp384r1"],
	["p-521", "secp521r1"],
	["prime192v1", "secp192r1"],
]);
export function groupByCode(code) {
	return byCode.get(code);
}
/** By registry name or OpenSSL's, in any letter case. */
export function groupByName(name) {
	const lower = name.toLowerCase();
	return byName.get(aliases.get(lower) ?? lower);
}
/** The registry name, or the code in hexadecimal where it is none of the table's. */
export function groupName(code) {
	return byCode.get(code)?.name ?? `0x${code.toString(16).padStart(4, "0")}`;
}
