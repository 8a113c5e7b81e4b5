import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt, unseen } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";

const tableKind = "aws_dynamodb_table";
const selectionKind = "aws_backup_selection";
const protectedKind = "aws.backup_protected_resource";

/**
 * derived.table_backup, one per DynamoDB table: whether a selection of AWS Backup covers it, by ARN, by a pattern of ARNs or as a
 * resource of the same plan. Selections by tag cannot be told, since tags are never evidence. In an account AWS Backup tells what it has
 * a copy of, whatever selects it: `covered` is told by that, and `backupHours` is the age of the last copy.
 */
const derivation: Derivation = {
	id: "table-backups",
	target: "plan",
	needs: [tableKind, selectionKind],
	uses: [protectedKind],
	produces: ["derived.table_backup"],
	derive(view) {
		const tables = view.items(tableKind).filter(({ status }) => status !== "absent");
		const names = new Names(tables.filter(({ status }) => status === "ok"));
		return tables.map((table) => itemOf(view, table, names));
	},
};

export default derivation;

function itemOf(view: DerivationView, table: Evidence, names: Names): DerivedItem {
	const kind = "derived.table_backup";
	if (table.status === "error") return { kind, id: table.id, error: table.error ?? { code: "malformed", message: "no error code" }, basis: [table] };
	// An account that could not say its number is one all the same.
	if (view.supplied(protectedKind)) return copiedItem(view, table);
	let gap: Gap | undefined;
	const rests: Evidence[] = [];
	for (const selection of view.items(selectionKind)) {
		const covered = covers(selection, table, names);
		if (covered === true) return { kind, id: table.id, values: { table: table.id, covered: true, by: selection.id }, basis: [table, selection] };
		if (covered === false) continue;
		gap ??= covered;
		rests.push(selection);
	}
	return {
		kind,
		id: table.id,
		values: { table: table.id, covered: false, by: null },
		gaps: gap === undefined ? {} : { covered: gap },
		basis: [table, ...rests],
	};
}

/** A point in time that any second can be restored to is not listed here; that is judged apart. */
function copiedItem(view: DerivationView, table: Evidence): DerivedItem {
	const arn = textAt(table, "arn") ?? table.id;
	const copy = view.items(protectedKind).find((item) => item.status === "ok" && textAt(item, "arn") === arn);
	const at = copy === undefined ? undefined : textAt(copy, "last_backup_at");
	const own = { kind: "derived.table_backup", id: table.id };
	if (copy !== undefined && at !== undefined) {
		const backupHours = (view.asOf.getTime() - Date.parse(at)) / 3_600_000;
		return { ...own, values: { table: table.id, covered: true, by: copy.id, backupHours }, basis: [table, copy] };
	}
	const fault = unseen(view, [protectedKind]);
	const gap: Gap | undefined = fault && { code: fault.code, ...(fault.detail === undefined ? {} : { detail: fault.detail }) };
	return { ...own, values: { table: table.id, covered: false, by: null }, gaps: gap === undefined ? {} : { covered: gap }, basis: [table] };
}

function covers(selection: Evidence, table: Evidence, names: Names): boolean | Gap {
	if (selection.status === "absent") return false;
	if (selection.status === "error") return { code: selection.error?.code ?? "malformed", detail: selection.id };
	const open: Gap = { code: "unknown_until_apply", detail: selection.id };
	// Each of these leaves resources out, by tag or by name.
	const narrowed = ["condition", "not_resources"].some((path) => isUnknown(selection, path) || filled(valueAt(selection.values, path)));
	const referred = (selection.references?.resources ?? []).some((id) => names.idOf(id) === table.id);
	const listed = valueAt(selection.values, "resources");
	const patterns = Array.isArray(listed) ? listed.filter((one) => typeof one === "string") : [];
	if (referred || patterns.some((pattern) => matches(pattern, table))) return narrowed ? open : true;
	if (isUnknown(selection, "resources")) return open;
	return filled(valueAt(selection.values, "selection_tag")) || isUnknown(selection, "selection_tag") ? open : false;
}

function filled(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0;
	return value !== null && typeof value === "object" && Object.values(value).some(filled);
}

/** Whether a pattern of ARNs, `*` for anything, matches the table: by its ARN, or where only apply will tell that, by its name. */
function matches(pattern: string, table: Evidence): boolean {
	if (pattern === "*") return true;
	const arn = textAt(table, "arn");
	if (arn !== undefined) return glob(pattern, arn);
	const part = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/.exec(pattern)?.[1];
	const name = textAt(table, "name");
	return part !== undefined && (part === "*" || (name !== undefined && glob(part, name)));
}

function glob(pattern: string, text: string): boolean {
	const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"));
	return new RegExp(`^${parts.join(".*")}$`).test(text);
}
