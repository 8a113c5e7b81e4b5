import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type ContentDocument, documentSchema } from "../../collectors/content/schema.ts";
import { commercialOf, findCampaign, isCare, known, optOutDuty, type Registry, registryOf } from "../campaigns.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

/**
 * derived.campaign_message, one per template and rendered message: what it shows, beside the record of the campaign it is sent for. Joined by
 * the campaign that the file beside it names, or by the hash that a record keeps.
 */
const derivation: Derivation = {
	id: "campaign-messages",
	target: "content",
	needs: ["content.document"],
	uses: ["record.campaign"],
	produces: ["derived.campaign_message"],
	derive(view): DerivedItem[] {
		const registry = registryOf(view);
		return view.items("content.document").map((item) => messageOf(item, registry));
	},
};

export default derivation;

function messageOf(item: Evidence, registry: Registry): DerivedItem {
	const own = { kind: "derived.campaign_message", id: item.id };
	const error = errorOf(item, "content.document");
	if (error !== undefined) return { ...own, basis: [item], error };
	const parsed = documentSchema.safeParse(item.values);
	if (!parsed.success)
		return { ...own, basis: [item], error: { code: "malformed", detail: item.id, message: "the stored item is not what this version reads" } };
	const document = parsed.data;
	const found = findCampaign(registry, {
		named: document.campaign,
		matches: (record) => document.sha256 !== null && record.templateHash === document.sha256,
		file: item.id,
	});
	const gaps: Record<string, Gap> = { ...found.gaps };
	const record = found.record;
	const lacks = (path: string, field: string, value: unknown): void => {
		if (record !== null && (value === undefined || value === null)) gaps[path] = { code: "record_incomplete", detail: `${field} of ${found.id}` };
		else if (record === null && gaps.registered !== undefined) gaps[path] = gaps.registered;
		else if (record === null) gaps[path] = { code: "record_missing", detail: `record.campaign ${found.id ?? ""}`.trim() };
	};
	const commercial = record === null ? null : commercialOf(record);
	const optOutRequired = record === null ? null : optOutDuty(record);
	lacks("commercial", "primaryPurpose", commercial);
	lacks("optOutRequired", "primaryPurpose", optOutRequired);
	lacks("care", "class", record?.class);
	lacks("unchanged", "templateHash", record?.templateHash);
	lacks("consentHeld", "affirmativeConsent", record?.affirmativeConsent?.held);
	return {
		...own,
		basis: [item, ...found.basis],
		values: known({
			campaign: found.id,
			registered: found.registered,
			commercial,
			optOutRequired,
			care: record === null ? null : isCare(record),
			consentHeld: record?.affirmativeConsent?.held ?? null,
			// A rendered message is another text for each recipient: only the template it was made from can be compared.
			unchanged: document.format === "mime" ? null : record?.templateHash === undefined ? null : record.templateHash === document.sha256,
			...shown(document),
		}),
		gaps,
	};
}

function shown(document: ContentDocument): Record<string, unknown> {
	const { format, notices, optOutLinks, headers } = document;
	// A part that is not there shows nothing, and no duty of its own.
	const parts = (pair: { html: boolean | null; text: boolean | null }): string[] => (["html", "text"] as const).filter((part) => pair[part] === false);
	return {
		format,
		parts: [...(document.hasHtml ? ["html"] : []), ...(document.hasText ? ["text"] : [])],
		partsWithoutOptOut: parts(notices.optOut),
		partsWithoutAddress: parts(notices.postalAddress),
		advertisement: notices.advertisement,
		optOutLinks,
		headers,
	};
}
