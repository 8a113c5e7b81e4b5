/** What a link gives away to whoever reads it: every readable form of its parts. */
export interface LinkForms {
	/** Lower case, A-labels; null where the link is no absolute http, https or mailto one, or a tag stands in the host. */
	host: string | null;
	scheme: string | null;
	/** Path, query, fragment as they read: percent-decoded up to three times, and what base64 or hex hides in them. */
	texts: string[];
	/** mailto, tel, sms: a way to reach somebody. */
	isContact: boolean;
	/** Holds a value that differs by recipient: a merge tag, or a long opaque part. */
	hasToken: boolean;
}

const maxRounds = 3;
const tag = /\{\{\{?[^{}]{0,400}\}\}\}?|\{%[^%]{0,400}%\}|\*\|[^|]{0,100}\|\*|%%[\w.-]{1,80}%%/g;

/** Takes a link apart. Never throws: what is no URL is still text that a reader sees. */
export function linkForms(link: string): LinkForms {
	const bare = link.trim().slice(0, 8192);
	const hasTag = new RegExp(tag.source).test(bare);
	const neutral = bare.replaceAll(tag, "x");
	let url: URL | null = null;
	try {
		url = new URL(neutral.startsWith("//") ? `https:${neutral}` : neutral);
	} catch {
		// Relative, or no link at all: read as text below.
		url = null;
	}
	const isWeb = url !== null && /^(?:https?|mailto):$/.test(url.protocol);
	const afterHost = url !== null && isWeb ? bare.replace(/^[a-z]+:(?:\/\/)?[^/?#]*/i, url.protocol === "mailto:" ? bare.replace(/^mailto:/i, "") : "") : bare;
	const texts = new Set<string>();
	let current = afterHost.replaceAll(tag, " ");
	texts.add(current);
	for (let round = 0; round < maxRounds && /%[0-9a-f]{2}/i.test(current); round += 1) {
		current = current.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
		texts.add(current);
	}
	let opaque = false;
	for (const part of current.split(/[/?#&=;:,\s]+/)) {
		if (part.length < 12) continue;
		const decoded = decodePart(part);
		if (decoded === null) opaque ||= part.length >= 20 && /\d/.test(part) && /^[\w.~-]+$/.test(part);
		else texts.add(decoded);
	}
	return {
		host: isWeb && url !== null && url.host !== "" && !/[{*%]/.test(hostPart(bare)) ? url.hostname.replace(/^\[|\]$/g, "") : null,
		scheme: url?.protocol.replace(":", "") ?? null,
		texts: [...texts],
		isContact: url !== null && /^(?:mailto|tel|sms):$/.test(url.protocol),
		hasToken: hasTag || opaque,
	};
}

function hostPart(link: string): string {
	return /^[a-z]+:\/\/([^/?#]*)/i.exec(link)?.[1] ?? "";
}

/** Text that hex, base64 or base64url hides; null where the octets are no text. */
function decodePart(part: string): string | null {
	for (const octets of [
		/^(?:[0-9a-f]{2}){6,}$/i.test(part) ? Buffer.from(part, "hex") : null,
		/^[A-Za-z0-9+/_-]{12,}={0,2}$/.test(part) ? Buffer.from(part, "base64") : null,
	]) {
		if (octets === null) continue;
		const text = octets.toString("utf8");
		if (/^[\x20-\x7e]{6,}$/.test(text)) return text;
	}
	return null;
}
