import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import * as mailward from "../index.ts";

export const zone = { domain: "clinic.example", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
export const person = "arn:aws:iam::111122223333:user/a.person";

interface Sending {
	settings: mailward.DeliverySettings;
	sending: mailward.SendingIdentity;
}

function sendingIn(stack: TerraformStack): Sending {
	const settings = new mailward.DeliverySettings(stack, "settings");
	new mailward.MailEventTrail(stack, "events", { configurationSet: settings.configurationSet });
	return { settings, sending: new mailward.SendingIdentity(stack, "identity", { domain: zone.domain, configurationSet: settings.configurationSet }) };
}

/** Each construct under the id "subject" with its required props and `more`, beside the others that it is made for. */
export const everyConstruct: Readonly<Record<string, (stack: TerraformStack, more?: object) => Construct>> = {
	"access-log-trail": (stack, more) => new mailward.AccessLogTrail(stack, "subject", { ...more }),
	"account-baseline": (stack, more) => new mailward.AccountBaseline(stack, "subject", { ...more }),
	"alarm-topic": (stack, more) => new mailward.AlarmTopic(stack, "subject", { ...more }),
	"authorization-store": (stack, more) => {
		const store = new mailward.AuthorizationStore(stack, "subject", { ...more });
		new mailward.MailBackup(stack, "backup", { buckets: [store.bucket], tables: [store.table] });
		return store;
	},
	"break-glass-role": (stack, more) => {
		const { topic: alarmTopic } = new mailward.AlarmTopic(stack, "alarms");
		const { logGroup: trailLogGroup } = new mailward.AccessLogTrail(stack, "trail", { alarmTopic });
		// By its name the role is known as one for emergencies.
		return new mailward.BreakGlassRole(stack, "subject", { roleName: "break-glass", trustedArns: [person], trailLogGroup, alarmTopic, ...more });
	},
	"compliant-mail": (stack, more) => new mailward.CompliantMail(stack, "subject", { ...zone, ...more }),
	"contact-preferences": (stack, more) => new mailward.ContactPreferences(stack, "subject", { topics: [{ topicName: "news", displayName: "News" }], ...more }),
	"delivery-settings": (stack, more) => {
		const settings = new mailward.DeliverySettings(stack, "subject", { ...more });
		new mailward.MailEventTrail(stack, "events", { configurationSet: settings.configurationSet });
		return settings;
	},
	"inbound-mail": (stack, more) => new mailward.InboundMail(stack, "subject", { recipients: [zone.domain], ...more }),
	"mail-admin-role": (stack, more) => new mailward.MailAdminRole(stack, "subject", { ...more }),
	"mail-archive": (stack, more) => {
		const archive = new mailward.MailArchive(stack, "subject", { ...more });
		new mailward.InboundMail(stack, "inbound", { recipients: [zone.domain], archive });
		return archive;
	},
	"mail-backup": (stack, more) => {
		const archive = new mailward.MailArchive(stack, "archive", { backup: false });
		const inbound = new mailward.InboundMail(stack, "inbound", { recipients: [zone.domain], archive, backup: false });
		const { table } = new mailward.UnsubscribeEndpoint(stack, "unsubscribe", zone);
		return new mailward.MailBackup(stack, "subject", { buckets: [archive.bucket, inbound.bucket], tables: [table], ...more });
	},
	"mail-domain-dns": (stack, more) => {
		const { sending } = sendingIn(stack);
		return new mailward.MailDomainDns(stack, "subject", { ...zone, identity: sending.identity, mailFrom: sending.mailFrom, ...more });
	},
	"mail-event-trail": (stack, more) =>
		new mailward.MailEventTrail(stack, "subject", { configurationSet: new mailward.DeliverySettings(stack, "settings").configurationSet, ...more }),
	"mail-key": (stack, more) => new mailward.MailKey(stack, "subject", { ...more }),
	"mta-sts-policy-host": (stack, more) => new mailward.MtaStsPolicyHost(stack, "subject", { ...zone, mxHosts: ["mx.clinic.example"], ...more }),
	"reputation-alarms": (stack, more) => {
		const { configurationSet } = new mailward.DeliverySettings(stack, "settings");
		const { deliveryStream } = new mailward.MailEventTrail(stack, "events", { configurationSet });
		return new mailward.ReputationAlarms(stack, "subject", { alarmTopic: new mailward.AlarmTopic(stack, "alarms").topic, deliveryStream, ...more });
	},
	"scheduled-scan": (stack, more) => new mailward.ScheduledScan(stack, "subject", { configuration: "version: 1\n", ...more }),
	"sender-role": (stack, more) => {
		const { settings, sending } = sendingIn(stack);
		return new mailward.SenderRole(stack, "subject", { identity: sending.identity, configurationSet: settings.configurationSet, ...more });
	},
	"sending-identity": (stack, more) => {
		const { configurationSet } = new mailward.DeliverySettings(stack, "settings");
		new mailward.MailEventTrail(stack, "events", { configurationSet });
		return new mailward.SendingIdentity(stack, "subject", { domain: zone.domain, configurationSet, ...more });
	},
	"smtp-sender": (stack, more) => {
		const { settings, sending } = sendingIn(stack);
		const fromAddresses = ["scanner@clinic.example"];
		return new mailward.SmtpSender(stack, "subject", {
			identity: sending.identity,
			configurationSet: settings.configurationSet,
			fromAddresses,
			sourceCidrs: ["198.51.100.0/24"],
			...more,
		});
	},
	"unsubscribe-endpoint": (stack, more) => {
		const endpoint = new mailward.UnsubscribeEndpoint(stack, "subject", {
			...zone,
			issuers: [new IamRole(stack, "issuer", { assumeRolePolicy: "{}" })],
			...more,
		});
		new mailward.MailBackup(stack, "backup", { tables: [endpoint.table] });
		return endpoint;
	},
	"zone-protection": (stack, more) => new mailward.ZoneProtection(stack, "subject", { hostedZoneId: zone.hostedZoneId, ...more }),
};
