import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NetworkConfig } from "../../../model/config.ts";
import { createConnector } from "../../network/create-connector.ts";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { fetchMtaStsPolicy } from "./fetch-policy.ts";
import { matchMtaStsMx } from "./match-mx.ts";
import { http, type Identity, identity, labNetwork, labNow, labRoot, type PolicyHost, selfSigned, startPolicyHost } from "./testing/policy-lab.ts";

const folder = join(process.env.MAILWARD_SHARED ?? "../shared", "conformance/mta-sts-resolver");
const present = existsSync(folder);
if (!present) console.log(`MTA-STS reference lookups skipped: ${folder} is missing (set MAILWARD_SHARED)`);

const enforce = "version: STSv1\nmode: enforce\nmx: mail.loc\nmax_age: 86400\n";
const record = { TXT: ["v=STSv1; id=20180907T090909"] };

/** One DNS and HTTPS side per name of the tables. */
const hosts: Record<string, { txt?: { TXT: readonly unknown[] }; body: string; who?: Identity }> = {
	"good.loc": { txt: record, body: enforce },
	"valid-none.loc": { txt: record, body: "version: STSv1\nmode: none\nmax_age: 86400\n" },
	"testing.loc": { txt: record, body: enforce.replace("enforce", "testing") },
	"no-record.loc": { body: enforce },
	"bad-record1.loc": { txt: { TXT: ["v=STSv1; id="] }, body: enforce },
	"bad-record2.loc": { txt: { TXT: ["v=STSv1; id=1", "v=STSv1; id=2"] }, body: enforce },
	"bad-policy1.loc": { txt: record, body: enforce.replace("version: STSv1\n", "") },
	"bad-policy2.loc": { txt: record, body: enforce.replace("86400", "31557601") },
	"bad-policy3.loc": { txt: record, body: enforce.replace("mx: mail.loc\n", "") },
	"bad-cert1.loc": { txt: record, body: enforce, who: selfSigned("mta-sts.bad-cert1.loc") },
	"bad-cert2.loc": { txt: record, body: enforce, who: identity("mta-sts.other.loc") },
};

const started: PolicyHost[] = [];
const zone: Record<string, Zone[string]> = {};
let network: NetworkConfig;

beforeAll(async () => {
	const connect: Record<string, number> = {};
	for (const [index, [name, host]] of Object.entries(hosts).entries()) {
		const server = await startPolicyHost(host.who ?? identity(`mta-sts.${name}`), (socket) => void socket.end(http(200, host.body)));
		started.push(server);
		const address = `192.0.2.${index + 1}`;
		connect[`${address}:443`] = server.port;
		zone[`mta-sts.${name}`] = { A: [address] };
		if (host.txt !== undefined) zone[`_mta-sts.${name}`] = host.txt;
	}
	network = labNetwork(connect);
});

afterAll(async () => {
	for (const host of started) await host.close();
});

async function answer(nextHop: string, options: { testingCounts: boolean; sni: boolean }): Promise<string> {
	const result = await fetchMtaStsPolicy({ domain: nextHop, resolver: zoneResolver(zone), connector: createConnector(network, [labRoot.pem]), now: labNow });
	// A name that could not be looked at would be no answer at all.
	expect(result.status, nextHop).not.toBe("error");
	const { policy } = result;
	const counts = policy?.mode === "enforce" || (options.testingCounts && policy?.mode === "testing");
	const [mx] = policy?.mx ?? [];
	if (!counts || mx === undefined) return "NOTFOUND ";
	expect(matchMtaStsMx(mx, "mail.loc")).toBe(true);
	return `OK secure match=${mx}${options.sni ? " servername=hostname" : ""}`;
}

describe.skipIf(!present)("reference lookups", () => {
	it.each([
		["refdata.tsv", { testingCounts: false, sni: true }],
		["refdata_nosni.tsv", { testingCounts: false, sni: false }],
		["refdata_strict.tsv", { testingCounts: true, sni: true }],
	])("%s: all 21 rows", async (file, options) => {
		const rows = readFileSync(join(folder, file), "utf8")
			.split("\n")
			.filter((line) => line !== "");
		expect(rows).toHaveLength(21);
		for (const row of rows) {
			const [question = "", expected = ""] = row.split("\t");
			const nextHop = question.slice(question.indexOf(" ") + 1);
			expect(await answer(nextHop, options), question).toBe(expected);
		}
		console.log(`${file}: ${rows.length} of 21 rows as the table has them`);
	});
});
