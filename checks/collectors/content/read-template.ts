import { z } from "zod";
import { detectIdentifiers } from "../../../model/records/identifiers.ts";
import { InputError, type Problem, parseYamlSource, problemsOf } from "../../../model/source.ts";
import type { Span } from "../../protocols/content/index.ts";
import type { Draft } from "./document.ts";
import { Places } from "./places.ts";
import { type FieldClass, fieldClasses, fieldsFileSchema, type OptOutPage, optOutPageFileSchema, type TemplateMeta, templateMetaSchema } from "./schema.ts";

/** What fields.yaml says of the merge fields. */
export interface FieldTable {
	classes: ReadonlyMap<string, FieldClass>;
	postalAddress: ReadonlySet<string>;
	optOut: ReadonlySet<string>;
}

/** fields.yaml. Throws InputError with file, line and field. */
export function readFields(octets: Uint8Array, label: string): FieldTable {
	const { fields, postalAddress, optOut } = parsed(octets, label, fieldsFileSchema);
	return { classes: new Map(Object.entries(fields)), postalAddress: new Set(postalAddress), optOut: new Set(optOut) };
}

/** <name>.meta.yaml. Throws InputError with file, line and field. */
export function readMeta(octets: Uint8Array, label: string): TemplateMeta {
	return parsed(octets, label, templateMetaSchema);
}

/** *.opt-out.yaml. Throws InputError with file, line and field. */
export function readOptOutPage(octets: Uint8Array, label: string): OptOutPage {
	const { schema: _schema, ...page } = parsed(octets, label, optOutPageFileSchema);
	return page;
}

export function parsed<T>(octets: Uint8Array, label: string, schema: z.ZodType<T>): T {
	const source = parseYamlSource(octets, label);
	const outcome = schema.safeParse(source.value);
	if (outcome.success) return outcome.data;
	throw new InputError(problemsOf(outcome.error, source, schema).map(withoutPatients));
}

/** A problem may name a field that the author made up; one that looks like a patient's identifier is not said. */
function withoutPatients(problem: Problem): Problem {
	const { field, ...rest } = problem;
	const [hit] = detectIdentifiers(`${field ?? ""} ${problem.message}`);
	return hit === undefined ? problem : { ...rest, message: `the name of a field here looks like ${hit.label}; name not shown` };
}

/** What Amazon SES calls a template, as `aws ses` (SubjectPart ...) and `aws sesv2` (TemplateContent) write it. */
const sesTemplateSchema = z.object({
	TemplateName: z.string().optional(),
	SubjectPart: z.string().optional(),
	HtmlPart: z.string().optional(),
	TextPart: z.string().optional(),
	TemplateContent: z.object({ Subject: z.string().optional(), Html: z.string().optional(), Text: z.string().optional() }).optional(),
});

export interface TemplateParts {
	name: string | undefined;
	subject: string | undefined;
	html: Draft["html"];
	text: Draft["text"];
}

/** Throws InputError for a *.template.json that is none. */
export function readSesTemplate(text: string, label: string): TemplateParts {
	const fault = (message: string): InputError =>
		new InputError([{ file: label, line: 1, column: 1, message: `${message}; expected what aws sesv2 get-email-template prints` }]);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		// The runtime's message quotes the file.
		throw fault("is no JSON");
	}
	const outer = z.object({ Template: z.unknown() }).safeParse(value);
	const template = sesTemplateSchema.safeParse(outer.success && outer.data.Template !== undefined ? outer.data.Template : value);
	if (!template.success) throw fault("is no SES template");
	const { TemplateName, SubjectPart, HtmlPart, TextPart, TemplateContent } = template.data;
	const html = HtmlPart ?? TemplateContent?.Html;
	const plain = TextPart ?? TemplateContent?.Text;
	return {
		name: TemplateName,
		subject: SubjectPart ?? TemplateContent?.Subject,
		html: html === undefined ? null : { text: html, places: null },
		text: plain === undefined ? null : { text: plain, places: null },
	};
}

export function markup(text: string): NonNullable<Draft["html"]> {
	return { text, places: new Places(text) };
}

/** Joins the parts of a template with the file beside it and the classes of its fields. A class is made stricter for one template, never looser. */
export function templateDraft(parts: TemplateParts, meta: TemplateMeta | null, fields: FieldTable | null, sha256: string): Draft {
	const subject = parts.subject ?? meta?.subject;
	const spans: Span[] = [];
	const add = (position: Span["position"], text: string | undefined): void => {
		if (text !== undefined && text !== "") spans.push({ position, text, offset: -1 });
	};
	add("subject", subject);
	add("preheader", meta?.preheader);
	add("from_name", meta?.fromName);
	add("reply_to_name", meta?.replyToName);
	add("configuration_set", meta?.configurationSet);
	add("template_name", parts.name);
	for (const [name, value] of Object.entries(meta?.tags ?? {})) {
		add("ses_tag", name);
		add("ses_tag", value);
	}
	return {
		format: "template",
		html: parts.html,
		text: parts.text,
		spans,
		hasSubject: subject !== undefined,
		hasClasses: fields !== null,
		classOf: (name) => stricter(fields?.classes.get(name) ?? "unknown", meta?.classes[name]),
		allow: meta?.allow === undefined ? null : new Set(meta.allow),
		requiresTls: meta?.requiresTls ?? null,
		encryptedOnly: meta?.encryptedOnly ?? null,
		sha256,
		campaign: meta?.campaign ?? null,
		configurationSet: meta?.configurationSet ?? null,
		postalFields: fields?.postalAddress ?? new Set(),
		optOutFields: fields?.optOut ?? new Set(),
		headers: null,
	};
}

function stricter(known: FieldClass, own: FieldClass | undefined): FieldClass {
	if (own === undefined) return known;
	return fieldClasses.indexOf(own) > fieldClasses.indexOf(known) ? own : known;
}
