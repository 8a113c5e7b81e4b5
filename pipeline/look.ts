import { EvidenceStore } from "../checks/engine/evidence-store.ts";
import { calendarDate, runDerivation } from "../checks/engine/view.ts";
import { createResolver } from "../checks/network/create-resolver.ts";
import { analyzeSpf, checkHost, type SpfAnalysis } from "../checks/protocols/spf/index.ts";
import type { CrossResult } from "../checks/protocols/vendors/index.ts";
import { derivations } from "../checks/registry.ts";
import type { Config } from "../model/config.ts";
import type { Evidence, EvidenceError, Target } from "../model/evidence.ts";
import { type CollectOptions, collectTarget, openRun } from "./collect.ts";
import { currentSupply } from "./supply.ts";

/** Looks at one thing and judges nothing: what `mailward spf` and `mailward vendors` print. */
export interface SpfLook {
	analysis: SpfAnalysis;
	/** What one address would get as sender of the domain; null when none was asked about. */
	verdict: Awaited<ReturnType<typeof checkHost>> | null;
}

export async function lookAtSpf(config: Config, domain: string, ip: string | undefined, signal: AbortSignal): Promise<SpfLook> {
	const resolver = createResolver(config.network, { signal });
	try {
		const analysis = await analyzeSpf({ domain, resolver });
		const verdict = ip === undefined ? null : await checkHost({ ip, sender: `postmaster@${domain}`, helo: domain, resolver, signal });
		return { analysis, verdict };
	} finally {
		await resolver.close();
	}
}

export interface VendorLook {
	vendors: (Omit<CrossResult, "outcome"> & { outcome: CrossResult["outcome"] | null })[];
	/** Names that could not be read: vendors may hide behind them. */
	unread: EvidenceError[];
	/** Why nothing was held against a register; null when it was. */
	register: string | null;
}

/** The vendors that a domain's DNS and policy reveal, crossed with the register if the request names records. */
export async function lookAtVendors(options: Pick<CollectOptions, "config" | "request" | "now" | "signal" | "log">, domain: string): Promise<VendorLook> {
	const run = await openRun({ ...options, include: ["vendors.*"] });
	const target: Target = { id: domain, type: "domain" };
	const targets: Target[] = [target];
	const items: Evidence[] = [];
	try {
		items.push(...(await collectTarget(target, run, options.request)));
		const { records } = options.request;
		if (records !== undefined) {
			targets.push({ id: records, type: "records" });
			items.push(...(await collectTarget({ id: records, type: "records" }, run, options.request)));
		}
	} finally {
		await run.close();
	}
	const store = new EvidenceStore(targets);
	for (const item of items) store.add(item);
	const derivation = derivations.find((one) => one.id === "vendors");
	if (derivation === undefined) throw new Error("there is no derivation of vendors");
	const asOf = options.now();
	await runDerivation(derivation, target, store, { asOf, today: calendarDate(asOf, options.config.entity.timeZone) }, currentSupply());
	const failed = items.filter((item) => item.status === "error" && item.kind.startsWith("dns."));
	return {
		vendors: store.items(domain, "derived.vendor").map((item) => {
			const { vendorKind, ...values } = item.values as Omit<VendorLook["vendors"][number], "kind"> & { vendorKind: string };
			return { ...values, kind: vendorKind };
		}),
		unread: failed.flatMap((item) => (item.error === undefined ? [] : [{ ...item.error, detail: item.source.call }])),
		register: options.request.records === undefined ? "no records were given; add --records DIR" : null,
	};
}
