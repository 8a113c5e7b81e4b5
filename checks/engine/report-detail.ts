import { byCodeUnit } from "../../model/canonical.ts";
import type { EvidenceManifest, ListingValues } from "../../model/evidence.ts";
import type { Population, ResultDocument } from "../../model/result.ts";
import type { Framework } from "../frameworks/frameworks.ts";
import { conformancePacksOf } from "./conformance-packs.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { listingFault } from "./listings.ts";
import type { CheckMetadata } from "./metadata.ts";
import { registersOf } from "./registers.ts";
import { calendarDate } from "./view.ts";

export interface ReportDetailOptions {
	manifest: EvidenceManifest;
	store: EvidenceStore;
	checks: readonly CheckMetadata[];
	framework: Framework;
}

/**
 * Adds what a report of one engagement prints and no verdict needs: what the catalogue says of each control, how many items each test had
 * before it, what conformance packs of AWS Config say, and the registers. Lists of domains leave it out, since every line of theirs would repeat it.
 */
export function withReportDetail(result: ResultDocument, { manifest, store, checks, framework }: ReportDetailOptions): ResultDocument {
	const conformancePacks = conformancePacksOf(store, manifest.targets);
	const catalogue = new Map(framework.controls.map((control) => [control.id, control]));
	return {
		...result,
		run: { ...result.run, rulesAsOf: framework.asOf },
		controls: result.controls.map((control) => {
			const known = catalogue.get(control.id);
			if (known === undefined) return control;
			return { ...control, asks: known.evidence.trim(), provenBy: known.provenBy, nist80053: known.nist80053, soc2: known.soc2 };
		}),
		populations: populationsOf(result, manifest, store, checks),
		...(conformancePacks === undefined ? {} : { conformancePacks }),
		records: registersOf(store, calendarDate(new Date(result.run.asOf), result.entity.timeZone)),
	};
}

/** For each check that gave a result: the items of its subject's kind that were listed, and the targets whose list could not be had. */
function populationsOf(result: ResultDocument, manifest: EvidenceManifest, store: EvidenceStore, checks: readonly CheckMetadata[]): Population[] {
	const targetsOf = new Map<string, Set<string>>();
	for (const { check, target } of result.results) targetsOf.set(check, (targetsOf.get(check) ?? new Set()).add(target));
	const populations: Population[] = [];
	for (const { id, evidence } of checks) {
		const targets = targetsOf.get(id);
		const [kind] = evidence;
		if (targets === undefined || kind === undefined) continue;
		let listed = 0;
		let unread = 0;
		for (const target of manifest.targets.filter((one) => targets.has(one.id))) {
			const listing = store.listing(target.id, kind);
			if (listing?.status !== "ok" || listingFault(store, target.id, kind) !== undefined) unread += 1;
			else listed += (listing.values as ListingValues).count;
		}
		populations.push({ check: id, kind, listed, targets: targets.size, unread });
	}
	return populations.sort((a, b) => byCodeUnit(a.check, b.check));
}
