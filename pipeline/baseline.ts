import { publishedKeys } from "../checks/collectors/dns/shared-keys.ts";
import { readMtaStsFetch } from "../checks/collectors/mta-sts/schema.ts";
import { calendarDate } from "../checks/engine/view.ts";
import { byCodeUnit, sha256Hex } from "../model/canonical.ts";
import type { BaselineRun, Evidence, Target } from "../model/evidence.ts";
import { InputError } from "../model/source.ts";
import { openEarlier } from "./earlier-results.ts";
import { readEvidence, readManifest } from "./evidence-files.ts";

/** What an earlier scan says, as evidence of this one: it is judged again with the rest, offline. */
export interface Baseline {
	run: BaselineRun;
	/** Its items on a target of this run. */
	items(target: Target, now: string): Evidence[];
	/** No item is asked for any more. */
	close(): void;
}

type Found = Pick<Evidence, "kind" | "id" | "values">;

/**
 * Reads --baseline: a bundle, whose hashes are verified first; a bare result.json, which is marked unverified and tells of results only;
 * or the folder of a scan of a list of domains, whose results are marked unverified too and are read domain by domain. Throws InputError
 * for what is none of them, was changed, or is newer than this run.
 */
export async function readBaseline(path: string, options: { now: Date; timeZone: string }): Promise<Baseline> {
	const earlier = await openEarlier(path);
	const { asOf, sha256, verified, scans } = earlier;
	if (Date.parse(asOf) > options.now.getTime()) {
		earlier.close();
		throw new InputError([{ file: path, line: 1, column: 1, field: "run.asOf", message: `is later than this run (${asOf}); give an earlier scan` }]);
	}
	const dayOf = (time: string): string => calendarDate(new Date(time), options.timeZone);
	const facts = earlier.hasEvidence ? await evidenceFacts(path, dayOf) : new Map<string, Found[]>();
	return {
		run: { source: path, sha256, asOf, verified, ...(scans === undefined ? {} : { scans }) },
		items: (target, now) =>
			[...earlier.of(target.id).map((one): Found => ({ kind: "baseline.result", ...one })), ...(facts.get(target.id) ?? [])]
				.toSorted((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.id, b.id))
				.map((found) => ({
					...found,
					status: "ok",
					source: { collector: "baseline", version: "1", call: `read the scan of ${asOf}`, target: target.id },
					collectedAt: now,
				})),
		close: () => earlier.close(),
	};
}

/** Keys and policies that the scan saw, by target. */
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
