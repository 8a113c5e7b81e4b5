import type { Evidence, EvidenceError, Gap } from "../../model/evidence.ts";
import { type RegisterRow, registerRowOf, type Standing, standingOf } from "../protocols/vendors/index.ts";
import { asName, isOwnName, suffixLabels } from "../protocols/vendors/names.ts";
import type { DerivationView } from "./derivation.ts";

/** The agreement register as a domain's derivations see it. */
export interface Register {
	rows: { row: RegisterRow; notes: string | null; standing: Standing }[];
	items: readonly Evidence[];
	/** Not given, or not read whole: nothing may be held against it. */
	fault: Gap | undefined;
}

export function registerOf(view: DerivationView): Register {
	const items = view.items("record.baa");
	const rows: Register["rows"] = [];
	let fault: Gap | undefined = view.supplied("record.baa") ? undefined : { code: "input_not_supplied", detail: "record.baa" };
	const error: EvidenceError | undefined =
		fault === undefined ? (view.listingError("record.baa") ?? items.find((item) => item.status === "error")?.error) : undefined;
	if (error !== undefined) fault = { code: error.code, detail: error.detail };
	for (const item of items) {
		if (item.status !== "ok") continue;
		const row = registerRowOf(item.values);
		if (row === undefined) {
			fault ??= { code: "malformed", detail: item.id };
			continue;
		}
		const { notes } = item.values as { notes?: unknown };
		rows.push({ row, notes: typeof notes === "string" && notes.trim() !== "" ? notes : null, standing: standingOf(row, view.today) });
	}
	return { rows, items, fault };
}

/** Rows whose `hosts` cover a name, the whole name or a suffix of it at a label boundary. */
export function rowsForHost(register: Register, host: string): { id: string; standing: Standing }[] {
	const name = asName(host);
	if (name === undefined) return [];
	const covers = (fingerprint: string): boolean => {
		const suffix = asName(fingerprint);
		return suffix !== undefined && isOwnName(suffix) && suffixLabels(name, suffix) > 0;
	};
	return register.rows.filter(({ row }) => (row.hosts ?? []).some(covers)).map(({ row, standing }) => ({ id: row.id, standing }));
}
