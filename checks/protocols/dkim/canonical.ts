import { createHash } from "node:crypto";
import type { DkimSignature } from "./parse-signature.ts";

/** A header field as it stands in the message: name, and the whole of it without its final CRLF; folded lines end in CRLF. */
export interface HeaderField {
	/** Lower case. */
	name: string;
	raw: string;
}

/** RFC 6376 3.4.1 and 3.4.2. */
function canonicalField({ name, raw }: HeaderField, form: "simple" | "relaxed"): string {
	if (form === "simple") return raw;
	const value = raw.slice(raw.indexOf(":") + 1).replaceAll("\r\n", "");
	return `${name}:${value.replaceAll(/[ \t]+/g, " ").trim()}`;
}

/** What the signature is made over (RFC 6376 3.7): the signed fields, each name from the bottom up, then the signature's own field without b=. */
export function signedHeader(fields: readonly HeaderField[], own: HeaderField, signature: DkimSignature): Buffer {
	const form = signature.headerCanonicalization;
	const left = new Map<string, HeaderField[]>();
	for (const field of fields) {
		const list = left.get(field.name);
		if (list === undefined) left.set(field.name, [field]);
		else list.push(field);
	}
	const lines: string[] = [];
	for (const name of signature.headers) {
		const field = left.get(name)?.pop();
		if (field !== undefined) lines.push(`${canonicalField(field, form)}\r\n`);
	}
	lines.push(canonicalField({ name: own.name, raw: withoutSignature(own.raw) }, form));
	return Buffer.from(lines.join(""), "latin1");
}

/** The field with the value of b= taken out, all else as it is. */
function withoutSignature(raw: string): string {
	const start = raw.indexOf(":") + 1;
	const tags = raw
		.slice(start)
		.split(";")
		.map((tag) => /^[ \t\r\n]*b[ \t\r\n]*=/.exec(tag)?.[0] ?? tag);
	return raw.slice(0, start) + tags.join(";");
}

/**
 * The hash over a body as it is streamed in: canonical form (RFC 6376 3.4.3, 3.4.4), l=. A bare LF, as files on disk have it, counts
 * as the CRLF that was sent. Constant memory, linear time.
 */
export class BodyHash {
	readonly #hash;
	readonly #relaxed: boolean;
	readonly #limit: number;
	#written = 0;
	#any = false;
	#lines = 0;
	#space = false;
	#carriage = false;

	constructor(algorithm: "sha1" | "sha256", form: "simple" | "relaxed", limit: number | null) {
		this.#hash = createHash(algorithm);
		this.#relaxed = form === "relaxed";
		this.#limit = limit ?? Number.POSITIVE_INFINITY;
	}

	update(chunk: Uint8Array): void {
		let start = 0;
		// Runs of plain octets go on at once; only line ends and white space are looked at one by one.
		for (let at = 0; at < chunk.length; at++) {
			const octet = chunk[at];
			const isSpace = this.#relaxed && (octet === 0x20 || octet === 0x09);
			if (octet !== 0x0a && octet !== 0x0d && !isSpace) {
				this.#content();
				continue;
			}
			if (at > start) this.#write(chunk.subarray(start, at));
			start = at + 1;
			if (octet === 0x0a) this.#newline();
			else {
				// A carriage return before this one stood alone.
				if (this.#carriage) this.#lone();
				if (octet === 0x0d) this.#carriage = true;
				else this.#space = true;
			}
		}
		if (chunk.length > start) this.#write(chunk.subarray(start));
	}

	/** Undefined if the body is shorter than l= says. */
	digest(): Buffer | undefined {
		if (this.#carriage) this.#lone();
		// Line ends at the end of the body are one; an empty body is one line end in the simple form, nothing in the relaxed one.
		if (this.#any || !this.#relaxed) this.#write(crlf);
		if (this.#limit !== Number.POSITIVE_INFINITY && this.#written < this.#limit) return undefined;
		return this.#hash.digest();
	}

	/** Called before a plain octet is passed on: line ends and white space before it count now. */
	#content(): void {
		if (this.#carriage) this.#lone();
		for (; this.#lines > 0; this.#lines--) this.#write(crlf);
		if (this.#space) this.#write(space);
		this.#space = false;
		this.#any = true;
	}

	/** A carriage return without a line feed is content. */
	#lone(): void {
		this.#carriage = false;
		this.#content();
		this.#write(carriage);
	}

	#newline(): void {
		this.#carriage = false;
		this.#space = false;
		this.#lines += 1;
	}

	#write(octets: Uint8Array): void {
		const room = this.#limit - this.#written;
		const part = octets.length > room ? octets.subarray(0, room) : octets;
		this.#written += part.length;
		this.#hash.update(part);
	}
}

const crlf = Buffer.from("\r\n");
const space = Buffer.from(" ");
const carriage = Buffer.from("\r");
