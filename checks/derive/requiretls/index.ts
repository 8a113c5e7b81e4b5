import type { Gap } from "../../../model/evidence.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

interface StarttlsValues {
	host: string;
	address: string;
	ehloTls?: string[] | null;
	starttls: { upgraded: boolean };
}

/** derived.requiretls, one per MX address: whether the EHLO reply inside TLS lists REQUIRETLS (RFC 8689 2). */
const derivation: Derivation = {
	id: "requiretls",
	target: "mx",
	needs: ["smtp.starttls"],
	produces: ["derived.requiretls"],
	derive(view): DerivedItem[] {
		return view.items("smtp.starttls").map((item): DerivedItem => {
			const own = { kind: "derived.requiretls", id: item.id, basis: [item] };
			const error = errorOf(item, "smtp.starttls");
			if (error !== undefined) return { ...own, error };
			const { host, address, ehloTls, starttls } = item.values as StarttlsValues;
			const gaps: Record<string, Gap> = {};
			if (ehloTls === undefined) gaps.offered = { code: "not_collected", detail: "EHLO inside TLS" };
			else if (ehloTls === null)
				gaps.offered = starttls.upgraded
					? { code: "protocol_error", detail: "EHLO inside TLS was not answered" }
					: { code: "starttls_unavailable", detail: "there is no TLS session" };
			return { ...own, values: { host, address, offered: ehloTls?.includes("REQUIRETLS") ?? null }, gaps };
		});
	},
};

export default derivation;
