import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";

const reportKind = "aws.iam_credential";

/**
 * derived.credential, one per password and per access key that is active: whose it is, days since it was made and since it was last
 * used. One that was never used counts from the day it was made.
 */
const derivation: Derivation = {
	id: "credentials",
	target: "account",
	needs: [reportKind],
	produces: ["derived.credential"],
	derive: (view) => view.items(reportKind).flatMap((row) => credentialsOf(row, view.asOf)),
};

export default derivation;

function credentialsOf(row: Evidence, asOf: Date): DerivedItem[] {
	const kind = "derived.credential";
	if (row.error !== undefined) return [{ kind, id: row.id, error: row.error, basis: [row] }];
	const user = textAt(row, "user") ?? row.id;
	const created = textAt(row, "created_at");
	const found: DerivedItem[] = [];
	const add = (sort: "password" | "access_key", name: string, active: unknown, madeAt: string | undefined, usedAt: string | undefined): void => {
		if (active === false) return;
		const days = (text: string | undefined): number | undefined =>
			text === undefined ? undefined : Math.floor((asOf.getTime() - Date.parse(text)) / 86_400_000);
		const ageDays = days(madeAt ?? created);
		const unusedDays = days(usedAt) ?? ageDays;
		const gaps: Record<string, Gap> = {};
		const untold: Gap = { code: "malformed", detail: "iam:GetCredentialReport" };
		if (active === undefined || ageDays === undefined) gaps.ageDays = untold;
		if (active === undefined || unusedDays === undefined) gaps.unusedDays = untold;
		const values = { user, sort, used: usedAt !== undefined, ...(gaps.ageDays ? {} : { ageDays }), ...(gaps.unusedDays ? {} : { unusedDays }) };
		found.push({ kind, id: `${user}|${name}`, values, gaps, basis: [row] });
	};
	// AWS does not say of the root user whether it has a password; root-user does, where that is known.
	if (valueAt(row.values, "root") !== true)
		add("password", "password", valueAt(row.values, "password_enabled"), textAt(row, "password_last_changed_at"), textAt(row, "password_last_used_at"));
	for (const at of [0, 1]) {
		const path = `access_key.${at}`;
		add(
			"access_key",
			`access key ${at + 1}`,
			valueAt(row.values, `${path}.active`),
			textAt(row, `${path}.last_rotated_at`),
			textAt(row, `${path}.last_used_at`),
		);
	}
	return found;
}
