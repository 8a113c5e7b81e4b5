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
