import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt, unseen } from "../policy-documents.ts";

const setKind = "aws.ses_configuration_set_archive";
const archiveKind = "aws_mailmanager_archive";

/**
 * derived.set_archive, one per configuration set of an account: whether what is sent with it is archived, and the archive's state, years
 * of retention (null: for good) and key. No released provider of Terraform can say so.
 */
const derivation: Derivation = {
	id: "set-archives",
	target: "account",
	needs: [setKind],
	uses: [archiveKind],
	produces: ["derived.set_archive"],
	derive: (view) => view.items(setKind).map((set) => derivedOf(view, set)),
};

export default derivation;

/** RetentionPeriod of the API (Amazon SES Mail Manager, "ArchiveRetention"). */
const years: Readonly<Record<string, number>> = {
	THREE_MONTHS: 0.25,
	SIX_MONTHS: 0.5,
	NINE_MONTHS: 0.75,
	ONE_YEAR: 1,
	EIGHTEEN_MONTHS: 1.5,
	TWO_YEARS: 2,
	THIRTY_MONTHS: 2.5,
	THREE_YEARS: 3,
	FOUR_YEARS: 4,
	FIVE_YEARS: 5,
	SIX_YEARS: 6,
	SEVEN_YEARS: 7,
	EIGHT_YEARS: 8,
	NINE_YEARS: 9,
	TEN_YEARS: 10,
};

function derivedOf(view: DerivationView, set: Evidence): DerivedItem {
	const own = { kind: "derived.set_archive", id: set.id };
	if (set.error !== undefined) return { ...own, error: set.error, basis: [set] };
	const arn = textAt(set, "archive_arn");
	const name = textAt(set, "configuration_set_name") ?? set.id;
	if (arn === undefined) return { ...own, values: { set: name, archived: false }, basis: [set] };
	const archive = view.item(archiveKind, arn);
	const fault = archive?.error ?? (archive === undefined ? unseen(view, [archiveKind]) : undefined);
	if (archive === undefined || fault !== undefined) {
		const gap: Gap = fault === undefined ? { code: "not_collected", detail: arn } : { code: fault.code, detail: fault.detail };
		return { ...own, values: { set: name, archived: true }, gaps: { active: gap, years: gap, ownKey: gap }, basis: [set] };
	}
	const period = textAt(archive, "retention.retention_period") ?? "";
	const kept = period === "PERMANENT" ? null : years[period];
	return {
		...own,
		values: {
			set: name,
			archived: true,
			active: valueAt(archive.values, "archive_state") === "ACTIVE",
			...(kept === undefined ? {} : { years: kept }),
			ownKey: textAt(archive, "kms_key_arn") !== undefined,
		},
		gaps: kept === undefined ? { years: { code: "malformed", detail: period } } : {},
		basis: [set, archive],
	};
}
