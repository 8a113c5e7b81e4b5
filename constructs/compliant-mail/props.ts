import type { ContactTopic } from "../contact-preferences/index.ts";
import type { BucketReference, KeyReference, LogGroupReference } from "../internal/existing.ts";

/** A domain that mail is sent from. */
export interface MailDomain {
	/** Domain that mail is sent from, in A-label form, such as "clinic.example". */
	readonly domain: string;
	/** Id of the domain's Route 53 public hosted zone, such as "Z0123456789ABCDEFGHIJ". */
	readonly hostedZoneId: string;

	/** Hosts that receive the domain's mail, by order of preference. @default - the domain receives none: no MTA-STS and no TLS reports */
	readonly mxHosts?: readonly string[];
	/** Whether MX records for mxHosts are published too. @default false */
	readonly publishMx?: boolean;
	/** "testing" reports what "enforce" would refuse: for the first weeks, while TLS reports are read. @default "enforce" */
	readonly mtaStsMode?: "enforce" | "testing";
	/** Whether the MTA-STS policy is served here: by CloudFront, or in AWS GovCloud (US) by an API. False where another host serves it. @default true */
	readonly mtaStsPolicyHost?: boolean;
	/** Mailboxes that receive DMARC aggregate and TLS reports. @default - postmaster at the domain */
	readonly reportAddresses?: readonly string[];
	/** SPF domains of other services that send as the domain. @default - none */
	readonly spfIncludes?: readonly string[];
	/** Other TXT values at the domain itself, such as verification texts. @default - none */
	readonly domainTexts?: readonly string[];
	/** CAs that may issue certificates for the domain, the web site included. @default - no CAA record */
	readonly certificateAuthorities?: readonly string[];

	/** Addresses that may stand in From. @default - every address of the domain */
	readonly fromAddresses?: readonly string[];
	/** What sends: "lambda" functions, "ecs-tasks" or "ec2" instances. @default "lambda" */
	readonly sender?: "lambda" | "ecs-tasks" | "ec2";
	/**
	 * Whether the zone is signed (DNSSEC) and its queries are logged. Then publish the DS record, an output of the stack, at the registrar.
	 * @default false
	 */
	readonly zoneProtection?: boolean;
}

export interface CompliantMailProps extends MailDomain {
	/** Further domains that send with the same key, event trail, access log and alarms, such as those of clients. @default - none */
	readonly moreDomains?: readonly MailDomain[];
	/** Messages that the account may send in 24 hours: an alarm at four fifths. @default - no such alarm */
	readonly dailySendQuota?: number;
	/** Kinds of mail that recipients choose. @default - no contact list */
	readonly contactTopics?: readonly ContactTopic[];
	/** Whether one-click unsubscription is answered at unsubscribe.<domain>: see UnsubscribeEndpoint. @default false */
	readonly unsubscribe?: boolean;
	/** Whether there is a store of patients' authorizations, which the sender's role reads: see AuthorizationStore. @default false */
	readonly authorizations?: boolean;
	/** Addresses and domains whose mail SES takes in. @default - SES receives nothing */
	readonly inboundRecipients?: readonly string[];

	/** Mailboxes that get the alarms. @default - none: synthesis warns */
	readonly alarmEmailAddresses?: readonly string[];
	/** ARNs of the IAM users and roles that may take the emergency role. @default - no such role */
	readonly breakGlassArns?: readonly string[];
	/** Whether there is a role for mail administrators that asks for recent MFA. @default false */
	readonly adminRole?: boolean;
	/** Whether there is a write-once archive of mail; mail that SES takes in has one anyway. @default false */
	readonly archive?: boolean;
	/**
	 * Whether events and mail get a second copy each day; the tables of unsubscribe and authorizations get one anyway. False only where
	 * something else copies the buckets, such as an organization's backup policy: then declare them in copiedElsewhere of
	 * buckets.second_copy.
	 * @default true
	 */
	readonly backup?: boolean;
	/** Whether the settings of the account as a whole are made too: once in an account and Region. @default false */
	readonly accountBaseline?: boolean;
	/** With accountBaseline: whether GuardDuty watches. @default false */
	readonly guardDuty?: boolean;
	/** Text of mailward.yaml, by which mailward scans each day: see ScheduledScan. @default - no scheduled scan */
	readonly scanConfiguration?: string;

	/** Existing key for mail data: see MailEventTrail. @default - a new MailKey */
	readonly encryptionKey?: KeyReference;
	/** Log group of an existing trail of all Regions that records SES and the mail buckets: alarms are raised there. @default - a new AccessLogTrail */
	readonly trailLogGroup?: LogGroupReference;
	/** Existing bucket that receives S3's access logs; its policy must admit them. @default - a new one that keeps them for six years */
	readonly accessLogBucket?: BucketReference;
	/** Tags of every resource that takes tags. @default - none but the provider's */
	readonly tags?: Readonly<Record<string, string>>;
	/** Days that events, entries and mail can neither be changed nor deleted. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** For trials that are torn down again: locks of a day that can be lifted. Never for mail of patients; synthesis warns. @default false */
	readonly sandbox?: boolean;
}
