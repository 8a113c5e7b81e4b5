import { join } from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { IamAccessKey } from "@cdktf/provider-aws/lib/iam-access-key/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Sesv2ConfigurationSetEventDestination } from "@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { App, Fn, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import { DeliverySettings, MailEventTrail, MailKey, SendingIdentity } from "../../constructs/index.ts"; // from "mailward" in an app of your own

const app = new App({ outdir: process.env.CDKTF_OUTDIR ?? join(import.meta.dirname, "cdktf.out") });
const stack = new TerraformStack(app, "mail");
new LocalBackend(stack, { path: "terraform.mail.tfstate" });
new AwsProvider(stack, "aws", { region: "us-east-1" });

// What is right: a key, a configuration set, an identity, and events that are kept.
const { key } = new MailKey(stack, "key");
const { configurationSet } = new DeliverySettings(stack, "settings");
new SendingIdentity(stack, "identity", { domain: "broken.example", configurationSet });
new MailEventTrail(stack, "events", { configurationSet, encryptionKey: key });

// 1 to 3: no event destination, clear text where the receiver offers no TLS, and links that are followed.
const second = new DeliverySettings(stack, "second").configurationSet;
second.addOverride("delivery_options.tls_policy", "OPTIONAL");
second.addOverride("tracking_options.custom_redirect_domain", "click.broken.example");

// 4 and 5: mail that names no set has none, and the DKIM key is short.
const { identity } = new SendingIdentity(stack, "old", { domain: "old.broken.example", configurationSet });
identity.addOverride("configuration_set_name", undefined);
identity.addOverride("dkim_signing_attributes.next_signing_key_length", "RSA_1024_BIT");

// 6: the log is gone after a day.
new CloudwatchLogGroup(stack, "log", { name: "/clinic/mailer", retentionInDays: 1, kmsKeyId: key.arn });

// 7 and 8: a key that never rotates and that anyone may use.
const open = new MailKey(stack, "open").key;
open.addOverride("enable_key_rotation", false);
open.addOverride("policy", '{"Version":"2012-10-17","Statement":[{"Sid":"Anyone","Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}]}');

// 9: every action of SES, whatever the order of the keys.
const inFront = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:*","Resource":"*"}]}';
const behind = '{"Statement":[{"Resource":"*","Action":"SES:*","Effect":"Allow"}],"Version":"2012-10-17"}';
new IamPolicy(stack, "effect-in-front", { name: "mail-effect-in-front", policy: inFront });
new IamPolicy(stack, "effect-behind", { name: "mail-effect-behind", policy: behind });

// 10: bounces, with the patients' addresses, go out by e-mail. The topic itself is as it should be.
const topic = new SnsTopic(stack, "bounces", { name: "bounces", kmsMasterKeyId: key.id });
new SnsTopicPolicy(stack, "bounces-policy", { arn: topic.arn, policy: overTlsOnly("topic-document", "sns:Publish", topic.arn) });
new Sesv2ConfigurationSetEventDestination(stack, "bounces-destination", {
	configurationSetName: configurationSet.configurationSetName,
	eventDestinationName: "bounces",
	eventDestination: { enabled: true, matchingEventTypes: ["BOUNCE"], snsDestination: { topicArn: topic.arn } },
});
const dead = new SqsQueue(stack, "undelivered", {
	name: "bounces-undelivered",
	kmsMasterKeyId: key.id,
	redriveAllowPolicy: Fn.jsonencode({ redrivePermission: "denyAll" }),
});
new SqsQueuePolicy(stack, "undelivered-policy", { queueUrl: dead.url, policy: overTlsOnly("queue-document", "sqs:*", dead.arn) });
new SnsTopicSubscription(stack, "bounces-by-mail", {
	topicArn: topic.arn,
	protocol: "email",
	endpoint: "office@broken.example",
	redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: dead.arn }),
});

// 11: the SMTP password stands in the state and in an output.
const user = new IamUser(stack, "smtp", { name: "smtp-sender" });
const accessKey = new IamAccessKey(stack, "smtp-key", { user: user.name });
new TerraformOutput(stack, "smtp-password", { value: accessKey.sesSmtpPasswordV4, sensitive: true });

app.synth();

function overTlsOnly(id: string, action: string, resource: string): string {
	return new DataAwsIamPolicyDocument(stack, id, {
		statement: [
			{
				sid: "DenyClearText",
				effect: "Deny",
				actions: [action],
				resources: [resource],
				principals: [{ type: "*", identifiers: ["*"] }],
				condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
			},
		],
	}).json;
}
