import { sha256Hex } from "../../model/canonical.ts";
import type { Evidence, Target } from "../../model/evidence.ts";
import { pemCertificates } from "../protocols/certificate/index.ts";
import type { CollectContext } from "./collector.ts";

/** The user's own roots travel with the evidence: judged elsewhere, the same chain must lead to the same anchors. One item of kind config.trust_anchor for each. */
export function trustAnchors(target: Target, context: CollectContext, collector: string): Evidence[] {
	const items = new Map<string, Evidence>();
	for (const pem of context.connector.extraRoots) {
		for (const der of pemCertificates(pem)) {
			const id = sha256Hex(der);
			items.set(id, {
				kind: "config.trust_anchor",
				id,
				status: "ok",
				values: { der: Buffer.from(der).toString("base64") },
				source: { collector, version: "1", call: "network.caFile", target: target.id },
				collectedAt: context.now(),
			});
		}
	}
	return [...items.keys()].sort().map((id) => items.get(id) as Evidence);
}
