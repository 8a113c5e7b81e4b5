import type { Evidence, Gap } from "../../../model/evidence.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { documentAt, isUnknown, namedBy, namesOf, textAt, unknownText } from "../policy-documents.ts";

const groupKind = "aws_cloudwatch_log_group";
const policyKind = "aws_cloudwatch_log_data_protection_policy";
const accountKind = "aws_cloudwatch_log_account_policy";

/**
 * derived.log_masking, one per log group of the class STANDARD, the only one that can mask: the data identifiers that are both audited and
 * masked in it, by its own policy or by that of the account. Only an account tells whether it has one.
 */
const derivation: Derivation = {
	id: "log-masking",
	target: "plan",
	needs: [groupKind, policyKind],
	uses: [accountKind],
	produces: ["derived.log_masking"],
	derive(view) {
		const groups = view.items(groupKind).filter(({ status }) => status !== "absent");
		const names = namesOf(groups);
		return groups.flatMap((group) => itemOf(view, group, names) ?? []);
	},
};

export default derivation;

interface Operations {
	audited: string[];
	masked: string[];
}

function itemOf(view: DerivationView, group: Evidence, names: ReadonlyMap<string, Evidence>): DerivedItem | undefined {
	const own = { kind: "derived.log_masking", id: group.id };
	if (group.status === "error") return { ...own, error: group.error ?? { code: "malformed", message: "no error code" }, basis: [group] };
	const type = textAt(group, "log_group_class");
	if (type !== undefined && type !== "STANDARD") return undefined;
	const seen: Operations = { audited: [], masked: [] };
	const basis: Evidence[] = [group];
	let gap: Gap | undefined = isUnknown(group, "log_group_class") ? { code: "unknown_until_apply", detail: `${group.id} log_group_class` } : undefined;
	for (const policy of policiesOf(view, group, names)) {
		if (policy === "unknown") gap ??= { code: "unknown_until_apply", detail: policyKind };
		else if (policy.error !== undefined) gap ??= { code: policy.error.code, detail: policy.id };
		else {
			const operations = operationsOf(policy);
			if (operations === undefined) gap ??= { code: "unknown_until_apply", detail: `${policy.id} policy_document` };
			else {
				basis.push(policy);
				seen.audited.push(...operations.audited);
				seen.masked.push(...operations.masked);
			}
		}
	}
	const listing = view.listingError(accountKind);
	if (listing !== undefined && !(isAccount(view.target) && listing.code === "not_in_plan")) gap ??= { code: listing.code, detail: listing.detail };
	const identifiers = [...new Set(seen.audited)].filter((one) => seen.masked.includes(one)).sort();
	return { ...own, values: { group: textAt(group, "name") ?? group.id, identifiers }, gaps: gap === undefined ? {} : { more: gap }, basis };
}

/** Policies on a group, and those of the account, which stand on every group. */
function policiesOf(view: DerivationView, group: Evidence, names: ReadonlyMap<string, Evidence>): (Evidence | "unknown")[] {
	const own = view.items(policyKind).flatMap((policy): (Evidence | "unknown")[] => {
		if (policy.status === "absent") return [];
		if (policy.status === "error") return names.get(policy.id) === undefined || names.get(policy.id) === group ? [policy] : [];
		const named = namedBy(policy, "log_group_name", names);
		if (named === "unknown") return ["unknown"];
		return typeof named !== "string" && named.item === group ? [policy] : [];
	});
	const account = view.items(accountKind).filter((policy) => policy.status === "error" || textAt(policy, "policy_type") === "DATA_PROTECTION_POLICY");
	return [...own, ...account];
}

/** The identifiers of a data protection policy's statements by operation; undefined where only apply tells, or where it cannot be read. */
function operationsOf(policy: Evidence): Operations | undefined {
	const text = documentAt(policy, "policy_document");
	if (text === undefined || text === unknownText) return undefined;
	let document: unknown;
	try {
		document = JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
	const statements = isObject(document) && Array.isArray(document.Statement) ? document.Statement.filter(isObject) : [];
	const by = (wanted: (operation: Record<string, unknown>) => boolean) =>
		statements.flatMap(({ DataIdentifier, Operation }) =>
			isObject(Operation) && wanted(Operation) && Array.isArray(DataIdentifier) ? DataIdentifier.map(nameOf) : [],
		);
	return {
		audited: by(({ Audit }) => isObject(Audit)),
		masked: by(({ Deidentify }) => isObject(Deidentify) && isObject(Deidentify.MaskConfig)),
	};
}

/** arn:aws:dataprotection::aws:data-identifier/EmailAddress is EmailAddress. */
function nameOf(identifier: unknown): string {
	return /[^/]*$/.exec(String(identifier))?.[0] ?? "";
}

function isObject(value: unknown): value is Record<string, unknown> {
	return value !== null && typeof value === "object" && !Array.isArray(value);
}
