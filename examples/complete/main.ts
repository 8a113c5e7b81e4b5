import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { CompliantMail } from "../../constructs/index.ts"; // from "mailward" in an app of your own

const app = new App({ outdir: process.env.CDKTF_OUTDIR ?? join(import.meta.dirname, "cdktf.out") });
const stack = new TerraformStack(app, "mail");
// A path of its own: the default is absolute, and would put this machine's folders into the output.
new LocalBackend(stack, { path: "terraform.mail.tfstate" });
new AwsProvider(stack, "aws", { region: "us-east-1" });

new CompliantMail(stack, "clinic", {
	domain: "complete.example",
	hostedZoneId: "Z0123456789ABCDEFGHIJ",
	mxHosts: ["inbound-smtp.us-east-1.amazonaws.com"],
	publishMx: true,
	reportAddresses: ["mail-reports@complete.example"],
	certificateAuthorities: ["amazon.com"],
	fromAddresses: ["reminders@complete.example", "billing@complete.example"],
	dailySendQuota: 50_000,
	zoneProtection: true,
	contactTopics: [
		{ topicName: "newsletter", displayName: "News of the clinic" },
		{ topicName: "appointments", displayName: "Appointment notices", defaultSubscriptionStatus: "OPT_IN" },
	],
	unsubscribe: true,
	authorizations: true,
	inboundRecipients: ["complete.example"],
	alarmEmailAddresses: ["security@complete.example"],
	breakGlassArns: ["arn:aws:iam::111122223333:user/security-official"],
	adminRole: true,
	accountBaseline: true,
	guardDuty: true,
	scanConfiguration: readFileSync(join(import.meta.dirname, "mailward.yaml"), "utf8"),
	tags: { System: "mail", DataClass: "phi" },
});

app.synth();
