// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import type { DerivationView } from "../derivation.ts";
import { backupOf } from "./backups.ts";

function seen(kind: string, id: string, values: unknown, more: Partial<Evidence> = {}): Evidence {
	return { kind, id, status: "ok", values, source: { collector: "case", version: "1", call: "case", target: "plan.json" }, collectedAt: "", ...more };
}

const bucket = seen("aws_s3_bucket", "aws_s3_bucket.mail", { bucket: "mail" });
const plan = seen("aws_backup_plan", "aws_backup_plan.p", { rule: [{ schedule: "cron(0 5 * * ? *)" }] });
const selection = (values: object, more: Partial<Evidence> = {}): Evidence =>
	seen("aws_backup_selection", "s", values, { ...more, references: { plan_id: [plan.id], ...more.references } });

function told(...selections: Evidence[]): unknown {
	const items = [bucket, plan, ...selections];
	const view: Partial<DerivationView> = {
		target: "plan.json",
		supplied: () => false,
		items: (kind) => items.filter((item) => item.kind === kind),
		remember: (_key, make) => make(),
	};
	const { values, gaps } = backupOf(view as DerivationView, bucket);
	return gaps.backupHours?.code ?? values.backupHours;
}

describe("the backup of a bucket in a plan", () => {
	const others = selection({ resources: ["arn:aws:s3:::others"] });

	const known = (resources: string, made = "aws_s3_bucket.others") =>
		selection({ partial: { resources } }, { unknown: ["resources"], references: { resources: [made] } });

	it.each([
		["by its ARN", selection({ resources: ["arn:aws:s3:::mail"] }), 24],
		["by a reference", selection({}, { unknown: ["resources"], references: { resources: [bucket.id] } }), 24],
		["by a reference of one entry", selection({}, { unknown: ["resources.1"], references: { "resources.1": [bucket.id] } }), 24],
		["with every bucket", selection({ resources: ["arn:aws:s3:::*"] }), 24],
		["with everything", selection({ resources: ["*"] }), 24],
		["not, where another bucket is named", others, null],
		["not, where the ARN of another resource stands", known('["${aws_s3_bucket.others.arn}","arn:aws:s3:::more"]'), null],
		["by name beside another resource", known('["${aws_s3_bucket.others.arn}","arn:aws:s3:::mail"]'), 24],
		["by a pattern beside another resource", known('["${aws_s3_bucket.others.arn}","arn:aws:s3:::ma*"]'), 24],
		["perhaps, where a parameter of the plan may name it", known('["${aws_ssm_parameter.p.value}"]', "aws_ssm_parameter.p"), "unknown_until_apply"],
		["perhaps, where a data source may name it", known('["${data.aws_s3_bucket.d.arn}"]', "data.aws_s3_bucket.d"), "unknown_until_apply"],
		["perhaps, where a name is known after apply", known('["arn:aws:s3:::${random_pet.p.id}"]', "random_pet.p"), "unknown_until_apply"],
		[
			"perhaps, where a list of which only the resources are known may hold more",
			selection({}, { unknown: ["resources"], references: { resources: ["aws_s3_bucket.others"] } }),
			"unknown_until_apply",
		],
		["not, where another pattern stands", selection({ resources: ["arn:aws:s3:::web*"] }), null],
		["not, where it is left out by a pattern", selection({ resources: ["*"], not_resources: ["arn:aws:s3:::*ail"] }), null],
		["perhaps, where only apply tells one that is left out", selection({ resources: ["*"] }, { unknown: ["not_resources.0"] }), "unknown_until_apply"],
		["not, where it is left out by name", selection({ resources: ["*"], not_resources: ["arn:aws:s3:::mail"] }), null],
		["perhaps, where only apply tells what is named", selection({}, { unknown: ["resources"] }), "unknown_until_apply"],
		["perhaps, where only apply tells what is left out", selection({ resources: ["*"] }, { unknown: ["not_resources"] }), "unknown_until_apply"],
		["perhaps, where tags choose", selection({ selection_tag: [{ key: "backup" }] }), "not_in_plan"],
		[
			"perhaps, where a condition on tags is known after apply",
			selection({ resources: ["arn:aws:s3:::others"], condition: { string_equals: [{}] } }),
			"not_in_plan",
		],
		["perhaps, where a selection could not be read", selection({}, { status: "error", error: { code: "throttled", message: "" } }), "throttled"],
	])("is taken %s", (_how, one, expected) => {
		expect(told(one)).toBe(expected);
		// However many others stand before and after it.
		expect(told(others, others, one, others)).toBe(expected);
	});

	it("hangs on the first selection that leaves it open, unless one takes it", () => {
		const [open, tagged] = [selection({}, { unknown: ["resources"] }), selection({ selection_tag: [{ key: "backup" }] })];
		expect([told(open, others, tagged), told(tagged, open)]).toEqual(["unknown_until_apply", "not_in_plan"]);
		expect(told(open, selection({ resources: ["arn:aws:s3:::mail"] }), tagged)).toBe(24);
	});
});
