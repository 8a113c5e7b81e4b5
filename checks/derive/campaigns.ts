import type { Evidence, Gap } from "../../model/evidence.ts";
import type { DerivationView } from "./derivation.ts";

/** What is read of a campaign's record (records.md; 45 CFR 164.501, 16 CFR 316.3). */
export interface CampaignRecord {
	class?: string;
	primaryPurpose?: string;
	affirmativeConsent?: { held: boolean };
	audience?: { segmentIds?: string[]; source?: string; basis?: string };
	templateHash?: string;
	segmentHash?: string;
}

export interface Registry {
	rows: readonly Evidence[];
	/** Why there may be campaigns that are not among the rows. */
	gap: Gap | null;
}

export interface FoundCampaign {
	id: string | null;
	record: CampaignRecord | null;
	/** The campaign has a record; null where that cannot be told. */
	registered: boolean | null;
	gaps: Record<string, Gap>;
	basis: Evidence[];
}

const careClasses = new Set(["treatment", "operations", "refill_reminder", "breach_notice"]);

/** The record of the campaign that a file is for: by the name the file gives, else by what the record says of the file. */
export function findCampaign(
	registry: Registry,
	{ named, matches, file }: { named: string | null; matches: (record: CampaignRecord) => boolean; file: string },
): FoundCampaign {
	const [item, another] = registry.rows.filter((row) => (named === null ? matches(row.values as CampaignRecord) : row.id === named));
	// Of a file that names none, a record that was not read may speak as well as the one that was.
	const gap: Gap | null =
		named !== null ? null : another !== undefined ? { code: "input_not_supplied", detail: `which of its campaigns ${file} is for` } : registry.gap;
	if (item !== undefined) {
		const own = { id: item.id, record: item.values as CampaignRecord };
		if (gap === null) return { ...own, registered: true, gaps: {}, basis: named === null ? [...registry.rows] : [item] };
		return { id: item.id, record: null, registered: null, gaps: { registered: gap }, basis: [...registry.rows] };
	}
	const none = { id: named, record: null, basis: [...registry.rows] };
	if (registry.gap !== null) return { ...none, registered: null, gaps: { registered: registry.gap } };
	// A file that names a campaign without a record is the fault the rule is about; one that names none may be no campaign at all.
	if (named !== null) return { ...none, registered: false, gaps: {} };
	return { ...none, registered: null, gaps: { registered: { code: "input_not_supplied", detail: `the campaign of ${file}` } } };
}

/** 15 USC 7702(2): by the primary purpose; null where the record leaves it open. */
export function commercialOf(record: CampaignRecord): boolean | null {
	return record.primaryPurpose === undefined ? null : record.primaryPurpose === "commercial";
}

/** 15 USC 7704(a)(3)(A) for commercial messages, 45 CFR 164.514(f)(2) for fundraising. */
export function optOutDuty(record: CampaignRecord): boolean | null {
	return record.class === "fundraising" ? true : commercialOf(record);
}

export function isCare(record: CampaignRecord): boolean | null {
	return record.class === undefined ? null : careClasses.has(record.class);
}

/** Whether any authorization on record names the campaign; whose it is, and whether it holds on the day, the reconciliation says. */
export function authorizes(view: DerivationView, campaign: string): { covered: boolean | null; gap: Gap | null; basis: readonly Evidence[] } {
	if (!view.supplied("record.authorization"))
		return { covered: null, gap: { code: "input_not_supplied", detail: "records with the authorizations" }, basis: [] };
	const rows = view.items("record.authorization");
	const covering = rows.find(
		(item) => item.status === "ok" && ((item.values as { scope?: { campaigns?: string[] } }).scope?.campaigns ?? []).includes(campaign),
	);
	if (covering !== undefined) return { covered: true, gap: null, basis: [covering] };
	const fault = view.listingError("record.authorization") ?? rows.find((item) => item.status === "error")?.error;
	if (fault !== undefined) return { covered: null, gap: { code: fault.code, detail: fault.detail ?? "record.authorization" }, basis: rows };
	return { covered: false, gap: null, basis: rows };
}

/** The campaigns on record, and why there may be more. */
export function registryOf(view: DerivationView): Registry {
	const rows = view.items("record.campaign");
	const fault = view.listingError("record.campaign");
	const unread = rows.find((item) => item.status === "error")?.error;
	const gap: Gap | null = !view.supplied("record.campaign")
		? { code: "input_not_supplied", detail: "records with the campaigns" }
		: fault !== undefined
			? { code: fault.code, detail: fault.detail ?? "record.campaign" }
			: unread !== undefined
				? { code: unread.code, detail: unread.detail ?? "record.campaign" }
				: null;
	return { rows: rows.filter((item) => item.status === "ok"), gap };
}

/** What is not known is not there: in a policy null is neither false nor absent. */
export function known(values: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
