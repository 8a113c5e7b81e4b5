import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type ContentList, contentListSchema } from "../../collectors/content/schema.ts";
import { authorizes, type CampaignRecord, findCampaign, known, type Registry, registryOf } from "../campaigns.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";
import { chosenBy } from "./chosen-by.ts";

/** derived.campaign_segment, one per segment: by what it chooses people, beside the record of the campaign that names it or keeps its hash. */
const derivation: Derivation = {
	id: "campaign-segments",
	target: "content",
	needs: ["content.list"],
	uses: ["record.campaign", "record.authorization"],
	produces: ["derived.campaign_segment"],
	derive(view): DerivedItem[] {
		const registry = registryOf(view);
		const lists = view.items("content.list");
		return lists.filter(isSegment).map((item) => segmentOf(item, lists, registry, view));
	},
};

export default derivation;

/** A file that could not be read is told by its name. */
function isSegment(item: Evidence): boolean {
	return item.status === "error" ? /\.segment\.ya?ml$/i.test(item.id) : (item.values as ContentList).format === "segment";
}

function segmentOf(item: Evidence, lists: readonly Evidence[], registry: Registry, view: DerivationView): DerivedItem {
	const own = { kind: "derived.campaign_segment", id: item.id };
	const error = errorOf(item, "content.list");
	if (error !== undefined) return { ...own, basis: [item], error };
	const parsed = contentListSchema.safeParse(item.values);
	if (!parsed.success)
		return { ...own, basis: [item], error: { code: "malformed", detail: item.id, message: "the stored item is not what this version reads" } };
	const segment = parsed.data;
	const found = findCampaign(registry, {
		named: null,
		matches: (record) => (record.audience?.segmentIds ?? []).includes(segment.ref) || (segment.sha256 !== null && record.segmentHash === segment.sha256),
		file: item.id,
	});
	const chosen = chosenBy(item, lists);
	const gaps: Record<string, Gap> = { ...found.gaps };
	const record: CampaignRecord | null = found.record;
	// What is known to be asked for stands; that nothing is cannot be said of a segment that was not given.
	const open: Gap = { code: "input_not_supplied", detail: `segment ${chosen.missing[0] ?? ""}` };
	if (chosen.missing.length > 0 && chosen.health.length === 0) gaps.chosenByHealth = open;
	if (chosen.missing.length > 0 && chosen.traits.length === 0) gaps.chosenByTraits = open;
	if (record === null)
		for (const path of ["marketing", "basis", "source", "unchanged", "authorized"])
			gaps[path] ??= gaps.registered ?? { code: "record_missing", detail: `a campaign that names segment ${segment.ref}` };
	else {
		// A record without a basis states none: that is what the rules ask about.
		if (record.audience?.source === undefined) gaps.source = { code: "record_incomplete", detail: `audience.source of ${found.id}` };
		if (record.segmentHash === undefined) gaps.unchanged = { code: "record_incomplete", detail: `segmentHash of ${found.id}` };
	}
	const marketing = record === null ? null : record.class === "marketing" || record.class === "mixed";
	const authorized = record === null || found.id === null || marketing !== true ? null : authorizes(view, found.id);
	if (authorized !== null && authorized.gap !== null) gaps.authorized = authorized.gap;
	return {
		...own,
		basis: [item, ...chosen.basis, ...found.basis, ...(authorized?.basis ?? [])],
		values: known({
			campaign: found.id,
			registered: found.registered,
			marketing,
			basis: record?.audience?.basis ?? null,
			source: record?.audience?.source ?? null,
			unchanged: record?.segmentHash === undefined ? null : record.segmentHash === segment.sha256,
			authorized: authorized?.covered ?? null,
			chosenByHealth: gaps.chosenByHealth === undefined ? chosen.health : null,
			chosenByTraits: gaps.chosenByTraits === undefined ? chosen.traits : null,
		}),
		gaps,
	};
}
