import { sha256Hex } from "../../model/canonical.ts";
import type { Evidence, Target } from "../../model/evidence.ts";
import { pemCertificates } from "../protocols/certificate/index.ts";
import type { CollectContext } from "./collector.ts";

/** The user's own roots travel with the evidence: judged elsewhere, the same chain must lead to the same anchors. One item of kind config.trust_anchor for each. */
export function trustAnchors(target: Target, context: CollectContext, collector: string): Evidence[] {
	return anchorItems(context.connector.extraRoots, { kind: "config.trust_anchor", call: "network.caFile" }, target, context, collector);
}

/** One item for each certificate, ordered by its hash. */
export function anchorItems(
	pems: readonly string[],
	{ kind, call }: { kind: string; call: string },
	target: Target,
	context: CollectContext,
	collector: string,
): Evidence[] {
	const items = new Map<string, Evidence>();
	for (const pem of pems) {
		for (const der of pemCertificates(pem)) {
			const id = sha256Hex(der);
			items.set(id, {
				kind,
				id,
				status: "ok",
				values: { der: Buffer.from(der).toString("base64") },
				source: { collector, version: "1", call, target: target.id },
				collectedAt: context.now(),
			});
		}
	}
	return [...items.keys()].sort().map((id) => items.get(id) as Evidence);
}
