import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { watchTrail } from "../access-log-trail/events.ts";
import { AccessLogTrail } from "../access-log-trail/index.ts";
import { AccountBaseline } from "../account-baseline/index.ts";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { AuthorizationStore } from "../authorization-store/index.ts";
import { BreakGlassRole } from "../break-glass-role/index.ts";
import { ContactPreferences } from "../contact-preferences/index.ts";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { InboundMail } from "../inbound-mail/index.ts";
import { AccessLogBucket } from "../internal/access-log-bucket.ts";
import type { BucketReference, KeyReference, LogGroupReference } from "../internal/existing.ts";
import { checkProp, propError } from "../internal/prop-checks.ts";
import { areTags, tagAll, tagRule } from "../internal/tags.ts";
import { MailAdminRole } from "../mail-admin-role/index.ts";
import { MailArchive } from "../mail-archive/index.ts";
import { MailBackup } from "../mail-backup/index.ts";
import type { MailDomainDns } from "../mail-domain-dns/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { MailKey } from "../mail-key/index.ts";
import type { MtaStsPolicyHost } from "../mta-sts-policy-host/index.ts";
import { ReputationAlarms } from "../reputation-alarms/index.ts";
import { ScheduledScan } from "../scheduled-scan/index.ts";
import type { SenderRole } from "../sender-role/index.ts";
import type { SendingIdentity } from "../sending-identity/index.ts";
import { UnsubscribeEndpoint } from "../unsubscribe-endpoint/index.ts";
import { defined } from "./defined.ts";
import { type MailDomainParts, mailDomain } from "./domain.ts";
import type { CompliantMailProps, MailDomain } from "./props.ts";

export type { MailDomainParts } from "./domain.ts";
export type { CompliantMailProps, MailDomain } from "./props.ts";

/**
 * A whole mail system for one domain or several: identity, delivery over TLS only, DNS records, a role that sends, events and access
 * logs locked for six years, and alarms; with opt-ins for what not every clinic needs. Each part is a construct of its own.
 * An alarm on the sending quota needs dailySendQuota, and one that somebody hears alarmEmailAddresses.
 *
 * Satisfies: alarms.actions_set, alarms.event_delivery_watched, alarms.reputation_watched, alarms.security_events_watched,
 * alarms.ses_changes_watched, buckets.acls_disabled, buckets.encrypted, buckets.kept_six_years, buckets.no_public_policy,
 * buckets.objects_locked, buckets.public_access_blocked, buckets.second_copy, buckets.tls_only, buckets.versioned,
 * iam.decryption_names_keys, iam.no_administrators, iam.no_whole_services, iam.sending_permissions_narrow, keys.alias_given,
 * keys.deletion_window, keys.duties_separated, keys.in_use_enabled, keys.mail_services_only, keys.no_public_principal,
 * keys.policy_written, keys.rotation_enabled, keys.services_bound, logs.encrypted, logs.personal_data_masked, logs.retention,
 * sending.default_configuration_set, sending.dkim_key_length, sending.dkim_signs, sending.events_published, sending.events_stored,
 * sending.feedback_forwarding_off, sending.identity_records, sending.mail_from_rejects, sending.no_public_identity_policy,
 * sending.reputation_measured, sending.suppression_enabled, sending.tls_required, sending.tracking_disabled, streams.encrypted,
 * streams.errors_logged, streams.stores_encrypted, topics.encrypted, topics.no_public_policy, topics.services_bound,
 * topics.tls_only, trails.bucket_protected, trails.encrypted, trails.mail_objects_recorded, trails.management_events_recorded,
 * trails.sending_recorded, trails.sent_to_logs, trails.validated
 *
 * Meets: SES-01, SES-02, SES-03, SES-08, SES-13, KMS-06, KMS-07, LOG-03, LOG-05, LOG-07, LOG-09, S3-01, S3-02,
 * S3-03, S3-04, S3-05, S3-06, S3-07, S3-08, CT-01, CT-02, CT-03, CT-04, CT-05, SNS-02, SNS-04, FH-01
 */
export class CompliantMail extends Construct {
	readonly encryptionKey: KeyReference;
	readonly settings: DeliverySettings;
	/** The parts of each domain, the first of the props' own one. */
	readonly domains: readonly [MailDomainParts, ...MailDomainParts[]];
	readonly identity: SendingIdentity;
	readonly events: MailEventTrail;
	readonly dns: MailDomainDns;
	readonly mtaSts: MtaStsPolicyHost | undefined;
	readonly sender: SenderRole;
	readonly alarmTopic: AlarmTopic;
	readonly reputation: ReputationAlarms;
	readonly contacts: ContactPreferences | undefined;
	readonly unsubscribe: UnsubscribeEndpoint | undefined;
	readonly authorizations: AuthorizationStore | undefined;
	readonly scan: ScheduledScan | undefined;
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
		const { retentionDays, sandbox } = props;
		this.encryptionKey = props.encryptionKey ?? new MailKey(this, "key").key;
		this.settings = new DeliverySettings(this, "settings");
		const { configurationSet } = this.settings;
		if (props.tags !== undefined) tagAll(this, props.tags);
		this.domains = [mailDomain(this, props, configurationSet), ...this.makeMoreDomains(props.moreDomains ?? [], configurationSet)];
		const [{ identity, sender, dns, mtaSts }] = this.domains;
		this.identity = identity;
		this.sender = sender;
		this.dns = dns;
		this.mtaSts = mtaSts;

		const accessLogBucket =
			props.accessLogBucket ?? new AccessLogBucket(this, "access-logs", { bucketPrefix: "mail-access-logs-", forceDestroy: sandbox === true }).bucket;
		const store = { encryptionKey: this.encryptionKey, accessLogBucket, backup: false, ...defined({ retentionDays, sandbox }) };
		this.events = new MailEventTrail(this, "events", { configurationSet, ...store });
		if (props.archive === true || props.inboundRecipients !== undefined) this.archive = new MailArchive(this, "archive", store);
		if (props.inboundRecipients !== undefined) {
			this.inbound = new InboundMail(this, "inbound", {
				recipients: props.inboundRecipients,
				encryptionKey: this.encryptionKey,
				accessLogBucket,
				backup: false,
				...defined({ archive: this.archive, sandbox }),
			});
		}
		const buckets = [this.events.bucket, this.archive?.bucket, this.inbound?.bucket].filter((bucket) => bucket !== undefined);
		if (props.contactTopics !== undefined) this.contacts = new ContactPreferences(this, "contacts", { topics: props.contactTopics });

		this.alarmTopic = new AlarmTopic(this, "alarms", defined({ emailAddresses: props.alarmEmailAddresses }));
		this.reputation = new ReputationAlarms(this, "reputation", {
			alarmTopic: this.alarmTopic.topic,
			deliveryStream: this.events.deliveryStream,
			...defined({ dailySendQuota: props.dailySendQuota }),
		});
		const alarmTopic = this.alarmTopic.topic;
		if (props.unsubscribe === true) {
			this.unsubscribe = new UnsubscribeEndpoint(this, "unsubscribe", {
				domain: props.domain,
				hostedZoneId: props.hostedZoneId,
				issuers: this.domains.map((one) => one.sender.role),
				alarmTopic,
				...defined({ contactList: this.contacts?.contactList, sandbox }),
			});
		}
		if (props.authorizations === true) {
			const readers = this.domains.map((one) => one.sender.role);
			this.authorizations = new AuthorizationStore(this, "authorizations", { readers, alarmTopic, accessLogBucket, ...defined({ retentionDays, sandbox }) });
		}
		if (props.scanConfiguration !== undefined) {
			const configuration = props.scanConfiguration;
			this.scan = new ScheduledScan(this, "scan", { configuration, alarmTopic, accessLogBucket, ...defined({ retentionDays, sandbox }) });
		}
		if (this.authorizations !== undefined) buckets.push(this.authorizations.bucket);
		const tables = [this.unsubscribe?.table, this.authorizations?.table].filter((table) => table !== undefined);
		if (props.backup !== false || tables.length > 0) {
			this.backup = new MailBackup(this, "backup", { tables, ...(props.backup === false ? {} : { buckets }), ...defined({ sandbox }) });
		}
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

	/** Each under an id of its own name, so that a domain taken from the list moves no other. */
	private makeMoreDomains(domains: readonly MailDomain[], configurationSet: Sesv2ConfigurationSet): MailDomainParts[] {
		return domains.map((domain, index) => {
			if (Token.isUnresolved(domain.domain)) {
				throw propError(this, `moreDomains[${index}].domain`, "a value that only Terraform knows", {
					wanted: "known at synthesis, since the resources are named by it",
					remedy: "write the domain out",
				});
			}
			return mailDomain(new Construct(this, domain.domain), domain, configurationSet);
		});
	}

	private watch(
		props: CompliantMailProps,
		mailBuckets: readonly BucketReference[],
		accessLogBucket: BucketReference,
	): { trail: AccessLogTrail | undefined; logGroup: LogGroupReference } {
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
	checkProp(scope, "tags", props.tags, areTags, tagRule);
}
