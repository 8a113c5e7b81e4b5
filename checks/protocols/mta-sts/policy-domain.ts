import { referenceName } from "../certificate/index.ts";

/** "mta-sts." and "_mta-sts." still have to fit in front (RFC 1035 2.3.4). */
const maxDomainLength = 253 - "_mta-sts.".length;

/**
 * The domain whose policy counts for a next hop as mail servers write it: a name, with a final dot, in brackets, with a
 * port. Undefined for what never has a policy: address literals, names with a leading dot or an empty label.
 */
export function policyDomain(nextHop: string): string | undefined {
	const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(nextHop)?.[1];
	const name = bracketed ?? /^([^:]*)(?::\d{1,5})?$/.exec(nextHop)?.[1];
	const domain = name === undefined ? undefined : referenceName(name);
	return domain !== undefined && domain.length <= maxDomainLength ? domain : undefined;
}
