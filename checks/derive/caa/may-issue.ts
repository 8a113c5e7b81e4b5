/**
 * Whether an authority with these identifiers may have issued for all of these names under a CAA set (RFC 8659 4.2, 4.3): wildcard names
 * ask issuewild where there is one, and issue otherwise; other names ask issue alone. A property that is not there forbids nothing.
 */
export function mayIssue(set: { issue: readonly string[]; issuewild: readonly string[] }, identifiers: readonly string[], names: readonly string[]): boolean {
	return names.every((name) => {
		const property = name.startsWith("*.") && set.issuewild.length > 0 ? set.issuewild : set.issue;
		return property.length === 0 || property.some((issuer) => identifiers.includes(issuer));
	});
}

/**
 * The names of a certificate that the CAA set found at a name speaks of: one certificate may name other domains beside it. One that names
 * nothing there, as a common name alone or a wrong name does, was shown for the name itself.
 */
export function governedNames(certified: readonly string[], name: string, foundAt: string | null): string[] {
	const governed = certified.filter((one) => foundAt !== null && `.${one.replace(/^\*\./, "")}`.endsWith(`.${foundAt}`));
	return governed.length === 0 ? [name] : governed;
}
