/** What reading one report file may cost. A report comes from a stranger: each limit is met with an error, never with a part of the report. */
export interface MailReportLimits {
	/** Octets that all unpacked parts of one file may have together. */
	unpackedBytes: number;
	/** Unpacked to packed octets, once an entry has passed `ratioFloorBytes`; deflate reaches 1032. */
	ratio: number;
	ratioFloorBytes: number;
	/** Entries of a zip file and parts of a mail. */
	parts: number;
	/** Containers within containers: a mail that holds a zip is 1. */
	depth: number;
	/** Octets of what must be held whole: JSON, and containers within containers. */
	heldBytes: number;
	/** Elements open at once; arrays and objects of JSON likewise. */
	xmlDepth: number;
	xmlElements: number;
	/** Characters of one tag with its attributes. */
	xmlTag: number;
	xmlAttributes: number;
	/** Characters of one value that is read. */
	text: number;
	/** Rows after those that say the same of one source were added up. */
	rows: number;
}

export const defaultLimits: MailReportLimits = {
	unpackedBytes: 64 * 1024 * 1024,
	ratio: 250,
	ratioFloorBytes: 1024 * 1024,
	parts: 100,
	depth: 4,
	heldBytes: 32 * 1024 * 1024,
	xmlDepth: 32,
	xmlElements: 4_000_000,
	xmlTag: 16 * 1024,
	xmlAttributes: 32,
	text: 1024,
	rows: 50_000,
};
