import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import type { Sesv2EmailIdentityMailFromAttributes } from "@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes/index.js";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { addressRule, domainRule, isDomain, isReportAddress, isZoneId, zoneIdRule } from "../internal/domain-name.ts";
import { type MtaStsPolicyProps, mtaStsPolicyId, mtaStsPolicyText } from "../internal/mta-sts-policy.ts";
import { checkProp, checkPropList, isWholeNumber, propError } from "../internal/prop-checks.ts";
import { dmarcText, spfText, tlsRptText, txtValue } from "./records.ts";

export interface MailDomainDnsProps extends MtaStsPolicyProps {
	/** Domain that mail is sent from, in A-label form, such as "clinic.example". */
	readonly domain: string;
	/** Id of the domain's Route 53 public hosted zone, such as "Z0123456789ABCDEFGHIJ". */
	readonly hostedZoneId: string;
	/** Identity whose DKIM keys are published: that of a SendingIdentity. */
	readonly identity: Sesv2EmailIdentity;
	/** MAIL FROM domain whose MX and SPF records are published: that of a SendingIdentity. */
	readonly mailFrom: Sesv2EmailIdentityMailFromAttributes;
	/** Zone of SES's DKIM keys: some Regions have their own, such as "dkim.af-south-1.amazonses.com". @default "dkim.amazonses.com" */
	readonly dkimSigningZone?: string;
	/** What receivers do with mail that fails DMARC: "reject" or "quarantine". @default "reject" */
	readonly dmarcPolicy?: "reject" | "quarantine";
	/**
	 * Mailboxes that receive DMARC aggregate and TLS reports. One at another domain needs that domain's consent in DNS
	 * (RFC 9990 section 4).
	 * @default - postmaster at the domain, the mailbox that RFC 5321 section 4.5.1 asks of every domain
	 */
	readonly reportAddresses?: readonly string[];
	/**
	 * SPF domains of other services that send as the domain, such as "_spf.mailbox-provider.example".
	 * @default - none: SES sends under its MAIL FROM domain and needs no entry at the domain itself
	 */
	readonly spfIncludes?: readonly string[];
	/** Other TXT values at the domain itself, such as verification texts: its TXT records are one set in Route 53. @default - none */
	readonly domainTexts?: readonly string[];
	/** Whether MX records for mxHosts are published too, in their order. @default false */
	readonly publishMx?: boolean;
	/**
	 * CAs that may issue certificates for the domain and all below it, the web site included, such as "amazon.com". "" for none.
	 * @default - no CAA record: it would bind the web site without asking
	 */
	readonly certificateAuthorities?: readonly string[];
	/** Seconds that resolvers keep the records, 60 to 86400. @default 3600 */
	readonly ttlSeconds?: number;
}

/**
 * Route 53 records of a mail domain: DKIM, SPF, DMARC and the MAIL FROM domain; for a domain that receives mail, given by
 * mxHosts, MTA-STS and TLS reporting too. The policy that MTA-STS announces is served by an MtaStsPolicyHost with the same
 * props. Signing the zone (DNSSEC) is for whoever owns it, and so is the record by which other domains agree to get reports.
 *
 * Satisfies: sending.dkim_signs, sending.identity_records
 *
 * Meets: SES-01, SES-02, SES-03
 */
export class MailDomainDns extends Construct {
	readonly dkim: readonly Route53Record[];
	readonly domainText: Route53Record;
	readonly dmarc: Route53Record;
	readonly mailFromMx: Route53Record;
	readonly mailFromSpf: Route53Record;
	readonly mx: Route53Record | undefined;
	readonly mtaSts: Route53Record | undefined;
	readonly tlsReports: Route53Record | undefined;
	readonly certificateAuthorities: Route53Record | undefined;

	constructor(scope: Construct, id: string, props: MailDomainDnsProps) {
		super(scope, id);
		checkProps(this, props);
		const policyText = mtaStsPolicyText(this, props);
		const { domain, dmarcPolicy = "reject", reportAddresses = [`postmaster@${domain}`], spfIncludes = [], domainTexts = [] } = props;
		const record = (recordId: string, name: string, type: string, records: string[]) =>
			new Route53Record(this, recordId, { zoneId: props.hostedZoneId, name, type, ttl: props.ttlSeconds ?? 3600, records });

		// Easy DKIM signs with one of three keys; SES publishes them and rotates them behind these names.
		this.dkim = [0, 1, 2].map((index) => {
			const token = Fn.element(props.identity.dkimSigningAttributes.tokens, index);
			return record(`dkim-${index + 1}`, `${token}._domainkey.${domain}`, "CNAME", [`${token}.${props.dkimSigningZone ?? "dkim.amazonses.com"}`]);
		});
		this.domainText = record("domain-text", domain, "TXT", [spfText(spfIncludes), ...domainTexts].map(txtValue));
		this.dmarc = record("dmarc", `_dmarc.${domain}`, "TXT", [txtValue(dmarcText(dmarcPolicy, reportAddresses))]);
		const mailFromDomain = props.mailFrom.mailFromDomain;
		this.mailFromMx = record("mail-from-mx", mailFromDomain, "MX", [`10 feedback-smtp.${accountOf(this).region}.amazonses.com`]);
		this.mailFromSpf = record("mail-from-spf", mailFromDomain, "TXT", [spfText(["amazonses.com"])]);

		if (policyText !== undefined) {
			this.mtaSts = record("mta-sts", `_mta-sts.${domain}`, "TXT", [`v=STSv1; id=${mtaStsPolicyId(this, policyText)};`]);
			this.tlsReports = record("tls-reports", `_smtp._tls.${domain}`, "TXT", [txtValue(tlsRptText(reportAddresses))]);
		}
		if (props.publishMx === true) this.mx = record("mx", domain, "MX", mxRecords(this, props.mxHosts));
		if (props.certificateAuthorities !== undefined) {
			this.certificateAuthorities = record("certificate-authorities", domain, "CAA", caaRecords(props.certificateAuthorities));
		}
	}
}

function mxRecords(scope: Construct, mxHosts: readonly string[] | undefined): string[] {
	const rule = { wanted: "host names without a wildcard where publishMx is true", remedy: "name each host that receives mail" };
	if (mxHosts === undefined) throw propError(scope, "mxHosts", mxHosts, rule);
	checkPropList(scope, "mxHosts", mxHosts, (host) => !host.startsWith("*."), rule);
	return mxHosts.map((host, index) => `${(index + 1) * 10} ${host}`);
}

/** RFC 8659 section 4.2; wildcard certificates are for nobody (section 4.3). */
function caaRecords(authorities: readonly string[]): string[] {
	const issue = authorities.map((authority) => `0 issue "${authority === "" ? ";" : authority}"`);
	return [...issue, '0 issuewild ";"'];
}

function isDomainText(text: string): boolean {
	return /^[\x20-\x7e]{1,2000}$/.test(text) && !/^\s*v=(spf1|dmarc1)\b|^spf2\.0|[$%]\{/i.test(text);
}

function checkProps(scope: Construct, props: MailDomainDnsProps): void {
	checkProp(scope, "domain", props.domain, isDomain, domainRule);
	checkProp(scope, "hostedZoneId", props.hostedZoneId, isZoneId, zoneIdRule);
	checkProp(scope, "dkimSigningZone", props.dkimSigningZone, (zone) => isDomain(zone) && zone.endsWith(".amazonses.com"), {
		wanted: 'a domain below "amazonses.com"',
		remedy: "leave it out, or take the Region's DKIM domain from the SES endpoints of the AWS General Reference",
	});
	checkProp(scope, "dmarcPolicy", props.dmarcPolicy, (policy) => policy === "reject" || policy === "quarantine", {
		wanted: '"reject" or "quarantine"',
		remedy: 'leave it out to reject: under "none" anyone may write as the domain',
	});
	checkPropList(scope, "reportAddresses", props.reportAddresses, isReportAddress, addressRule);
	// An SPF domain may begin with an underscore, as _spf does.
	checkPropList(scope, "spfIncludes", props.spfIncludes, (name) => isDomain(name.replaceAll(/(^|\.)_/g, "$1")), {
		wanted: "a domain that publishes SPF",
		remedy: 'give its name alone, such as "_spf.mailbox-provider.example"',
	});
	checkPropList(scope, "domainTexts", props.domainTexts, isDomainText, {
		wanted: "1 to 2000 printable ASCII characters that are no SPF or DMARC record and no Terraform template",
		remedy: "a second SPF record voids both (RFC 7208 section 4.5): use spfIncludes",
	});
	checkPropList(scope, "certificateAuthorities", props.certificateAuthorities, (name) => name === "" || isDomain(name), {
		wanted: 'the issuer domain of a CA, or ""',
		remedy: 'write it such as "amazon.com" or "letsencrypt.org"',
	});
	checkProp(scope, "ttlSeconds", props.ttlSeconds, (seconds) => isWholeNumber(seconds, 60, 86_400), {
		wanted: "a whole number of seconds from 60 to 86400",
		remedy: "leave it out for an hour",
	});
}
