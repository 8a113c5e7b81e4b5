import { describe, expect, it } from "vitest";
import type { Evidence, EvidenceError } from "../../../model/evidence.ts";
import type { DerivationView, DerivedItem } from "../derivation.ts";
import derivation from "./index.ts";

const asOf = new Date("2026-11-24T09:00:00Z");
const arn = "arn:aws:dynamodb:us-east-1:111122223333:table/sent";

function seen(kind: string, id: string, values: unknown): Evidence {
	const source = { collector: "case", version: "1", call: "case", target: "111122223333/us-east-1" };
	return { kind, id, status: "ok", values, source, collectedAt: asOf.toISOString() };
}

const table = seen("aws_dynamodb_table", arn, { arn, name: "sent" });
const selection = seen("aws_backup_selection", "s", { plan_id: "p", resources: ["*"] });
const copy = (of: string, at?: string) => seen("aws.backup_protected_resource", `${of}|backup`, { arn: of, type: "DynamoDB", last_backup_at: at });

async function told(items: readonly Evidence[], target = "111122223333/us-east-1", error?: EvidenceError): Promise<DerivedItem | undefined> {
	const view: Partial<DerivationView> = {
		target,
		asOf,
		supplied: () => true,
		items: (kind) => items.filter((item) => item.kind === kind),
		listingError: (kind) => (kind === "aws.backup_protected_resource" ? error : undefined),
	};
	return (await derivation.derive(view as DerivationView))[0];
}

describe("the backup of a table in an account", () => {
	it.each(["111122223333/us-east-1", "default credentials/us-east-1"])("is told by the last copy, whatever selects it, for %s", async (target) => {
		const found = await told([table, selection, copy(arn, "2026-11-23T05:00:00Z")], target);
		expect(found?.values).toMatchObject({ covered: true, backupHours: 28 });
		expect(found?.basis.map(({ id }) => id)).toEqual([arn, `${arn}|backup`]);
	});

	it.each([
		["a selection that has copied nothing", [table, selection]],
		["the copy of another table", [table, selection, copy(`${arn}-old`, "2026-11-23T05:00:00Z")]],
		["a copy of which no time is told", [table, selection, copy(arn)]],
	])("is not %s", async (_what, items) => {
		expect(await told(items)).toMatchObject({ values: { covered: false }, gaps: {} });
	});

	it("is open where the copies may not be listed", async () => {
		const denied: EvidenceError = { code: "permission_denied", detail: "backup:ListProtectedResources", message: "denied" };
		expect((await told([table, selection], undefined, denied))?.gaps).toMatchObject({ covered: { code: "permission_denied" } });
	});
});
