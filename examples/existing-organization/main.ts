import { join } from "node:path";
import { DataAwsCloudwatchLogGroup } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-group/index.js";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone/index.js";
import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { CompliantMail } from "../../constructs/index.ts"; // from "mailward" in an app of your own

const app = new App({ outdir: process.env.CDKTF_OUTDIR ?? join(import.meta.dirname, "cdktf.out") });
const stack = new TerraformStack(app, "mail");
// A path of its own: the default is absolute, and would put this machine's folders into the output.
new LocalBackend(stack, { path: "terraform.mail.tfstate" });
new AwsProvider(stack, "aws", { region: "us-east-1" });

// What the organization has, and other stacks look after.
const zone = new DataAwsRoute53Zone(stack, "zone", { name: "hospital.example" });
const encryptionKey = new DataAwsKmsKey(stack, "key", { keyId: "alias/mail-data" });
const accessLogBucket = new DataAwsS3Bucket(stack, "access-logs", { bucket: "hospital-access-logs" });
const trailLogGroup = new DataAwsCloudwatchLogGroup(stack, "trail", { name: "organization-trail" });

new CompliantMail(stack, "hospital", {
	domain: "hospital.example",
	hostedZoneId: zone.zoneId,
	encryptionKey,
	accessLogBucket,
	trailLogGroup,
	spfIncludes: ["_spf.mailbox-provider.example"],
	domainTexts: ["site-verification=0123456789"],
	reportAddresses: ["mail-reports@hospital.example"],
	alarmEmailAddresses: ["security@hospital.example"],
});

app.synth();
