import table from "./attributes.json" with { type: "json" };

/**
 * What may be copied of a block. Types: string, number, bool, list(...), set(...), map(...), any. `single` blocks occur at most
 * once and are objects in evidence; the others are arrays, those with `set` in no order of their own.
 */
export interface AllowedBlock {
	readonly attributes: Readonly<Record<string, string>>;
	/** Known after apply only: nobody can configure them. */
	readonly computed?: readonly string[];
	/** Allowed for the sake of their presence: the value is never copied. */
	readonly sensitive?: readonly string[];
	readonly blocks?: Readonly<Record<string, AllowedNested>>;
}

export interface AllowedNested extends AllowedBlock {
	readonly single: boolean;
	readonly set?: boolean;
}

const types: ReadonlyMap<string, AllowedBlock> = new Map(Object.entries(table.types as Record<string, AllowedBlock>));
const secrets: ReadonlyMap<string, ReadonlySet<string>> = new Map(
	Object.entries(table.secrets as Record<string, string[]>).map(([type, paths]) => [type, new Set(paths)]),
);

/** Resource types of which evidence is made, sorted. */
export const terraformKinds: readonly string[] = [...types.keys()];

export function allowedOf(type: string): AllowedBlock | undefined {
	return types.get(type);
}

export function ownEntry<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
	return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

const secretName = /pass(?:word|phrase|wd)|secret|token|private_key|access_key|credential|auth_key|api_key$/i;

/**
 * Whether an attribute may hold a secret, so that its value must not travel into other resources' attributes. Types that the
 * schema does not cover are judged by the attribute's name, on the safe side.
 */
export function maybeSecret(type: string, path: string): boolean {
	const known = secrets.get(type);
	if (known?.has(path) === true) return true;
	const allowed = types.get(type);
	if (allowed !== undefined && ownEntry(allowed.attributes, path) !== undefined) return false;
	return secretName.test(path);
}

/** Policy and pattern documents, and ARNs put together in the plan: their text is of use even where a part of it is not known yet. */
const documentNames = new Set([
	"policy",
	"policy_document",
	"assume_role_policy",
	"content",
	"redrive_policy",
	"redrive_allow_policy",
	"event_pattern",
	"filter_policy",
	"pattern",
	"policy_arn",
	"source_arn",
]);

/** Lists of ARNs and prefixes and patterns of ARNs: one that names the plan's own resources is known in parts. */
const prefixListNames = new Set(["not_resources", "resources", "starts_with", "values"]);

export function isPrefixList(name: string): boolean {
	return prefixListNames.has(name);
}

export function isDocumentAttribute(name: string): boolean {
	return documentNames.has(name);
}

/**
 * Kinds that belong to an account or a Region as a whole. A plan that has none of them says nothing about the account, so it
 * gets no listing for them; the engine answers not_in_plan.
 */
export const accountWideKinds: ReadonlySet<string> = new Set([
	"aws_accessanalyzer_analyzer",
	"aws_cloudtrail",
	"aws_cloudwatch_log_account_policy",
	"aws_config_configuration_recorder",
	"aws_config_configuration_recorder_status",
	"aws_config_delivery_channel",
	"aws_guardduty_detector",
	"aws_guardduty_detector_feature",
	"aws_iam_account_password_policy",
	"aws_iam_saml_provider",
	"aws_organizations_policy",
	"aws_organizations_policy_attachment",
	"aws_s3_account_public_access_block",
	"aws_securityhub_account",
	"aws_ses_active_receipt_rule_set",
	"aws_sesv2_account_suppression_attributes",
	"aws_sesv2_account_vdm_attributes",
	"aws_ssoadmin_permission_set",
]);
