import type { Gap } from "../../../model/evidence.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

interface ActiveValues {
	host: string;
	address: string;
	permittedBy: string;
	permittedOn: string;
	relay: { sender: string; recipient: string; mailCode: number; rcptCode: number | null; rcptText: string | null } | null;
	pipelined: { replyCode: number | null; answered: boolean | null } | null;
}

/** derived.smtp_active, one per MX address: what the permitted active tests tell (RFC 2505 2.1, RFC 3207 4.2). */
const derivation: Derivation = {
	id: "smtp-active",
	target: "mx",
	needs: ["smtp.active"],
	produces: ["derived.smtp_active"],
	derive(view): DerivedItem[] {
		return view.items("smtp.active").map((item): DerivedItem => {
			const own = { kind: "derived.smtp_active", id: item.id, basis: [item] };
			const error = errorOf(item, "smtp.active");
			if (error !== undefined) return { ...own, error };
			const { host, address, permittedBy, permittedOn, relay, pipelined } = item.values as ActiveValues;
			const gaps: Record<string, Gap> = {};
			const relays = relaysOf(relay);
			if (typeof relays === "object") gaps.relays = relays;
			const answered = pipelined?.answered ?? null;
			if (answered === null) gaps.answersInjected = { code: "starttls_unavailable", detail: "there was no TLS session behind the command" };
			const values = {
				host,
				address,
				permittedBy,
				permittedOn,
				relays: typeof relays === "boolean" ? relays : null,
				rcptCode: relay?.rcptCode ?? null,
				rcptText: relay?.rcptText ?? null,
				answersInjected: answered,
			};
			return { ...own, values, gaps };
		});
	},
};

export default derivation;

/** A refusal counts only if it is a refusal to relay: for good, of the recipient, and not because that domain takes no mail (RFC 7505 4.1). */
function relaysOf(relay: ActiveValues["relay"]): boolean | Gap {
	if (relay === null) return { code: "protocol_error", detail: "the conversation ended before RCPT" };
	const { mailCode, rcptCode, rcptText } = relay;
	if (rcptCode === null) return { code: mailCode < 500 ? "throttled" : "rejected", detail: `MAIL was answered with ${mailCode}` };
	if (rcptCode < 300) return true;
	if (rcptCode < 500) return { code: "throttled", detail: `RCPT was answered with ${rcptCode}` };
	if (rcptCode === 556 || /\b5\.1\.10\b/.test(rcptText ?? ""))
		return { code: "rejected", detail: "the recipient was refused because its domain takes no mail" };
	return false;
}
