import type { ErrorCode } from "../../../model/reasons.ts";
import { type Resolver, txtStrings } from "../resolver.ts";
import { toQueryName } from "./domain-name.ts";
import { organizationalDomain } from "./organizational-domain.ts";
import { type DmarcRecord, isDmarcText, parseDmarc } from "./parse-dmarc.ts";
import type { ReportUri } from "./report-uri.ts";
import { failureOf } from "./tree-walk.ts";

export interface ReportAuthorization {
	/** not_authorized: the receiver positively does not agree. error: its name could not be looked at. */
	status: "authorized" | "not_authorized" | "error";
	/** The name asked: <owner>._report._dmarc.<destination>. */
	name: string;
	code?: ErrorCode;
	/** With not_authorized. */
	reason?: "no_record" | "override_other_host" | "name_too_long";
	/** The TXT texts that begin with v=DMARC1. */
	records: string[];
	/** Addresses of the receiver's own choice that replace the published one; only with status "authorized". */
	override: ReportUri[];
}

export interface AuthorizesExternalReportsOptions {
	/** The name at which the DMARC record stands. */
	domain: string;
	/** The host of the report URI. */
	destination: string;
	resolver: Resolver;
	/** Which addresses an override is looked for in; default rua. */
	tag?: "rua" | "ruf";
	signal?: AbortSignal;
}

/**
 * Asks whether `destination` agreed to receive reports about `domain`, RFC 9990 section 4 (RFC 9991 for ruf). A wildcard
 * *._report._dmarc.<destination> answers by itself. Whether the destination is external at all is the caller's question.
 */
export async function authorizesExternalReports(options: AuthorizesExternalReportsOptions): Promise<ReportAuthorization> {
	const owner = toQueryName(options.domain);
	const destination = toQueryName(options.destination);
	const name = `${owner ?? options.domain}._report._dmarc.${destination ?? options.destination}`;
	if (owner === undefined || destination === undefined) return { status: "error", code: "malformed", name, records: [], override: [] };
	// Section 4 step 4: a name over the limits of DNS leaves the arrangement unconfirmed.
	if (toQueryName(name) === undefined) return { status: "not_authorized", reason: "name_too_long", name, records: [], override: [] };
	const answer = await options.resolver.resolve(name, "TXT", options.signal);
	const code = failureOf(answer);
	if (code !== undefined) return { status: "error", code, name, records: [], override: [] };
	const records = txtStrings(answer).filter(isDmarcText);
	if (records.length === 0) return { status: "not_authorized", reason: "no_record", name, records, override: [] };
	// p is not needed here; malformed override URIs are ignored, one that leads to another host undoes the agreement.
	const override = records.flatMap((text) => parseDmarc(text)[options.tag ?? "rua"]).filter((uri) => uri.valid);
	if (override.some((uri) => uri.host !== destination)) return { status: "not_authorized", reason: "override_other_host", name, records, override: [] };
	return { status: "authorized", name, records, override };
}

export interface ReportDestination {
	tag: "rua" | "ruf";
	uri: ReportUri;
	/** internal: the same organizational domain, no agreement needed. unsupported: not valid, or without a host. */
	status: "internal" | "authorized" | "not_authorized" | "error" | "unsupported";
	code?: ErrorCode;
	/** Present when the destination is external. */
	authorization?: ReportAuthorization;
}

/** Receivers send to two addresses at most; a record with hundreds must not make us ask thousands of questions. */
const maxHosts = 20;

/** Every rua and ruf address of a record judged: inside the organization, agreed to, or not. */
export async function checkReportDestinations(options: {
	policyDomain: string;
	record: DmarcRecord;
	resolver: Resolver;
	signal?: AbortSignal;
}): Promise<ReportDestination[]> {
	const { record, resolver, signal } = options;
	const walkOptions = (domain: string) => (signal === undefined ? { domain, resolver } : { domain, resolver, signal });
	const owner = toQueryName(options.policyDomain) ?? options.policyDomain;
	const hosts = new Map<string, { domain: string; code?: ErrorCode }>();
	const results: ReportDestination[] = [];
	const authorizations = new Map<string, ReportAuthorization>();
	let own: { domain: string; code?: ErrorCode } | undefined;
	for (const tag of ["rua", "ruf"] as const) {
		for (const uri of record[tag]) {
			if (!uri.valid || uri.host === undefined) {
				results.push({ tag, uri, status: "unsupported" });
				continue;
			}
			if (uri.host === owner) {
				results.push({ tag, uri, status: "internal" });
				continue;
			}
			let theirs = hosts.get(uri.host);
			if (theirs === undefined) {
				if (hosts.size >= maxHosts) {
					results.push({ tag, uri, status: "error", code: "too_large" });
					continue;
				}
				theirs = await organizationalDomain(walkOptions(uri.host));
				hosts.set(uri.host, theirs);
			}
			own ??= await organizationalDomain(walkOptions(owner));
			const code = own.code ?? theirs.code;
			if (code !== undefined) {
				results.push({ tag, uri, status: "error", code });
				continue;
			}
			if (own.domain === theirs.domain) {
				results.push({ tag, uri, status: "internal" });
				continue;
			}
			const key = `${tag} ${uri.host}`;
			const authorization = authorizations.get(key) ?? (await authorizesExternalReports({ ...walkOptions(owner), destination: uri.host, tag }));
			authorizations.set(key, authorization);
			const result: ReportDestination = { tag, uri, status: authorization.status, authorization };
			if (authorization.code !== undefined) result.code = authorization.code;
			results.push(result);
		}
	}
	return results;
}
