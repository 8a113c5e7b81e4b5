import { colonList, parseTagList } from "./tag-list.ts";

/** A DKIM-Signature header field, RFC 6376 section 3.5. */
export interface DkimSignature {
	/** a=, lower case. */
	algorithm: string;
	/** d=, lower case, without a final dot. */
	domain: string;
	selector: string;
	/** Domain of i=; d= without one. */
	identity: string;
	headerCanonicalization: "simple" | "relaxed";
	bodyCanonicalization: "simple" | "relaxed";
	/** Field names of h=, lower case, in order. */
	headers: string[];
	/** l=: octets of the canonical body that are hashed; null for all. */
	bodyLength: number | null;
	bodyHash: Buffer;
	signature: Buffer;
}

export type ParsedDkimSignature = { ok: true; signature: DkimSignature } | { ok: false; error: string };

const maxHeaders = 256;
const domainForm = /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;

/** Parses the value of the field, folding white space included (lines end in CRLF; octets as latin1). Any text in, a value out; linear time. */
export function parseDkimSignature(value: string): ParsedDkimSignature {
	const list = parseTagList(value);
	if (!list.ok) return { ok: false, error: list.error };
	const tags = new Map(list.tags.map((tag) => [tag.name, tag.value]));
	for (const name of ["v", "a", "b", "bh", "d", "h", "s"]) if (!tags.has(name)) return { ok: false, error: `the tag ${name} is missing` };
	const tag = (name: string): string => tags.get(name) ?? "";
	if (tag("v") !== "1") return { ok: false, error: "v= is not 1" };
	const domain = tag("d").replace(/\.$/, "").toLowerCase();
	const selector = tag("s");
	if (!domainForm.test(domain) || !domainForm.test(selector)) return { ok: false, error: "d= or s= is no domain name" };
	const identity = tags.has("i")
		? tag("i")
				.slice(tag("i").lastIndexOf("@") + 1)
				.toLowerCase()
		: domain;
	if (identity !== domain && !identity.endsWith(`.${domain}`)) return { ok: false, error: "i= is not below d=" };
	const headers = colonList(tag("h").toLowerCase());
	if (headers.length > maxHeaders || headers.some((name) => !/^[!-9;-~]{1,128}$/.test(name))) return { ok: false, error: "h= is no list of field names" };
	if (!headers.includes("from")) return { ok: false, error: "h= leaves out From" };
	const [header = "simple", body = "simple", ...more] = tags.has("c") ? tag("c").toLowerCase().split("/") : [];
	if (!isCanonicalization(header) || !isCanonicalization(body) || more.length > 0) return { ok: false, error: "c= is unknown" };
	const length = tags.get("l");
	if (length !== undefined && !/^\d{1,76}$/.test(length)) return { ok: false, error: "l= is no number" };
	const bodyHash = octetsOf(tag("bh"));
	const signature = octetsOf(tag("b"));
	if (bodyHash === undefined || signature === undefined) return { ok: false, error: "b= or bh= is not base64" };
	return {
		ok: true,
		signature: {
			algorithm: tag("a").toLowerCase(),
			domain,
			selector,
			identity,
			headerCanonicalization: header,
			bodyCanonicalization: body,
			headers,
			bodyLength: length === undefined ? null : Number(length),
			bodyHash,
			signature,
		},
	};
}

function isCanonicalization(text: string): text is "simple" | "relaxed" {
	return text === "simple" || text === "relaxed";
}

function octetsOf(text: string): Buffer | undefined {
	const base64 = text.replaceAll(/[ \t\r\n]/g, "");
	return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, "base64") : undefined;
}
