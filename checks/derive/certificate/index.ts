import { judgeChain } from "../../protocols/certificate/index.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";
import { trustRoots } from "../trust.ts";

interface TlsSession {
	host: string;
	address: string;
	port: number;
	protocol: string;
	cipher: string;
	chain: string[];
	accepted: Record<string, boolean | null>;
}

/** derived.certificate, one per MX address: the chain as served, judged at the run's clock (RFC 5280, RFC 9525). */
const derivation: Derivation = {
	id: "certificate",
	target: "mx",
	needs: ["tls.session", "config.trust_anchor"],
	produces: ["derived.certificate"],
	derive(view): DerivedItem[] {
		return view.items("tls.session").map((item): DerivedItem => {
			const { roots, items, error: unread } = trustRoots(view);
			const own = { kind: "derived.certificate", id: item.id, basis: [item, ...items] };
			const error = errorOf(item, "tls.session") ?? unread;
			if (error !== undefined) return { ...own, error };
			const session = item.values as TlsSession;
			const judged = judgeChain({ chain: session.chain.map((der) => Buffer.from(der, "base64")), hostname: session.host, roots, now: view.asOf });
			const leaf = judged.certificates[0];
			return { ...own, values: { host: session.host, address: session.address, ...judged, leaf: leaf?.ok === true ? leaf : null } };
		});
	},
};

export default derivation;
