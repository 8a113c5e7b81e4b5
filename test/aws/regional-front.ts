import { forward, type Loopback, listen } from "./loopback.ts";

/** What SES holds in a Region beside the seeded one. */
export type Elsewhere = Readonly<Record<string, { identities: readonly string[] }>>;

/**
 * The emulator has one SES for all Regions. This front lets it answer for its own Region alone: every other one holds what
 * `elsewhere` says, and nothing where it says nothing.
 */
export function startRegionalFront(emulator: string, elsewhere: Elsewhere = {}, own = "us-east-1"): Promise<Loopback> {
	return listen((incoming, outgoing) => {
		const region = /Credential=[^/]+\/[^/]+\/([^/]+)\/ses\//.exec(incoming.headers.authorization ?? "")?.[1];
		const answer = region === undefined || region === own ? undefined : answerOf(incoming.url ?? "", elsewhere[region]?.identities ?? []);
		if (answer === undefined) {
			forward(emulator, incoming, outgoing);
			return;
		}
		incoming.resume();
		outgoing.writeHead(200, { "content-type": "application/json" });
		outgoing.end(JSON.stringify(answer));
	});
}

function answerOf(path: string, identities: readonly string[]): object | undefined {
	if (path === "/v2/email/list-identities")
		return { EmailIdentities: identities.map((IdentityName) => ({ IdentityName, IdentityType: "DOMAIN", SendingEnabled: true })) };
	if (path === "/v2/email/list-configuration-sets") return { ConfigurationSets: [] };
	if (path === "/v2/email/account") return { SendingEnabled: true, ProductionAccessEnabled: false, SendQuota: { SentLast24Hours: 0 } };
	return undefined;
}
