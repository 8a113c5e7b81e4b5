import { loadRecords, type RecordItem } from "../checks/collectors/records/load.ts";
import type { TableRead } from "../checks/collectors/sends/authorization-table.ts";
import { readSigned } from "../checks/collectors/sends/signed.ts";
import type { Problem } from "../model/source.ts";

export { loadRecords } from "../checks/collectors/records/load.ts";

export interface CheckedRecords {
	items: RecordItem[];
	/** Tables of authorizations (*.ndjson), whose rows are no records of their own. */
	tables: TableRead[];
	problems: Problem[];
}

/** Every file of a records folder, the large tables too, read as a scan reads them; all problems of all of them. */
export async function checkRecords(folder: string, signal: AbortSignal): Promise<CheckedRecords> {
	const records = await loadRecords(folder, { signal });
	const { tables, problems } = await readSigned(records, folder, { label: folder, signal });
	return { items: records.items, tables, problems: [...records.problems, ...problems] };
}
