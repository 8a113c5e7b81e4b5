import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
	AccessLogTrail,
	AccountBaseline,
	AlarmTopic,
	AuthorizationStore,
	BreakGlassRole,
	CompliantMail,
	ContactPreferences,
	DeliverySettings,
	InboundMail,
	MailAdminRole,
	MailArchive,
	MailBackup,
	MailDomainDns,
	MailEventTrail,
	MailKey,
	MtaStsPolicyHost,
	ReputationAlarms,
	ScheduledScan,
	SenderRole,
	SendingIdentity,
	SmtpSender,
	UnsubscribeEndpoint,
	ZoneProtection,
} from "../index.ts";

const zone = { domain: "clinic.example", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const person = "arn:aws:iam::111122223333:user/a.person";

interface Sending {
	settings: DeliverySettings;
	sending: SendingIdentity;
}

function sendingIn(stack: TerraformStack): Sending {
	const settings = new DeliverySettings(stack, "settings");
	new MailEventTrail(stack, "events", { configurationSet: settings.configurationSet });
	return { settings, sending: new SendingIdentity(stack, "identity", { domain: zone.domain, configurationSet: settings.configurationSet }) };
}

/** Each construct under the id "subject" with its required props and `more`, beside the others that it is made for. */
export const everyConstruct: Readonly<Record<string, (stack: TerraformStack, more?: object) => Construct>> = {
	"access-log-trail": (stack, more) => new AccessLogTrail(stack, "subject", { ...more }),
	"account-baseline": (stack, more) => new AccountBaseline(stack, "subject", { ...more }),
	"alarm-topic": (stack, more) => new AlarmTopic(stack, "subject", { ...more }),
	"authorization-store": (stack, more) => {
		const store = new AuthorizationStore(stack, "subject", { ...more });
		new MailBackup(stack, "backup", { buckets: [store.bucket], tables: [store.table] });
		return store;
	},
	"break-glass-role": (stack, more) => {
		const { topic: alarmTopic } = new AlarmTopic(stack, "alarms");
		const { logGroup: trailLogGroup } = new AccessLogTrail(stack, "trail", { alarmTopic });
		return new BreakGlassRole(stack, "subject", { trustedArns: [person], trailLogGroup, alarmTopic, ...more });
	},
	"compliant-mail": (stack, more) => new CompliantMail(stack, "subject", { ...zone, ...more }),
	"contact-preferences": (stack, more) => new ContactPreferences(stack, "subject", { topics: [{ topicName: "news", displayName: "News" }], ...more }),
	"delivery-settings": (stack, more) => {
		const settings = new DeliverySettings(stack, "subject", { ...more });
		new MailEventTrail(stack, "events", { configurationSet: settings.configurationSet });
		return settings;
	},
	"inbound-mail": (stack, more) => new InboundMail(stack, "subject", { recipients: [zone.domain], ...more }),
	"mail-admin-role": (stack, more) => new MailAdminRole(stack, "subject", { ...more }),
	"mail-archive": (stack, more) => {
		const archive = new MailArchive(stack, "subject", { ...more });
		new InboundMail(stack, "inbound", { recipients: [zone.domain], archive });
		return archive;
	},
	"mail-backup": (stack, more) => {
		const archive = new MailArchive(stack, "archive", { backup: false });
		const inbound = new InboundMail(stack, "inbound", { recipients: [zone.domain], archive, backup: false });
		return new MailBackup(stack, "subject", { buckets: [archive.bucket, inbound.bucket], ...more });
	},
	"mail-domain-dns": (stack, more) => {
		const { sending } = sendingIn(stack);
		return new MailDomainDns(stack, "subject", { ...zone, identity: sending.identity, mailFrom: sending.mailFrom, ...more });
	},
	"mail-event-trail": (stack, more) =>
		new MailEventTrail(stack, "subject", { configurationSet: new DeliverySettings(stack, "settings").configurationSet, ...more }),
	"mail-key": (stack, more) => new MailKey(stack, "subject", { ...more }),
	"mta-sts-policy-host": (stack, more) => new MtaStsPolicyHost(stack, "subject", { ...zone, mxHosts: ["mx.clinic.example"], ...more }),
	"reputation-alarms": (stack, more) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		const { deliveryStream } = new MailEventTrail(stack, "events", { configurationSet });
		return new ReputationAlarms(stack, "subject", { alarmTopic: new AlarmTopic(stack, "alarms").topic, deliveryStream, ...more });
	},
	"scheduled-scan": (stack, more) => new ScheduledScan(stack, "subject", { configuration: "version: 1\n", ...more }),
	"sender-role": (stack, more) => {
		const { settings, sending } = sendingIn(stack);
		return new SenderRole(stack, "subject", { identity: sending.identity, configurationSet: settings.configurationSet, ...more });
	},
	"sending-identity": (stack, more) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new MailEventTrail(stack, "events", { configurationSet });
		return new SendingIdentity(stack, "subject", { domain: zone.domain, configurationSet, ...more });
	},
	"smtp-sender": (stack, more) => {
		const { settings, sending } = sendingIn(stack);
		const fromAddresses = ["scanner@clinic.example"];
		return new SmtpSender(stack, "subject", {
			identity: sending.identity,
			configurationSet: settings.configurationSet,
			fromAddresses,
			sourceCidrs: ["198.51.100.0/24"],
			...more,
		});
	},
	"unsubscribe-endpoint": (stack, more) => {
		const endpoint = new UnsubscribeEndpoint(stack, "subject", { ...zone, issuers: [new IamRole(stack, "issuer", { assumeRolePolicy: "{}" })], ...more });
		new MailBackup(stack, "backup", { tables: [endpoint.table] });
		return endpoint;
	},
	"zone-protection": (stack, more) => new ZoneProtection(stack, "subject", { hostedZoneId: zone.hostedZoneId, ...more }),
};
