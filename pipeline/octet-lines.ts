/**
 * Lines of a stream, split at line feeds alone and given with theirs. readline is no choice here: it also splits at U+2028,
 * which JSON may hold as it is, and drops a carriage return, which would hide a change from the hash.
 */
export async function* octetLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
	let open: Uint8Array[] = [];
	for await (const chunk of chunks) {
		let start = 0;
		for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
			const rest = chunk.subarray(start, end + 1);
			yield open.length === 0 ? Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength) : Buffer.concat([...open, rest]);
			open = [];
			start = end + 1;
		}
		if (start < chunk.length) open.push(chunk.subarray(start));
	}
	if (open.length > 0) yield Buffer.concat(open);
}
