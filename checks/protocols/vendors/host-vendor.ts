import { asName, suffixLabels } from "./names.ts";
import type { VendorTable } from "./vendor-data.ts";

/** The vendor whose names a host lies under, the longest suffix first: names of mail, and hosts of its messages. */
export function vendorOfHost(host: string, table: VendorTable): string | undefined {
	const name = asName(host);
	if (name === undefined) return undefined;
	let best: { vendor: string; labels: number } | undefined;
	for (const row of table.vendors) {
		for (const suffix of [...row.spfIncludes, ...row.mxSuffixes, ...row.dkimCnameSuffixes, ...(row.messageHosts ?? [])]) {
			const labels = suffixLabels(name, suffix);
			if (labels > (best?.labels ?? 0)) best = { vendor: row.vendor, labels };
		}
	}
	return best?.vendor;
}
