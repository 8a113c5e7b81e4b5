import type { Evidence, Target } from "../../../model/evidence.ts";
import { EvidenceStore, listingOf } from "../evidence-store.ts";
import type { CheckMetadata } from "../metadata.ts";
import type { PolicyDenial, PolicyHost, PolicyInput } from "../wasm-host.ts";

/** Small evidence, checks and policies for the tests of the engine. */
export const planTarget: Target = { id: "plan.json", type: "plan" };

export function checkMetadata(given: Partial<CheckMetadata> = {}): CheckMetadata {
	return {
		id: "area.name",
		title: "The state that passes",
		description: "Why it matters.",
		severity: "high",
		controls: ["TEC-09"],
		reference: [],
		evidence: ["thing"],
		method: "test",
		expected: "on",
		citations: [],
		remediation: "Turn it on.",
		parameters: {},
		aliases: [],
		...given,
	};
}

export function item(kind: string, id: string, values: unknown, more: Partial<Evidence> = {}): Evidence {
	const source = { collector: "test", version: "1", call: "call", target: planTarget.id };
	return { kind, id, status: "ok", values, source, collectedAt: "2026-01-01T00:00:00Z", ...more };
}

export function unreadable(kind: string, id: string, code: "permission_denied" | "timeout" = "permission_denied"): Evidence {
	return item(kind, id, undefined, { status: "error", error: { code, detail: `read ${id}`, message: `${id} could not be read` } });
}

/** A store with a complete listing for each kind of the items and each kind named. */
export function storeOf(items: readonly Evidence[], kinds: readonly string[] = [], targets: readonly Target[] = [planTarget]): EvidenceStore {
	const store = new EvidenceStore(targets);
	for (const one of items) store.add(one);
	for (const target of targets) {
		for (const kind of new Set([...kinds, ...store.kinds(target.id)])) {
			if (kind === "listing" || store.listing(target.id, kind) !== undefined) continue;
			const source = { collector: "test", version: "1", call: "list", target: target.id };
			store.add(listingOf({ kind, target: target.id, count: store.items(target.id, kind).length, complete: true }, source, "2026-01-01T00:00:00Z"));
		}
	}
	return store;
}

/** A policy as a function: it sees what the wasm would see. */
export function hostOf(policy: (input: PolicyInput) => { resources: string[]; deny?: PolicyDenial[] }): PolicyHost {
	return {
		evaluate: (_check, input) => {
			const { resources, deny } = policy(JSON.parse(input) as PolicyInput);
			return { resources, deny: deny ?? [] };
		},
	};
}
