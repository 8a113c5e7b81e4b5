import type { ReasonCode } from "../../../model/reasons.ts";
import type { DnsAnswer } from "../resolver.ts";

/** RFC 4033 5, RFC 4035 4.3. */
export type Security = "secure" | "insecure" | "bogus" | "indeterminate";

/**
 * Why an answer is not secure: closed, stable words.
 * - insecure: insecure_delegation (the parent proves that there is no DS), unsupported_algorithm, unsupported_digest,
 *   nsec3_opt_out (the proof leaves room for unsigned delegations), nsec3_iterations (RFC 9276 3.2).
 * - bogus: from a signature (no_signature, wrong_signer, no_key, expired, not_yet_valid, bad_signature, bad_labels, limit_exceeded),
 *   from a DS record (ds_mismatch, no_dnskey) or from a proof of absence (missing_proof).
 * - indeterminate: no_anchor; stripped (no signature of the signed anchor zone came through: the network does not pass DNSSEC on);
 *   limit_exceeded; cname_loop; malformed; unsupported_question; else the reason code of the question that failed.
 */
export type DnssecReason =
	| "insecure_delegation"
	| "unsupported_algorithm"
	| "unsupported_digest"
	| "nsec3_opt_out"
	| "nsec3_iterations"
	| SignatureFault
	| "ds_mismatch"
	| "no_dnskey"
	| "missing_proof"
	| "no_anchor"
	| "stripped"
	| "limit_exceeded"
	| "unsupported_question"
	| ReasonCode;

export type SignatureFault =
	| "no_signature"
	| "wrong_signer"
	| "no_key"
	| "expired"
	| "not_yet_valid"
	| "bad_signature"
	| "bad_labels"
	| "malformed"
	| "limit_exceeded";

export interface DnssecResult {
	security: Security;
	/**
	 * Secure: the records that were checked, aliases included, and nothing else; an NXDOMAIN is put right to NOERROR where the proof
	 * shows that the name exists. Else: as the resolver gave it.
	 */
	answer: DnsAnswer;
	reason?: DnssecReason;
	/** The record set, name or question that the reason is about, such as "DS example.org". */
	detail?: string;
	/** The zone whose keys signed the answer, or in which the chain ended; "." for the root. */
	zone?: string;
}

/** What ends a chain before the answer is reached. */
export interface Stop {
	security: Exclude<Security, "secure">;
	reason: DnssecReason;
	detail: string;
	zone: string;
}

/** Work that hostile answers can cause is bounded here (KeyTrap, CVE-2023-50387 and CVE-2023-50868). */
export interface Limits {
	/** Signatures looked at per record set. */
	signaturesPerSet: number;
	/** Keys of one tag and algorithm tried per signature. */
	keysPerTag: number;
	/** Verifications per record set. */
	verificationsPerSet: number;
	/** Verifications per validator. */
	verifications: number;
	/** SHA-1 rounds over NSEC3 names per validator. */
	hashRounds: number;
	/** Questions per validator. */
	questions: number;
	/** DS records compared per delegation, keys read per zone, proofs read per answer. */
	records: number;
	/** Aliases followed. */
	aliases: number;
	/**
	 * NSEC3 iterations that are still computed. RFC 9276 3.2 lets a validator treat more than it wants to compute as insecure, or refuse
	 * it, once the signature of the NSEC3 record was checked; it names no number, and validators in use stop between 50 and 150. Here:
	 * up to 100 are computed, and more are insecure. Not bogus, because nothing was forged and most resolvers would still deliver to
	 * the zone; never secure, because the proof was not checked.
	 */
	nsec3Iterations: number;
}

export const defaultLimits: Limits = {
	signaturesPerSet: 16,
	keysPerTag: 4,
	verificationsPerSet: 16,
	verifications: 400,
	hashRounds: 40_000,
	questions: 300,
	records: 64,
	aliases: 12,
	nsec3Iterations: 100,
};

/** Thrown inside the validator alone, and caught by it. */
export class LimitExceeded extends Error {
	override readonly name = "LimitExceeded";
}
