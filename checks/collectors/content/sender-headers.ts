import type { AddressObject, ParsedMail } from "mailparser";
import { getDomain } from "tldts";
import { parseDkimSignature } from "../../protocols/dkim/index.ts";
import type { SenderHeaders } from "./schema.ts";

const noReply = /^(?:no|do[-_.]?not|dont)[-_.]?(?:reply|respond|answer)|^(?:unattended|unmonitored)\b/i;
/** RFC 8058 section 3.1: this and nothing else. */
const oneClick = /^\s*List-Unsubscribe=One-Click\s*$/i;
const maxSignatures = 10;

/** The headers of a rendered message by which receivers judge its sender. A signature is read for what it covers; whether it verifies is not asked. */
export function senderHeaders(mail: ParsedMail): SenderHeaders {
	const valuesOf = (name: string): string[] =>
		mail.headerLines.filter(({ key }) => key === name).map(({ line }) => line.slice(line.indexOf(":") + 1).replaceAll(/\r?\n(?=[ \t])/g, "\r\n"));
	const from = domainOf(mail.from);
	const mailFrom = /@([^<>@\s]+)>?\s*$/.exec(valuesOf("return-path")[0] ?? "")?.[1]?.toLowerCase() ?? null;
	const signatures = valuesOf("dkim-signature")
		.slice(0, maxSignatures)
		.flatMap((value) => {
			const parsed = parseDkimSignature(value.trim());
			return parsed.ok ? [parsed.signature] : [];
		});
	const own = signatures.filter((signature) => from !== null && isAligned(signature.domain, from));
	const unsubscribe = valuesOf("list-unsubscribe");
	const uris = unsubscribe.flatMap((value) => [...value.matchAll(/<\s*([a-z]+):/gi)].map((match) => (match[1] ?? "").toLowerCase()));
	const post = valuesOf("list-unsubscribe-post");
	const answers = mail.replyTo === undefined ? mail.from : mail.replyTo;
	return {
		from,
		mailFrom,
		aligned: own.length > 0 || (from !== null && mailFrom !== null && isAligned(mailFrom, from)),
		noReply: (answers?.value ?? []).some(({ address }) => noReply.test(address ?? "")),
		listUnsubscribe: { present: unsubscribe.length > 0, https: uris.includes("https"), mailto: uris.includes("mailto") },
		oneClick: post.length === 0 ? null : post.length === 1 && oneClick.test(post[0] ?? ""),
		unsubscribeSigned: own.some(({ headers }) => headers.includes("list-unsubscribe") && headers.includes("list-unsubscribe-post")),
	};
}

function domainOf(field: AddressObject | undefined): string | null {
	const [first] = field?.value ?? [];
	return /@([^@\s]+)$/.exec(first?.address ?? "")?.[1]?.toLowerCase() ?? null;
}

/** Relaxed alignment (RFC 9989 section 4.4) without asking DNS: one organizational domain, by the public suffix list. */
function isAligned(one: string, other: string): boolean {
	if (one === other) return true;
	const own = getDomain(one, { allowPrivateDomains: true });
	return own !== null && own === getDomain(other, { allowPrivateDomains: true });
}
