/** The part of the vendor data that matching reads; checks/data/vendors holds the file and checks it. */
export interface VendorRow {
	vendor: string;
	kind: string;
	spfIncludes: readonly string[];
	mxSuffixes: readonly string[];
	dkimCnameSuffixes: readonly string[];
	txtTokens: readonly string[];
	addressDomains?: readonly string[] | undefined;
	spfNeverAligns?: boolean | undefined;
	/** Suffixes of hosts in header fields, links and images of its messages. */
	messageHosts?: readonly string[] | undefined;
	editions?: readonly VendorEdition[] | undefined;
	baa: "yes" | "plan" | "no" | "unknown";
	baaNote: string;
	source: { dns: string; baa: string };
	/** Month of the evidence for the verdict, YYYY-MM; null if none is on file. */
	asOf: string | null;
	confidence: "confirmed" | "confirm";
}

export interface VendorTable {
	asOf: string;
	/** For a name on several rows: the row that is seen; the others ride on it. */
	carriers: readonly { name: string; vendor: string }[];
	vendors: readonly VendorRow[];
}

/** A plan of a vendor, and whether the vendor signs for it. */
export interface VendorEdition {
	name: string;
	/** What else it goes by. */
	also?: readonly string[] | undefined;
	baa: "yes" | "no";
	confidence: "confirmed" | "confirm";
	note?: string | undefined;
}
