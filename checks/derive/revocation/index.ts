import { X509Certificate } from "node:crypto";
import type { Gap } from "../../../model/evidence.ts";
import { judgeOcsp } from "../../protocols/tls/index.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

interface TlsSession {
	host: string;
	address: string;
	chain: string[];
	ocspStaple?: string | null;
}

/** DER of the object identifier 1.3.6.1.4.1.11129.2.4.2: embedded signed certificate timestamps (RFC 6962 3.3). */
const timestampList = Buffer.from("060a2b06010401d679020402", "hex");

/** derived.revocation, one per MX address: what the stapled OCSP answer says of the leaf (RFC 6960), and whether it carries log timestamps. */
const derivation: Derivation = {
	id: "revocation",
	target: "mx",
	needs: ["tls.session"],
	produces: ["derived.revocation"],
	derive(view): DerivedItem[] {
		return view.items("tls.session").map((item): DerivedItem => {
			const own = { kind: "derived.revocation", id: item.id, basis: [item] };
			const error = errorOf(item, "tls.session");
			if (error !== undefined) return { ...own, error };
			const session = item.values as TlsSession;
			const chain = session.chain.map((der) => Buffer.from(der, "base64"));
			const leaf = chain[0];
			const issuer = leaf === undefined ? undefined : issuerOf(leaf, chain);
			const gaps: Record<string, Gap> = {};
			let status: string | null = null;
			let staple: Record<string, unknown> | null = null;
			if (session.ocspStaple === undefined || session.ocspStaple === null) {
				gaps.status = { code: "input_not_supplied", detail: "no stapled OCSP answer; CRLs are not fetched" };
			} else if (leaf === undefined || issuer === undefined) {
				gaps.status = { code: "malformed", detail: "the issuer's certificate was not served, so that the OCSP answer cannot be verified" };
			} else {
				const judged = judgeOcsp({ response: Buffer.from(session.ocspStaple, "base64"), leaf, issuer, now: view.asOf });
				if (judged.usable) {
					({ status } = judged);
					staple = { ...judged };
				} else {
					gaps.status = { code: "malformed", detail: judged.why };
				}
			}
			const values = { host: session.host, address: session.address, status, staple, loggedInCertificate: leaf?.includes(timestampList) ?? false };
			return { ...own, values, gaps };
		});
	},
};

export default derivation;

/** The served certificate that signed the leaf. */
function issuerOf(leaf: Buffer, chain: readonly Buffer[]): Buffer | undefined {
	const child = read(leaf);
	if (child === undefined) return undefined;
	for (const candidate of chain.slice(1)) {
		const parent = read(candidate);
		if (parent !== undefined && child.checkIssued(parent) && child.verify(parent.publicKey)) return candidate;
	}
	return undefined;
}

function read(der: Buffer): X509Certificate | undefined {
	try {
		return new X509Certificate(der);
	} catch (error) {
		if (error instanceof Error) return undefined;
		throw error;
	}
}
