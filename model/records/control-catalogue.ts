/** How the Security Rule marks a specification today; none where the rule has no such mark (45 CFR 164.306(d)). */
export type Implementation = "required" | "addressable" | "none";

export interface ControlFacts {
	implementation: Implementation;
	/** A record or an attestation may settle it. */
	byPerson: boolean;
}

/**
 * The part of the control catalogue that records are validated against: id, mark, and whether a record or an attestation
 * is among the ways it is proven. A test compares it with the catalogue.
 */
const catalogue: Readonly<Record<string, readonly [Implementation, boolean]>> = {
	"PRV-01": ["none", true],
	"PRV-02": ["none", true],
	"PRV-03": ["none", true],
	"PRV-04": ["none", true],
	"PRV-05": ["none", true],
	"PRV-06": ["none", true],
	"PRV-07": ["none", true],
	"PRV-08": ["none", true],
	"PRV-09": ["none", true],
	"PRV-10": ["none", true],
	"PRV-11": ["none", true],
	"PRV-12": ["none", true],
	"PRV-13": ["none", true],
	"PRV-14": ["none", true],
	"PRV-15": ["none", true],
	"PRV-16": ["none", true],
	"PRV-17": ["none", true],
	"PRV-18": ["none", true],
	"BAA-01": ["required", true],
	"BAA-02": ["none", true],
	"BAA-03": ["required", true],
	"BAA-04": ["required", true],
	"BAA-05": ["none", true],
	"BAA-06": ["none", true],
	"BAA-07": ["required", true],
	"ADM-01": ["required", true],
	"ADM-02": ["required", true],
	"ADM-03": ["required", true],
	"ADM-04": ["required", true],
	"ADM-05": ["required", true],
	"ADM-06": ["addressable", true],
	"ADM-07": ["addressable", true],
	"ADM-08": ["required", true],
	"ADM-09": ["addressable", false],
	"ADM-10": ["required", true],
	"ADM-11": ["required", true],
	"ADM-12": ["addressable", true],
	"ADM-13": ["required", true],
	"ADM-14": ["required", true],
	"ADM-15": ["required", true],
	"PHY-01": ["addressable", true],
	"PHY-02": ["required", true],
	"PHY-03": ["required", true],
	"PHY-04": ["required", true],
	"PHY-05": ["addressable", true],
	"TEC-01": ["required", false],
	"TEC-02": ["required", true],
	"TEC-03": ["addressable", true],
	"TEC-04": ["addressable", false],
	"TEC-05": ["required", false],
	"TEC-06": ["required", false],
	"TEC-07": ["addressable", false],
	"TEC-08": ["required", false],
	"TEC-09": ["addressable", false],
	"TEC-10": ["addressable", false],
	"TEC-11": ["addressable", false],
	"TEC-12": ["addressable", false],
	"TEC-13": ["none", false],
	"TEC-14": ["required", false],
	"TEC-15": ["required", false],
	"TEC-16": ["none", true],
	"TEC-17": ["none", true],
	"TEC-18": ["none", false],
	"CNT-01": ["none", false],
	"CNT-02": ["none", false],
	"CNT-03": ["none", false],
	"CSP-01": ["none", false],
	"CSP-02": ["none", true],
	"CSP-03": ["none", false],
	"CSP-04": ["none", true],
	"CSP-05": ["none", false],
	"CSP-06": ["none", true],
	"CSP-07": ["none", true],
	"OUC-01": ["none", false],
	"BRN-01": ["none", true],
	"BRN-02": ["none", true],
	"BRN-03": ["none", true],
	"BRN-04": ["none", true],
	"BRN-05": ["none", true],
	"BRN-06": ["none", true],
	"BRN-07": ["none", true],
	"NPR-01": ["required", true],
	"NPR-02": ["required", true],
	"NPR-03": ["required", true],
	"NPR-04": ["required", true],
	"NPR-05": ["required", true],
	"NPR-06": ["required", true],
	"NPR-07": ["required", true],
	"NPR-08": ["required", true],
	"NPR-09": ["required", true],
	"NPR-10": ["required", true],
	"NPR-11": ["required", true],
	"NPR-12": ["required", true],
	"NPR-13": ["required", true],
	"NPR-14": ["required", false],
	"NPR-15": ["required", false],
	"NPR-16": ["required", true],
	"NPR-17": ["required", true],
	"NPR-18": ["required", true],
};

export const controlIds: readonly string[] = Object.keys(catalogue);

export function isKnownControl(id: string): boolean {
	return Object.hasOwn(catalogue, id);
}

export function controlFacts(id: string): ControlFacts | undefined {
	const row = isKnownControl(id) ? catalogue[id] : undefined;
	return row === undefined ? undefined : { implementation: row[0], byPerson: row[1] };
}
