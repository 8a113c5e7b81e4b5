import type { AddressObject, ParsedMail } from "mailparser";
import type { EvidenceError } from "../../../model/evidence.ts";
import type { Span } from "../../protocols/content/index.ts";
import type { Draft } from "./document.ts";
import { senderHeaders } from "./sender-headers.ts";

/** Caps of one message; beyond them it is not assessed, and the cap is named. */
export const maxMimeBytes = 25 * 1024 * 1024;
const maxPartUnits = 1024 * 1024;
const maxAttachments = 100;
const maxHeaderUnits = 64 * 1024;

/** A raw message as a draft: decoded headers, the readable parts, the names of attachments. What is attached is not read. */
export async function readMime(
	octets: Buffer,
	label: string,
	campaign: string | null,
): Promise<{ ok: true; draft: Draft } | { ok: false; error: EvidenceError }> {
	const fault = (code: EvidenceError["code"], message: string): { ok: false; error: EvidenceError } => ({ ok: false, error: { code, detail: label, message } });
	// A tenth of a second and 25 MB that only raw messages are worth.
	const { simpleParser } = await import("mailparser");
	let mail: ParsedMail;
	try {
		mail = await simpleParser(octets, {
			skipHtmlToText: true,
			skipTextToHtml: true,
			skipImageLinks: true,
			skipTextLinks: true,
			maxHtmlLengthToParse: maxPartUnits,
		});
	} catch (error) {
		// The parser stops at its own caps for header and nesting; its message may quote the file.
		return (error as { code?: string }).code === "EMAXLEN"
			? fault("too_large", "the message has more parts, or a longer header, than is read")
			: fault("malformed", "the message cannot be read");
	}
	const html = typeof mail.html === "string" ? mail.html : null;
	const text = mail.text === undefined || mail.text === "" ? null : mail.text;
	if (mail.headerLines.every(({ key }) => key === "")) return fault("malformed", "this is no message: it has no header");
	for (const part of [html, text])
		if (part !== null && part.length > maxPartUnits) return fault("too_large", `a part has more than ${maxPartUnits} characters`);
	if (mail.attachments.length > maxAttachments) return fault("too_large", `the message has more than ${maxAttachments} attachments`);
	for (const { line } of mail.headerLines)
		if (line.length > maxHeaderUnits) return fault("too_large", `a header field has more than ${maxHeaderUnits} characters`);
	return {
		ok: true,
		draft: {
			format: "mime",
			html: html === null ? null : { text: html, places: null },
			text: text === null ? null : { text, places: null },
			spans: headerSpans(mail),
			hasSubject: mail.subject !== undefined,
			classOf: () => "unknown",
			hasClasses: false,
			allow: null,
			requiresTls: null,
			encryptedOnly: null,
			sha256: null,
			campaign,
			configurationSet: null,
			postalFields: new Set(),
			optOutFields: new Set(),
			headers: senderHeaders(mail),
		},
	};
}

function headerSpans(mail: ParsedMail): Span[] {
	const spans: Span[] = [];
	const add = (position: Span["position"], text: string | undefined): void => {
		if (text !== undefined && text !== "") spans.push({ position, text, offset: -1 });
	};
	add("subject", mail.subject);
	for (const { name } of addressesOf(mail.from)) add("from_name", name);
	for (const { name } of addressesOf(mail.replyTo)) add("reply_to_name", name);
	add("message_id", mail.messageId?.replace(/^<|@.*$/g, ""));
	for (const { key, line } of mail.headerLines) {
		const value = line
			.slice(line.indexOf(":") + 1)
			.replaceAll(/\r?\n[ \t]*/g, " ")
			.trim();
		if (key === "list-id") add("list_id", value);
		else if (key === "list-unsubscribe") for (const match of value.matchAll(/<([^<>]{1,4000})>/g)) add("list_unsubscribe", match[1]);
		else if (key.startsWith("x-")) add("x_header", value);
	}
	for (const attachment of mail.attachments) add("attachment_name", attachment.filename || undefined);
	return spans;
}

function addressesOf(field: AddressObject | undefined): { name: string }[] {
	return (field?.value ?? []).map(({ name }) => ({ name }));
}
