import { describe, expect, it } from "vitest";
import type { Evidence, EvidenceError } from "../../../model/evidence.ts";
import type { DerivationView, DerivedItem } from "../derivation.ts";
import derivation from "./index.ts";

const target = "111122223333/us-east-1";
const asOf = new Date("2026-11-24T09:00:00Z");

function seen(kind: string, id: string, values: unknown, region = "us-east-1"): Evidence {
	const source = { collector: "case", version: "1", call: "case", target, account: "111122223333", region };
	return { kind, id, status: "ok", values, source, collectedAt: asOf.toISOString() };
}

const mail = [seen("aws_s3_bucket", "mail", { bucket: "mail" }), seen("aws_ses_receipt_rule", "r", { name: "r", s3_action: [{ bucket_name: "mail" }] })];
const copiedTo = (destination: Record<string, unknown>) =>
	seen("aws_s3_bucket_replication_configuration", "mail", { bucket: "mail", rule: [{ status: "Enabled", destination }] });

/** What is told of the bucket "mail" of an account. */
async function told(items: readonly Evidence[], errors: Record<string, EvidenceError> = {}): Promise<DerivedItem> {
	const view: Partial<DerivationView> = {
		target,
		asOf,
		supplied: () => true,
		items: (kind) => items.filter((item) => item.kind === kind),
		remember: (_key, make) => make(),
		listingError: (kind) => errors[kind],
	};
	const found = (await derivation.derive(view as DerivationView)).find(({ id }) => id === "mail");
	if (found === undefined) throw new Error("no item of the bucket");
	return found;
}

describe("bucket-copies of an account", () => {
	it("counts the hours since AWS Backup took the last copy", async () => {
		const backup = seen("aws.backup_protected_resource", "b", { arn: "arn:aws:s3:::mail", type: "S3", last_backup_at: "2026-11-23T03:00:00Z" });
		expect((await told([...mail, backup])).values).toMatchObject({ backupHours: 30, replicas: [], holds: ["mail"] });
	});

	it("takes a plan that has copied nothing yet for no copy", async () => {
		const plan = seen("aws_backup_plan", "p", { id: "p", rule: [{ rule_name: "daily", schedule: "cron(0 5 * * ? *)" }] });
		const selection = seen("aws_backup_selection", "s", { plan_id: "p", resources: ["arn:aws:s3:::*"] });
		expect((await told([...mail, plan, selection])).values).toMatchObject({ backupHours: null });
	});

	it("leaves open what a denied list would tell", async () => {
		const denied: EvidenceError = { code: "permission_denied", detail: "backup:ListProtectedResources", message: "denied" };
		expect((await told(mail, { "aws.backup_protected_resource": denied })).gaps).toMatchObject({ backupHours: { code: "permission_denied" } });
	});

	it("tells copies in another Region or account from those beside it", async () => {
		const beside = seen("aws_s3_bucket", "copy", { bucket: "copy" });
		const away = seen("aws_s3_bucket", "copy", { bucket: "copy" }, "us-west-2");
		const toCopy = copiedTo({ bucket: "arn:aws:s3:::copy" });
		expect((await told([...mail, beside, toCopy])).values).toMatchObject({ replicas: [] });
		expect((await told([...mail, beside, toCopy])).gaps).toBeUndefined();
		expect((await told([...mail, away, toCopy])).values).toMatchObject({ replicas: ["copy"] });
	});

	it("takes another account for elsewhere, the own one for unknown without a Region", async () => {
		const owned = (account: string) => copiedTo({ bucket: "arn:aws:s3:::far", account });
		expect((await told([...mail, owned("444455556666")])).values).toMatchObject({ replicas: ["arn:aws:s3:::far"] });
		expect((await told([...mail, owned("111122223333")])).gaps).toMatchObject({ replicas: { code: "not_in_plan" } });
	});
});
