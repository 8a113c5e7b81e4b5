import type { Evidence, Gap } from "../../../model/evidence.ts";
import { judgeChain } from "../../protocols/certificate/index.ts";
import { judgeMtaStsFetch, type MtaStsFetch } from "../../protocols/mta-sts/index.ts";
import { normalizeName, type Resolver, recordsOf } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration, errorOf } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { trustRoots } from "../trust.ts";

interface Starttls {
	host: string;
	address: string;
	starttls: { advertised: boolean; overwritten: boolean; replyCode: number | null };
}

interface Session {
	host: string;
	protocol: string;
	chain: string[];
}

interface Broken {
	target: string;
	reason: string;
	detail: string;
}

/**
 * derived.mta_sts_enforcement, one per domain: the addresses of its MX that senders would not deliver to if the policy were
 * enforced (RFC 8461 4.2): no STARTTLS, TLS older than 1.2, or a certificate that does not stand for the host.
 */
const derivation: Derivation = {
	id: "mta-sts-enforcement",
	target: "domain",
	needs: ["config.domain", "https.mta_sts_policy", "dns.mx", "dns.a", "dns.aaaa", "smtp.starttls", "tls.session", "config.trust_anchor"],
	produces: ["derived.mta_sts_enforcement"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const fetched = view.item("https.mta_sts_policy", view.target);
		const { roots, items: anchors, error: unread } = trustRoots(view);
		const start = { kind: "derived.mta_sts_enforcement", id: view.target, basis: [declaration.item, fetched, ...anchors].filter((one) => one !== undefined) };
		const { receives } = declaration.values;
		const absent = { receives, published: false, mode: null, addresses: 0, broken: [], allSeen: true };
		if (fetched?.status === "absent") return [{ ...start, values: absent }];
		const error = errorOf(fetched, "https.mta_sts_policy") ?? unread;
		if (error !== undefined) return [{ ...start, error }];
		const judged = judgeMtaStsFetch(fetched?.values as MtaStsFetch, { roots, now: view.asOf });
		if (judged.status === "error") {
			return [{ ...start, error: { code: judged.code ?? "malformed", detail: view.target, message: "the MTA-STS policy could not be looked at" } }];
		}
		// An invalid policy, or one of mode none, is enforced by nobody: mta_sts.policy_valid and mta_sts.enforced say so.
		const policy = judged.policy;
		if (policy === undefined || policy.mode === "none") return [{ ...start, values: { ...absent, mode: policy?.mode ?? null } }];

		const resolver = replayResolver(view);
		const places = await mailPlaces(view.target, resolver);
		const servers = view.items("smtp.starttls");
		const sessions = view.items("tls.session");
		const broken: Broken[] = [];
		let open: Gap | undefined = places.gap;
		for (const place of places.found) {
			const server = servers.find((one) => one.id.startsWith(`${place}|`));
			const verdict = server === undefined ? { code: "not_collected" as const, detail: undefined } : judgeServer(server);
			if (verdict === undefined) continue;
			if ("code" in verdict) open ??= { code: verdict.code, detail: [place, verdict.detail].filter((part) => part !== undefined).join(": ") };
			else broken.push({ target: server?.id ?? place, ...verdict });
		}
		if (places.found.length === 0) open ??= { code: "not_collected", detail: "the domain's MX hosts have no address" };
		const values = { receives, published: true, mode: policy.mode, addresses: places.found.length, broken, allSeen: open === undefined };
		const gaps: Record<string, Gap> = open === undefined ? {} : { allSeen: open };
		return [{ ...start, basis: [...start.basis, ...resolver.used, ...servers, ...sessions], values, gaps }];

		/** undefined: senders would deliver. */
		function judgeServer(server: Evidence): Omit<Broken, "target"> | Gap | undefined {
			const fault = errorOf(server, "smtp.starttls");
			if (fault !== undefined) return { code: fault.code, detail: fault.detail };
			const { starttls } = server.values as Starttls;
			if (!starttls.advertised && starttls.overwritten) return { code: "tampered", detail: undefined };
			if (!starttls.advertised) return { reason: "no_starttls", detail: "STARTTLS is not offered" };
			if (starttls.replyCode !== null && starttls.replyCode !== 220)
				return { reason: "no_starttls", detail: `STARTTLS is answered with ${starttls.replyCode}` };
			const session = sessions.find((one) => one.id === server.id);
			const broke = errorOf(session, "tls.session");
			if (session === undefined || broke !== undefined) return { code: broke?.code ?? "not_collected", detail: broke?.detail };
			const { host, protocol, chain } = session.values as Session;
			if (protocol < "TLSv1.2") return { reason: "old_version", detail: `${protocol} at best` };
			const verdict = judgeChain({ chain: chain.map((der) => Buffer.from(der, "base64")), hostname: host, roots, now: view.asOf });
			if (verdict.acceptable) return undefined;
			const first = verdict.faults.find((one) => one.reason !== "out_of_order");
			return { reason: first?.reason ?? "untrusted", detail: first?.detail ?? "the chain does not lead to a trusted root" };
		}
	},
};

export default derivation;

/** host|address of every MX; a name that could not be looked up leaves a gap. */
async function mailPlaces(domain: string, resolver: Resolver): Promise<{ found: string[]; gap: Gap | undefined }> {
	const mx = await resolver.resolve(domain, "MX");
	if (mx.status === "error") return { found: [], gap: { code: mx.code ?? "malformed", detail: `MX ${domain}` } };
	const records = recordsOf(mx, "MX").map((record) => normalizeName((record.data as { exchange: string }).exchange));
	const hosts = records.length === 0 ? [normalizeName(domain)] : [...new Set(records)].filter((host) => host !== "" && host !== ".");
	const found: string[] = [];
	let gap: Gap | undefined;
	for (const host of hosts) {
		for (const type of ["A", "AAAA"] as const) {
			const answer = await resolver.resolve(host, type);
			if (answer.status === "error") gap ??= { code: answer.code ?? "malformed", detail: `${type} ${host}` };
			for (const record of recordsOf(answer, type)) found.push(`${host}|${String(record.data)}`);
		}
	}
	return { found, gap };
}
