export interface MtaStsRecord {
	valid: boolean;
	/** The policy id, when valid. */
	id?: string;
	error?: string;
}

const version = "v=STSv1;";
const idPattern = /^[A-Za-z0-9]{1,32}$/;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/;
/** RFC 8461 3.1: printable ASCII without "=", ";" and space. */
const valuePattern = /^[\x21-\x3a\x3c\x3e-\x7e]+$/;

/**
 * Reads the TXT records found at _mta-sts.<domain>, each with its strings joined (RFC 8461 3.1). Records that do not
 * begin with "v=STSv1;" are no MTA-STS records and are left out; exactly one must remain.
 */
export function parseMtaStsRecord(texts: readonly string[]): MtaStsRecord {
	const records = texts.filter((text) => text.startsWith(version));
	const [record] = records;
	if (record === undefined) return { valid: false, error: "no TXT record begins with v=STSv1;" };
	if (records.length > 1) return { valid: false, error: `${records.length} TXT records begin with v=STSv1;, exactly one is allowed` };
	return parseFields(record.slice(version.length));
}

function parseFields(text: string): MtaStsRecord {
	const fields = text.split(";");
	// sts-field-delim takes the white space on both sides of ";"; one may close the record. Without it, white space at the end
	// of the record belongs to nothing and is an error.
	const isClosed = fields.length > 1 && trimWsp(fields.at(-1) ?? "") === "";
	if (isClosed) fields.pop();
	let id: string | undefined;
	for (const [index, raw] of fields.entries()) {
		const field = isClosed || index < fields.length - 1 ? trimWsp(raw) : trimWspStart(raw);
		if (field === "") return { valid: false, error: fields.length === 1 ? "id is missing" : "empty field" };
		const equals = field.indexOf("=");
		if (equals === -1) return { valid: false, error: `field ${quote(field)} has no "="` };
		const name = field.slice(0, equals);
		const value = field.slice(equals + 1);
		if (name === "id") {
			if (!idPattern.test(value)) return { valid: false, error: "id is not 1 to 32 letters and digits" };
			if (id !== undefined) return { valid: false, error: "id stands more than once" };
			id = value;
			continue;
		}
		if (!namePattern.test(name)) return { valid: false, error: `field name ${quote(name)} is not allowed` };
		if (!valuePattern.test(value)) return { valid: false, error: `value of field ${quote(name)} is not allowed` };
	}
	if (id === undefined) return { valid: false, error: "id is missing" };
	return { valid: true, id };
}

function trimWspStart(text: string): string {
	let start = 0;
	while (start < text.length && isWsp(text[start])) start += 1;
	return text.slice(start);
}

/** WSP of RFC 5234: space and tab alone. A loop, because a pattern anchored at the end is slow on long runs of spaces. */
function trimWsp(text: string): string {
	let end = text.length;
	while (end > 0 && isWsp(text[end - 1])) end -= 1;
	return trimWspStart(text.slice(0, end));
}

function isWsp(character: string | undefined): boolean {
	return character === " " || character === "\t";
}

function quote(text: string): string {
	return JSON.stringify(text.slice(0, 40));
}
