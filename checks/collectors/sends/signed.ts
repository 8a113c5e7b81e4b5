import type { AuthorizationRecord } from "../../../model/records/index.ts";
import type { Problem } from "../../../model/source.ts";
import { Authorizations, noDay, termsFacts } from "../../protocols/reconcile/index.ts";
import type { LoadedRecords } from "../records/load.ts";
import { expiryOf, type FormValues, readAuthorizationTables, type TableRead } from "./authorization-table.ts";

/** Everything that people signed: the records of authorizations and the tables beside them. Where there are problems nothing is judged by it. */
export async function readSigned(
	{ items, problems: faults }: LoadedRecords,
	folder: string,
	options: { label: string; signal: AbortSignal },
): Promise<{ authorizations: Authorizations; tables: TableRead[]; problems: Problem[] }> {
	const signed = items.flatMap(({ kind, id, values }) => (kind === "authorization" ? [{ id, values: values as unknown as AuthorizationRecord }] : []));
	const free = new Set(signed.filter(({ values }) => values.conditioned === false).map(({ id }) => id));
	const isFree = (id: string): boolean => free.has(id);
	const authorizations = new Authorizations();
	// A register with problems gives no records: then nothing can be said of the forms that tables name.
	const forms = faults.length > 0 ? null : items.flatMap(({ kind, values }) => (kind === "authorization-form" ? [values as FormValues] : []));
	const { tables, problems } = await readAuthorizationTables(folder, { ...options, forms, isFree, into: authorizations });
	for (const { values } of signed) addRecord(values, authorizations, isFree);
	return { authorizations, tables, problems };
}

function addRecord(values: AuthorizationRecord, into: Authorizations, isFree: (id: string) => boolean): void {
	const { expiresOnDay, checkedOnDay } = expiryOf(values.expiration);
	const facts = termsFacts(values, { expiresOnDay: noDay, checkedOnDay: noDay }, isFree, values.signature !== undefined);
	// An authorization that nobody signed was never in force.
	const signedAtMs = values.signature === undefined ? Date.parse(`${values.createdOn}T00:00:00Z`) : Date.parse(values.signature.at);
	const missing = values.signature === undefined ? [...facts.missing, "signature"] : facts.missing;
	const revokedAtMs = values.revokedAt === undefined ? Number.NaN : Date.parse(values.revokedAt);
	into.add({ subject: values.subjectRef, terms: into.addTerms({ ...facts, missing }), signedAtMs, expiresOnDay, checkedOnDay, revokedAtMs });
}
