import { decodeUtf8, InputError } from "../../../model/source.ts";

/** 512 MiB, less what keeps the text within the longest string that Node can hold (2^29 - 24 characters). */
export const maxDocumentBytes = 2 ** 29 - 24;

/**
 * Octets of a Terraform document to text: UTF-8, or UTF-16 with a byte-order mark, as a PowerShell redirect writes it.
 * Throws InputError for files that are empty, too large, or neither encoding.
 */
export function decodeDocument(octets: Uint8Array, file: string): string {
	if (octets.length === 0) throw fault(file, "the file is empty; write it again, for example with: terraform show -json plan.out > plan.json");
	if (octets.length > maxDocumentBytes) throw fault(file, `the file has ${octets.length} bytes; at most ${maxDocumentBytes} are read`);
	const [first, second, third, fourth] = octets;
	if (first === 0x50 && second === 0x4b && third === 0x03 && fourth === 0x04) {
		throw fault(file, "this is a saved plan in Terraform's own binary form; turn it into JSON with: terraform show -json FILE > plan.json");
	}
	let text: string;
	if (first === 0xff && second === 0xfe) text = decodeUtf16(octets, "utf-16le", file);
	else if (first === 0xfe && second === 0xff) text = decodeUtf16(octets, "utf-16be", file);
	else if ((first === 0 || second === 0) && octets.length > 1) throw fault(file, "the file is binary, or UTF-16 without a byte-order mark; save it as UTF-8");
	else text = decodeUtf8(octets, file);
	if (text.trim() === "") throw fault(file, "the file is empty; write it again, for example with: terraform show -json plan.out > plan.json");
	return text;
}

function decodeUtf16(octets: Uint8Array, encoding: "utf-16le" | "utf-16be", file: string): string {
	if (octets.length % 2 === 1) throw fault(file, "the UTF-16 text ends in the middle of a character; the file is cut short");
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(octets);
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		throw fault(file, "not valid UTF-16; save the file as UTF-8");
	}
}

export function fault(file: string, message: string, line = 1, column = 1): InputError {
	return new InputError([{ file, line, column, message }]);
}
