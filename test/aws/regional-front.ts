import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What SES holds in a Region beside the seeded one. */
export type Elsewhere = Readonly<Record<string, { identities: readonly string[] }>>;

/**
 * The emulator has one SES for all Regions. This front lets it answer for its own Region alone: every other one holds what
 * `elsewhere` says, and nothing where it says nothing.
 */
export async function startRegionalFront(emulator: string, elsewhere: Elsewhere = {}, own = "us-east-1"): Promise<{ url: string; close(): void }> {
	const { hostname, port } = new URL(emulator);
	const server = createServer((incoming, outgoing) => {
		const region = /Credential=[^/]+\/[^/]+\/([^/]+)\/ses\//.exec(incoming.headers.authorization ?? "")?.[1];
		const answer = region === undefined || region === own ? undefined : answerOf(incoming.url ?? "", elsewhere[region]?.identities ?? []);
		if (answer !== undefined) {
			incoming.resume();
			outgoing.writeHead(200, { "content-type": "application/json" });
			outgoing.end(JSON.stringify(answer));
			return;
		}
		const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false }, (seen) => {
			outgoing.writeHead(seen.statusCode ?? 502, seen.headers);
			seen.pipe(outgoing);
		});
		onward.on("error", () => outgoing.destroy());
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

function answerOf(path: string, identities: readonly string[]): object | undefined {
	if (path === "/v2/email/list-identities")
		return { EmailIdentities: identities.map((IdentityName) => ({ IdentityName, IdentityType: "DOMAIN", SendingEnabled: true })) };
	if (path === "/v2/email/list-configuration-sets") return { ConfigurationSets: [] };
	if (path === "/v2/email/account") return { SendingEnabled: true, ProductionAccessEnabled: false, SendQuota: { SentLast24Hours: 0 } };
	return undefined;
}
