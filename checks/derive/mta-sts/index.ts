import type { Gap } from "../../../model/evidence.ts";
import { judgeMtaStsFetch, type MtaStsFetch, matchMtaStsMx, parseMtaStsRecord } from "../../protocols/mta-sts/index.ts";
import { normalizeName, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration, errorOf } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { trustRoots } from "../trust.ts";

/** derived.mta_sts, one per domain: its record, and what a sender gets when it asks for the policy (RFC 8461). */
const derivation: Derivation = {
	id: "mta-sts",
	target: "domain",
	needs: ["config.domain", "config.trust_anchor", "dns.txt", "dns.mx", "https.mta_sts_policy"],
	produces: ["derived.mta_sts"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const resolver = replayResolver(view);
		const name = `_mta-sts.${view.target}`;
		const answer = await resolver.resolve(name, "TXT");
		const mx = await resolver.resolve(view.target, "MX");
		const fetched = view.item("https.mta_sts_policy", view.target);
		const { roots, items, error: unread } = trustRoots(view);
		const own = {
			kind: "derived.mta_sts",
			id: view.target,
			basis: [...(declaration.item === undefined ? [] : [declaration.item]), ...resolver.used, ...(fetched === undefined ? [] : [fetched]), ...items],
		};
		if (answer.status === "error")
			return [{ ...own, error: { code: answer.code ?? "malformed", detail: `TXT ${name}`, message: `${name} could not be looked up` } }];

		const texts = txtStrings(answer);
		const record = parseMtaStsRecord(texts);
		const gaps: Record<string, Gap> = {};
		const { sends, receives } = declaration.values;
		const values: Record<string, unknown> = {
			sends,
			receives,
			record: {
				count: texts.filter((text) => text.startsWith("v=STSv1;")).length,
				valid: record.valid,
				id: record.id ?? null,
				error: record.error ?? null,
				cnameLoop: answer.cnameLoop ?? false,
			},
			policy: null,
		};
		if (record.valid) {
			const fault = errorOf(fetched, "https.mta_sts_policy") ?? unread;
			const judged =
				fault === undefined && fetched?.values !== undefined ? judgeMtaStsFetch(fetched.values as MtaStsFetch, { roots, now: view.asOf }) : undefined;
			if (judged === undefined || judged.status === "error") {
				const code = fault?.code ?? judged?.code ?? "malformed";
				gaps.fetch = { code, detail: `https://mta-sts.${view.target}/.well-known/mta-sts.txt` };
				gaps.policy = gaps.fetch;
			} else {
				const { chain, policy, ...fetch } = judged;
				values.fetch = {
					...fetch,
					certificateFaults: chain?.faults.filter((one) => one.reason !== "out_of_order").map((one) => one.reason) ?? [],
					body: undefined,
				};
				values.policy = policy ?? null;
				if (policy !== undefined) {
					if (mx.status === "error") gaps["policy.uncovered"] = { code: mx.code ?? "malformed", detail: `MX ${view.target}` };
					else values.policy = { ...policy, ...coverage(policy.mx, mxHosts(recordsOf(mx, "MX"), view.target)) };
				}
			}
		}
		return [{ ...own, values, gaps }];
	},
};

export default derivation;

function mxHosts(records: readonly { data: unknown }[], domain: string): string[] {
	if (records.length === 0) return [domain];
	return records.map((record) => normalizeName((record.data as { exchange: string }).exchange)).filter((host) => host !== "" && host !== ".");
}

function coverage(patterns: readonly string[], hosts: readonly string[]): { hosts: string[]; uncovered: string[]; unusedPatterns: string[] } {
	return {
		hosts: [...hosts],
		uncovered: hosts.filter((host) => !patterns.some((pattern) => matchMtaStsMx(pattern, host))),
		unusedPatterns: patterns.filter((pattern) => !hosts.some((host) => matchMtaStsMx(pattern, host))),
	};
}
