import { placeholderAt } from "./text.ts";

/** AWS allows 51,200 characters at the very most (service quotas); this leaves room for what only looks like a policy. */
export const maxDocumentLength = 8 * 1024 * 1024;

export type DocumentText =
	| { readonly ok: true; readonly value: unknown }
	| { readonly ok: false; readonly code: "malformed" | "too_large"; readonly message: string };

/**
 * JSON as policies come: with a byte order mark or blanks around it, URL-encoded as the IAM API gives it, or as the Terraform
 * adapter's partial text, in which `${address.attribute}` may stand for a string, a part of one, or any other value.
 */
export function parseDocumentText(text: string): DocumentText {
	if (text.length > maxDocumentLength) return { ok: false, code: "too_large", message: `the document has more than ${maxDocumentLength} characters` };
	let json = text.replace(/^\ufeff/, "");
	if (/^\s*%(?:7B|5B|EF%BB%BF|0A|0D|09|20)/i.test(json)) {
		try {
			json = decodeURIComponent(json).replace(/^\ufeff/, "");
		} catch {
			return { ok: false, code: "malformed", message: "the document is not valid URL encoding" };
		}
	}
	const plain = parseJson(json);
	if (plain.ok || !json.includes("${")) return plain;
	const quoted = parseJson(quotePlaceholders(json));
	return quoted.ok ? quoted : plain;
}

function parseJson(text: string): DocumentText {
	try {
		const value: unknown = JSON.parse(text);
		return { ok: true, value };
	} catch {
		// The parser's own message quotes the document.
		return { ok: false, code: "malformed", message: "the document is not JSON" };
	}
}

/** Placeholders outside of strings become strings; quotes of a placeholder's own (`x["key"]`) inside a string are escaped. */
function quotePlaceholders(text: string): string {
	const out: string[] = [];
	let inString = false;
	let from = 0;
	for (let i = 0; i < text.length; i++) {
		const unit = text[i];
		if (unit === "$" && text[i + 1] === "{") {
			const name = placeholderAt(text, i);
			if (name === undefined) continue;
			const escaped = name.replace(/\\?"/g, '\\"');
			out.push(text.slice(from, i), inString ? escaped : `"${escaped}"`);
			i += name.length - 1;
			from = i + 1;
		} else if (inString && unit === "\\") i++;
		else if (unit === '"') inString = !inString;
	}
	out.push(text.slice(from));
	return out.join("");
}
