import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { CompliantMail, type MailDomain } from "../../constructs/index.ts"; // from "mailward" in an app of your own

/** The clients whose mail this business associate sends, each with the zone that the client delegated. */
const clients: MailDomain[] = [
	{ domain: "notices.north-clinic.example", hostedZoneId: "Z1000000000000000001", fromAddresses: ["reminders@notices.north-clinic.example"] },
	{ domain: "mail.south-dental.example", hostedZoneId: "Z1000000000000000002", reportAddresses: ["dmarc@billing-service.example"] },
	{ domain: "mail.west-therapy.example", hostedZoneId: "Z1000000000000000003", mxHosts: ["inbound-smtp.us-east-1.amazonaws.com"], publishMx: true },
	...[4, 5, 6, 7, 8].map((number) => ({ domain: `mail.client-${number}.example`, hostedZoneId: `Z100000000000000000${number}` })),
];

const app = new App({ outdir: process.env.CDKTF_OUTDIR ?? join(import.meta.dirname, "cdktf.out") });
const stack = new TerraformStack(app, "mail");
// A path of its own: the default is absolute, and would put this machine's folders into the output.
new LocalBackend(stack, { path: "terraform.mail.tfstate" });
new AwsProvider(stack, "aws", { region: "us-east-1" });

new CompliantMail(stack, "associate", {
	domain: "billing-service.example",
	hostedZoneId: "Z0123456789ABCDEFGHIJ",
	moreDomains: clients,
	alarmEmailAddresses: ["security@billing-service.example"],
	adminRole: true,
	tags: { System: "client-mail" },
});

app.synth();
