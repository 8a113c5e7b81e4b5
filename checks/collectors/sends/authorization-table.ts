import { z } from "zod";
import { detectIdentifiers } from "../../../model/records/identifiers.ts";
import { authorizationRecordSchema, isCalendarDate, isOffsetTime, isSubjectRef } from "../../../model/records/index.ts";
import type { Problem } from "../../../model/source.ts";
import { type Authorizations, dayNumber, noDay, termsFacts } from "../../protocols/reconcile/index.ts";
import { listFolder } from "../folder-files.ts";
import { readLines } from "./read-lines.ts";

export const tableSchemaId = "mailward/authorization-table/v1";
const columns = ["subject", "terms", "signedAt", "expiresOn", "eventOn", "eventCheckedOn", "revokedAt", "evidenceSha256"] as const;
type Column = (typeof columns)[number];
const required: readonly Column[] = ["subject", "terms", "signedAt"];
const maxProblems = 100;

const terms = z.strictObject({
	...authorizationRecordSchema.pick({
		informationDescription: true,
		disclosers: true,
		recipients: true,
		purposes: true,
		expiration: true,
		revocation: true,
		conditioning: true,
		redisclosure: true,
		plainLanguage: true,
		soughtByEntity: true,
		remuneration: true,
		saleOfPhi: true,
		compoundWith: true,
		conditioned: true,
		formVersion: true,
		formSha256: true,
		scope: true,
	}).shape,
});
const header = z.strictObject({
	schema: z.literal(tableSchemaId),
	/** Order of the values in each row. */
	columns: z.array(z.enum(columns)).refine((list) => new Set(list).size === list.length && required.every((one) => list.includes(one)), {
		error: `expected each column once, and among them ${required.join(", ")}`,
	}),
	/** The texts that were signed, by a name that rows use. */
	terms: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "expected a short name"), terms),
});

export interface TableRead {
	/** As problems print it: below the records folder. */
	file: string;
	sha256: string;
	rows: number;
}

/** The fields of an authorization-form record that rows are held to. */
export interface FormValues {
	version?: string;
	sha256?: string;
	inUseFrom?: string;
	inUseTo?: string | null;
}

export interface TableOptions {
	label: string;
	signal: AbortSignal;
	into: Authorizations;
	isFree: (id: string) => boolean;
	/** The registered forms (45 CFR 164.508(b)(6)); null where they are not known. */
	forms: readonly FormValues[] | null;
}

/** One text of the header: its numbers with and without the signed document on file, and the days on which its form was in use. */
interface TableText {
	proven: number;
	unproven: number;
	formFrom: string;
	formTo: string;
}

/**
 * Large authorization logs: *.ndjson (or *.ndjson.gz) below the records folder. The first line names the columns and holds the texts that
 * were signed, each once; every other line is one signed authorization, an array of values in the order of the columns, null where there
 * is none. Rows go to `into` as they stream by. Where there are problems nothing is judged by what was read.
 */
export async function readAuthorizationTables(folder: string, options: TableOptions): Promise<{ tables: TableRead[]; problems: Problem[] }> {
	const { files, fault } = await listFolder(folder, options.label, "the records");
	// The register itself says what is wrong with the folder.
	const tables: TableRead[] = [];
	const problems: Problem[] = [];
	if (fault !== undefined) return { tables, problems };
	for (const { label, path } of files) {
		if (!/\.ndjson(?:\.gz)?$/i.test(path)) continue;
		const reader = new TableReader(label, options);
		const take = (line: string, number: number): void => reader.line(line, number);
		const { sha256, error } = await readLines(path, { signal: options.signal, take, skipped: (number) => reader.say(number, "a line of more than 1 MiB") });
		if (error !== undefined) reader.say(1, error.message);
		else if (!reader.begun) reader.say(1, `the file is empty; expected {"schema": "${tableSchemaId}", ...} on the first line`);
		problems.push(...reader.problems);
		tables.push({ file: label, sha256: sha256 ?? "", rows: reader.rows });
	}
	return { tables, problems };
}

class TableReader {
	readonly problems: Problem[] = [];
	rows = 0;
	#columns: readonly Column[] | undefined;
	readonly #texts = new Map<string, TableText>();
	readonly #file: string;
	readonly #options: TableOptions;

	constructor(file: string, options: TableOptions) {
		this.#file = file;
		this.#options = options;
	}

	get begun(): boolean {
		return this.#columns !== undefined || this.problems.length > 0;
	}

	say(line: number, message: string, code = "REC-100"): void {
		if (this.problems.length < maxProblems) this.problems.push({ file: this.#file, line, column: 1, code, message });
	}

	line(text: string, number: number): void {
		let value: unknown;
		try {
			value = JSON.parse(text);
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			this.say(number, "not valid JSON: one row a line");
			return;
		}
		if (this.#columns !== undefined) this.#row(value, number, this.#columns);
		// Without a header nothing can be said of the rows: it is reported once.
		else if (this.problems.length === 0) this.#header(value, number);
	}

	#header(value: unknown, number: number): void {
		const parsed = header.safeParse(value);
		if (!parsed.success) {
			for (const { path, message } of parsed.error.issues) this.say(number, `${path.map(String).join(".") || "header"}: ${message}`, "REC-104");
			return;
		}
		const suspected = suspectedIn(parsed.data.terms);
		if (suspected !== undefined) {
			this.say(number, `terms: a text looks like ${suspected}; value not shown`, "REC-120");
			return;
		}
		this.#columns = parsed.data.columns;
		for (const [name, text] of Object.entries(parsed.data.terms)) {
			const form = this.#formOf(name, text);
			const [expiry, { into, isFree }] = [expiryOf(text.expiration), this.#options];
			const numberOf = (signatureOnFile: boolean): number => into.addTerms(termsFacts(text, expiry, isFree, signatureOnFile));
			this.#texts.set(name, { proven: numberOf(true), unproven: numberOf(false), ...form });
		}
	}

	/** The days on which the form of a text was in use; that it is not registered, or with another hash, is said once. */
	#formOf(name: string, { formVersion, formSha256 }: z.infer<typeof terms>): { formFrom: string; formTo: string } {
		const { forms } = this.#options;
		const form = forms?.find(({ version }) => version === formVersion);
		if (forms !== null && formVersion !== undefined && form === undefined)
			this.say(1, `terms.${name}.formVersion: no authorization-form record has this version`, "REC-106");
		else if (formSha256 !== undefined && form !== undefined && form.sha256 !== formSha256)
			this.say(1, `terms.${name}.formSha256: the authorization-form record of this version has another hash`, "REC-106");
		return { formFrom: form?.inUseFrom ?? "0000-01-01", formTo: form?.inUseTo ?? "9999-12-31" };
	}

	#row(value: unknown, number: number, order: readonly Column[]): void {
		if (!Array.isArray(value) || value.length !== order.length) {
			this.say(number, `expected an array of ${order.length} values, in the order of the columns`, "REC-104");
			return;
		}
		const cells: Partial<Record<Column, string>> = {};
		for (const [index, column] of order.entries()) {
			const cell: unknown = value[index];
			if (cell === null && !required.includes(column)) continue;
			if (typeof cell !== "string" || !forms[column](cell)) {
				// A wrong value may be a patient's data in the wrong place: it is not shown.
				this.say(number, `${column}: ${expected[column]}`, column === "subject" ? "REC-121" : "REC-104");
				return;
			}
			cells[column] = cell;
		}
		const text = this.#texts.get(cells.terms ?? "");
		if (text === undefined) {
			this.say(number, "terms: the header holds no text of this name", "REC-106");
			return;
		}
		const { subject = "", signedAt = "", revokedAt } = cells;
		const [signedAtMs, revokedAtMs] = [Date.parse(signedAt), revokedAt === undefined ? Number.NaN : Date.parse(revokedAt)];
		if (revokedAtMs < signedAtMs) {
			this.say(number, "revokedAt: dates out of order: the signature is after the revocation", "REC-105");
			return;
		}
		const signedOn = signedAt.slice(0, 10);
		if (signedOn < text.formFrom || signedOn > text.formTo) {
			this.say(number, "signedAt: the form of this text was not in use on this day", "REC-106");
			return;
		}
		const expiresOn = cells.expiresOn ?? cells.eventOn;
		this.rows += 1;
		this.#options.into.add({
			subject,
			terms: cells.evidenceSha256 === undefined ? text.unproven : text.proven,
			signedAtMs,
			expiresOnDay: expiresOn === undefined ? noDay : dayNumber(expiresOn),
			checkedOnDay: cells.eventCheckedOn === undefined ? noDay : dayNumber(cells.eventCheckedOn),
			revokedAtMs,
		});
	}
}

const forms: Record<Column, (text: string) => boolean> = {
	subject: isSubjectRef,
	terms: (text) => text.length <= 64,
	signedAt: isOffsetTime,
	expiresOn: isCalendarDate,
	eventOn: isCalendarDate,
	eventCheckedOn: isCalendarDate,
	revokedAt: isOffsetTime,
	evidenceSha256: (text) => /^[0-9a-f]{64}$/.test(text),
};

const expected: Record<Column, string> = {
	subject: "expected sub_ and 26 to 52 base32 characters",
	terms: "expected the name of a text in the header",
	signedAt: "expected an RFC 3339 time with an offset",
	expiresOn: "expected a date YYYY-MM-DD",
	eventOn: "expected a date YYYY-MM-DD",
	eventCheckedOn: "expected a date YYYY-MM-DD",
	revokedAt: "expected an RFC 3339 time with an offset",
	evidenceSha256: "expected 64 lower-case hex digits",
};

/** The label of the first detector that fires on a text of a value, however deep. */
function suspectedIn(value: unknown): string | undefined {
	if (typeof value === "string") return detectIdentifiers(value)[0]?.label;
	if (typeof value !== "object" || value === null) return undefined;
	for (const one of Object.values(value)) {
		const found = suspectedIn(one);
		if (found !== undefined) return found;
	}
	return undefined;
}

type Expiration = z.infer<typeof terms>["expiration"];

/** An event that nobody looked at counts as not resolved since ever; "none" holds for research alone and counts as not stated. */
export function expiryOf(expiration: Expiration): { expiresOnDay: number; checkedOnDay: number } {
	if (expiration === undefined || "none" in expiration) return { expiresOnDay: noDay, checkedOnDay: noDay };
	if ("date" in expiration) return { expiresOnDay: dayNumber(expiration.date), checkedOnDay: noDay };
	const { resolver } = expiration;
	if (resolver?.state === "occurred" && resolver.on !== undefined) return { expiresOnDay: dayNumber(resolver.on), checkedOnDay: noDay };
	if (resolver?.state === "not_occurred") return { expiresOnDay: noDay, checkedOnDay: dayNumber(resolver.checkedOn) };
	return { expiresOnDay: noDay, checkedOnDay: neverChecked };
}

const neverChecked = dayNumber("0001-01-01");
