import { z } from "zod";
import { contentPositions } from "../../protocols/content/index.ts";

/** Classes of merge fields, in the order of strictness: what a field says about the person it is filled in for. */
export const fieldClasses = ["none", "contact", "identifier", "relationship", "phi", "unknown"] as const;
export type FieldClass = (typeof fieldClasses)[number];

/** fields.yaml: every merge field with its class. A field that is not listed is unknown, which never counts as none. */
export const fieldsFileSchema = z.strictObject({
	schema: z.literal("mailward/fields/v1"),
	fields: z.record(z.string().min(1), z.enum(fieldClasses)),
	postalAddress: z.array(z.string().min(1)).default([]).describe("Fields that hold the sender's postal address"),
	optOut: z.array(z.string().min(1)).default([]).describe("Fields that hold the link to leave the list"),
});

/** <name>.meta.yaml beside a template: what the template itself does not hold. */
export const templateMetaSchema = z.strictObject({
	subject: z.string().optional(),
	preheader: z.string().optional(),
	fromName: z.string().optional(),
	replyToName: z.string().optional(),
	allow: z.array(z.string().min(1)).optional().describe("Merge fields that the body may hold"),
	requiresTls: z.boolean().optional(),
	encryptedOnly: z.boolean().optional(),
	configurationSet: z.string().optional(),
	campaign: z.string().min(1).optional().describe("The id of the campaign record that this is sent for"),
	tags: z.record(z.string(), z.string()).default({}).describe("SES message tags"),
	classes: z.record(z.string(), z.enum(fieldClasses)).default({}).describe("Stricter classes for this template"),
});
export type TemplateMeta = z.infer<typeof templateMetaSchema>;

/** *.list.yaml: the columns of a list and where it comes from. */
export const listFileSchema = z.strictObject({
	schema: z.literal("mailward/list/v1"),
	name: z.string().min(1),
	source: z.enum(["patients", "members", "staff", "public"]),
	tags: z.array(z.string()).default([]),
	columns: z.array(z.string().min(1)).min(1),
	allow: z.array(z.string().min(1)).default([]).describe("Columns that the list may hold"),
	part2: z.boolean().default(false).describe("From a programme under 42 CFR Part 2"),
	psychotherapyNotes: z.boolean().default(false),
});

/** *.segment.yaml: a segment and its predicates; all, any and not nest. */
export interface Predicate {
	field?: string | undefined;
	all?: Predicate[] | undefined;
	any?: Predicate[] | undefined;
	not?: Predicate | undefined;
	segment?: string | undefined;
	operator?: string | undefined;
	value?: unknown;
}
const predicateSchema: z.ZodType<Predicate> = z.lazy(() =>
	z.strictObject({
		field: z.string().optional(),
		operator: z.string().optional(),
		value: z.unknown().optional(),
		all: z.array(predicateSchema).optional(),
		any: z.array(predicateSchema).optional(),
		not: predicateSchema.optional(),
		segment: z.string().optional().describe("Another segment, by the name of its file"),
	}),
);
export const segmentFileSchema = z.strictObject({
	schema: z.literal("mailward/segment/v1"),
	name: z.string().min(1),
	tags: z.array(z.string()).default([]),
	where: predicateSchema,
});

/** values of content.metrics, one per *.metrics.csv. Counts are told by class, never themselves. id is the file. */
export const metricsSchema = z.object({
	columns: z.number().int(),
	rows: z.number().int(),
	/** False where the file has more rows or columns than are read. */
	complete: z.boolean(),
	/** row and column count from 1, the head included; from is the lower end of the class of the count. */
	small: z.array(z.object({ row: z.number().int(), column: z.number().int(), from: z.number().int(), how: z.enum(["cell", "subtraction"]) })),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** *.opt-out.yaml: what somebody met who followed an opt-out link to its end (16 CFR 316.5). */
export const optOutPageFileSchema = z.strictObject({
	schema: z.literal("mailward/opt-out-page/v1"),
	for: z.array(z.string().min(1)).min(1).describe("Hosts of the links it stands for, or merge fields that hold the link"),
	recordedOn: z.iso.date(),
	by: z.string().min(1).describe("Role or reference of who followed it"),
	pages: z.number().int().min(1).max(99).describe("Pages until the opt-out is done, the first included; 1 for one-click"),
	login: z.boolean(),
	fee: z.boolean(),
	fields: z.array(z.string().min(1)).default([]).describe("What the page asks for"),
});
/** values of content.opt_out_page. id is the file. */
export type OptOutPage = Omit<z.infer<typeof optOutPageFileSchema>, "schema">;

const place = { line: z.number().int().nullable(), column: z.number().int().nullable() };
const position = z.enum(contentPositions);

export const hitSchema = z.object({
	detector: z.enum(["identifier", "health-term", "relationship"]),
	name: z.string(),
	position,
	...place,
	length: z.number().int(),
	score: z.number(),
	group: z.number().int(),
	/** Stands in the default value of a tag. */
	inDefault: z.boolean(),
	/** In a link that also carries a value that differs by recipient. */
	tokened: z.boolean(),
	/** In a link to leave the list. */
	optOut: z.boolean(),
});
export type DocumentHit = z.infer<typeof hitSchema>;

export const documentTagSchema = z.object({
	/** As the author wrote it; null where it cannot be told what the tag reads. */
	name: z.string().nullable(),
	class: z.enum(fieldClasses),
	position,
	...place,
	raw: z.boolean(),
	/** On the allow-list of the template; null where the template has none. */
	allowed: z.boolean().nullable(),
});
export type DocumentTag = z.infer<typeof documentTagSchema>;

/** What the law wants a commercial message to show; null where there is no such part. */
export const noticesSchema = z.object({
	optOut: z.object({ html: z.boolean().nullable(), text: z.boolean().nullable() }),
	postalAddress: z.object({ html: z.boolean().nullable(), text: z.boolean().nullable() }),
	advertisement: z.boolean(),
});
export type Notices = z.infer<typeof noticesSchema>;

/** Headers of a rendered message by which receivers judge its sender. Domains are the sender's own. */
export const senderHeadersSchema = z.object({
	from: z.string().nullable(),
	/** Domain of Return-Path, which the receiving server writes. */
	mailFrom: z.string().nullable(),
	/** The From domain and d= of a signature, or the MAIL FROM domain, are the same or below one registrable domain (relaxed alignment). */
	aligned: z.boolean(),
	/** Answers go to an address that says nobody reads them. */
	noReply: z.boolean(),
	listUnsubscribe: z.object({ present: z.boolean(), https: z.boolean(), mailto: z.boolean() }),
	/** List-Unsubscribe-Post; null where there is none. */
	oneClick: z.boolean().nullable(),
	/** A signature of the From domain covers both fields. */
	unsubscribeSigned: z.boolean(),
});
export type SenderHeaders = z.infer<typeof senderHeadersSchema>;

/** values of content.document, one per template and rendered message: places, classes and scores, never text of it. id is the file. */
export const documentSchema = z.object({
	format: z.enum(["template", "mime"]),
	/** A subject was given: in the message, or in the file beside the template. */
	hasSubject: z.boolean(),
	/** fields.yaml was given. */
	hasClasses: z.boolean(),
	hasHtml: z.boolean(),
	hasText: z.boolean(),
	hits: z.array(hitSchema),
	tags: z.array(documentTagSchema),
	hiddenPreheader: z.boolean(),
	pixels: z.array(z.object({ ...place, why: z.enum(["size", "token"]) })),
	active: z.array(z.object({ ...place, kind: z.string() })),
	/** Links whose token can be read back as an address. */
	readableTokens: z.array(z.object({ ...place })),
	/** Hosts of links and images, each once; null is a host built by a tag. */
	hosts: z.array(z.object({ host: z.string().nullable(), ...place })),
	allowListed: z.boolean(),
	requiresTls: z.boolean().nullable(),
	encryptedOnly: z.boolean().nullable(),
	/** Of the file as it is; null for a rendered message, whose text is somebody's. */
	sha256: z.string().nullable(),
	/** Record of the campaign, as the file beside says. */
	campaign: z.string().nullable(),
	configurationSet: z.string().nullable(),
	notices: noticesSchema,
	/** Links to leave the list, in the body and in List-Unsubscribe. */
	optOutLinks: z.array(z.object({ scheme: z.string().nullable(), host: z.string().nullable(), field: z.string().nullable(), position, ...place })),
	/** Null for a template. */
	headers: senderHeadersSchema.nullable(),
});
export type ContentDocument = z.infer<typeof documentSchema>;

/** values of content.list, one per list, export header and segment. id is the file. */
export const contentListSchema = z.object({
	format: z.enum(["list", "csv", "segment"]),
	source: z.enum(["patients", "members", "staff", "public"]).nullable(),
	allowListed: z.boolean(),
	hits: z.array(hitSchema),
	/** Columns of a list, fields of a segment's predicates. */
	fields: z.array(z.object({ name: z.string(), class: z.enum(fieldClasses), allowed: z.boolean().nullable(), freeText: z.boolean() })),
	part2: z.boolean(),
	psychotherapyNotes: z.boolean(),
	/** The id by which campaigns name it: the file's name without its ending. */
	ref: z.string(),
	/** Of a list or segment as it is; null for an export, whose rows are people's. */
	sha256: z.string().nullable(),
	/** Other segments that a segment asks for, by id. */
	segments: z.array(z.string()),
});
export type ContentList = z.infer<typeof contentListSchema>;
