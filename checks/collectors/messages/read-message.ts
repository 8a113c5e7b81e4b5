import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { EvidenceError } from "../../../model/evidence.ts";
import { BodyHash, type DkimSignature, type HeaderField, type ParsedDkimSignature, parseDkimSignature } from "../../protocols/dkim/index.ts";
import { codeOf } from "../records/files.ts";

/** The header of a message and the hashes of its body; of the body itself nothing is kept. */
export interface ReadMessage {
	/** Top first. */
	fields: HeaderField[];
	signatures: { field: HeaderField; parsed: ParsedDkimSignature; bodyHash: Buffer | undefined }[];
}

/** Mail systems pass on less; the service with the largest limit takes 40 MB. */
const maxMessageBytes = 100 * 1024 * 1024;
const maxHeaderBytes = 512 * 1024;
/** RFC 6376 6.1 lets a verifier look at some only. */
const maxSignatures = 20;

/** Streams a raw message (RFC 5322): its header is held, its body only hashed. */
export async function readMessage(path: string, signal: AbortSignal): Promise<{ ok: true; message: ReadMessage } | { ok: false; error: EvidenceError }> {
	const fault = (code: EvidenceError["code"], message: string): { ok: false; error: EvidenceError } => ({ ok: false, error: { code, message } });
	try {
		const { size, isFile } = await stat(path).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
		if (!isFile) return fault("malformed", "this is no regular file");
		if (size > maxMessageBytes) return fault("too_large", `the message has ${size} octets; at most ${maxMessageBytes} are read`);
		let head: Buffer | undefined = Buffer.alloc(0);
		let message: ReadMessage | undefined;
		let hashes: (BodyHash | undefined)[] = [];
		for await (const chunk of createReadStream(path, { signal, end: maxMessageBytes }) as AsyncIterable<Buffer>) {
			if (head === undefined) {
				for (const hash of hashes) hash?.update(chunk);
				continue;
			}
			head = Buffer.concat([head, chunk]);
			const end = headerEnd(head);
			if (end === undefined && head.length > maxHeaderBytes) return fault("too_large", `the header has more than ${maxHeaderBytes} octets`);
			if (end === undefined) continue;
			message = readHeader(head.subarray(0, end.header));
			hashes = hashesFor(message);
			for (const hash of hashes) hash?.update(head.subarray(end.body));
			head = undefined;
		}
		if (head !== undefined) {
			message = readHeader(head);
			hashes = hashesFor(message);
		}
		if (message === undefined || message.fields.length === 0) return fault("malformed", "this is no message: it does not begin with a header field");
		for (const [index, signature] of message.signatures.entries()) signature.bodyHash = hashes[index]?.digest();
		return { ok: true, message };
	} catch (error) {
		if (signal.aborted) return fault("interrupted", "the run was stopped");
		const code = codeOf(error);
		if (code === undefined) throw error;
		return code === "EACCES" || code === "EPERM"
			? fault("permission_denied", "there is no permission to read the file")
			: fault("evidence_missing", `the file cannot be read (${code})`);
	}
}

/** The empty line (RFC 5322 2.1), with line ends as they are on disk. */
function headerEnd(octets: Buffer): { header: number; body: number } | undefined {
	const lf = octets.indexOf("\n\n");
	const crlf = octets.indexOf("\n\r\n");
	if (lf === -1 && crlf === -1) return undefined;
	if (crlf === -1 || (lf !== -1 && lf < crlf)) return { header: lf + 1, body: lf + 2 };
	return { header: crlf + 1, body: crlf + 3 };
}

/** Fields of a header; a line that is neither a field nor folded onto one makes the whole no header. */
function readHeader(octets: Buffer): ReadMessage {
	const message: ReadMessage = { fields: [], signatures: [] };
	const text = octets.toString("latin1").replaceAll(/\r?\n/g, "\r\n");
	const lines = text.split(/\r\n(?![ \t])/);
	if (lines.at(-1) === "") lines.pop();
	for (const raw of lines) {
		const name = /^([!-9;-~]{1,256})[ \t]*:/.exec(raw)?.[1]?.toLowerCase();
		if (name === undefined) return { fields: [], signatures: [] };
		const field = { name, raw };
		message.fields.push(field);
		if (name === "dkim-signature" && message.signatures.length < maxSignatures)
			message.signatures.push({ field, parsed: parseDkimSignature(raw.slice(raw.indexOf(":") + 1)), bodyHash: undefined });
	}
	return message;
}

function hashesFor(message: ReadMessage): (BodyHash | undefined)[] {
	return message.signatures.map(({ parsed }) => (parsed.ok ? hashFor(parsed.signature) : undefined));
}

function hashFor({ algorithm, bodyCanonicalization, bodyLength }: DkimSignature): BodyHash {
	return new BodyHash(algorithm.endsWith("-sha1") ? "sha1" : "sha256", bodyCanonicalization, bodyLength);
}
