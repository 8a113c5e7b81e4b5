import { toQueryName } from "./domain-name.ts";
import { quote, trimWsp } from "./text.ts";

/** One URI of rua= or ruf= (RFC 9989 section 4.6), also used for TLS-RPT (RFC 8460 section 3). */
export interface ReportUri {
	/** As published, without surrounding white space and without a size suffix. */
	text: string;
	/** The URI is syntactically valid. A valid URI of a scheme other than mailto is ignored by most receivers. */
	valid: boolean;
	/** Lower case, when there is one. */
	scheme?: string;
	/** mailto: only; percent-decoded, domain in lower case and A-labels. */
	address?: string;
	/** Where the reports go: domain of the mailto: address or host of the authority, in lower case and A-labels. */
	host?: string;
	/** The withdrawn suffix of RFC 7489, such as "10m"; receivers ignore it. */
	sizeSuffix?: string;
	/** Why it is not valid. */
	error?: string;
}

/** Splits a comma separated list (commas inside a URI are percent-encoded) and parses each part. */
export function parseReportUriList(value: string): ReportUri[] {
	return value.split(",").map((part) => parseReportUri(part));
}

/** Any text in, a value out; never throws. */
export function parseReportUri(text: string): ReportUri {
	const trimmed = trimWsp(text);
	const suffix = /!(\d+[kmgt]?)$/i.exec(trimmed.slice(-24));
	const base = suffix === null ? trimmed : trimmed.slice(0, trimmed.length - suffix[0].length);
	const parsed = parseUri(base);
	if (suffix?.[1] !== undefined) parsed.sizeSuffix = suffix[1];
	return parsed;
}

function parseUri(text: string): ReportUri {
	const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,31}):/.exec(text)?.[1]?.toLowerCase();
	if (text.length === 0) return { text, valid: false, error: "empty URI" };
	if (scheme === undefined) return { text, valid: false, error: `${quote(text)} is not a URI: no scheme such as mailto:` };
	const bad = (error: string): ReportUri => ({ text, valid: false, scheme, error });
	// RFC 3986 appendix A: unreserved, reserved and percent-encoded octets; nothing else.
	const foreign = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/.exec(text)?.[0];
	if (foreign !== undefined) return bad(`${quote(text)} holds ${quote(foreign)}, which no URI may hold`);
	if (/[!,;]/.test(text)) return bad(`${quote(text)} holds "!", "," or ";", which must be percent-encoded here`);
	if (/%(?![0-9A-Fa-f]{2})/.test(text)) return bad(`${quote(text)} holds a "%" that starts no percent-encoding`);
	const rest = text.slice(scheme.length + 1);
	if (scheme === "mailto") return parseMailto(text, rest, bad);
	if (scheme === "https" || scheme === "http") return parseHttp(text, scheme, rest, bad);
	if (rest.length === 0) return bad(`${quote(text)} has nothing after its scheme`);
	return { text, valid: true, scheme };
}

/** RFC 6068: one address; header fields after "?" carry no meaning for reports. */
function parseMailto(text: string, rest: string, bad: (error: string) => ReportUri): ReportUri {
	const path = rest.split(/[?#]/, 1)[0] ?? "";
	const address = decodePercent(path);
	if (address === undefined) return bad(`${quote(text)} is not UTF-8 after percent-decoding`);
	if (/[\x00-\x1f\x7f]/.test(address)) return bad(`${quote(text)} holds control characters`);
	const at = address.lastIndexOf("@");
	if (at < 1) return bad(`${quote(text)} holds no mailbox`);
	const local = address.slice(0, at);
	if (!isLocalPart(local)) return bad(`${quote(text)} has a local part that RFC 5322 does not allow`);
	const domain = address.slice(at + 1);
	// A final dot is part of no address (RFC 5321 section 4.1.2), though DNS would take it.
	const host = domain.endsWith(".") ? undefined : toQueryName(domain);
	if (host === undefined || !isHostName(host)) return bad(`${quote(text)} has no valid domain`);
	return { text, valid: true, scheme: "mailto", address: `${local}@${host}`, host };
}

function parseHttp(text: string, scheme: string, rest: string, bad: (error: string) => ReportUri): ReportUri {
	const authority = /^\/\/([^/?#]+)/.exec(rest)?.[1];
	if (authority === undefined || !URL.canParse(text)) return bad(`${quote(text)} names no host`);
	const host = toQueryName(new URL(text).hostname);
	if (host === undefined || !isHostName(host)) return bad(`${quote(text)} has no valid host name`);
	return { text, valid: true, scheme, host };
}

function decodePercent(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch (error) {
		if (error instanceof URIError) return undefined;
		throw error;
	}
}

/**
 * dot-atom or quoted-string (RFC 5322 section 3.4.1), UTF-8 allowed (RFC 6532).
 * Also comma and semicolon: RFC 9989 and RFC 8460 speak of them in encoded form, so that they do not make a URI invalid.
 */
function isLocalPart(local: string): boolean {
	if (/^"(?:[^"\\]|\\.)*"$/.test(local)) return true;
	return local.split(".").every((atom) => /^[A-Za-z0-9!#$%&'*+,;\-/=?^_`{|}~\u0080-\u{10ffff}]+$/u.test(atom));
}

/** Letters, digits, hyphen and underscore; no address literal. */
function isHostName(name: string): boolean {
	return name.split(".").every((label) => /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label)) && !/^[\d.]+$/.test(name);
}
