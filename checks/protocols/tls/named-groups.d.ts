/** finite field, elliptic curve, or a hybrid with a post-quantum part. */
export type GroupKind = "ff" | "ec" | "hybrid";
export interface NamedGroup {
	code: number;
	/** Name of the IANA TLS Supported Groups registry. */
	name: string;
	kind: GroupKind;
	/** Size of the field or prime; of the classical part of a hybrid. */
	bits: number;
}
export declare const namedGroups: readonly NamedGroup[];
export declare function groupByCode(code: number): NamedGroup | undefined;
/** By registry name or OpenSSL's, in any letter case. */
export declare function groupByName(name: string): NamedGroup | undefined;
/** The registry name, or the code in hexadecimal where it is none of the table's. */
export declare function groupName(code: number): string;
