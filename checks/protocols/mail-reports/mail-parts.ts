import type { MailReportLimits } from "./limits.ts";
import { ReportFault } from "./report-fault.ts";

const maxHeaderOctets = 512 * 1024;
const maxMultipartDepth = 8;

/** True if octets begin as a mail does: with a header field (RFC 5322 2.2), or with a line of an mbox. */
export function looksLikeMail(octets: Uint8Array): boolean {
	const start = Buffer.from(octets.subarray(0, 1024)).toString("latin1");
	return /^(?:\r?\n)*[!-9;-~]{1,76}[ \t]*:/.test(start) || start.startsWith("From ");
}

/**
 * Octets of the parts of a mail (RFC 2045, 2046) that may hold a report: attachments, and what is neither text nor HTML. The
 * text of the mail is not looked at. A failure report (RFC 6591, 9991) is refused: it holds the message of a person.
 */
export function reportParts(octets: Uint8Array, limits: Pick<MailReportLimits, "parts">): Buffer[] {
	const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("latin1");
	if (text.startsWith("From ")) throw new ReportFault("malformed", "the file is an mbox; give one message a file");
	const found: Buffer[] = [];
	let parts = 0;
	const visit = (part: string, depth: number): void => {
		parts += 1;
		if (parts > limits.parts) throw new ReportFault("too_large", `the mail has more than ${limits.parts} parts`);
		if (depth > maxMultipartDepth) throw new ReportFault("too_large", `the mail has parts nested deeper than ${maxMultipartDepth}`);
		const { headers, body } = split(part);
		const type = fieldOf(headers.get("content-type") ?? "text/plain");
		const disposition = fieldOf(headers.get("content-disposition") ?? "");
		if (type.parameters.get("report-type") === "feedback-report" || type.value === "message/feedback-report")
			throw new ReportFault("malformed", "the mail is a failure report, which may hold message text and is not read; give aggregate reports");
		if (type.value.startsWith("multipart/")) {
			const boundary = type.parameters.get("boundary") ?? "";
			if (boundary === "" || boundary.length > 200) throw new ReportFault("malformed", "the mail has a multipart without a boundary");
			for (const inner of between(body, boundary, limits.parts)) visit(inner, depth + 1);
			return;
		}
		if (type.value === "message/rfc822") {
			visit(decoded(body, headers.get("content-transfer-encoding")).toString("latin1"), depth + 1);
			return;
		}
		const isAttached = disposition.value === "attachment" || disposition.parameters.has("filename") || type.parameters.has("name");
		if ((type.value === "text/plain" || type.value === "text/html") && !isAttached) return;
		found.push(decoded(body, headers.get("content-transfer-encoding")));
	};
	visit(text, 0);
	return found;
}

function split(part: string): { headers: Map<string, string>; body: string } {
	const headers = new Map<string, string>();
	const text = part.replace(/^(?:\r?\n)+(?=[!-9;-~]+:)/, "");
	// A part may begin with the empty line: it has no header then.
	const blank = /^\r?\n/.exec(text)?.[0];
	if (blank !== undefined) return { headers, body: text.slice(blank.length) };
	let end = text.indexOf("\n\n");
	let gap = 2;
	const crlf = text.indexOf("\n\r\n");
	if (crlf !== -1 && (end === -1 || crlf < end)) {
		end = crlf;
		gap = 3;
	}
	const block = end === -1 ? text : text.slice(0, end);
	if (block.length > maxHeaderOctets) throw new ReportFault("too_large", `the mail has a header of more than ${maxHeaderOctets} octets`);
	for (const line of block.replaceAll(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
		const colon = line.indexOf(":");
		const name = line.slice(0, colon).trim().toLowerCase();
		if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
	}
	return { headers, body: end === -1 ? "" : text.slice(end + gap) };
}

/** value; name=value; name="value" (RFC 2045 5.1), values of report-type in lower case. Also the pieces of RFC 2231. */
function fieldOf(text: string): { value: string; parameters: Map<string, string> } {
	const limited = text.slice(0, 4096);
	const parameters = new Map<string, string>();
	for (const [, name = "", quoted, bare = ""] of limited.matchAll(/;\s*([\w-]+)[\d*]*\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g)) {
		const value = quoted?.replaceAll(/\\(.)/g, "$1") ?? bare;
		if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), name.toLowerCase() === "boundary" ? value : value.toLowerCase());
	}
	return { value: (limited.split(";", 1)[0] ?? "").trim().toLowerCase(), parameters };
}

/** What stands between the delimiter lines (RFC 2046 5.1.1). A mail that was cut off lacks the last one: its last part is then refused by what reads it. */
function between(body: string, boundary: string, maxParts: number): string[] {
	const parts: string[] = [];
	const delimiter = `--${boundary}`;
	let start: number | undefined;
	for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
		if (at > 0 && body[at - 1] !== "\n") continue;
		const after = at + delimiter.length;
		const isLast = body.startsWith("--", after);
		const lineEnd = body.indexOf("\n", after);
		const rest = body.slice(after, lineEnd === -1 ? undefined : lineEnd);
		// A longer boundary that begins with this one.
		if (!isLast && rest.trim() !== "") continue;
		if (start !== undefined) parts.push(body.slice(start, Math.max(start, at - 1)));
		if (parts.length > maxParts) throw new ReportFault("too_large", `the mail has more than ${maxParts} parts`);
		start = isLast || lineEnd === -1 ? undefined : lineEnd + 1;
		if (isLast) return parts;
	}
	if (start !== undefined) parts.push(body.slice(start));
	return parts;
}

function decoded(body: string, encoding: string | undefined): Buffer {
	switch ((encoding ?? "7bit").trim().toLowerCase()) {
		case "base64":
			return Buffer.from(body.replaceAll(/[^A-Za-z0-9+/=]/g, ""), "base64");
		case "quoted-printable":
			return quotedPrintable(body);
		default:
			return Buffer.from(body, "latin1");
	}
}

/** RFC 2045 6.7: spaces at the end of a line were added on the way. */
function quotedPrintable(body: string): Buffer {
	const lines = body.split("\n").map((line) => {
		let end = line.endsWith("\r") ? line.length - 1 : line.length;
		while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) end -= 1;
		const text = line.slice(0, end);
		return text.endsWith("=") ? text.slice(0, -1) : `${text}\n`;
	});
	return Buffer.from(
		lines.join("").replaceAll(/=([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
		"latin1",
	);
}
