import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Construct } from "constructs";
import { watchTrail } from "../access-log-trail/events.ts";
import { AccessLogTrail } from "../access-log-trail/index.ts";
import { AccountBaseline } from "../account-baseline/index.ts";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { BreakGlassRole } from "../break-glass-role/index.ts";
import { ContactPreferences } from "../contact-preferences/index.ts";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { InboundMail } from "../inbound-mail/index.ts";
import { AccessLogBucket } from "../internal/access-log-bucket.ts";
import { propError } from "../internal/prop-checks.ts";
import { MailAdminRole } from "../mail-admin-role/index.ts";
import { MailArchive } from "../mail-archive/index.ts";
import { MailBackup } from "../mail-backup/index.ts";
import { MailDomainDns } from "../mail-domain-dns/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { MailKey } from "../mail-key/index.ts";
import { MtaStsPolicyHost } from "../mta-sts-policy-host/index.ts";
import { ReputationAlarms } from "../reputation-alarms/index.ts";
import { SenderRole } from "../sender-role/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { defined } from "./defined.ts";
import type { CompliantMailProps } from "./props.ts";

export type { CompliantMailProps } from "./props.ts";

/**
 * A whole mail system for one domain: identity, delivery over TLS only, DNS records, a role that sends, events and access
 * logs locked for six years, and alarms; with opt-ins for what not every clinic needs. Each part is a construct of its own.
 * An alarm on the sending quota needs dailySendQuota, and one that somebody hears alarmEmailAddresses.
 *
 * Satisfies: sending.tls_required, sending.tracking_disabled, sending.suppression_enabled, sending.events_published,
 * sending.default_configuration_set, sending.dkim_key_length, sending.mail_from_rejects, sending.feedback_forwarding_off,
 * logs.retention, logs.encrypted, topics.encrypted, keys.rotation_enabled, keys.deletion_window
 *
 * Meets: SES-01, SES-02, SES-03, SES-08, SES-13, KMS-06, KMS-07, LOG-03, LOG-05, LOG-07, LOG-09, S3-01, S3-02,
 * S3-03, S3-04, S3-05, S3-06, S3-08, CT-01, CT-02, CT-03, CT-04, CT-05, SNS-02, SNS-04, FH-01
 */
export class CompliantMail extends Construct {
	readonly encryptionKey: KmsKey;
	readonly settings: DeliverySettings;
	readonly identity: SendingIdentity;
	readonly events: MailEventTrail;
	readonly dns: MailDomainDns;
	readonly mtaSts: MtaStsPolicyHost | undefined;
	readonly sender: SenderRole;
	readonly alarmTopic: AlarmTopic;
	readonly reputation: ReputationAlarms;
	readonly contacts: ContactPreferences | undefined;
	readonly archive: MailArchive | undefined;
	readonly inbound: InboundMail | undefined;
	readonly backup: MailBackup | undefined;
	/** Undefined where the log group of an existing trail was given. */
	readonly trail: AccessLogTrail | undefined;
	readonly admin: MailAdminRole | undefined;
	readonly breakGlass: BreakGlassRole | undefined;
	readonly account: AccountBaseline | undefined;

	constructor(scope: Construct, id: string, props: CompliantMailProps) {
		super(scope, id);
		checkCombinations(this, props);
		const { domain, hostedZoneId, retentionDays, sandbox } = props;
		this.encryptionKey = props.encryptionKey ?? new MailKey(this, "key").key;
		this.settings = new DeliverySettings(this, "settings");
		const { configurationSet } = this.settings;
		this.identity = new SendingIdentity(this, "identity", { domain, configurationSet });
		this.sender = new SenderRole(this, "sender", {
			identity: this.identity.identity,
			configurationSet,
			...defined({ fromAddresses: props.fromAddresses, sender: props.sender }),
		});

		const accessLogBucket = new AccessLogBucket(this, "access-logs", { bucketPrefix: "mail-access-logs-", forceDestroy: sandbox === true }).bucket;
		const store = { encryptionKey: this.encryptionKey, accessLogBucket, ...defined({ retentionDays, sandbox }) };
		this.events = new MailEventTrail(this, "events", { configurationSet, ...store });
		if (props.archive === true || props.inboundRecipients !== undefined) this.archive = new MailArchive(this, "archive", store);
		if (props.inboundRecipients !== undefined) {
			this.inbound = new InboundMail(this, "inbound", {
				recipients: props.inboundRecipients,
				encryptionKey: this.encryptionKey,
				accessLogBucket,
				...defined({ archive: this.archive, sandbox }),
			});
		}
		const buckets = [this.events.bucket, this.archive?.bucket, this.inbound?.bucket].filter((bucket) => bucket !== undefined);
		if (props.backup === true) this.backup = new MailBackup(this, "backup", { buckets, ...defined({ sandbox }) });
		if (props.contactTopics !== undefined) this.contacts = new ContactPreferences(this, "contacts", { topics: props.contactTopics });

		const mtaSts = { domain, hostedZoneId, ...defined({ mtaStsMode: props.mtaStsMode }) };
		this.dns = new MailDomainDns(this, "dns", {
			...mtaSts,
			identity: this.identity.identity,
			mailFrom: this.identity.mailFrom,
			...defined({
				mxHosts: props.mxHosts,
				publishMx: props.publishMx,
				reportAddresses: props.reportAddresses,
				spfIncludes: props.spfIncludes,
				domainTexts: props.domainTexts,
				certificateAuthorities: props.certificateAuthorities,
			}),
		});
		if (props.mxHosts !== undefined && props.mtaStsPolicyHost !== false) {
			this.mtaSts = new MtaStsPolicyHost(this, "mta-sts", { ...mtaSts, mxHosts: props.mxHosts });
		}

		this.alarmTopic = new AlarmTopic(this, "alarms", defined({ emailAddresses: props.alarmEmailAddresses }));
		this.reputation = new ReputationAlarms(this, "reputation", {
			alarmTopic: this.alarmTopic.topic,
			deliveryStream: this.events.deliveryStream,
			...defined({ dailySendQuota: props.dailySendQuota }),
		});
		const { trail, logGroup } = this.watch(props, buckets, accessLogBucket);
		this.trail = trail;
		if (props.adminRole === true) this.admin = new MailAdminRole(this, "admin");
		if (props.breakGlassArns !== undefined) {
			this.breakGlass = new BreakGlassRole(this, "break-glass", {
				trustedArns: props.breakGlassArns,
				trailLogGroup: logGroup,
				alarmTopic: this.alarmTopic.topic,
			});
		}
		if (props.accountBaseline === true) this.account = new AccountBaseline(this, "account", defined({ guardDuty: props.guardDuty }));
	}

	private watch(
		props: CompliantMailProps,
		mailBuckets: readonly S3Bucket[],
		accessLogBucket: S3Bucket,
	): { trail: AccessLogTrail | undefined; logGroup: CloudwatchLogGroup } {
		const alarmTopic = this.alarmTopic.topic;
		if (props.trailLogGroup !== undefined) {
			watchTrail(new Construct(this, "watch"), props.trailLogGroup, alarmTopic);
			return { trail: undefined, logGroup: props.trailLogGroup };
		}
		const { retentionDays, sandbox } = props;
		const trail = new AccessLogTrail(this, "trail", { mailBuckets, alarmTopic, accessLogBucket, ...defined({ retentionDays, sandbox }) });
		return { trail, logGroup: trail.logGroup };
	}
}

/** A prop that would silently have no effect is an error. */
function checkCombinations(scope: Construct, props: CompliantMailProps): void {
	if (props.guardDuty === true && props.accountBaseline !== true) {
		throw propError(scope, "guardDuty", true, { wanted: "left out without accountBaseline: true", remedy: "set accountBaseline: true too" });
	}
	for (const prop of ["publishMx", "mtaStsMode", "mtaStsPolicyHost"] as const) {
		if (props[prop] !== undefined && props.mxHosts === undefined) {
			throw propError(scope, prop, props[prop], { wanted: "left out without mxHosts", remedy: "name the hosts that receive the domain's mail" });
		}
	}
}
