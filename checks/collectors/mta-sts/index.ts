import { type Evidence, type EvidenceError, listingId, type Target } from "../../../model/evidence.ts";
import { fetchMtaStsRaw, type MtaStsFetch } from "../../protocols/mta-sts/index.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { trustAnchors } from "../trust-anchors.ts";

const policyKind = "https.mta_sts_policy";
const anchorKind = "config.trust_anchor";

/**
 * The MTA-STS policy of a domain as it was served: status, headers that matter, body, certificate chain. Nothing is judged:
 * certificates are kept, so that they can be judged at any clock and under the anchors that are kept with them.
 */
const collector: Collector = {
	id: "mta-sts",
	target: "domain",
	produces: [policyKind, anchorKind],
	iamActions: [],
	touches(target, context) {
		const host = `mta-sts.${target.id}`;
		return [`DNS for _mta-sts.${target.id} and ${host}`, `tcp ${host}:${context.config.network.ports.https} (HTTPS, MTA-STS policy of ${target.id})`];
	},
	async *collect(target, context) {
		const anchors = trustAnchors(target, context, collector.id);
		yield* anchors;
		yield listing(target, context, anchorKind, anchors.length, "network.caFile");

		const fetch = await fetchMtaStsRaw(target.id, context);
		const item = policyItem(target, context, fetch);
		yield item;
		const call = `GET https://${fetch.host}/.well-known/mta-sts.txt`;
		// Whether there is a policy to look for is known once the record was read; only then does the list stand.
		const isListed = item.status !== "error" || fetch.recordId !== null;
		yield isListed
			? listing(target, context, policyKind, item.status === "absent" ? 0 : 1, call)
			: { ...listing(target, context, policyKind, 0, call, false), status: "error", ...(item.error && { error: item.error }) };
	},
};

export default collector;

function policyItem(target: Target, context: CollectContext, fetch: MtaStsFetch): Evidence {
	const base = { kind: policyKind, id: target.id, source: sourceOf(target, `GET https://${fetch.host}/.well-known/mta-sts.txt`), collectedAt: context.now() };
	if (fetch.error !== null) return { ...base, status: "error", error: errorOf(fetch.error), values: fetch };
	if (fetch.outcome === "no_record") return { ...base, status: "absent", values: { ...fetch, why: "no_record" } };
	return { ...base, status: "ok", values: fetch };
}

function errorOf(error: NonNullable<MtaStsFetch["error"]>): EvidenceError {
	return { code: error.code, detail: error.detail, message: error.message };
}

function listing(target: Target, context: CollectContext, kind: string, count: number, call: string, complete = true): Evidence {
	return {
		kind: "listing",
		id: listingId(kind, target.id),
		status: "ok",
		values: { kind, target: target.id, count, complete },
		source: sourceOf(target, call),
		collectedAt: context.now(),
	};
}

function sourceOf(target: Target, call: string): Evidence["source"] {
	return { collector: "mta-sts", version: "1", call, target: target.id };
}
