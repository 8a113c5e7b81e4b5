import type { AwsAccountConfig } from "../../model/config.ts";
import { errorName } from "./errors.ts";
import { AwsSetupError } from "./setup-error.ts";

export interface Credentials {
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken?: string;
	expiration?: Date;
}

export type CredentialProvider = () => Promise<Credentials>;

/** The provider of an account's credentials: the SDK's chain, from a profile if one is named, then the role on top of it. */
export async function credentialsOf(account: AwsAccountConfig, region: string, maxAttempts: number): Promise<CredentialProvider> {
	const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
	const { profile, roleArn } = account;
	const base = kept(fromNodeProviderChain({ ...(profile === undefined ? {} : { profile }), clientConfig: { region } }));
	await checkCredentials(base, account);
	return roleArn === undefined ? base : roleOn(base, { ...account, roleArn }, region, maxAttempts);
}

/** A role taken with other credentials, under the external id and session tags of the account's entry. */
export async function roleOn(
	base: CredentialProvider,
	{ roleArn, externalId, sessionTags = {} }: AwsAccountConfig & { roleArn: string },
	region: string,
	maxAttempts: number,
): Promise<CredentialProvider> {
	const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
	return kept(
		fromTemporaryCredentials({
			masterCredentials: base,
			clientConfig: { region, maxAttempts },
			params: {
				RoleArn: roleArn,
				RoleSessionName: "mailward",
				...(externalId === undefined ? {} : { ExternalId: externalId }),
				...(Object.keys(sessionTags).length === 0 ? {} : { Tags: Object.entries(sessionTags).map(([Key, Value]) => ({ Key, Value })) }),
			},
		}),
	);
}

async function checkCredentials(provider: CredentialProvider, account: AwsAccountConfig): Promise<void> {
	try {
		await provider();
	} catch (error) {
		// A sign-in that has run out is no missing one: AWS was asked, and everything in the account is not assessed.
		if (!(error instanceof Error) || errorName(error) !== "CredentialsProviderError" || /expired|refresh/i.test(error.message)) return;
		const where = account.profile === undefined ? "" : ` for profile ${account.profile}`;
		throw new AwsSetupError(
			`no AWS credentials were found${where}: sign in (aws sso login, aws login), set AWS_PROFILE or the AWS_* variables, or name a profile under aws.accounts`,
		);
	}
}

/** Remembers credentials until five minutes before they end, and a refusal for good: one account asks once, not each of its clients. */
function kept(provider: CredentialProvider): CredentialProvider {
	let current: Promise<Credentials> | undefined;
	let until = Number.POSITIVE_INFINITY;
	return () => {
		if (current === undefined || Date.now() > until) {
			until = Number.POSITIVE_INFINITY;
			current = provider().then((credentials) => {
				if (credentials.expiration !== undefined) until = credentials.expiration.getTime() - 300_000;
				return credentials;
			});
		}
		return current;
	};
}
