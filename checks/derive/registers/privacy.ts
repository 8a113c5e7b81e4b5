import { addBusinessDays } from "../../../model/records/index.ts";
import { saysNothing } from "../../protocols/reconcile/index.ts";
import { dayOf, type RegisterSpec, unset } from "./register.ts";

interface AuthorizationRow {
	lastInEffectOn?: string | null;
	expiration?: { date?: string; event?: string; resolver?: { state: string; on?: string; checkedOn: string } };
	conditioning?: { permittedException?: string };
	conditioned?: boolean;
	compoundWith?: string[];
	remuneration?: { involved: boolean; statement?: string };
	saleOfPhi?: { involved: boolean; statement?: string };
	soughtByEntity?: boolean;
	copyProvidedAt?: string;
	copyEvidenceRef?: string;
	informationDescription?: string;
	formVersion?: string;
	formSha256?: string;
	revokedAt?: string;
	id?: string;
}

/** 45 CFR 164.508(c)(1), (c)(2), (c)(3) and what else an authorization has to hold. */
const authorizationElements = [
	...["informationDescription", "disclosers", "recipients", "purposes", "expiration", "signature"],
	...["revocation", "conditioning", "redisclosure", "plainLanguage", "soughtByEntity", "remuneration", "saleOfPhi", "conditioned"],
	...["formVersion", "formSha256", "scope"],
];

export const authorization: RegisterSpec<AuthorizationRow> = {
	kind: "authorization",
	uses: ["record.authorization-form"],
	subjectsOf: () => [],
	inForce: (row, today) => row.revokedAt === undefined && !(row.expiration?.date !== undefined && row.expiration.date < today),
	// Only what ends with an event has to be looked at again; any other date stands in the record.
	dated: (row) => (row.expiration?.event === undefined ? undefined : (row.expiration.resolver?.checkedOn ?? null)),
	lacks: (row, { others }) => [
		...(row.informationDescription !== undefined && saysNothing(row.informationDescription)
			? ["its description names no type, source or period of information"]
			: []),
		...(others("record.authorization-form").some((form) => isAnotherText(form as FormRow, row))
			? ["the form of its version is registered with another hash"]
			: []),
		...(row.conditioned === true && row.conditioning?.permittedException === undefined
			? ["care was made to depend on signing, and no permitted exception is named"]
			: []),
		...((row.compoundWith ?? []).length > 0 ? ["it is combined with other authorizations"] : []),
		...(row.remuneration?.involved === true && row.remuneration.statement === undefined ? ["the entity is paid and the text does not say so"] : []),
		...(row.saleOfPhi?.involved === true && row.saleOfPhi.statement === undefined ? ["PHI is sold and the text does not say so"] : []),
	],
	open: (row) => [
		...unset(row, authorizationElements),
		...(row.compoundWith === undefined ? ["compoundWith"] : []),
		...(row.soughtByEntity === true ? unset(row, ["copyProvidedAt", "copyEvidenceRef"]) : []),
	],
	overdue: (row, { today }) => {
		if (row.lastInEffectOn !== null) return [];
		const ended = row.expiration?.date !== undefined && row.expiration.date < today ? row.expiration.date : undefined;
		return [
			...(ended === undefined ? [] : [`it expired on ${ended} and is listed as in force`]),
			...(row.expiration?.resolver?.state === "occurred" ? ["the event that ends it has occurred and it is listed as in force"] : []),
			...(row.revokedAt === undefined ? [] : ["it was revoked and is listed as in force"]),
		];
	},
};

/** 45 CFR 164.508(b)(6): what was signed is what is registered. */
function isAnotherText({ version, sha256 }: FormRow, row: AuthorizationRow): boolean {
	return version === row.formVersion && sha256 !== undefined && row.formSha256 !== undefined && sha256 !== row.formSha256;
}

interface FormRow {
	version?: string;
	sha256?: string;
	inUseFrom?: string;
	inUseTo?: string | null;
	statements?: Record<string, boolean>;
	standsAlone?: boolean;
}

export const authorizationForm: RegisterSpec<FormRow> = {
	kind: "authorization-form",
	subjectsOf: () => ["authorization form"],
	dated: () => undefined,
	lacks: (row) => [
		...Object.entries(row.statements ?? {}).flatMap(([name, there]) => (there ? [] : [`the text lacks the ${name} statement`])),
		...(row.standsAlone === false ? ["the form does not stand apart from consent to treatment"] : []),
	],
	open: (row) => [
		...unset(row, ["readingGrade", "standsAlone"]),
		...["revocation", "conditioning", "redisclosure"].filter((name) => row.statements?.[name] === undefined).map((name) => `statements.${name}`),
	],
	overdue: (row, { today, rows }) =>
		typeof row.inUseTo === "string" && row.inUseTo < today && !rows.some((other) => (other.inUseTo ?? "9999-12-31") >= today)
			? [`the last form ended on ${row.inUseTo} and none followed`]
			: [],
};

interface CampaignRow {
	class?: string;
	primaryPurpose?: string;
	remuneration?: { fromThirdParty: boolean; relatedToCostOnly?: boolean };
	exceptionRelied?: string;
	audience?: { source?: string; basis?: string };
	affirmativeConsent?: object;
	specialCategories?: { part2: boolean; psychotherapyNotes: boolean };
	listProvenance?: { harvested: boolean };
	fundraisingOptOutRef?: string;
	signedOn?: string;
	lastSentOn?: string | null;
	recurring?: boolean;
}

export const campaign: RegisterSpec<CampaignRow> = {
	kind: "campaign",
	subjectsOf: () => [],
	dated: (row) => row.signedOn ?? null,
	agesUntil: (row) => (row.recurring === true ? undefined : (row.lastSentOn ?? undefined)),
	lacks: (row) => [
		...(row.specialCategories?.psychotherapyNotes === true ? ["psychotherapy notes are used for a mailing"] : []),
		...(row.listProvenance?.harvested === true ? ["the addresses were harvested"] : []),
		...(row.remuneration?.fromThirdParty === true && (row.exceptionRelied === "treatment" || row.exceptionRelied === "own_products_or_services")
			? ["a third party pays, so that the exception relied on does not apply"]
			: []),
		...(row.exceptionRelied === "refill_reasonable_cost" && row.remuneration?.fromThirdParty === true && row.remuneration.relatedToCostOnly !== true
			? ["the payment for refill reminders is not limited to their cost"]
			: []),
	],
	open: (row) => [
		...unset(row, [
			"primaryPurpose",
			"remuneration",
			"exceptionRelied",
			"specialCategories",
			"sender",
			"listProvenance",
			"templateHash",
			"author",
			"reviewer",
			"signedOn",
		]),
		...unset(row.audience ?? {}, ["source", "basis"]).map((field) => `audience.${field}`),
		...((row as { phiUsed?: unknown }).phiUsed === undefined ? ["phiUsed"] : []),
		...(row.primaryPurpose === "commercial" && row.affirmativeConsent === undefined ? ["affirmativeConsent"] : []),
		...(row.class === "fundraising" && row.fundraisingOptOutRef === undefined ? ["fundraisingOptOutRef"] : []),
	],
};

interface OptOutRow {
	kind?: string;
	receivedAt?: string;
	effectiveAt?: string;
}

/** CAN-SPAM: 15 USC 7704(a)(4)(A), ten business days; a written revocation holds from its receipt (45 CFR 164.508(b)(5)). */
const optOutKinds = new Set(["opt_out", "fundraising_opt_out", "revocation"]);

export const optOut: RegisterSpec<OptOutRow> = {
	kind: "opt-out",
	log: { newest: (row) => dayOf(row.receivedAt) },
	subjectsOf: () => [],
	dated: () => undefined,
	open: (row) => unset(row, ["method", ...(optOutKinds.has(row.kind ?? "") ? ["effectiveAt"] : [])]),
	overdue: (row, { today }) => {
		const received = dayOf(row.receivedAt);
		if (received === undefined || !optOutKinds.has(row.kind ?? "")) return [];
		const limit = addBusinessDays(received, 10);
		if ((dayOf(row.effectiveAt) ?? today) <= limit) return [];
		return ["it was not applied within ten business days"];
	},
};

export const disclosure: RegisterSpec<{ disclosedAt?: string }> = {
	kind: "disclosure",
	log: {},
	subjectsOf: () => [],
	dated: () => undefined,
	open: (row) => unset(row, ["recipient", "description", "purpose"]),
};

interface DeIdentificationRow {
	method?: string;
	export?: string;
	performedOn?: string;
	noActualKnowledge?: boolean;
	validUntil?: string;
}

export const deIdentification: RegisterSpec<DeIdentificationRow> = {
	kind: "de-identification",
	subjectsOf: (row) => (row.export === undefined ? [] : [row.export]),
	dated: (row) => row.performedOn ?? null,
	lacks: (row) => (row.noActualKnowledge === false ? ["the entity knows that what is left could identify a person"] : []),
	open: (row) => unset(row, ["performedBy", "exportSchema", ...(row.method === "safe_harbor" ? ["removedIdentifiers", "noActualKnowledge"] : [])]),
	overdue: (row, { today }) => (row.validUntil !== undefined && row.validUntil < today ? [`it was valid until ${row.validUntil}`] : []),
};
