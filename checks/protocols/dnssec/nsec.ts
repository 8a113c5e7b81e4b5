import { commonAncestor, compareNames, isBelow, isWithin, wildcardOf } from "./name.ts";

/** An NSEC record whose signature was good. */
export interface NsecProof {
	owner: string;
	next: string;
	types: ReadonlySet<string>;
}

/**
 * What a set of proofs says of a name and type.
 * - nodata: the name exists, or a wildcard stands for it, without the type; delegation: it is a zone cut without DS.
 * - nxdomain: neither the name nor a wildcard exists.
 * - opt_out: NSEC3 leaves room for an unsigned delegation. iterations: NSEC3 is dearer than the limit.
 */
export type Denial = { kind: "nodata"; delegation: boolean; wildcard: boolean } | { kind: "nxdomain" } | { kind: "opt_out" } | { kind: "iterations" };

/** RFC 4035 5.4 with RFC 6840 4. */
export function nsecDenials(proofs: readonly NsecProof[], name: string, type: string, zone: string): Denial[] {
	const denials: Denial[] = [];
	for (const proof of proofs) {
		if (proof.owner === name && lacks(proof.types, type, name)) denials.push({ kind: "nodata", delegation: isDelegation(proof.types), wildcard: false });
		// An empty non-terminal: names exist below it, and it has no record of its own.
		else if (isBelow(proof.next, name) && speaksOf(proof, name) && compareNames(proof.owner, name) < 0)
			denials.push({ kind: "nodata", delegation: false, wildcard: false });
	}
	for (const proof of proofs) {
		if (!covers(proof, name, zone)) continue;
		const wildcard = wildcardOf(closestEncloserOf(proof, name));
		if (proofs.some((other) => covers(other, wildcard, zone))) denials.push({ kind: "nxdomain" });
		if (proofs.some((other) => other.owner === wildcard && lacks(other.types, type, wildcard)))
			denials.push({ kind: "nodata", delegation: false, wildcard: true });
	}
	return denials;
}

/** RFC 4035 5.3.4: the name that a wildcard answered for does not exist, and nothing nearer to it could have answered. */
export function nsecProvesExpansion(proofs: readonly NsecProof[], name: string, closestEncloser: string, zone: string): boolean {
	return proofs.some((proof) => covers(proof, name, zone) && closestEncloserOf(proof, name) === closestEncloser);
}

/** The type and an alias are not there. At a zone cut the parent speaks for DS alone, and the child for everything else (RFC 6840 4.1). */
export function lacks(types: ReadonlySet<string>, type: string, name: string): boolean {
	if (types.has(type) || types.has("CNAME")) return false;
	if (type === "DS") return name === "" || !types.has("SOA");
	return !isDelegation(types);
}

export function isDelegation(types: ReadonlySet<string>): boolean {
	return types.has("NS") && !types.has("SOA");
}

function covers(proof: NsecProof, name: string, zone: string): boolean {
	if (!isWithin(name, zone) || !speaksOf(proof, name)) return false;
	if (compareNames(proof.owner, name) >= 0) return false;
	// The last one points back to the apex.
	if (proof.next === zone) return true;
	return isWithin(proof.next, zone) && compareNames(name, proof.next) < 0 && !isWithin(proof.next, name);
}

/** RFC 6840 4.1 and RFC 6672 5.3.4.1: what is delegated or redirected away is not this zone's to deny. */
function speaksOf(proof: NsecProof, name: string): boolean {
	return !isBelow(name, proof.owner) || !(isDelegation(proof.types) || proof.types.has("DNAME"));
}

function closestEncloserOf(proof: NsecProof, name: string): string {
	const a = commonAncestor(proof.owner, name);
	const b = commonAncestor(proof.next, name);
	return a.length >= b.length ? a : b;
}
