import type { Gap } from "../../../model/evidence.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

interface StarttlsValues {
	host: string;
	address: string;
	port: number;
	ehlo: { command: string; code: number; keywords: string[] };
	starttls: { advertised: boolean; overwritten: boolean; replyCode: number | null; plaintextAfterReply: boolean; upgraded: boolean };
}

/** derived.starttls, one per MX address: is STARTTLS offered, answered, and does the handshake end in a session (RFC 3207 4). */
const derivation: Derivation = {
	id: "starttls",
	target: "mx",
	needs: ["smtp.starttls", "tls.session"],
	produces: ["derived.starttls"],
	derive(view): DerivedItem[] {
		return view.items("smtp.starttls").map((item): DerivedItem => {
			const session = view.item("tls.session", item.id);
			const own = { kind: "derived.starttls", id: item.id, basis: session === undefined ? [item] : [item, session] };
			const error = errorOf(item, "smtp.starttls");
			if (error !== undefined) return { ...own, error };
			const { host, address, ehlo, starttls } = item.values as StarttlsValues;
			const gaps: Record<string, Gap> = {};
			// One vantage point cannot tell the server from a middlebox of our own network.
			if (starttls.overwritten && !starttls.advertised)
				gaps.advertised = { code: "tampered", detail: ehlo.keywords.find((keyword) => /^X{4,}/i.test(keyword)) };
			const fault = errorOf(session, "tls.session");
			const answered = starttls.replyCode === null ? null : starttls.replyCode === 220;
			if (fault !== undefined && starttls.advertised && answered !== false && !starttls.plaintextAfterReply)
				gaps.handshake = { code: fault.code, detail: fault.detail };
			return {
				...own,
				values: {
					host,
					address,
					advertised: starttls.advertised,
					answered,
					replyCode: starttls.replyCode,
					injected: starttls.plaintextAfterReply,
					handshake: session?.status === "ok" ? true : null,
					keywords: ehlo.keywords,
				},
				gaps,
			};
		});
	},
};

export default derivation;
