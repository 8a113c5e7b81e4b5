import type { IncomingMessage } from "node:http";
import { forward, type Loopback, listen } from "./loopback.ts";

/** What SES holds in a Region beside the seeded one. */
export type Elsewhere = Readonly<Record<string, { identities?: readonly string[]; ruleSets?: readonly string[]; archives?: readonly string[] }>>;

/**
 * The emulator has one SES for all Regions. This front lets it answer for its own Region alone: every other one holds what
 * `elsewhere` says, and nothing where it says nothing.
 */
export function startRegionalFront(emulator: string, elsewhere: Elsewhere = {}, own = "us-east-1"): Promise<Loopback> {
	return listen((incoming, outgoing) => {
		const region = /Credential=[^/]+\/[^/]+\/([^/]+)\/ses\//.exec(incoming.headers.authorization ?? "")?.[1];
		const answer = region === undefined || region === own ? undefined : answerOf(incoming, elsewhere[region] ?? {});
		if (answer === undefined) {
			forward(emulator, incoming, outgoing);
			return;
		}
		incoming.resume();
		outgoing.writeHead(200, { "content-type": typeof answer === "string" ? "text/xml" : "application/json" });
		outgoing.end(typeof answer === "string" ? answer : JSON.stringify(answer));
	});
}

/** In XML where the older API of SES is asked, which a scan asks elsewhere for receipt rule sets alone; in JSON else. */
function answerOf({ url, headers }: IncomingMessage, { identities = [], ruleSets = [], archives = [] }: Elsewhere[string]): object | string | undefined {
	if (url === "/v2/email/list-identities")
		return { EmailIdentities: identities.map((IdentityName) => ({ IdentityName, IdentityType: "DOMAIN", SendingEnabled: true })) };
	if (url === "/v2/email/list-configuration-sets") return { ConfigurationSets: [] };
	if (url === "/v2/email/account") return { SendingEnabled: true, ProductionAccessEnabled: false, SendQuota: { SentLast24Hours: 0 } };
	if (String(headers["x-amz-target"]).endsWith(".ListArchives")) return { Archives: archives.map((ArchiveName) => ({ ArchiveId: "a-1", ArchiveName })) };
	if (!/urlencoded/.test(headers["content-type"] ?? "")) return undefined;
	const members = ruleSets.map((name) => `<member><Name>${name}</Name><CreatedTimestamp>2026-01-01T00:00:00Z</CreatedTimestamp></member>`).join("");
	const result = `<ListReceiptRuleSetsResult><RuleSets>${members}</RuleSets></ListReceiptRuleSetsResult>`;
	return `<ListReceiptRuleSetsResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">${result}</ListReceiptRuleSetsResponse>`;
}
