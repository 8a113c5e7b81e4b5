import type { DnsRecord } from "../resolver.ts";
import { isBelow, isWithin, labelsOf, parentOf, readName } from "./name.ts";
import { type Denial, type NsecProof, nsecDenials, nsecProvesExpansion } from "./nsec.ts";
import { type Nsec3Proof, Nsec3Proofs, readHashLabel } from "./nsec3.ts";
import type { DnssecReason, Limits } from "./outcome.ts";
import { rrsetOf, type VerifyContext, verifyRrset, type ZoneKey } from "./rrset.ts";

export interface ProofContext extends VerifyContext {
	budget: { verifications: number; hashRounds: number };
	limits: Limits;
}

/** The proofs of absence in an authority section that a zone's keys vouch for. */
export class Proofs {
	/** What was wrong with a proof that was left out: told when the rest proves nothing. */
	fault: DnssecReason | undefined;
	private readonly nsec: NsecProof[] = [];
	private readonly nsec3: Nsec3Proofs;
	private readonly zone: string;
	private readonly dear: boolean;

	constructor(section: readonly DnsRecord[], zone: string, keys: readonly ZoneKey[], context: ProofContext) {
		this.zone = zone;
		const hashed: Nsec3Proof[] = [];
		const seen = new Set<string>();
		for (const { name: owner, type } of section) {
			if (type !== "NSEC" && type !== "NSEC3") continue;
			const name = readName(owner);
			if (name === undefined || !isWithin(name, zone) || seen.has(`${type} ${name}`) || seen.size >= context.limits.records) continue;
			seen.add(`${type} ${name}`);
			const set = rrsetOf(section, name, type);
			if (set === undefined) continue;
			const verdict = verifyRrset(set, zone, keys, context);
			// A proof made from a wildcard would speak of a name that does not exist.
			if (!verdict.ok || verdict.closestEncloser !== undefined) {
				this.fault ??= verdict.ok ? "bad_labels" : verdict.fault;
				continue;
			}
			for (const record of set.records) {
				if (type === "NSEC") this.nsec.push(...readNsec(name, record.data));
				else hashed.push(...readNsec3(name, zone, record.data));
			}
		}
		this.nsec3 = new Nsec3Proofs(hashed, zone, context.budget);
		this.dear = this.nsec3.iterations > context.limits.nsec3Iterations;
	}

	denials(name: string, type: string): Denial[] {
		const denials = nsecDenials(this.nsec, name, type, this.zone);
		if (this.dear) return [...denials, { kind: "iterations" }];
		return [...denials, ...this.nsec3.denials(name, type)];
	}

	provesExpansion(name: string, closestEncloser: string): "yes" | "opt_out" | "iterations" | "no" {
		if (nsecProvesExpansion(this.nsec, name, closestEncloser, this.zone)) return "yes";
		return this.dear ? "iterations" : this.nsec3.provesExpansion(name, closestEncloser);
	}
}

function typesOf(types: unknown): Set<string> | undefined {
	return Array.isArray(types) ? new Set(types.map(String)) : undefined;
}

function readNsec(owner: string, data: unknown): NsecProof[] {
	const { nextDomain, rrtypes } = data as { nextDomain?: unknown; rrtypes?: unknown };
	const next = readName(nextDomain);
	const types = typesOf(rrtypes);
	return next === undefined || types === undefined ? [] : [{ owner, next, types }];
}

/** RFC 5155 8.2: other hash algorithms and flags are not understood, and left out. */
function readNsec3(owner: string, zone: string, data: unknown): Nsec3Proof[] {
	const { algorithm, flags, iterations, salt, nextDomain, rrtypes } = data as Record<string, unknown>;
	const hash = readHashLabel(labelsOf(owner)[0] ?? "");
	const types = typesOf(rrtypes);
	if (hash === undefined || types === undefined || !isBelow(owner, zone) || parentOf(owner) !== zone) return [];
	if (algorithm !== 1 || (flags !== 0 && flags !== 1) || typeof iterations !== "number") return [];
	if (!(salt instanceof Uint8Array) || !(nextDomain instanceof Uint8Array) || nextDomain.length !== 20) return [];
	return [{ hash, next: Buffer.from(nextDomain), optOut: flags === 1, iterations, salt: Buffer.from(salt), types }];
}
