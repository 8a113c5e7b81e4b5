import { Token } from "cdktf";

/**
 * A TXT value as the provider takes it: quotes are added by the provider, strings beyond 255 octets are cut here (RFC 7208
 * section 3.3; receivers join them without a space). A text that only Terraform knows is left whole.
 */
export function txtValue(text: string): string {
	const quoted = (part: string) => part.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
	if (Token.isUnresolved(text)) return text;
	const parts: string[] = [];
	for (let start = 0; start < text.length; start += 255) parts.push(quoted(text.slice(start, start + 255)));
	return parts.join('""');
}

/** SPF that lets the named domains' senders through and refuses all others. */
export function spfText(includes: readonly string[]): string {
	return ["v=spf1", ...includes.map((domain) => `include:${domain}`), "-all"].join(" ");
}

/** RFC 9989 section 4.7. Failure reports (ruf) are not asked for: they may carry message content. */
export function dmarcText(policy: string, reportAddresses: readonly string[]): string {
	return `v=DMARC1; p=${policy}; rua=${mailto(reportAddresses)}`;
}

/** RFC 8460 section 3. */
export function tlsRptText(reportAddresses: readonly string[]): string {
	return `v=TLSRPTv1; rua=${mailto(reportAddresses)}`;
}

function mailto(addresses: readonly string[]): string {
	return addresses.map((address) => `mailto:${address}`).join(",");
}
