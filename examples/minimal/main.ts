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
	domain: "minimal.example",
	hostedZoneId: "Z0123456789ABCDEFGHIJ",
	alarmEmailAddresses: ["security@minimal.example"],
});

app.synth();
