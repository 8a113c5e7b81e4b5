import { type DnsAnswer, normalizeName, type RecordType, recordsOf } from "../resolver.ts";
import type { DnssecReason, Security } from "./outcome.ts";
import type { DnssecValidator } from "./validate-dnssec.ts";

/** Security of one question, or of the zone a name lies in. */
export interface Outcome {
	name: string;
	type: RecordType;
	security: Security;
	/** Null when secure. */
	reason: DnssecReason | null;
	/** What the reason is about. */
	detail: string | null;
	/** As validated; undefined where the zone is not secure, because then nothing was asked. */
	answer: DnsAnswer | undefined;
}

export interface ZoneSecurity {
	security: Security;
	reason: DnssecReason | null;
	detail: string | null;
	/** The signed zone, or that in which the chain ended. */
	zone: string;
}

export interface HostSecurity extends ZoneSecurity {
	name: string;
	/** A and AAAA. */
	addresses: Outcome[];
	/** In the order in which a client uses them (RFC 7672 2.2.2): at the end of the host's aliases first. */
	tlsa: Outcome[];
}

export interface MailSecurity extends ZoneSecurity {
	/** MX, the TXT names that mail uses, and of a secure zone the proof that its apex is no alias. */
	names: Outcome[];
	hosts: HostSecurity[];
	/** False when there are more hosts than are looked at. */
	whole: boolean;
}

export interface MailSecurityOptions {
	domain: string;
	validator: DnssecValidator;
	/** MX of the domain from any view: names the hosts where the signed answer does not. */
	mx: DnsAnswer;
	/** DKIM selectors that the user declared. */
	selectors: readonly string[];
	smtpPort: number;
}

const maxHosts = 32;

/**
 * Asks and validates what mail for a domain rests on. A zone that is not secure costs the questions for its delegation and no
 * more: what lies in it cannot be secure. Through a recording resolver it collects; through stored answers it judges again.
 */
export async function mailSecurity(o: MailSecurityOptions): Promise<MailSecurity> {
	const { validator } = o;
	const domain = normalizeName(o.domain);
	const zone = zoneOf(await validator.locate(domain));
	const questions: [string, RecordType][] = [
		[domain, "MX"],
		[domain, "TXT"],
		[`_dmarc.${domain}`, "TXT"],
		[`_mta-sts.${domain}`, "TXT"],
		[`_smtp._tls.${domain}`, "TXT"],
		...o.selectors.map((selector): [string, RecordType] => [`${selector}._domainkey.${domain}`, "TXT"]),
	];
	const names = await Promise.all(questions.map(([name, type]) => outcome(validator, zone, name, type)));
	// No alias stands at the apex of a zone: the proof of that shows how the zone proves absence.
	if (zone.security === "secure") names.push(await outcome(validator, zone, zone.zone, "CNAME"));
	const signedMx = names[0]?.security === "secure" ? names[0].answer : undefined;
	const hosts = hostsOf(domain, signedMx ?? o.mx);
	const looked = await Promise.all(hosts.slice(0, maxHosts).map((host) => hostSecurity(o, host)));
	return { ...zone, names, hosts: looked, whole: hosts.length <= maxHosts };
}

/** Names that mail goes to; none for a null MX (RFC 7505) or when MX could not be asked. Without MX the domain itself (RFC 5321 5.1). */
export function hostsOf(domain: string, mx: DnsAnswer): string[] {
	if (mx.status === "error" || mx.cnameLoop === true) return [];
	const records = recordsOf(mx, "MX").map((record) => record.data as { preference: number; exchange: string });
	if (records.length === 0) return [domain];
	records.sort((a, b) => a.preference - b.preference);
	return [...new Set(records.map((record) => normalizeName(record.exchange)))].filter((host) => host !== "." && host !== "");
}

export function tlsaNames(host: string, smtpPort: number): string[] {
	return [...new Set([smtpPort, 25])].map((port) => `_${port}._tcp.${host}`);
}

async function hostSecurity({ validator, smtpPort }: MailSecurityOptions, host: string): Promise<HostSecurity> {
	const zone = zoneOf(await validator.locate(host));
	const addresses = await Promise.all((["A", "AAAA"] as const).map((type) => outcome(validator, zone, host, type)));
	const alias = addresses.flatMap((one) => (one.security === "secure" && one.answer !== undefined ? recordsOf(one.answer, "CNAME") : [])).at(-1)?.data;
	const bases = typeof alias === "string" ? [normalizeName(alias), host] : [host];
	const tlsa = await Promise.all(bases.flatMap((base) => tlsaNames(base, smtpPort)).map((name) => outcome(validator, zone, name, "TLSA")));
	return { name: host, ...zone, addresses, tlsa };
}

function zoneOf(located: Awaited<ReturnType<DnssecValidator["locate"]>>): ZoneSecurity {
	return { security: located.security, reason: located.reason ?? null, detail: located.detail ?? null, zone: located.zone };
}

async function outcome(validator: DnssecValidator, zone: ZoneSecurity, name: string, type: RecordType): Promise<Outcome> {
	if (zone.security !== "secure") return { name, type, security: zone.security, reason: zone.reason, detail: zone.detail, answer: undefined };
	const { security, reason, detail, answer } = await validator.validate(name, type);
	return { name, type, security, reason: reason ?? null, detail: detail ?? null, answer };
}
