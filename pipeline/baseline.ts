import { publishedKeys } from "../checks/collectors/dns/shared-keys.ts";
import { readMtaStsFetch } from "../checks/collectors/mta-sts/schema.ts";
import { calendarDate } from "../checks/engine/view.ts";
import { byCodeUnit, sha256Hex } from "../model/canonical.ts";
import type { BaselineRun, EarlierScan, Evidence, Target } from "../model/evidence.ts";
import type { EarlierResult, ResultDocument } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { hashFile } from "./bundle/files.ts";
import { readEvidence, readManifest } from "./evidence-files.ts";
import { readScan } from "./read-scan.ts";

/** What an earlier scan says, as evidence of this one: it is judged again with the rest, offline. */
export interface Baseline {
	run: BaselineRun;
	/** Its items on a target of this run. */
	items(target: Target, now: string): Evidence[];
}

type Found = Pick<Evidence, "kind" | "id" | "values">;

/**
 * Reads --baseline: a bundle, whose hashes are verified first, or a bare result.json, which is marked unverified and tells of results
 * only. Throws InputError for what is neither, was changed, or is newer than this run.
 */
export async function readBaseline(path: string, options: { now: Date; timeZone: string }): Promise<Baseline> {
	const { result, isBundle } = await readScan(path, "--baseline");
	const { asOf } = result.run;
	if (Date.parse(asOf) > options.now.getTime())
		throw new InputError([{ file: path, line: 1, column: 1, field: "run.asOf", message: `is later than this run (${asOf}); give an earlier scan` }]);
	const byTarget = new Map<string, Found[]>();
	const add = (target: string, found: Found): void => {
		const list = byTarget.get(target);
		if (list === undefined) byTarget.set(target, [found]);
		else list.push(found);
	};
	for (const { id, target, state, firstSeen, history } of result.results) {
		const values: EarlierResult = { state, firstSeen, lastSeen: asOf, history: history ?? [] };
		add(target, { kind: "baseline.result", id, values });
	}
	if (isBundle) {
		const dayOf = (time: string): string => calendarDate(new Date(time), options.timeZone);
		for (const [target, list] of await evidenceFacts(path, dayOf)) for (const found of list) add(target, found);
	}
	const file = isBundle ? `${path}/result.json` : path;
	return {
		run: { source: path, sha256: await hashFile(file), asOf, verified: isBundle, scans: scansOf(result) },
		items: (target, now) =>
			(byTarget.get(target.id) ?? [])
				.toSorted((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.id, b.id))
				.map((found) => ({
					...found,
					status: "ok",
					source: { collector: "baseline", version: "1", call: `read the scan of ${asOf}`, target: target.id },
					collectedAt: now,
				})),
	};
}

/** More earlier scans than this are not carried on: the oldest go. */
const maxScans = 50;

function scansOf({ run, totals }: ResultDocument): EarlierScan[] {
	return [...(run.baseline?.scans ?? []), { asOf: run.asOf, results: totals.results, controls: totals.controls }].slice(-maxScans);
}

/** Keys and policies that the bundle saw, by target. */
async function evidenceFacts(dir: string, dayOf: (time: string) => string): Promise<Map<string, Found[]>> {
	const facts = new Map<string, Found[]>();
	const earlier = new Map<string, { publicKeySha256: string; firstSeenOn?: string }>();
	const seen: { target: string; id: string; publicKeySha256: string; on: string }[] = [];
	const add = (target: string, found: Found): void => {
		facts.set(target, [...(facts.get(target) ?? []), found]);
	};
	const { manifest } = await readManifest(dir);
	for await (const { item } of readEvidence(dir, manifest)) {
		if (item.status !== "ok") continue;
		const { target } = item.source;
		if (item.kind === "baseline.dkim_key") earlier.set(item.id, item.values as { publicKeySha256: string; firstSeenOn?: string });
		else if (item.kind === "dns.txt") {
			for (const { name, publicKeySha256 } of publishedKeys(target, [item])) seen.push({ target, id: name, publicKeySha256, on: dayOf(item.collectedAt) });
		} else if (item.kind === "https.mta_sts_policy") {
			const fetch = readMtaStsFetch(item);
			if (fetch?.httpStatus !== 200 || fetch.body === null || fetch.recordId === null || fetch.truncated) continue;
			const policySha256 = sha256Hex(Buffer.from(fetch.body, "latin1"));
			add(target, { kind: "baseline.mta_sts", id: item.id, values: { recordId: fetch.recordId, policySha256, seenOn: dayOf(item.collectedAt) } });
		}
	}
	for (const { target, id, publicKeySha256, on } of seen) {
		const known = earlier.get(id);
		const firstSeenOn = known?.publicKeySha256 === publicKeySha256 ? (known.firstSeenOn ?? on) : on;
		add(target, { kind: "baseline.dkim_key", id, values: { publicKeySha256, firstSeenOn } });
	}
	return facts;
}
