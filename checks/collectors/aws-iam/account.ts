import { listOf, table } from "../../aws/table.ts";
import { iam } from "./api.ts";

const passwordPolicy = table({
	list: listOf(
		iam("GetAccountPasswordPolicy", { expects: ["PasswordPolicy"] }),
		{},
		(page) => (page.PasswordPolicy === undefined ? [] : [page.PasswordPolicy]),
		["NoSuchEntityException", "NoSuchEntity"],
	),
	id: () => "iam-account-password-policy",
	kinds: {
		aws_iam_account_password_policy: {
			map: (one) => ({
				id: "iam-account-password-policy",
				values: {
					id: "iam-account-password-policy",
					allow_users_to_change_password: one.AllowUsersToChangePassword,
					expire_passwords: one.ExpirePasswords,
					hard_expiry: one.HardExpiry,
					max_password_age: one.MaxPasswordAge ?? 0,
					minimum_password_length: one.MinimumPasswordLength,
					password_reuse_prevention: one.PasswordReusePrevention ?? 0,
					require_lowercase_characters: one.RequireLowercaseCharacters,
					require_numbers: one.RequireNumbers,
					require_symbols: one.RequireSymbols,
					require_uppercase_characters: one.RequireUppercaseCharacters,
				},
			}),
		},
	},
});

const summary = table({
	list: listOf(iam("GetAccountSummary", { expects: ["SummaryMap"] }), {}, (page) => (page.SummaryMap === undefined ? [] : [page.SummaryMap])),
	id: () => "iam-account",
	kinds: {
		"aws.iam_account": {
			map: (one) => ({
				id: "iam-account",
				values: {
					root_mfa_enabled: flag(one.AccountMFAEnabled),
					root_access_keys: one.AccountAccessKeysPresent,
					root_password: flag(one.AccountPasswordPresent),
					users: one.Users,
					providers: one.Providers,
				},
			}),
		},
	},
});

function flag(value: number | undefined): boolean | undefined {
	return value === undefined ? undefined : value === 1;
}

const samlProviders = table({
	list: listOf(iam("ListSAMLProviders", { expects: ["SAMLProviderList"] }), {}, (page) => page.SAMLProviderList),
	id: (one) => one.Arn ?? "",
	kinds: {
		aws_iam_saml_provider: {
			map: (one) => ({ id: one.Arn ?? "", values: { arn: one.Arn, id: one.Arn, name: one.Arn?.split("/").at(-1), valid_until: one.ValidUntil } }),
		},
	},
});

const virtualMfaDevices = table({
	list: listOf(
		iam("ListVirtualMFADevices", { pages: "Marker", expects: ["VirtualMFADevices"] }),
		{ AssignmentStatus: "Assigned" },
		(page) => page.VirtualMFADevices,
	),
	id: (one) => one.SerialNumber ?? "",
	kinds: {
		"aws.iam_virtual_mfa_device": { map: (one) => ({ id: one.SerialNumber ?? "", values: { serial_number: one.SerialNumber, user_arn: one.User?.Arn } }) },
	},
});

export const accountTables = [passwordPolicy, summary, samlProviders, virtualMfaDevices];
