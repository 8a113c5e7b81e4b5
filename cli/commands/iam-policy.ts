import { type Command, Option } from "commander";
import { awsAccountSchema } from "../../model/config.ts";
import { scanActions } from "../../model/scan-actions.generated.ts";
import { aggregatorActions, defaultMemberRole, organizationActions } from "../../pipeline/aws.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage-error.ts";

export function registerIamPolicy(program: Command, _invocation: Invocation): void {
	program
		.command("iam-policy")
		.description("the read-only policy that scan --aws needs, action by action")
		.addOption(new Option("--format <format>", "an IAM policy document, or a Terraform data source").choices(["json", "terraform"]).default("json"))
		.option("--organization [role]", `with what scan --aws-organization needs on top: list the members, take this role in each (default: ${defaultMemberRole})`)
		.option("--aggregator", "with what asking an aggregator of AWS Config (aws.accounts[].aggregator) needs on top, in the account that holds it")
		.option("--sign-key <arn>", "only what signing bundles with this KMS key needs: a policy of its own, as scanning itself writes nothing")
		.addHelpText(
			"after",
			`
Examples:
  $ mailward iam-policy > scanner.json
  $ aws iam create-policy --policy-name mailward-scanner --policy-document file://scanner.json
  $ mailward iam-policy --format terraform > scanner.tf
  $ mailward iam-policy --organization audit-reader   for the identity that takes the role audit-reader in each member
  $ mailward iam-policy --organization --aggregator   where that account also holds the aggregator
  $ mailward iam-policy --sign-key arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab > signer.json`,
		)
		.action(({ format, organization, aggregator, signKey }: PolicyOptions) => {
			if (signKey !== undefined && (organization !== undefined || aggregator === true))
				throw new UsageError(`--sign-key writes a policy of its own: leave ${organization === undefined ? "--aggregator" : "--organization"} out`);
			const reading = [
				...statementsFor(organization === true ? defaultMemberRole : organization),
				...(aggregator === true ? [{ sid: "MailwardAsksAggregator", actions: aggregatorActions, resource: "*" }] : []),
			];
			const statements = signKey !== undefined ? [signing(signKey)] : reading;
			process.stdout.write(format === "json" ? policyDocument(statements) : dataSource(statements));
		});
}

interface PolicyOptions {
	format: "json" | "terraform";
	organization?: string | true;
	aggregator?: true;
	signKey?: string;
}

interface Statement {
	sid: string;
	actions: readonly string[];
	resource: string;
}

/** The operations read settings over all resources of an account: IAM knows no narrower resource for most of them. */
function statementsFor(memberRole: string | undefined): Statement[] {
	const reads = { sid: "MailwardReads", actions: scanActions, resource: "*" };
	if (memberRole === undefined) return [reads];
	const role = awsAccountSchema.shape.memberRole.safeParse(memberRole);
	if (!role.success) throw new UsageError(`--organization ${memberRole}: ${role.error.issues[0]?.message ?? "not the name of a role"}`);
	return [
		reads,
		{ sid: "MailwardListsMembers", actions: organizationActions, resource: "*" },
		{ sid: "MailwardTakesRoles", actions: ["sts:AssumeRole", "sts:TagSession"], resource: `arn:*:iam::*:role/${memberRole}` },
	];
}

/** Signing is apart from reading: an identity that only scans does not get it. */
function signing(key: string): Statement {
	if (!/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(key))
		throw new UsageError(`--sign-key ${key}: expected the ARN of a key, such as arn:aws:kms:us-east-1:123456789012:key/...; IAM knows no alias here`);
	return { sid: "MailwardSigns", actions: ["kms:GetPublicKey", "kms:Sign"], resource: key };
}

function policyDocument(statements: readonly Statement[]): string {
	const printed = statements.map(({ sid, actions, resource }) => ({ Sid: sid, Effect: "Allow", Action: actions, Resource: resource }));
	return `${JSON.stringify({ Version: "2012-10-17", Statement: printed }, null, 2)}\n`;
}

function dataSource(statements: readonly Statement[]): string {
	const blocks = statements.map(({ sid, actions, resource }) => {
		const lines = actions.map((action) => `      "${action}",\n`).join("");
		return `  statement {\n    sid       = "${sid}"\n    effect    = "Allow"\n    resources = ["${resource}"]\n    actions = [\n${lines}    ]\n  }\n`;
	});
	return `data "aws_iam_policy_document" "mailward_scanner" {\n${blocks.join("")}}\n`;
}
