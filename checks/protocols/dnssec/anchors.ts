import { readName } from "./name.ts";

/** A DS record: of a delegation, or configured as a trust anchor. Without a name it is the root's. */
export interface DsRecord {
	name?: string;
	keyTag: number;
	algorithm: number;
	digestType: number;
	/** Octets, or hex. */
	digest: Uint8Array | string;
}

export interface DsData {
	keyTag: number;
	algorithm: number;
	digestType: number;
	digest: Buffer;
}

/** DS data as a message decoder or a configuration gives it; undefined for what is none. */
export function readDs(data: unknown): DsData | undefined {
	if (typeof data !== "object" || data === null) return undefined;
	const { keyTag, algorithm, digestType, digest } = data as Record<string, unknown>;
	if (!isUint(keyTag, 0xffff) || !isUint(algorithm, 255) || !isUint(digestType, 255)) return undefined;
	const octets = digest instanceof Uint8Array ? Buffer.from(digest) : readHex(digest);
	return octets === undefined ? undefined : { keyTag, algorithm, digestType, digest: octets };
}

/** Anchors by the zone they belong to. Takes DS records alone or as records {name, type, data}; what cannot be read is left out. */
export function anchorsByZone(anchors: readonly (DsRecord | { name: string; data: unknown })[]): Map<string, DsData[]> {
	const byZone = new Map<string, DsData[]>();
	for (const anchor of anchors) {
		const zone = readName(anchor.name ?? ".");
		const data = readDs("data" in anchor ? anchor.data : anchor);
		if (zone === undefined || data === undefined) continue;
		const list = byZone.get(zone);
		if (list === undefined) byZone.set(zone, [data]);
		else list.push(data);
	}
	return byZone;
}

/**
 * Reads a file of trust anchors: DS records in master file form, one a line, such as
 * `. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D`, with or without TTL and class;
 * a digest may hold spaces; `;` and `#` start comments. `position` counts lines from 1.
 */
export function parseAnchors(
	text: string,
): { ok: true; anchors: (DsRecord & { name: string; digest: Buffer })[] } | { ok: false; error: { message: string; line: number } } {
	const anchors: (DsRecord & { name: string; digest: Buffer })[] = [];
	const lines = text.split(/\r\n|\n|\r/);
	for (const [index, whole] of lines.entries()) {
		const fields = whole
			.replace(/[;#].*$/, "")
			.trim()
			.split(/\s+/);
		if (fields[0] === "") continue;
		const anchor = parseLine(fields);
		if (typeof anchor === "string") return { ok: false, error: { message: anchor, line: index + 1 } };
		anchors.push(anchor);
	}
	if (anchors.length === 0) return { ok: false, error: { message: "holds no DS record", line: lines.length } };
	return { ok: true, anchors };
}

function parseLine(fields: readonly string[]): (DsRecord & { name: string; digest: Buffer }) | string {
	const [owner = "", ...rest] = fields;
	const name = readName(owner);
	if (name === undefined || /^\d+$/.test(owner)) return `expected a zone name, found ${JSON.stringify(owner.slice(0, 80))}`;
	if (/^\d+$/.test(rest[0] ?? "")) rest.shift();
	if ((rest[0] ?? "").toUpperCase() === "IN") rest.shift();
	if (/^\d+$/.test(rest[0] ?? "")) rest.shift();
	if ((rest.shift() ?? "").toUpperCase() !== "DS") return "expected a DS record: zone IN DS key-tag algorithm digest-type digest";
	const [tag = "", algorithm = "", digestType = "", ...digest] = rest;
	if (![tag, algorithm, digestType].every((field) => /^\d{1,5}$/.test(field))) return "key tag, algorithm and digest type are decimal numbers";
	const data = readDs({ keyTag: Number(tag), algorithm: Number(algorithm), digestType: Number(digestType), digest: digest.join("") });
	if (data === undefined) return "the numbers or the hex digest are out of range";
	const length = { 1: 20, 2: 32, 4: 48 }[data.digestType];
	if (length === undefined) return `digest type ${data.digestType} is not supported; use 2 (SHA-256) or 4 (SHA-384)`;
	if (data.digest.length !== length) return `a digest of type ${data.digestType} has ${length} octets, not ${data.digest.length}`;
	return { name: name === "" ? "." : name, ...data };
}

function isUint(value: unknown, max: number): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function readHex(value: unknown): Buffer | undefined {
	return typeof value === "string" && value.length % 2 === 0 && value !== "" && /^[0-9a-f]+$/i.test(value) ? Buffer.from(value, "hex") : undefined;
}
