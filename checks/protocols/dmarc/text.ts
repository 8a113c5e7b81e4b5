/**
 * Takes spaces and tabs (WSP of RFC 5234) off both ends, and nothing else: String.trim would also take CR, LF and
 * the octet 0xA0, which the grammars forbid. A loop, since /[ \t]+$/ is quadratic on long runs of spaces.
 */
export function trimWsp(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && isWsp(text.charCodeAt(start))) start += 1;
	while (end > start && isWsp(text.charCodeAt(end - 1))) end -= 1;
	return text.slice(start, end);
}

function isWsp(code: number): boolean {
	return code === 0x20 || code === 0x09;
}

/** Text from outside for a message: cut at 60 characters, everything but printable ASCII written as \xNN. */
export function quote(text: string): string {
	const cut = text.length > 60 ? `${text.slice(0, 60)}...` : text;
	const safe = cut.replace(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
	return `"${safe}"`;
}
