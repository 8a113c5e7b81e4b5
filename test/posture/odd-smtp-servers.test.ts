import { beforeAll, describe, expect, it } from "vitest";
import type { LabWorld } from "../../lab/index.ts";
import type { ResultItem } from "../../model/result.ts";
import { scanWorld, verdictsOf } from "./scan-world.ts";

type Personality = NonNullable<LabWorld["smtp"]>[string];

interface Row {
	server: string;
	is: Omit<Personality, "host">;
	/** The MX host has an IPv6 address and none of IPv4. */
	ipv6?: true;
	/** Verdicts that the behaviour must lead to, and no other. */
	expect: Record<string, string>;
}

const good = { "smtp.starttls_offered": "pass", "smtp.tls_1_2_or_later": "pass", "certificate.trusted": "pass", "certificate.names_host": "pass" };
const all = (code: string) => Object.fromEntries(Object.keys(good).map((check) => [check, code]));
/** STARTTLS itself has a verdict; without a session there is nothing that TLS and certificates could be judged by. */
const noSession = (starttls: string) => ({ ...all("starttls_unavailable"), "smtp.starttls_offered": starttls });

const rows: Row[] = [
	{ server: "greets with 421 and keeps to it", is: { greeting: { code: 421 } }, expect: all("throttled") },
	{ server: "greets with 450 once", is: { firstConnections: { count: 1, greeting: { code: 450 } } }, expect: good },
	{ server: "greets with 554", is: { greeting: { code: 554 } }, expect: all("rejected") },
	{ server: "greets with 521", is: { greeting: { code: 521 } }, expect: all("rejected") },
	{ server: "closes without a word", is: { greeting: { close: "silently" } }, expect: all("protocol_error") },
	{ server: "refuses the connection", is: { refuse: true }, expect: { ...all("refused"), "mx.hosts_answer": "refused" } },
	{ server: "greets late", is: { greeting: { delayMs: 600 } }, expect: good },
	{ server: "never greets", is: { greeting: { close: "never" } }, expect: all("timeout") },
	{ server: "greets in several lines without ESMTP", is: { greeting: { lines: ["welcome", "to this server"] } }, expect: good },
	// Both are asked for STARTTLS all the same: what it then shows is judged, and senders will not use it.
	{ server: "answers 502 to EHLO", is: { ehloCode: 502 }, expect: { ...good, "smtp.starttls_offered": "fail" } },
	{ server: "does not offer STARTTLS", is: { starttls: "absent" }, expect: noSession("fail") },
	{ server: "accepts STARTTLS that it does not offer", is: { starttls: "hidden" }, expect: { ...good, "smtp.starttls_offered": "fail" } },
	{ server: "answers 454 to STARTTLS", is: { starttls: "unavailable" }, expect: noSession("fail") },
	{ server: "sends clear text behind the reply to STARTTLS", is: { starttls: "injected" }, expect: noSession("fail") },
	{
		server: "has XXXXXXXA in place of STARTTLS",
		is: { starttls: "overwritten" },
		expect: { ...all("starttls_unavailable"), "smtp.starttls_offered": "tampered" },
	},
	{
		server: "speaks TLS 1.0 only",
		is: { tls: { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } },
		expect: { ...good, "smtp.tls_1_2_or_later": "fail" },
	},
	{ server: "ends the handshake with an alert", is: { tls: { fail: "alert" } }, expect: all("tls_alert") },
	{
		server: "shows another certificate without SNI",
		is: { tls: { certificate: "wrong-name", sni: {} } },
		expect: { ...good, "certificate.names_host": "pass" },
	},
	{ server: "shows an expired certificate", is: { tls: { certificate: "expired" } }, expect: { ...good, "certificate.in_date": "fail" } },
	{ server: "sends one octet a second", is: { greeting: { bytesPerSecond: 1 } }, expect: all("timeout") },
	{ server: "sends a line without end", is: { greeting: { endlessBytes: 1_000_000 } }, expect: all("malformed") },
	{ server: "has an IPv6 address alone", is: {}, ipv6: true, expect: good },
	{ server: "has an IPv6 address alone and no STARTTLS", is: { starttls: "absent" }, ipv6: true, expect: noSession("fail") },
	{ server: "has markup and control characters in its greeting", is: { greeting: { lines: ["<script>\u001b[31m\u0007"] } }, expect: good },
];

const domainOf = (index: number): string => `row${index}.example`;

describe("odd and hostile SMTP servers: one stable outcome each", () => {
	let results: ResultItem[] = [];
	beforeAll(async () => {
		const names: LabWorld["dns"]["names"] = { example: { SOA: true } };
		const smtp: Record<string, Personality> = {};
		for (const [index, { is, ipv6 }] of rows.entries()) {
			const host = `mx.${domainOf(index)}`;
			const address = ipv6 === true ? `2001:db8::${index + 1}` : `192.0.2.${index + 1}`;
			names[domainOf(index)] = { MX: `10 ${host}` };
			names[host] = ipv6 === true ? { AAAA: address } : { A: address };
			const { tls } = is;
			smtp[address] = { host, ...is, ...(tls?.sni === undefined ? {} : { tls: { ...tls, sni: { [host]: "valid" } } }) };
		}
		results = await scanWorld(
			{ dns: { names }, smtp },
			rows.map((_, index) => domainOf(index)),
			[...Object.keys(good), "certificate.in_date", "mx.hosts_answer"],
		);
	}, 60_000);

	it.each(rows.map((row, index) => [row.server, index] as const))("a server that %s", (_server, index) => {
		expect(verdictsOf(results, domainOf(index))).toMatchObject(rows[index]?.expect ?? {});
	});

	it("counts every row", () => {
		console.log(`odd SMTP servers: ${rows.length}`);
		expect(rows).toHaveLength(24);
	});
});
