import { type Command, Option } from "commander";
import { scanActions } from "../../model/scan-actions.generated.ts";
import type { Invocation } from "../program.ts";

export function registerIamPolicy(program: Command, _invocation: Invocation): void {
	program
		.command("iam-policy")
		.description("the read-only policy that scan --aws needs, action by action")
		.addOption(new Option("--format <format>", "an IAM policy document, or a Terraform data source").choices(["json", "terraform"]).default("json"))
		.addHelpText(
			"after",
			`
Examples:
  $ mailward iam-policy > scanner.json
  $ aws iam create-policy --policy-name mailward-scanner --policy-document file://scanner.json
  $ mailward iam-policy --format terraform > scanner.tf`,
		)
		.action(({ format }: { format: "json" | "terraform" }) => {
			process.stdout.write(format === "json" ? policyDocument() : dataSource());
		});
}

/** The operations read settings over all resources of an account: IAM knows no narrower resource for most of them. */
function policyDocument(): string {
	const statement = { Sid: "MailwardReads", Effect: "Allow", Action: scanActions, Resource: "*" };
	return `${JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2)}\n`;
}

function dataSource(): string {
	const actions = scanActions.map((action) => `      "${action}",\n`).join("");
	return `data "aws_iam_policy_document" "mailward_scanner" {\n  statement {\n    sid       = "MailwardReads"\n    effect    = "Allow"\n    resources = ["*"]\n    actions = [\n${actions}    ]\n  }\n}\n`;
}
