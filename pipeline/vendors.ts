import { loadVendors } from "../checks/data/vendors/load-vendors.ts";

export function vendorNames(): string[] {
	return loadVendors().vendors.map((row) => row.vendor.toLowerCase());
}

/** A vendor in plain words, or undefined. The name may be short where it is unique: vendor:hubspot. */
export function explainVendor(name: string): string | undefined {
	const { vendors, asOf } = loadVendors();
	const wanted = name.toLowerCase();
	const found =
		vendors.find((row) => row.vendor.toLowerCase() === wanted) ??
		only(
			vendors.filter((row) =>
				row.vendor
					.toLowerCase()
					.split(/[^a-z0-9]+/)
					.includes(wanted),
			),
		);
	if (found === undefined) return undefined;
	const verdict = {
		yes: "signs a business associate agreement",
		plan: "signs one on some plans, products or contracts only",
		no: "signs none",
		unknown: "not known",
	}[found.baa];
	const signs = { yes: "signs", no: "signs none" };
	const editions = (found.editions ?? []).map(
		({ name: edition, also = [], baa, confidence, note }) =>
			`  ${[edition, ...also].join(", ")}: ${signs[baa]}${confidence === "confirm" ? " (confirm with the vendor)" : ""}${note === undefined ? "" : `; ${note}`}`,
	);
	const guide = found.guide;
	const list = (label: string, values: readonly string[]): string[] => (values.length === 0 ? [] : [`${label}${values.join(", ")}`]);
	const lines = [
		`${found.vendor} (${found.kind})`,
		"",
		`BAA:        ${verdict}${found.confidence === "confirm" ? "; confirm with the vendor, nothing passes or fails on this alone" : ""}`,
		`            ${found.baaNote}`,
		`Source:     ${found.source.baa}`,
		`As of:      ${found.asOf ?? "no evidence on file"} (vendor data of ${asOf})`,
		...list("MX:         ", found.mxSuffixes),
		...list("SPF:        ", found.spfIncludes),
		...list("DKIM CNAME: ", found.dkimCnameSuffixes),
		...list("TXT tokens: ", found.txtTokens),
		...list("Messages:   ", found.messageHosts ?? []),
		...(editions.length === 0 ? [] : ["", `Editions, as of ${found.asOf ?? "no date on file"} (${found.source.baa}):`, ...editions]),
		...(guide === undefined
			? []
			: [
					...["", "What its presence means:", `  ${guide.meaning}`],
					...["", "What to configure:", ...guide.configure.map((step) => `  - ${step}`)],
					...["", "What remains:", ...guide.remains.map((rest) => `  - ${rest}`)],
				]),
		"",
		"What its presence in DNS means: the vendor is set up for the domain. It never proves that PHI flows there. Only a signed agreement in the register",
		"that covers the service in use settles it (45 CFR 164.502(e), 164.504(e)).",
	];
	return `${lines.join("\n")}\n`;
}

function only<T>(rows: readonly T[]): T | undefined {
	return rows.length === 1 ? rows[0] : undefined;
}
