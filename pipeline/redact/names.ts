import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";

/** What a name stands for, and what its ordinal name begins with. */
export const nameClasses = [
	"account",
	"arn",
	"address",
	"mailbox",
	"domain",
	"host",
	"url",
	"file",
	"record",
	"resource",
	"name",
	"decision",
	"entity",
] as const;
export type NameClass = (typeof nameClasses)[number];

export const redactionMapSchema = z.strictObject({
	schema: z.literal("mailward/redaction-map/v1"),
	key: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.describe("Turns hashes and fingerprints, which could be guessed back, into others"),
	names: z.array(z.strictObject({ class: z.enum(nameClasses), name: z.string(), original: z.string() })),
});
export type RedactionMap = z.infer<typeof redactionMapSchema>;

/**
 * Ordinal names for what identifies somebody: the same original has the same name everywhere, in this report and, where the map of an
 * earlier one is given, in both. Letters in other case are the same name, as in domains.
 */
export class Names {
	readonly #key: Buffer;
	readonly #names = new Map<string, RedactionMap["names"][number]>();
	readonly #counts = new Map<NameClass, number>();

	constructor(earlier?: RedactionMap) {
		this.#key = earlier === undefined ? randomBytes(32) : Buffer.from(earlier.key, "hex");
		for (const entry of earlier?.names ?? []) this.#add(entry);
	}

	/** The ordinal name of an original, which is given one at first sight. */
	of(kind: NameClass, original: string): string {
		const known = this.#names.get(original.toLowerCase());
		if (known !== undefined) return known.name;
		const entry = { class: kind, name: `${kind}-${(this.#counts.get(kind) ?? 0) + 1}`, original };
		this.#add(entry);
		return entry.name;
	}

	/** The ordinal name of an original that has one. */
	known(original: string): RedactionMap["names"][number] | undefined {
		return this.#names.get(original.toLowerCase());
	}

	entries(): Iterable<RedactionMap["names"][number]> {
		return this.#names.values();
	}

	/**
	 * Another hash in place of one: a fingerprint of an account id, and the hash of a line about a domain, can be found again by trying.
	 * Without the key this one cannot.
	 */
	keyed(hash: string): string {
		return createHmac("sha256", this.#key).update(hash).digest("hex").slice(0, hash.length);
	}

	map(): RedactionMap {
		return { schema: "mailward/redaction-map/v1", key: this.#key.toString("hex"), names: [...this.#names.values()] };
	}

	#add(entry: RedactionMap["names"][number]): void {
		this.#names.set(entry.original.toLowerCase(), entry);
		this.#counts.set(entry.class, (this.#counts.get(entry.class) ?? 0) + 1);
	}
}
