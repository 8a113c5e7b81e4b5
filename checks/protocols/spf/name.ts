import { domainToASCII } from "node:url";

/**
 * Why a name cannot be asked (RFC 1035, RFC 7208 4.3 and 4.8); undefined when it can. Names built by macros may hold
 * any printable octet and spaces, so this is about labels and lengths, not about the letters of host names.
 */
export function nameProblem(name: string): string | undefined {
	const bare = name.endsWith(".") ? name.slice(0, -1) : name;
	if (bare === "") return "the name is empty";
	if (bare.length > 253) return "the name is longer than 253 characters";
	if (/[^\x20-\x7e]/.test(bare)) return "the name holds octets outside printable ASCII";
	for (const label of bare.split(".")) {
		if (label === "") return "the name has an empty label";
		if (label.length > 63) return "a label is longer than 63 characters";
	}
	return undefined;
}

/** RFC 7208 4.3: the <domain> of check_host() must be well formed, of several labels, and no address literal. */
export function domainProblem(domain: string): string | undefined {
	const problem = nameProblem(domain);
	if (problem !== undefined) return problem;
	if (domain.startsWith("[")) return "an address literal is no domain name";
	const bare = domain.endsWith(".") ? domain.slice(0, -1) : domain;
	return bare.includes(".") ? undefined : "the name has only one label";
}

/** Over 253 characters a name loses whole labels from the left (RFC 7208 7.3). A trailing dot is dropped first. */
export function truncateName(name: string): string {
	const bare = name.endsWith(".") ? name.slice(0, -1) : name;
	if (bare.length <= 253) return bare;
	const dot = bare.indexOf(".", bare.length - 254);
	return dot === -1 ? "" : bare.slice(dot + 1);
}

/** U-labels become A-labels (RFC 7208 4.3, RFC 8616). A name that cannot be converted stays as it is and is refused later. */
export function toAsciiDomain(domain: string): string {
	if (domain.length > 1024 || !/[^\0-\x7f]/.test(domain)) return domain;
	const ascii = domainToASCII(domain);
	return ascii === "" ? domain : ascii;
}
