export interface MtaStsPolicy {
	mode: "enforce" | "testing" | "none";
	maxAgeSeconds: number;
	/** Patterns as published, in order. */
	mx: string[];
}

export interface ParsedMtaStsPolicy {
	valid: boolean;
	policy?: MtaStsPolicy;
	error?: string;
}

/** RFC 8461 3.3: the suggested limit on a policy body. */
export const maxPolicyBytes = 64 * 1024;
const maxAgeLimitSeconds = 31_557_600;
const modes = new Set<string>(["enforce", "testing", "none"]);
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/;
const labelPattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Reads a policy body by the grammar of RFC 8461 3.2: `key: value` lines ended by LF or CRLF, in any order. Of a repeated
 * key other than mx the first counts; unknown keys are ignored as long as they keep to the grammar.
 */
export function parseMtaStsPolicy(body: string | Uint8Array): ParsedMtaStsPolicy {
	if (body.length > maxPolicyBytes) return fault(`the policy is larger than ${maxPolicyBytes} octets`);
	const text = typeof body === "string" ? body : decode(body);
	if (text === undefined) return fault("the policy is not UTF-8");
	const lines = text.split("\n");
	// The last line may end in a terminator or not; one is no line of its own.
	if (lines.length > 1 && lines.at(-1) === "") lines.pop();
	const first = new Map<string, string>();
	const mx: string[] = [];
	for (const [index, raw] of lines.entries()) {
		const isTerminated = index < lines.length - 1 || text.endsWith("\n");
		const line = isTerminated && raw.endsWith("\r") ? raw.slice(0, -1) : raw;
		const field = parseLine(line);
		if (typeof field === "string") return fault(`line ${index + 1}: ${field}`);
		if (field.name === "mx") {
			if (!isMxPattern(field.value)) return fault(`line ${index + 1}: mx ${quote(field.value)} is neither a host name nor "*." and a host name`);
			mx.push(field.value);
		} else if (!first.has(field.name)) first.set(field.name, field.value);
	}
	return assemble(first, mx);
}

/** Whether a pattern is `["*."] Domain`: A-labels of RFC 5321, no final dot. */
export function isMxPattern(pattern: string): boolean {
	const domain = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
	return domain.length <= 253 && domain.split(".").every((label) => labelPattern.test(label));
}

function assemble(first: ReadonlyMap<string, string>, mx: string[]): ParsedMtaStsPolicy {
	const version = first.get("version");
	const mode = first.get("mode");
	const maxAge = first.get("max_age");
	if (version === undefined) return fault("version is missing");
	if (version !== "STSv1") return fault(`version is ${quote(version)}, expected STSv1`);
	if (mode === undefined) return fault("mode is missing");
	if (!isMode(mode)) return fault(`mode is ${quote(mode)}, expected enforce, testing or none`);
	if (maxAge === undefined) return fault("max_age is missing");
	if (!/^\d{1,10}$/.test(maxAge)) return fault(`max_age is ${quote(maxAge)}, expected seconds as digits`);
	const maxAgeSeconds = Number(maxAge);
	if (maxAgeSeconds > maxAgeLimitSeconds) return fault(`max_age is ${maxAgeSeconds}, at most ${maxAgeLimitSeconds} is allowed`);
	if (mode !== "none" && mx.length === 0) return fault("mx is missing");
	return { valid: true, policy: { mode, maxAgeSeconds, mx } };
}

function parseLine(line: string): { name: string; value: string } | string {
	if (line === "") return "empty line";
	const colon = line.indexOf(":");
	if (colon === -1) return 'no ":"';
	const name = line.slice(0, colon);
	if (!namePattern.test(name)) return `key ${quote(name)} is not allowed`;
	const value = trimWsp(line.slice(colon + 1));
	if (value === "") return `key ${name} has no value`;
	for (let index = 0; index < value.length; index++) {
		const unit = value.charCodeAt(index);
		if (unit < 0x20 || unit === 0x7f) return `value of ${name} holds a control character`;
	}
	if (!value.isWellFormed()) return `value of ${name} is not Unicode text`;
	return { name, value };
}

function decode(body: Uint8Array): string | undefined {
	try {
		// A byte-order mark is kept, so that it is refused: the grammar has no place for it.
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
	} catch (error) {
		if (error instanceof TypeError) return undefined;
		throw error;
	}
}

function isMode(mode: string): mode is MtaStsPolicy["mode"] {
	return modes.has(mode);
}

function trimWsp(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && isWsp(text[start])) start += 1;
	while (end > start && isWsp(text[end - 1])) end -= 1;
	return text.slice(start, end);
}

function isWsp(character: string | undefined): boolean {
	return character === " " || character === "\t";
}

function fault(error: string): ParsedMtaStsPolicy {
	return { valid: false, error };
}

function quote(text: string): string {
	return JSON.stringify(text.slice(0, 40));
}
