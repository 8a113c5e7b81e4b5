import { MalformedAnswer } from "../../aws/errors.ts";
import { listOf, listWithin, table } from "../../aws/table.ts";
import { iam } from "./api.ts";

/** A row of the credential report, by the names of its columns (IAM User Guide, "Getting credential reports"). */
type Row = ReadonlyMap<string, string>;

/** Reads the report's CSV (RFC 4180); one whose rows are not of the header's length was cut on the way. */
export function reportRows(text: string): Row[] {
	const [header, ...lines] = text
		.split(/\r?\n/)
		.filter((line) => line !== "")
		.map(fieldsOf);
	if (header === undefined || header[0] !== "user" || !header.includes("mfa_active")) throw new MalformedAnswer("the credential report has no header");
	return lines.map((fields) => {
		if (fields.length !== header.length) throw new MalformedAnswer("a row of the credential report is not whole");
		return new Map(header.map((name, at) => [name, fields[at] ?? ""]));
	});
}

function fieldsOf(line: string): string[] {
	return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** `N/A`, `no_information` and `not_supported` say that there is no such instant: none is known, or none was. */
function instant(text: string | undefined): string | undefined {
	if (text === undefined || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
	const at = new Date(text);
	if (Number.isNaN(at.getTime())) throw new MalformedAnswer("the credential report holds a date that is none");
	return at.toISOString();
}

/** Not said of the root user's password. */
function truth(text: string | undefined): boolean | undefined {
	const told = text?.toLowerCase();
	return told === "true" ? true : told === "false" ? false : undefined;
}

const report = table({
	list: listWithin(
		listOf(
			iam("GenerateCredentialReport", { expects: ["State"], pending: (answer) => answer.State === "STARTED" || answer.State === "INPROGRESS" }),
			{},
			(page) => [page],
		),
		iam("GetCredentialReport", { expects: ["Content"] }),
		() => ({}),
		(page) => reportRows(Buffer.from(page.Content ?? []).toString("utf8")),
	),
	id: (row) => `${row.get("arn")}|credentials`,
	kinds: {
		"aws.iam_credential": {
			map: (row) => ({
				id: `${row.get("arn")}|credentials`,
				values: {
					user: row.get("user"),
					user_arn: row.get("arn"),
					root: row.get("user") === "<root_account>",
					created_at: instant(row.get("user_creation_time")),
					password_enabled: truth(row.get("password_enabled")),
					password_last_used_at: instant(row.get("password_last_used")),
					password_last_changed_at: instant(row.get("password_last_changed")),
					mfa_active: truth(row.get("mfa_active")),
					access_key: ["1", "2"].map((slot) => ({
						slot,
						active: truth(row.get(`access_key_${slot}_active`)),
						last_rotated_at: instant(row.get(`access_key_${slot}_last_rotated`)),
						last_used_at: instant(row.get(`access_key_${slot}_last_used_date`)),
					})),
				},
			}),
		},
	},
});

const organizationFeatures = table({
	list: listOf(iam("ListOrganizationsFeatures", { expects: ["EnabledFeatures"] }), {}, (page) => [page], [
		"OrganizationNotFoundException",
		// No organization trusts IAM with its members' root users.
		"ServiceAccessNotEnabledException",
	]),
	id: () => "iam-organization-features",
	kinds: { "aws.iam_organization_features": { map: (one) => ({ id: "iam-organization-features", values: { enabled: one.EnabledFeatures ?? [] } }) } },
});

/** How old credentials are and when they were last used, from AWS's own report; and whether an organization manages its members' root users. */
export const credentialTables = [report, organizationFeatures];
