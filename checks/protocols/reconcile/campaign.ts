import { foldName } from "../vendors/names.ts";
import { dayNumber } from "./days.ts";

/** The fields of a campaign record that reconciling reads. */
interface CampaignValues {
	class: string;
	primaryPurpose?: string;
	remuneration?: { fromThirdParty: boolean; party?: string; receivesData?: boolean; inKind?: boolean; relatedToCostOnly?: boolean };
	exceptionRelied?: string;
	audience?: { listIds?: string[] };
	specialCategories?: { psychotherapyNotes: boolean };
	sender?: { party: string; services?: string[] };
	topics?: string[];
	lastSentOn?: string | null;
}

/** The fields of a business associate agreement that reconciling reads. */
interface AgreementValues {
	party?: { legalName: string };
	status?: string;
	effectiveOn?: string;
	endsOn?: string | null;
	lastInEffectOn?: string | null;
	coveredServices?: { service: string }[];
}

/** The days, both ends included, on which an agreement covers what a party does. */
type Covered = readonly { from: number; to: number }[];

export interface CampaignFacts {
	/** 45 CFR 164.508(a)(2), (a)(3): each recipient has to have signed; null where the record does not say whether anybody pays for care mail. */
	needsAuthorization: boolean | null;
	/** A commercial message by its primary purpose (16 CFR 316.3), or one that does not say: an opt-out stops it. */
	commercial: boolean;
	/** An opt-out of fundraising stops it (45 CFR 164.514(f)(2)). */
	fundraising: boolean;
	/** A third party pays: the authorization has to say so (45 CFR 164.508(a)(3)(ii)). */
	paid: boolean;
	/** Who sends it, as `nameKey` writes a name; null where the record does not say. */
	sender: string | null;
	/** The days, both ends included, on which an agreement with the sender covers the services it sends by. */
	agreements: Covered;
	/** A third party that gives something for it, if it receives data or the record does not say (null); its name as `nameKey` writes it. */
	sponsor: { name: string; receivesData: true | null; agreements: Covered } | null;
	listIds: readonly string[];
	topics: readonly string[];
	lastSentOn: string | null;
}

/**
 * What the class, the payment and the exception relied on ask of a campaign that is sent by mail (45 CFR 164.501, definition of marketing;
 * 164.508(a)(3)(i)). What the record leaves open is taken as asking for more. A face-to-face communication is no mail: the exception carries none.
 */
export function campaignFacts(record: object, agreements: readonly object[] = []): CampaignFacts {
	const values = record as CampaignValues;
	const { exceptionRelied } = values;
	const promotes = values.class === "marketing" || values.class === "mixed";
	// Financial remuneration; goods and services in return are none (78 FR 5596).
	const paid = values.remuneration?.fromThirdParty === true && values.remuneration.inKind !== true;
	const unpaid = values.remuneration !== undefined && !paid;
	const refill =
		(values.class === "refill_reminder" || exceptionRelied === "refill_reasonable_cost") && (unpaid || values.remuneration?.relatedToCostOnly === true);
	const excepted =
		exceptionRelied === "nominal_gift" || refill || ((exceptionRelied === "treatment" || exceptionRelied === "own_products_or_services") && unpaid);
	const care = values.class === "treatment" || values.class === "operations" || values.class === "refill_reminder";
	const needed = values.specialCategories?.psychotherapyNotes === true || (promotes && !excepted) || (care && paid && !refill);
	return {
		needsAuthorization: needed || !care || values.remuneration !== undefined ? needed : null,
		commercial: values.primaryPurpose === "commercial" || (values.primaryPurpose === undefined && (promotes || values.class === "fundraising")),
		fundraising: values.class === "fundraising",
		paid,
		sender: values.sender === undefined ? null : nameKey(values.sender.party),
		agreements: agreements.flatMap((agreement) => daysCovered(agreement, values.sender)),
		sponsor: sponsorOf(values, agreements),
		listIds: values.audience?.listIds ?? [],
		topics: values.topics ?? [],
		lastSentOn: values.lastSentOn ?? null,
	};
}

/** A sender's name is typed by hand in two records: "Agency, LLC" and "agency llc" are one. */
export function nameKey(name: string): string {
	return foldName(name.replaceAll(/[.,]/g, ""));
}

/** 45 CFR 164.508(c)(1)(iii): who gets the data is a recipient, whatever it gives for it. */
function sponsorOf({ remuneration }: CampaignValues, agreements: readonly object[]): CampaignFacts["sponsor"] {
	if (remuneration?.fromThirdParty !== true || remuneration.party === undefined || remuneration.receivesData === false) return null;
	const { party, receivesData = null } = remuneration;
	return { name: nameKey(party), receivesData, agreements: agreements.flatMap((agreement) => daysCovered(agreement, { party })) };
}

/** 45 CFR 164.502(e)(1), 164.504(e): an agreement, executed for those days, that names the sender and, where the campaign names services, every one of them. */
function daysCovered(agreement: AgreementValues, sender: CampaignValues["sender"]): { from: number; to: number }[] {
	const { party, status, effectiveOn, endsOn, lastInEffectOn } = agreement;
	if (sender === undefined || party === undefined || effectiveOn === undefined) return [];
	// One that was terminated covered its days, where the record says which was the last.
	if (status !== "executed" && !(status === "terminated" && typeof lastInEffectOn === "string")) return [];
	if (nameKey(party.legalName) !== nameKey(sender.party)) return [];
	const covered = new Set((agreement.coveredServices ?? []).map(({ service }) => nameKey(service)));
	if (!(sender.services ?? []).every((service) => covered.has(nameKey(service)))) return [];
	const ends = [endsOn, lastInEffectOn].filter((end) => typeof end === "string");
	return [{ from: dayNumber(effectiveOn), to: Math.min(...ends.map(dayNumber), Number.POSITIVE_INFINITY) }];
}
