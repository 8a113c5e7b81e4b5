import { createHash } from "node:crypto";
import { isWithin, labelsOf, lastLabels, nameWire, parentOf, wildcardOf } from "./name.ts";
import { type Denial, isDelegation, lacks } from "./nsec.ts";
import { LimitExceeded } from "./outcome.ts";

/** An NSEC3 record whose signature was good. */
export interface Nsec3Proof {
	/** Hash that its owner name stands for. */
	hash: Buffer;
	next: Buffer;
	optOut: boolean;
	iterations: number;
	salt: Buffer;
	types: ReadonlySet<string>;
}

const alphabet = "0123456789abcdefghijklmnopqrstuv";

/** Base32 with the extended hex alphabet (RFC 4648 7), without padding. */
export function base32Hex(octets: Uint8Array): string {
	let bits = 0;
	let held = 0;
	let text = "";
	for (const octet of octets) {
		held = (held << 8) | octet;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			text += alphabet[(held >> bits) & 31];
		}
		held &= (1 << bits) - 1;
	}
	return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31];
}

/** 32 characters, 20 octets: the only hash there is (RFC 5155 11). */
export function readHashLabel(label: string): Buffer | undefined {
	if (!/^[0-9a-v]{32}$/.test(label)) return undefined;
	const octets: number[] = [];
	let bits = 0;
	let held = 0;
	for (const char of label) {
		held = (held << 5) | alphabet.indexOf(char);
		bits += 5;
		if (bits < 8) continue;
		bits -= 8;
		octets.push((held >> bits) & 255);
		held &= (1 << bits) - 1;
	}
	return Buffer.from(octets);
}

/** RFC 5155 5. `name` is canonical. */
export function nsec3Hash(name: string, salt: Uint8Array, iterations: number): Buffer {
	let hash = createHash("sha1").update(nameWire(name)).update(salt).digest();
	for (let round = 0; round < iterations; round++) hash = createHash("sha1").update(hash).update(salt).digest();
	return hash;
}

/** One answer's NSEC3 records: hashes are computed once, and their cost is counted. */
export class Nsec3Proofs {
	private readonly proofs: readonly Nsec3Proof[];
	private readonly zone: string;
	private readonly budget: { hashRounds: number };
	private readonly hashes = new Map<string, Buffer>();

	constructor(proofs: readonly Nsec3Proof[], zone: string, budget: { hashRounds: number }) {
		const first = proofs[0];
		// RFC 5155 8.2: a zone uses one set of parameters; others in the same answer are not of this chain.
		this.proofs = proofs.filter((proof) => proof.iterations === first?.iterations && proof.salt.equals(first.salt));
		this.zone = zone;
		this.budget = budget;
	}

	get iterations(): number {
		return this.proofs[0]?.iterations ?? 0;
	}

	denials(name: string, type: string): Denial[] {
		const denials: Denial[] = [];
		const own = this.matching(name);
		if (own !== undefined) {
			if (lacks(own.types, type, name)) denials.push({ kind: "nodata", delegation: isDelegation(own.types), wildcard: false });
			return denials;
		}
		const encloser = this.closestEncloser(name);
		if (encloser === undefined) return denials;
		if (encloser.cover.optOut) return [{ kind: "opt_out" }];
		const wildcard = wildcardOf(encloser.name);
		const expansion = this.matching(wildcard);
		if (expansion !== undefined && lacks(expansion.types, type, wildcard)) denials.push({ kind: "nodata", delegation: false, wildcard: true });
		if (this.covering(wildcard) !== undefined) denials.push({ kind: "nxdomain" });
		return denials;
	}

	/** RFC 5155 8.8. */
	provesExpansion(name: string, closestEncloser: string): "yes" | "opt_out" | "no" {
		const count = labelsOf(closestEncloser).length;
		if (labelsOf(name).length <= count) return "no";
		const cover = this.covering(lastLabels(name, count + 1));
		if (cover === undefined) return "no";
		return cover.optOut ? "opt_out" : "yes";
	}

	/** RFC 5155 8.3: the longest ancestor that exists, while the name one label longer does not. */
	private closestEncloser(name: string): { name: string; cover: Nsec3Proof } | undefined {
		let next = name;
		for (let at = parentOf(name); isWithin(at, this.zone); at = parentOf(at)) {
			const match = this.matching(at);
			if (match !== undefined) {
				if (match.types.has("DNAME") || isDelegation(match.types)) return undefined;
				const cover = this.covering(next);
				return cover === undefined ? undefined : { name: at, cover };
			}
			if (at === this.zone || at === "") return undefined;
			next = at;
		}
		return undefined;
	}

	private matching(name: string): Nsec3Proof | undefined {
		const hash = this.hash(name);
		return this.proofs.find((proof) => proof.hash.equals(hash));
	}

	private covering(name: string): Nsec3Proof | undefined {
		const hash = this.hash(name);
		return this.proofs.find(({ hash: from, next: to }) => {
			const afterFrom = Buffer.compare(from, hash) < 0;
			const beforeTo = Buffer.compare(hash, to) < 0;
			return Buffer.compare(from, to) < 0 ? afterFrom && beforeTo : (afterFrom || beforeTo) && !from.equals(hash);
		});
	}

	private hash(name: string): Buffer {
		const before = this.hashes.get(name);
		if (before !== undefined) return before;
		const [first] = this.proofs;
		if (first === undefined) return Buffer.alloc(0);
		this.budget.hashRounds -= first.iterations + 1;
		if (this.budget.hashRounds < 0) throw new LimitExceeded(`NSEC3 hashes of ${this.zone}`);
		const hash = nsec3Hash(name, first.salt, first.iterations);
		this.hashes.set(name, hash);
		return hash;
	}
}
