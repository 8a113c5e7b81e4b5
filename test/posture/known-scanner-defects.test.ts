import { describe, expect, it } from "vitest";
import { zoneResolver } from "../../checks/protocols/testing/zone-resolver.ts";
import {
	analyzeSpf,
	checkHost,
	checkReportDestinations,
	discoverDmarc,
	lookupDkimSelector,
	matchMtaStsMx,
	matchTlsa,
	organizationalDomain,
	parseDmarc,
	parseMtaStsPolicy,
	parseMtaStsRecord,
} from "../../pipeline/scan.ts";

/**
 * Mistakes that scanners of mail domains are known to make, each beside what the standard has. Those that need a server (redirects, size,
 * SMTP, DNS transport) stand in odd-policy-hosts, odd-smtp-servers and odd-dns-servers beside this file; chain validation in
 * checks/protocols/dnssec, TLS profiles as data in checks/data/tls-profiles.
 */
const policy = (text: string) => parseMtaStsPolicy(text);
const head = "version: STSv1\nmode: enforce\nmx: a.example\n";

describe("MTA-STS", () => {
	it("a pattern is matched whole: no substring, and a star is one label", () => {
		expect(matchMtaStsMx("*.example.com", "a.b.example.com")).toBe(false);
		expect(matchMtaStsMx("*.example.com", "example.com")).toBe(false);
		expect(matchMtaStsMx("mail.example.com", "mail.example.com.evil")).toBe(false);
		expect(matchMtaStsMx("mail.example.com", "xmail.example.com")).toBe(false);
		expect(matchMtaStsMx("mail.example.com", "mailxexample.com")).toBe(false);
		expect(matchMtaStsMx("*.example.com", "MAIL.Example.COM")).toBe(true);
	});

	it("unknown keys are ignored, the first of a repeated one counts, a value may hold a colon", () => {
		expect(policy(`${head}x-note: a:b\nmode: none\nmax_age: 86400\nmax_age: 1\n`)).toMatchObject({
			valid: true,
			policy: { mode: "enforce", maxAgeSeconds: 86_400 },
		});
	});

	it("every required key is missed, and an empty max_age is no zero", () => {
		for (const text of [
			"mode: none\nmax_age: 1\n",
			"version: STSv1\nmax_age: 1\n",
			head,
			`${head}max_age:\n`,
			"version: STSv1\nmode: enforce\nmax_age: 1\n",
			"version: stsv1\nmode: none\nmax_age: 1\n",
		])
			expect(policy(text).valid, text).toBe(false);
	});

	it("TXT beside the record is discarded, unknown fields are ignored, records are never joined", () => {
		expect(parseMtaStsRecord(["unrelated", "v=STSv1; id=1; later=x"])).toMatchObject({ valid: true, id: "1" });
		expect(parseMtaStsRecord(["v=STSv1;", " id=1"]).valid).toBe(false);
		expect(parseMtaStsRecord(["v=STSv1; id=1", "v=STSv1; id=2"]).valid).toBe(false);
	});
});

describe("DMARC", () => {
	const zone = zoneResolver({
		"_dmarc.mail.example.com": { TXT: ["v=DMARC1; p=none"] },
		"_dmarc.example.com": { TXT: ["v=DMARC1; p=reject; sp=quarantine"] },
		"_dmarc.bank": { TXT: ["v=DMARC1; p=reject; psd=y"] },
	});

	it("the walk goes on past the nearest parent: the fewest labels count, psd ends it", async () => {
		expect(await discoverDmarc({ domain: "a.mail.example.com", resolver: zone, exists: true })).toMatchObject({
			policyDomain: "example.com",
			policy: "quarantine",
		});
		expect((await organizationalDomain({ domain: "a.mail.example.com", resolver: zone })).domain).toBe("example.com");
		// By the walk, not by the public suffix list, which does not hold the name.
		expect((await organizationalDomain({ domain: "a.clinic.bank", resolver: zone })).domain).toBe("clinic.bank");
	});

	it("a policy is its exact word, unknown tags are ignored", () => {
		for (const word of ["n", "rej", "rejected", "quar"]) expect(parseDmarc(`v=DMARC1; p=${word}`), word).toMatchObject({ valid: false });
		expect(parseDmarc("v=DMARC1; p=reject; future=1")).toMatchObject({ valid: true, policy: "reject" });
	});

	it("several records at one name are all seen", async () => {
		const two = zoneResolver({ "_dmarc.example.org": { TXT: ["v=DMARC1; p=reject", "other", "v=DMARC1; p=none"] } });
		expect(await discoverDmarc({ domain: "example.org", resolver: two })).toMatchObject({ status: "none", discarded: [{ domain: "example.org" }] });
	});

	it("the consent of a report receiver is asked for under the owner's name", async () => {
		const asked: string[] = [];
		const resolver = {
			resolve: (name: string) => {
				asked.push(name);
				return Promise.resolve({ status: "ok" as const, rcode: "NXDOMAIN" as const, answers: [] });
			},
		};
		await checkReportDestinations({ policyDomain: "example.org", record: parseDmarc("v=DMARC1; p=none; rua=mailto:x@reports.test"), resolver });
		expect(asked).toContain("example.org._report._dmarc.reports.test");
		expect(asked).not.toContain("_report._dmarc.reports.test");
	});
});

describe("SPF", () => {
	it("the prefix of a:host/CIDR is kept", async () => {
		const resolver = zoneResolver({
			"example.org": { TXT: ["v=spf1 a:h.example.org/24//64 -all"] },
			"h.example.org": { A: ["192.0.2.1"], AAAA: ["2001:db8::1"] },
		});
		expect((await checkHost({ ip: "192.0.2.200", sender: "a@example.org", resolver })).result).toBe("pass");
		expect((await checkHost({ ip: "2001:db8::ffff", sender: "a@example.org", resolver })).result).toBe("pass");
		expect((await checkHost({ ip: "192.0.3.1", sender: "a@example.org", resolver })).result).toBe("fail");
	});

	it("lookups are counted by term, not by substring, and voids too", async () => {
		const record = "v=spf1 ip4:192.0.2.1 include:mx.smtp.example a a:gone.example a/24 exists:mx.example ~all";
		const resolver = zoneResolver({
			"example.org": { TXT: [record], A: ["192.0.2.9"] },
			"mx.smtp.example": { TXT: ["v=spf1 -all"] },
			"mx.example": { A: ["127.0.0.2"] },
		});
		const analysis = await analyzeSpf({ domain: "example.org", resolver });
		expect(analysis.lookups.count).toBe(5);
		expect(await checkHost({ ip: "203.0.113.1", sender: "a@example.org", resolver })).toMatchObject({
			result: "pass",
			mechanism: "exists:mx.example",
			lookups: 5,
			voidLookups: 1,
		});
	});

	it("several records are seen, whatever stands first", async () => {
		const resolver = zoneResolver({ "example.org": { TXT: ["v=spf1 +all", "x", "v=spf1 -all"] } });
		expect((await checkHost({ ip: "192.0.2.1", sender: "a@example.org", resolver })).result).toBe("permerror");
	});
});

describe("DKIM, DANE", () => {
	it("NXDOMAIN at _domainkey says nothing of the selectors below it", async () => {
		const key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
		const resolver = zoneResolver({ "s1._domainkey.example.org": { TXT: [key] } });
		expect((await resolver.resolve("_domainkey.example.org", "TXT")).answers).toEqual([]);
		expect(await lookupDkimSelector({ domain: "example.org", selector: "s1", resolver })).toMatchObject({ status: "found", key: { valid: true } });
	});

	it("TLSA records are held against the served chain, not merely listed", () => {
		const chain = [Buffer.from("30030201ff", "hex")];
		const record = { usage: 3, selector: 0, matchingType: 1, data: Buffer.alloc(32) };
		expect(matchTlsa({ records: [record], chain, hostname: "mx.example.org" }).verdict).toBe("mismatch");
		expect(matchTlsa({ records: [{ ...record, usage: 1 }], chain, hostname: "mx.example.org" }).verdict).toBe("unusable");
	});
});
