import { type DmarcReport, parseDmarcReport } from "./dmarc-report.ts";
import { defaultLimits, type MailReportLimits } from "./limits.ts";
import { looksLikeMail, reportParts } from "./mail-parts.ts";
import { type ReportError, ReportFault, reportError } from "./report-fault.ts";
import { parseTlsReport, type TlsReport } from "./tls-report.ts";
import { Unpacker } from "./unpacker.ts";
import { unpackEntry, zipEntries } from "./zip-entries.ts";

/** What one file gave: reports, and errors for what is none or could not be read whole. kind null: it cannot be told which it would be. */
export type MailReport =
	| { kind: "dmarc"; ok: true; report: DmarcReport }
	| { kind: "tls"; ok: true; report: TlsReport }
	| { kind: "dmarc" | "tls" | null; ok: false; error: ReportError };

type Content = "gzip" | "zip" | "xml" | "json" | "mail" | "unknown";

interface Reading {
	unpacker: Unpacker;
	limits: MailReportLimits;
	reports: MailReport[];
}

/**
 * The DMARC aggregate reports and TLS reports in a file: XML or JSON, plain, in gzip, in a zip file, or attached to a mail. What
 * it is shows by its content; names are not looked at. Never throws for what the file holds; at least one item comes back.
 */
export async function readMailReports(octets: Uint8Array, limits: MailReportLimits = defaultLimits): Promise<MailReport[]> {
	const reading: Reading = { unpacker: new Unpacker(limits), limits, reports: [] };
	await readOctets(octets, 0, reading);
	return reading.reports;
}

async function readOctets(octets: Uint8Array, depth: number, reading: Reading): Promise<void> {
	await readStream(
		(async function* () {
			yield octets;
		})(),
		depth,
		reading,
	);
}

/** Looks at how a stream begins, and reads it as that. */
async function readStream(source: AsyncIterable<Uint8Array>, depth: number, reading: Reading): Promise<void> {
	const iterator = source[Symbol.asyncIterator]();
	let kind: "dmarc" | "tls" | null = null;
	try {
		const held: Uint8Array[] = [];
		let head = Buffer.alloc(0);
		let done = false;
		// White space may stand before the first character that tells.
		while (!done && (head.length < 4 || /^[\s\u00ef\u00bb\u00bf]*$/.test(head.toString("latin1")))) {
			if (head.length > 65_536) break;
			const next = await iterator.next();
			done = next.done === true;
			if (next.done === true) break;
			held.push(next.value);
			head = Buffer.concat([head, next.value.subarray(0, 4096)]);
		}
		const rest = joined(held, iterator);
		const content = contentOf(head);
		if (content === "xml") {
			kind = "dmarc";
			const result = await parseDmarcReport(rest, reading.limits);
			reading.reports.push({ kind, ...result });
			return;
		}
		if (content === "json") {
			kind = "tls";
			reading.reports.push({ kind, ...parseTlsReport(await whole(rest, reading.limits.heldBytes), reading.limits) });
			return;
		}
		if (content === "unknown") throw new ReportFault("malformed", "this is neither XML, JSON, gzip, a zip file nor a mail");
		if (depth > reading.limits.depth) throw new ReportFault("too_large", `the file has containers within containers, more than ${reading.limits.depth} deep`);
		const container =
			held.length === 1 && done ? (held[0] as Uint8Array) : await whole(rest, depth === 0 ? Number.POSITIVE_INFINITY : reading.limits.heldBytes);
		await readContainer(content, Buffer.from(container.buffer, container.byteOffset, container.byteLength), depth, reading);
	} catch (error) {
		reading.reports.push({ kind, ok: false, error: reportError(error) });
	} finally {
		await iterator.return?.();
	}
}

async function readContainer(content: "gzip" | "zip" | "mail", octets: Buffer, depth: number, reading: Reading): Promise<void> {
	if (content === "gzip") return readStream(reading.unpacker.gunzip(octets), depth + 1, reading);
	const before = reading.reports.length;
	if (content === "zip") {
		for (const entry of zipEntries(octets, reading.limits.parts)) await readStream(unpackEntry(octets, entry, reading.unpacker), depth + 1, reading);
	} else {
		for (const part of reportParts(octets, reading.limits)) await readOctets(part, depth + 1, reading);
	}
	const found = reading.reports.splice(before);
	// Beside a report, what is no report at all (a logo, a signature, a note) was not looked for.
	const reports = found.filter((one) => one.kind !== null || one.error.code !== "malformed" || !one.error.message.startsWith("this is neither"));
	if (reports.length > 0) reading.reports.push(...reports);
	else throw new ReportFault("malformed", content === "zip" ? "the zip file holds no report" : "the mail has no report attached");
}

function contentOf(head: Buffer): Content {
	if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
	if (head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))) return "zip";
	const start = /^(?:\u00ef\u00bb\u00bf)?\s*/.exec(head.toString("latin1"))?.[0].length ?? 0;
	if (head[start] === 0x3c) return "xml";
	if (head[start] === 0x7b || head[start] === 0x5b) return "json";
	return looksLikeMail(head) ? "mail" : "unknown";
}

async function* joined(held: readonly Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
	yield* held;
	for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}

async function whole(source: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of source) {
		length += chunk.length;
		if (length > limit) throw new ReportFault("too_large", `a part of the file has more than ${limit} octets where it must be held whole`);
		chunks.push(chunk);
	}
	return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}
