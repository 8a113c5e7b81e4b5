import { type FetchContext, fetchOverHttps, type HttpsFetch, nothingFetched } from "../https/index.ts";
import { txtStrings } from "../resolver.ts";
import { maxPolicyBytes } from "./parse-policy.ts";
import { parseMtaStsRecord } from "./parse-record.ts";
import { policyDomain } from "./policy-domain.ts";

/** Everything that was seen on the way to a policy, unjudged and in JSON's own types. judgeMtaStsFetch says what it means. */
export interface MtaStsFetch extends Omit<HttpsFetch, "outcome"> {
	/** mta-sts.<domain>. */
	host: string;
	/** no_record: no single valid record at _mta-sts, so no policy is fetched. The others as for any fetch. */
	outcome: "no_record" | HttpsFetch["outcome"];
	recordId: string | null;
	recordError: string | null;
}

export const policyPath = "/.well-known/mta-sts.txt";

/** Looks the record and the host up and asks for the policy (RFC 8461 3.3). Never rejects for what the outside world does. */
export async function fetchMtaStsRaw(domain: string, context: FetchContext): Promise<MtaStsFetch> {
	const name = policyDomain(domain);
	if (name === undefined) return { ...nothing(`mta-sts.${domain}`), recordError: "not a domain name" };
	const fetch = nothing(`mta-sts.${name}`);
	const recordName = `_mta-sts.${name}`;
	const answer = await context.resolver.resolve(recordName, "TXT", context.signal);
	if (answer.status === "error") {
		const error = { code: answer.code ?? ("servfail" as const), detail: `TXT ${recordName}`, message: "the record could not be looked up" };
		return { ...fetch, outcome: "failed", error };
	}
	if (answer.cnameLoop === true) return { ...fetch, outcome: "cname_loop", recordError: `${recordName} is an alias that leads back to itself` };
	const record = parseMtaStsRecord(txtStrings(answer));
	if (!record.valid) return { ...fetch, recordError: record.error ?? "invalid" };
	const asked = { host: fetch.host, path: policyPath, accept: "text/plain", maxBytes: maxPolicyBytes };
	return { ...fetch, ...(await fetchOverHttps(asked, context)), recordId: record.id ?? null };
}

function nothing(host: string): MtaStsFetch {
	return { ...nothingFetched(), host, outcome: "no_record", recordId: null, recordError: null };
}
