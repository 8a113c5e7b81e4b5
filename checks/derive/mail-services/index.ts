import type { Evidence, Gap } from "../../../model/evidence.ts";
import { isReasonCode } from "../../../model/reasons.ts";
import { judgeChain } from "../../protocols/certificate/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";
import { trustRoots } from "../trust.ts";

interface ServiceValues {
	host: string;
	address: string;
	port: number;
	service: string;
	implicitTls: boolean;
	starttls: boolean | null;
	loginInClear: boolean | null;
	tls: { protocol: string; chain: string[] } | null;
	accepted: Record<string, boolean | null>;
	tlsFault: { code: string; detail: string | null } | null;
}

/**
 * derived.submission and derived.mailbox, one for each port of an MX address that answers: how it protects passwords (RFC 8314).
 * Where none does, the host of the service is somewhere else, and one item of the target says that it is not known.
 */
const derivation: Derivation = {
	id: "mail-services",
	target: "mx",
	needs: ["submission.service", "mailbox.service", "config.trust_anchor"],
	produces: ["derived.submission", "derived.mailbox"],
	derive: (view) => [
		...judged(view, "submission.service", "derived.submission", "submission"),
		...judged(view, "mailbox.service", "derived.mailbox", "mailbox"),
	],
};

export default derivation;

function judged(view: DerivationView, from: string, kind: string, what: string): DerivedItem[] {
	const items = view.items(from);
	if (!items.some((item) => item.status === "ok")) {
		const message = `no ${what} service answers on this address; the host of the service is not known`;
		return [{ kind, id: view.target, error: { code: "input_not_supplied", detail: `${what} host`, message }, basis: items }];
	}
	return items.filter((item) => item.status !== "absent").map((item) => service(view, item, kind, from));
}

function service(view: DerivationView, item: Evidence, kind: string, from: string): DerivedItem {
	const { roots, items: anchors, error: unread } = trustRoots(view);
	const fault = errorOf(item, from);
	if (fault !== undefined) return { kind, id: item.id, error: fault, basis: [item] };
	const seen = item.values as ServiceValues;
	const gaps: Record<string, Gap> = {};
	if (seen.loginInClear === null) gaps.loginInClear = { code: "protocol_error", detail: "the capabilities were not to be had" };
	// What follows STLS or STARTTLS on 143 and 110 is not looked at: no password goes there in clear, and that is the question.
	const encrypted = seen.implicitTls || seen.service === "submission";
	const old = ["TLSv1", "TLSv1.1"].filter((version) => seen.accepted[version] === true);
	const oldSettled = old.length > 0 || ["TLSv1", "TLSv1.1"].every((version) => seen.accepted[version] === false);
	let certificate: { acceptable: boolean; reason: string | null; detail: string | null } | null = null;
	if (encrypted && seen.tls === null) {
		const code = seen.tlsFault?.code ?? "starttls_unavailable";
		const gap: Gap = { code: isReasonCode(code) ? code : "malformed", detail: seen.tlsFault?.detail ?? undefined };
		for (const path of ["protocol", "certificate", "oldSettled"]) gaps[path] = gap;
	} else if (seen.tls !== null) {
		if (!oldSettled) gaps.oldSettled = { code: "tls_alert", detail: "old versions alone were neither accepted nor refused" };
		if (unread !== undefined) gaps.certificate = { code: unread.code, detail: unread.detail };
		const verdict = judgeChain({ chain: seen.tls.chain.map((der) => Buffer.from(der, "base64")), hostname: seen.host, roots, now: view.asOf });
		const first = verdict.faults.find((one) => one.reason !== "out_of_order");
		certificate = { acceptable: verdict.acceptable, reason: first?.reason ?? null, detail: first?.detail ?? null };
	}
	const { host, address, port, service: name, implicitTls, starttls, loginInClear } = seen;
	const values = {
		host,
		address,
		port,
		service: name,
		implicitTls,
		starttls,
		loginInClear,
		encrypted,
		protocol: seen.tls?.protocol ?? null,
		oldVersions: old,
		oldSettled,
		certificate,
	};
	return { kind, id: item.id, values, gaps, basis: encrypted ? [item, ...anchors] : [item] };
}
