import { parseReportUri, type ReportUri } from "../dmarc/report-uri.ts";
import { quote, trimWsp } from "../dmarc/text.ts";

/** The TLS-RPT record of a domain, RFC 8460 section 3. */
export interface TlsRpt {
	/** Exactly one record, of right syntax, with at least one mailto: or https: address. */
	valid: boolean;
	/** The usable addresses as published; empty unless valid. */
	rua: string[];
	error?: string;
	/** Every address of rua=, usable or not. */
	uris: ReportUri[];
	/** How many texts begin with v=TLSRPTv1; the others are discarded. */
	candidates: number;
}

const version = "v=TLSRPTv1;";

/**
 * Parses all TXT texts at _smtp._tls.<domain> (strings joined per record, octets as latin1). Texts that do not begin with
 * "v=TLSRPTv1;" are discarded first; any other number than one means that the domain asks for no reports.
 * Any texts in, a value out; never throws; linear time.
 */
export function parseTlsRpt(texts: string[]): TlsRpt {
	const candidates = texts.filter((text) => text.startsWith(version));
	const count = candidates.length;
	const refuse = (error: string, uris: ReportUri[] = []): TlsRpt => ({ valid: false, rua: [], error, uris, candidates: count });
	const [text] = candidates;
	if (text === undefined) return refuse(`no TXT record begins with ${version}`);
	if (count > 1) return refuse(`${count} TXT records begin with ${version}; senders then act as if there were none`);

	// field-delim is *WSP ";" *WSP: white space belongs to the delimiters, and one of them may end the record.
	const fields = text.slice(version.length).split(";");
	const endsWithDelimiter = fields.length > 1 && trimWsp(fields.at(-1) ?? "") === "";
	if (endsWithDelimiter) fields.pop();
	const uris: ReportUri[] = [];
	let seen = false;
	for (const [index, raw] of fields.entries()) {
		const field = trimWsp(raw);
		if (field === "") return refuse(fields.length === 1 ? "the record has no rua field" : "there is an empty field between semicolons");
		const delimited = index < fields.length - 1 || endsWithDelimiter;
		if (!delimited && /[ \t]/.test(raw.slice(-1))) return refuse("there is white space at the end of the record");
		if (field.startsWith("rua=")) {
			if (/^[ \t]/.test(field.slice(4))) return refuse("there is white space after rua=");
			seen = true;
			for (const part of field.slice(4).split(",")) uris.push(parseReportUri(part));
			continue;
		}
		const error = extensionError(field);
		if (error !== undefined) return refuse(error);
	}
	if (!seen) return refuse("the record has no rua field");
	for (const uri of uris) {
		if (!uri.valid) return refuse(`rua: ${uri.error}`, uris);
		if (uri.sizeSuffix !== undefined) return refuse(`rua: ${quote(uri.text)} is followed by "!", which must be percent-encoded`, uris);
	}
	const usable = uris.filter((uri) => uri.scheme === "mailto" || uri.scheme === "https");
	if (usable.length === 0) return refuse("rua names no mailto: or https: address", uris);
	return { valid: true, rua: usable.map((uri) => uri.text), uris, candidates: count };
}

/** tlsrpt-extension: ignored by senders, but only when it has the form that the ABNF gives it. */
function extensionError(field: string): string | undefined {
	const equals = field.indexOf("=");
	const name = equals < 0 ? "" : field.slice(0, equals);
	if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(name)) return `${quote(field)} is not of the form name=value`;
	// Printable ASCII but "=", ";" and space.
	if (!/^[\x21-\x3a\x3c\x3e-\x7e]+$/.test(field.slice(equals + 1))) return `the field ${quote(name)} has an invalid value`;
	return undefined;
}
