// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { readTerraform, terraformEvidence, terraformKinds } from "./index.ts";
import { isObject } from "./json-value.ts";

const tool = resolve(process.env.MAILWARD_SHARED ?? "../shared", "tools/terraform-offline");

function missing(): string | undefined {
	if (!existsSync(tool)) return "tools/terraform-offline is not under MAILWARD_SHARED";
	for (const program of ["terraform", "tofu"]) {
		try {
			execFileSync(program, ["version"], { stdio: "ignore" });
			return undefined;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") return `${program} does not run`;
		}
	}
	return "neither terraform nor tofu is on PATH";
}
const reason = missing();
if (reason !== undefined) console.log(`terraform round trip: skipped, ${reason}`);

const stack = {
	terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "6.25.0" } } },
	provider: { aws: [{ region: "us-east-1" }] },
	variable: { secret: { default: "HIDDEN", sensitive: true }, days: { default: "2192" } },
	locals: { rules: { keep: 2192, drop: 30 }, events: ["SEND", "DELIVERY", "BOUNCE"] },
	data: {
		aws_iam_policy_document: {
			known: {
				statement: [
					{
						sid: "Send",
						actions: ["ses:SendEmail", "ses:SendRawEmail"],
						resources: ["*"],
						condition: { test: "StringEquals", variable: "ses:FromAddress", values: ["a@example.org", "b@example.org"] },
					},
					{ effect: "Deny", not_actions: ["ses:*"], resources: ["arn:aws:s3:::x/&{aws:username}"] },
				],
			},
			bucket: {
				statement: {
					actions: ["s3:*"],
					effect: "Deny",
					resources: ["${aws_s3_bucket.b.arn}"],
					principals: { type: "*", identifiers: ["*"] },
					condition: { test: "Bool", variable: "aws:SecureTransport", values: ["false"] },
				},
			},
		},
	},
	resource: {
		aws_kms_key: { k: { description: "${var.secret}", enable_key_rotation: "true", deletion_window_in_days: 30 } },
		aws_s3_bucket: { b: { bucket: "mail-archive", object_lock_enabled: true } },
		aws_s3_bucket_policy: { p: { bucket: "${aws_s3_bucket.b.id}", policy: "${data.aws_iam_policy_document.bucket.json}" } },
		aws_s3_bucket_versioning: { v: { bucket: "${aws_s3_bucket.b.bucket}", versioning_configuration: { status: "Enabled" } } },
		aws_s3_bucket_server_side_encryption_configuration: {
			e: {
				bucket: "${aws_s3_bucket.b.bucket}",
				rule: [{ bucket_key_enabled: true, apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "${aws_kms_key.k.arn}" } }],
			},
		},
		aws_s3_bucket_lifecycle_configuration: {
			l: {
				bucket: "${aws_s3_bucket.b.bucket}",
				dynamic: {
					rule: {
						for_each: "${local.rules}",
						content: { id: "${rule.key}", status: "Enabled", expiration: { days: "${rule.value}" }, filter: { prefix: "${rule.key}/" } },
					},
				},
			},
		},
		aws_iam_policy: {
			known: { name: "send", policy: "${data.aws_iam_policy_document.known.json}" },
			encoded: { name: "encoded", policy: '${jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Action = "x:<y>", Resource = "*"}]})}' },
		},
		aws_sesv2_configuration_set: {
			s: {
				configuration_set_name: "set",
				delivery_options: [{ tls_policy: "REQUIRE" }],
				suppression_options: { suppressed_reasons: ["COMPLAINT", "BOUNCE"] },
				tags: { a: "HIDDEN" },
			},
		},
		aws_sesv2_configuration_set_event_destination: {
			e: {
				configuration_set_name: "${aws_sesv2_configuration_set.s.configuration_set_name}",
				event_destination_name: "events",
				event_destination: { enabled: true, matching_event_types: "${toset(local.events)}", sns_destination: { topic_arn: "${aws_sns_topic.t.arn}" } },
			},
		},
		aws_sns_topic: { t: { name: '${join("-", ["mail", lower("EVENTS")])}', kms_master_key_id: "${aws_kms_key.k.key_id}" } },
		aws_cloudwatch_log_group: { g: { count: 2, name: "/mail/${count.index}", retention_in_days: "${var.days}", kms_key_id: "${aws_kms_key.k.arn}" } },
		aws_sqs_queue: { q: { for_each: { bounce: "B", complaint: "C" }, name: '${format("%s-%s", each.key, each.value)}' } },
		aws_lambda_function: {
			f: {
				function_name: "f",
				role: "arn:aws:iam::123456789012:role/x",
				filename: "f.zip",
				handler: "h",
				runtime: "nodejs22.x",
				environment: { variables: { TOKEN: "HIDDEN" } },
			},
		},
	},
	output: { secret: { value: "${var.secret}", sensitive: true }, key: { value: "${aws_kms_key.k.arn}" } },
};

function run(folder: string, ...parameters: string[]): string {
	return execFileSync("bash", [tool, folder, ...parameters], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 64 * 1024 * 1024 });
}

function judge(file: string, kinds: readonly string[] = terraformKinds): Map<string, Evidence> {
	const items = [...terraformEvidence(readTerraform(readFileSync(file), file), { target: "stack", now: "2026-01-01T00:00:00Z", version: "1" })];
	return new Map(items.filter(({ kind }) => kinds.includes(kind)).map((item) => [item.id, item]));
}

/** Every value of the first stands in the second. The texts of policies may order keys otherwise; partial texts are the configuration's alone. */
function within(first: unknown, second: unknown, path: string): void {
	if (isObject(first)) {
		for (const [key, value] of Object.entries(first)) {
			if (path === "" && key === "partial") continue;
			const inner = isObject(second) && Object.hasOwn(second, key) ? second[key] : undefined;
			within(value, inner, path === "" ? key : `${path}.${key}`);
		}
	} else if (Array.isArray(first) && first.some(isObject)) {
		expect([path, Array.isArray(second) ? second.length : second]).toEqual([path, first.length]);
		for (const [index, value] of first.entries()) within(value, (second as unknown[])[index], `${path}.${index}`);
	} else if (typeof first === "string" && first.startsWith("{")) expect([path, JSON.parse(String(second))]).toEqual([path, JSON.parse(first)]);
	else expect([path, second]).toEqual([path, first]);
}

/** HCL as people write it: modules in for_each, a data source that is read while planning and one that is not, locals, jsonencode. */
const written = {
	"main.tf": `
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "6.25.0" } }
}
provider "aws" { region = "us-east-1" }
locals { domains = { clinic = "clinic.example", labs = "labs.example" } }
data "aws_caller_identity" "me" {}
module "key" {
  source  = "./key"
  account = data.aws_caller_identity.me.account_id
}
module "mail" {
  source   = "./mail"
  for_each = local.domains
  domain   = each.value
  key      = module.key.arn
}
resource "aws_iam_policy" "known" {
  name   = "known"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = "ses:*", Resource = "*", Effect = "Allow" }] })
}
resource "aws_iam_policy" "open" {
  name   = "open"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ses:SendEmail", Resource = [for m in module.mail : m.identity] }] })
}
output "password" {
  value     = module.mail["clinic"].password
  sensitive = true
}
`,
	"key/main.tf": `
variable "account" { type = string }
data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::\${var.account}:root"]
    }
  }
}
resource "aws_kms_key" "k" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}
output "arn" { value = aws_kms_key.k.arn }
`,
	"mail/main.tf": `
variable "domain" { type = string }
variable "key" { type = string }
resource "aws_sesv2_configuration_set" "s" {
  configuration_set_name = replace(var.domain, ".", "-")
  delivery_options { tls_policy = "REQUIRE" }
}
resource "aws_sesv2_email_identity" "i" {
  email_identity         = var.domain
  configuration_set_name = aws_sesv2_configuration_set.s.configuration_set_name
}
resource "aws_sns_topic" "t" {
  kms_master_key_id = var.key
}
resource "aws_s3_bucket" "inline" {
  bucket = "mail-\${replace(var.domain, ".", "-")}"
  versioning { enabled = true }
}
resource "aws_iam_access_key" "smtp" { user = "smtp" }
output "identity" { value = aws_sesv2_email_identity.i.arn }
output "password" {
  value     = aws_iam_access_key.smtp.ses_smtp_password_v4
  sensitive = true
}
`,
};

describe.skipIf(reason !== undefined)("a plan of modules and data sources", () => {
	it("tells what stands behind each value, and leaves open what only apply tells", () => {
		const folder = mkdtempSync(join(tmpdir(), "mailward-terraform-"));
		try {
			for (const [name, text] of Object.entries(written)) {
				mkdirSync(join(folder, name, ".."), { recursive: true });
				writeFileSync(join(folder, name), text);
			}
			run(folder, "init");
			run(folder, "plan", "-out=p");
			writeFileSync(join(folder, "plan.json"), run(folder, "show", "-json", "p"));
			const items = judge(join(folder, "plan.json"), [...terraformKinds, "terraform.output"]);
			expect(items.get("module.key.aws_kms_key.k")?.values).toMatchObject({ policy: expect.stringContaining("kms:*") });
			for (const [key, domain] of [
				["clinic", "clinic.example"],
				["labs", "labs.example"],
			]) {
				expect(items.get(`module.mail["${key}"].aws_sesv2_email_identity.i`)).toMatchObject({
					values: { email_identity: domain, configuration_set_name: domain?.replace(".", "-") },
				});
				expect(items.get(`module.mail["${key}"].aws_sns_topic.t`)?.references).toMatchObject({ kms_master_key_id: ["module.key.aws_kms_key.k"] });
				expect(items.get(`module.mail["${key}"].aws_s3_bucket.inline`)?.values).toMatchObject({ versioning: { enabled: true } });
			}
			expect(items.get("aws_iam_policy.known")?.values).toMatchObject({ policy: expect.stringContaining('"ses:*"') });
			expect(items.get("aws_iam_policy.open")?.unknown).toContain("policy");
			expect(items.get("output.password")?.values).toMatchObject({ reads: ["module.mail.aws_iam_access_key.smtp.ses_smtp_password_v4"] });
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}, 60_000);
});

describe.skipIf(reason !== undefined)("one stack in all four forms", () => {
	it("gives the same resources and values, up to what only apply tells", () => {
		const folder = mkdtempSync(join(tmpdir(), "mailward-terraform-"));
		try {
			const at = (name: string): string => join(folder, name);
			writeFileSync(at("cdk.tf.json"), JSON.stringify(stack));
			writeFileSync(at("f.zip"), "x");
			run(folder, "init");
			run(folder, "plan", "-out=p");
			writeFileSync(at("plan.json"), run(folder, "show", "-json", "p"));
			run(folder, "apply", "p");
			writeFileSync(at("state.json"), run(folder, "show", "-json"));
			const [configuration, plan, state, shown] = ["cdk.tf.json", "plan.json", "terraform.tfstate", "state.json"].map((name) => judge(at(name))) as [
				Map<string, Evidence>,
				Map<string, Evidence>,
				Map<string, Evidence>,
				Map<string, Evidence>,
			];
			const ids = [...configuration.keys()].sort();
			expect(ids.length).toBe(16);
			for (const other of [plan, state, shown]) expect([...other.keys()].sort()).toEqual(ids);
			for (const id of ids) {
				within(configuration.get(id)?.values, plan.get(id)?.values, "");
				within(plan.get(id)?.values, configuration.get(id)?.values, "");
				within(plan.get(id)?.values, state.get(id)?.values, "");
				expect(shown.get(id)?.values).toEqual(state.get(id)?.values);
				// What the configuration cannot tell the plan cannot either, and both name the same resources for it.
				for (const path of configuration.get(id)?.unknown ?? []) expect([id, plan.get(id)?.unknown]).toEqual([id, expect.arrayContaining([path])]);
				const { references } = plan.get(id) ?? {};
				for (const [path, addresses] of Object.entries(configuration.get(id)?.references ?? {}))
					if (references?.[path] !== undefined) expect([id, path, references[path]]).toEqual([id, path, addresses]);
			}
			expect(JSON.stringify([...configuration.values(), ...plan.values(), ...state.values(), ...shown.values()])).not.toContain("HIDDEN");
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}, 60_000);
});
