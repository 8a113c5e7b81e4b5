import { z } from "zod";
import { isCalendarDate, isOffsetTime } from "./dates.ts";
import { type Loose, withRules } from "./rules.ts";

/** Types and fields that every kind of record shares. The message of a form says what is expected; the reader adds what it got. */

function form(pattern: RegExp, expected: string): z.ZodString {
	return z.string({ error: expected }).regex(pattern, { error: expected });
}

const maxTextLength = 20_000;

/** Free text. Lone surrogates have no JSON form (RFC 8785 3.2.2.2) and no meaning, so they are refused at the door. */
export const text = z
	.string({ error: "expected text" })
	.min(1, { error: "expected text, not an empty string" })
	.max(maxTextLength, { error: `expected at most ${maxTextLength} characters` })
	.refine((value) => value.isWellFormed(), { error: "expected text without unpaired surrogates" });

export const recordId = form(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "expected an id of up to 64 letters, digits, dots, underscores and hyphens");

const dateForm = /^\d{4}-\d{2}-\d{2}$/;
// Nothing here aborts (zod would then leave out the rules over several fields), so the second check leaves to the first what is its own.
export const date = form(dateForm, "expected a date YYYY-MM-DD").refine((value) => !dateForm.test(value) || isCalendarDate(value), {
	error: "expected a date YYYY-MM-DD that exists in the calendar",
});

/** An instant as an event has it: RFC 3339 with its offset. */
export const time = z
	.string({ error: "expected a time such as 2026-03-14T09:30:00-05:00" })
	.refine(isOffsetTime, { error: "expected a time with offset, RFC 3339, such as 2026-03-14T09:30:00-05:00" });

export const flag = z.boolean({ error: "expected true or false" });

/** Likelihood, impact and criticality. */
export const grade = wholeNumber("expected a whole number from 1 to 5", 1, 5, "expected 1 to 5");

/** Days from one day to another, both included. */
export const period = z.strictObject({ from: date, to: date });

export const sha256 = form(/^[0-9a-f]{64}$/, "expected a SHA-256 hash of 64 lower-case hex digits");

/**
 * A whole number from min to max. Not z.int(): its fault aborts, and zod then leaves out the rules over several fields.
 * The type in the JSON Schema is set by hand for that reason.
 */
export function wholeNumber(what: string, min: number, max: number, range: string): z.ZodNumber {
	return z.number({ error: what }).refine(Number.isInteger, { error: what }).min(min, { error: range }).max(max, { error: range }).meta({ type: "integer" });
}

export const count = wholeNumber("expected a whole number", 0, 1_000_000_000, "expected a whole number from 0 to 1000000000");

export const controlId = form(/^[A-Z]{3}-\d{2}$/, "expected a control id such as BAA-01");

/** A host name, or the part of one that stands for everything below it. Two labels at least: "com" would answer for the world. */
export const hostFingerprint = form(
	/^(?=.{1,253}\.?$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?$/,
	"expected a host name of at least two labels, such as mail.example.org",
);

/** A DKIM selector, or the CNAME target that the selector leads to. */
export const dkimFingerprint = form(
	/^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
	"expected a DKIM selector or the host that its CNAME leads to",
);

/**
 * The only name a person has in a record: `sub_` and 26 to 52 base32 characters, 128 bits or more, in the alphabet of
 * RFC 4648 section 6 or of Crockford. It is random or a keyed HMAC; the form cannot tell an unkeyed hash, the text says so.
 */
export function isSubjectRef(value: string): boolean {
	return /^sub_(?:[A-Z2-7]{26,52}|[a-z2-7]{26,52}|[0-9A-HJKMNP-TV-Z]{26,52}|[0-9a-hjkmnp-tv-z]{26,52})$/.test(value);
}

export const subjectRef = z.string({ error: "expected a subjectRef" }).refine(isSubjectRef, {
	error: "expected sub_ and 26 to 52 base32 characters: a random value or a keyed HMAC, never a hash of an address or record number",
	params: { rec: "REC-121" },
});

const staffFields = {
	name: text,
	role: text.optional(),
	email: z.email({ error: "expected a mail address" }).optional(),
};

/** Schemas whose `email` is workforce data and stays out of the search for patient identifiers. */
const staffSchemas = new WeakSet<object>();

function staff<T extends z.ZodObject>(schema: T): T {
	staffSchemas.add(schema);
	return schema;
}

/** Workforce data, never patient data. */
export const staffReference = staff(z.strictObject(staffFields));
export type StaffReference = z.infer<typeof staffReference>;

/** A member of staff whose authority matters: the role is needed. */
export const staffWithRole = staff(z.strictObject({ ...staffFields, role: text }));

export const attestingStaff = staff(
	z.strictObject({
		...staffFields,
		role: text,
		relationship: z.enum(["internal", "consultant", "independent"]),
	}),
);

/** A staff reference with fields of the kind's own. */
export function staffWith<T extends z.ZodRawShape>(fields: T) {
	return staff(z.strictObject({ ...staffFields, ...fields }));
}

export function isStaffSchema(schema: object): boolean {
	return staffSchemas.has(schema);
}

const relativePath = form(
	/^(?![/\\])(?![A-Za-z]:)[^\\\0-\x1f]{1,1000}$/,
	"expected a path relative to the records folder, with forward slashes; use uri for a document that lives elsewhere",
);
const uri = form(/^[a-z][a-z0-9+.-]*:[^\s\0-\x1f]{1,2000}$/, "expected a URI such as https://example.org/baa.pdf");

/** The hash is required: it is what ties a statement to one version of its evidence. The document itself may live elsewhere. */
export const evidenceItem = withRules(
	z.strictObject({
		path: relativePath.optional(),
		uri: uri.optional(),
		sha256,
		mediaType: form(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/, "expected a media type such as application/pdf").optional(),
		pages: count.optional(),
		note: text.optional(),
	}),
	onePlace,
);
export type EvidenceItem = z.infer<typeof evidenceItem>;

/** As evidence, but a draft has no final text to hash: the kind says when the hash is required. */
export const documentReference = withRules(
	z.strictObject({
		path: relativePath.optional(),
		uri: uri.optional(),
		sha256: sha256.optional(),
		pages: count.optional(),
	}),
	onePlace,
);
export type DocumentReference = z.infer<typeof documentReference>;

function onePlace(value: Loose): ReturnType<Parameters<typeof withRules>[1]> {
	const [path, place] = [value.path !== undefined, value.uri !== undefined];
	if (!path && !place) return [{ rec: "REC-102", path: [], message: "required field missing: path or uri" }];
	if (path && place) return [{ rec: "REC-104", path: ["uri"], message: "expected path or uri, not both" }];
	return [];
}

export const evidenceList = z.array(evidenceItem);

/** Fields of every record. */
export const sharedFields = {
	id: recordId.describe("Unique within the kind and never reused"),
	createdOn: date,
	lastInEffectOn: date.nullable().optional().describe("null while in force"),
	owner: staffReference,
	evidence: evidenceList.optional(),
	notes: text.optional().describe("No personal data of patients"),
	disposeNotBefore: z
		.union([date, z.literal("open")], { error: "expected a date YYYY-MM-DD, or open" })
		.optional()
		.describe("Computed; a later date may be written, an earlier one is an error"),
	retentionHold: z.strictObject({ reason: text, until: date }).optional().describe("State law, 42 CFR Part 2 or a litigation hold that asks for longer"),
};

/** Something to be done: by whom, until when, and done on. */
export const actionItem = z.strictObject({
	text,
	owner: staffReference.optional(),
	dueOn: date.optional(),
	doneOn: date.nullable().optional(),
	evidence: evidenceList.optional(),
});
