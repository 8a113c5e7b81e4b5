/**
 * Headings of the rules that citations name: for 45 CFR 164.308 to 316 those of the catalogue of NIST SP 800-66 r2 (oscal-compass/oscal-content,
 * hipaa-2.0.0), for other rules the words of ecfr.gov (title 45 part 164, title 16 part 316); as of 2026-11-01. A paragraph whose heading is
 * not at hand word for word stands under that of the paragraph around it, or under none. The longest paragraph that a citation begins with counts.
 */
const headings: Readonly<Record<string, string>> = {
	"45 CFR 164.308(a)(1)": "Security management process",
	"45 CFR 164.308(a)(1)(ii)(A)": "Risk analysis",
	"45 CFR 164.308(a)(1)(ii)(B)": "Risk management",
	"45 CFR 164.308(a)(1)(ii)(C)": "Sanction policy",
	"45 CFR 164.308(a)(1)(ii)(D)": "Information system activity review",
	"45 CFR 164.308(a)(2)": "Assigned security responsibility",
	"45 CFR 164.308(a)(3)": "Workforce security",
	"45 CFR 164.308(a)(3)(ii)(A)": "Authorization and/or supervision",
	"45 CFR 164.308(a)(3)(ii)(B)": "Workforce clearance procedure",
	"45 CFR 164.308(a)(3)(ii)(C)": "Termination procedures",
	"45 CFR 164.308(a)(4)": "Information access management",
	"45 CFR 164.308(a)(4)(ii)(B)": "Access authorization",
	"45 CFR 164.308(a)(4)(ii)(C)": "Access establishment and modification",
	"45 CFR 164.308(a)(5)": "Security awareness and training",
	"45 CFR 164.308(a)(5)(ii)(A)": "Security reminders",
	"45 CFR 164.308(a)(5)(ii)(B)": "Protection from malicious software",
	"45 CFR 164.308(a)(5)(ii)(C)": "Log-in monitoring",
	"45 CFR 164.308(a)(5)(ii)(D)": "Password management",
	"45 CFR 164.308(a)(6)": "Security incident procedures",
	"45 CFR 164.308(a)(7)": "Contingency plan",
	"45 CFR 164.308(a)(7)(ii)(A)": "Data backup plan",
	"45 CFR 164.308(a)(7)(ii)(B)": "Disaster recovery plan",
	"45 CFR 164.308(a)(7)(ii)(C)": "Emergency mode operation plan",
	"45 CFR 164.308(a)(7)(ii)(E)": "Applications and data criticality analysis",
	"45 CFR 164.308(a)(8)": "Evaluation",
	"45 CFR 164.308(b)": "Business associate contracts and other arrangements",
	"45 CFR 164.310(a)": "Facility access controls",
	"45 CFR 164.310(a)(2)(i)": "Contingency operations",
	"45 CFR 164.310(a)(2)(ii)": "Facility security plan",
	"45 CFR 164.310(a)(2)(iii)": "Access control and validation procedures",
	"45 CFR 164.310(a)(2)(iv)": "Maintenance records",
	"45 CFR 164.310(b)": "Workstation use",
	"45 CFR 164.310(c)": "Workstation security",
	"45 CFR 164.310(d)": "Device and media controls",
	"45 CFR 164.310(d)(2)(i)": "Disposal",
	"45 CFR 164.310(d)(2)(iii)": "Accountability",
	"45 CFR 164.310(d)(2)(iv)": "Data backup and storage",
	"45 CFR 164.312(a)": "Access control",
	"45 CFR 164.312(a)(2)(ii)": "Emergency access procedure",
	"45 CFR 164.312(a)(2)(iii)": "Automatic logoff",
	"45 CFR 164.312(a)(2)(iv)": "Encryption and decryption",
	"45 CFR 164.312(b)": "Audit controls",
	"45 CFR 164.312(c)": "Integrity",
	"45 CFR 164.312(d)": "Person or entity authentication",
	"45 CFR 164.312(e)": "Transmission security",
	"45 CFR 164.312(e)(2)(i)": "Integrity controls",
	"45 CFR 164.312(e)(2)(ii)": "Encryption",
	"45 CFR 164.314(a)": "Business associate contracts or other arrangements",
	"45 CFR 164.316(a)": "Policies and procedures",
	"45 CFR 164.316(b)": "Documentation",
	"45 CFR 164.316(b)(2)(i)": "Time limit",
	"45 CFR 164.316(b)(2)(ii)": "Availability",
	"45 CFR 164.316(b)(2)(iii)": "Updates",
	"45 CFR 164.502(b)": "Minimum necessary",
	"45 CFR 164.504(e)": "Business associate contracts",
	"45 CFR 164.520": "Notice of privacy practices",
	"45 CFR 164.528": "Accounting of disclosures",
	"45 CFR 164.530(b)": "Training",
	"45 CFR 164.530(c)": "Safeguards",
	"45 CFR 164.530(e)": "Sanctions",
	"45 CFR 164.530(f)": "Mitigation",
	"45 CFR 164.530(i)": "Policies and procedures",
	"45 CFR 164.530(j)": "Documentation",
	"16 CFR 316.3": "Primary purpose",
};

const longestFirst = Object.keys(headings).sort((a, b) => b.length - a.length);

/** The rule's own heading for what a citation names: the key activity under which an assessor files it. Null where it has none here. */
export function headingOf(citation: string): string | null {
	const known = longestFirst.find((prefix) => citation === prefix || citation.startsWith(`${prefix}(`));
	return known === undefined ? null : (headings[known] ?? null);
}

/** Where the text of the rule is published: the eCFR at the paragraph, or the RFC Editor. Null for anything else. */
export function sourceOf(citation: string): string | null {
	const cfr = /^(\d{1,2}) CFR (\d{1,4}\.\d{1,4})((?:\([A-Za-z0-9]{1,5}\))*)$/.exec(citation);
	if (cfr !== null) {
		const [, title, section, paragraph = ""] = cfr;
		const place = paragraph === "" ? "" : `#p-${section}${paragraph}`;
		return `https://www.ecfr.gov/current/title-${title}/section-${section}${place}`;
	}
	const rfc = /^RFC (\d{3,5})(?:, section [\d.]+)?$/.exec(citation);
	return rfc === null ? null : `https://www.rfc-editor.org/rfc/rfc${rfc[1]}`;
}
