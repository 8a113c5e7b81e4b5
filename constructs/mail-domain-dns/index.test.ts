import { TerraformVariable } from "cdktf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDmarc } from "../../checks/protocols/dmarc/index.ts";
import { parseMtaStsRecord } from "../../checks/protocols/mta-sts/index.ts";
import { parseSpf } from "../../checks/protocols/spf/index.ts";
import { parseTlsRpt } from "../../checks/protocols/tls-rpt/index.ts";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { expectSatisfied, reference, resources, synthesize } from "../testing/judge.test-support.ts";
import { MailDomainDns, type MailDomainDnsProps } from "./index.ts";
import { txtValue } from "./records.ts";

type Optional = Partial<Omit<MailDomainDnsProps, "identity" | "mailFrom">>;

function build(props: Optional = {}, domain: string | null = "clinic.example"): string {
	return synthesize((stack) => {
		const name = domain ?? new TerraformVariable(stack, "domain", { type: "string" }).stringValue;
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new MailEventTrail(stack, "events", { configurationSet });
		const { identity, mailFrom } = new SendingIdentity(stack, "identity", { domain: name, configurationSet });
		new MailDomainDns(stack, "dns", { domain: name, hostedZoneId: "Z0123456789ABCDEFGHIJ", identity, mailFrom, ...props });
	});
}

/** "TXT name" -> the set's values. */
function records(json: string): Map<string, string[]> {
	return new Map(resources(json, "aws_route53_record").map(({ type, name, records: values }) => [`${String(type)} ${String(name)}`, values as string[]]));
}

function only(json: string, key: string): string {
	const [value, ...others] = records(json).get(key) ?? [];
	if (value === undefined || others.length > 0) throw new Error(`${key}: expected one value`);
	return value;
}

describe("MailDomainDns", () => {
	it("satisfies the checks it names, with MX and CAA records too", async () => {
		await expectSatisfied("mail-domain-dns", build({ mxHosts: ["mx1.clinic.example"], certificateAuthorities: ["amazon.com"] }));
	});

	it("publishes the three DKIM keys of the identity", () => {
		const found = resources(build(), "aws_route53_record").filter(({ type }) => type === "CNAME");
		expect(found).toHaveLength(3);
		for (const [index, { name, records: values }] of found.entries()) {
			const tokens = /aws_sesv2_email_identity\.[\w-]+\.dkim_signing_attributes\[0\]\.tokens/;
			const token = String(name).replace("._domainkey.clinic.example", "");
			expect(token).toMatch(new RegExp(`^\\$\\{element\\(${tokens.source}, ${index}\\)\\}$`));
			expect(values).toEqual([`${token}.dkim.amazonses.com`]);
		}
	});

	it("writes records that the project's own parsers accept", () => {
		const json = build({ mxHosts: ["mx1.clinic.example", "*.filter.example"] });
		expect(parseDmarc(only(json, "TXT _dmarc.clinic.example"))).toMatchObject({ valid: true, policy: "reject", warnings: [] });
		expect(only(json, "TXT _dmarc.clinic.example")).toBe("v=DMARC1; p=reject; rua=mailto:postmaster@clinic.example");
		expect(parseMtaStsRecord([only(json, "TXT _mta-sts.clinic.example")])).toEqual({ valid: true, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
		expect(parseTlsRpt([only(json, "TXT _smtp._tls.clinic.example")])).toMatchObject({ valid: true });
		for (const text of [only(json, "TXT clinic.example"), "v=spf1 include:amazonses.com -all"]) expect(parseSpf(text)).toMatchObject({ ok: true });
		expect(only(json, "TXT _smtp._tls.clinic.example")).toBe("v=TLSRPTv1; rua=mailto:postmaster@clinic.example");
	});

	it("refuses all senders at the domain but those named, and has one MX and SPF at the MAIL FROM domain", () => {
		expect(only(build(), "TXT clinic.example")).toBe("v=spf1 -all");
		const more = records(build({ spfIncludes: ["_spf.mailbox.example"], domainTexts: ['say "hello"'] })).get("TXT clinic.example");
		expect(more).toEqual(["v=spf1 include:_spf.mailbox.example -all", 'say \\"hello\\"']);
		const mailFrom = [...records(build())].filter(([key]) => key.includes("mail_from_domain"));
		expect(mailFrom.map(([, values]) => values)).toEqual([
			[`10 feedback-smtp.${reference("data.aws_region.mailward-region.region")}.amazonses.com`],
			["v=spf1 include:amazonses.com -all"],
		]);
	});

	it("speaks of receiving only for a domain that receives, and gives MX and CAA only when asked", () => {
		const types = (json: string) => [...records(json).keys()].filter((key) => / (_mta-sts|_smtp)|^(MX|CAA) clinic/.test(key));
		expect(types(build())).toEqual([]);
		const json = build({ mxHosts: ["mx1.clinic.example", "mx2.clinic.example"], publishMx: true, certificateAuthorities: ["amazon.com", ""] });
		expect(records(json).get("MX clinic.example")).toEqual(["10 mx1.clinic.example", "20 mx2.clinic.example"]);
		expect(records(json).get("CAA clinic.example")).toEqual(['0 issue "amazon.com"', '0 issue ";"', '0 issuewild ";"']);
	});

	it("changes the MTA-STS id with the policy and with nothing else", () => {
		const id = (props: Optional) => only(build(props), "TXT _mta-sts.clinic.example");
		const mxHosts = ["mx1.clinic.example"];
		expect(id({ mxHosts })).toBe(id({ mxHosts, dmarcPolicy: "quarantine" }));
		expect(new Set([id({ mxHosts }), id({ mxHosts, mtaStsMode: "testing" }), id({ mxHosts, mtaStsMaxAgeSeconds: 1_209_600 })]).size).toBe(3);
	});

	it("leaves a domain that is a variable to Terraform", () => {
		const json = build({}, null);
		const domain = reference("var.domain");
		expect(only(json, `TXT _dmarc.${domain}`)).toBe(`v=DMARC1; p=reject; rua=mailto:postmaster@${domain}`);
	});

	it("leaves an MX host that is a variable, and the id of its policy, to Terraform", () => {
		const json = synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			const { identity, mailFrom } = new SendingIdentity(stack, "identity", { domain: "clinic.example", configurationSet });
			const mxHosts = [new TerraformVariable(stack, "mx", { type: "string" }).stringValue];
			new MailDomainDns(stack, "dns", { domain: "clinic.example", hostedZoneId: "Z1", identity, mailFrom, mxHosts });
		});
		expect(only(json, "TXT _mta-sts.clinic.example")).toMatch(/^v=STSv1; id=\$\{substr\(sha256\(local\.[\w-]+\), 0, 32\)\};$/);
		expect(json).toContain(`mx: ${reference("var.mx")}\\n`);
	});

	it("cuts a text into strings of at most 255 octets that join to the text again", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'ab =;\\"'.split("")), maxLength: 900 }), (text) => {
				const strings = txtValue(text).split(/(?<!\\)(?:\\\\)*""/);
				const joined = txtValue(text).replaceAll(/\\(.)|""/gs, (_all, character: string | undefined) => character ?? "");
				expect(joined).toBe(text);
				expect(strings.length).toBeGreaterThanOrEqual(Math.ceil(text.length / 255) > 0 ? 1 : 0);
			}),
		);
		expect(txtValue("a".repeat(256))).toBe(`${"a".repeat(255)}""a`);
	});

	it.each<[string, Optional, RegExp]>([
		[
			"a DMARC policy that protects nothing",
			{ dmarcPolicy: "none" as "reject" },
			/mail\/dns: dmarcPolicy must be "reject" or "quarantine", got "none"; leave it out/,
		],
		[
			"an MTA-STS mode that protects nothing",
			{ mxHosts: ["mx.example.org"], mtaStsMode: "none" as "enforce" },
			/mtaStsMode must be "enforce" or "testing", got "none"/,
		],
		[
			"an MTA-STS policy of a day",
			{ mxHosts: ["mx.example.org"], mtaStsMaxAgeSeconds: 86_400 },
			/mtaStsMaxAgeSeconds must be .* from 1209600 to 31557600 in mode enforce/,
		],
		["an MTA-STS policy of an hour in testing", { mxHosts: ["mx.example.org"], mtaStsMode: "testing", mtaStsMaxAgeSeconds: 3600 }, /from 86400/],
		["MTA-STS without hosts", { mtaStsMode: "enforce" }, /mxHosts must be given where MTA-STS is/],
		["no host at all", { mxHosts: [] }, /mxHosts must be a list with at least one element/],
		["a wildcard in the middle", { mxHosts: ["mx.*.example"] }, /mxHosts\[0\]/],
		["a wildcard as an MX record", { mxHosts: ["*.filter.example"], publishMx: true }, /mxHosts\[0\] must be host names without a wildcard/],
		["MX records of nothing", { publishMx: true }, /mxHosts/],
		["a second SPF record", { domainTexts: ["v=spf1 +all"] }, /domainTexts\[0\].*use spfIncludes/],
		["a text in other letters", { domainTexts: ["größe"] }, /domainTexts\[0\]/],
		["an SPF mechanism", { spfIncludes: ["include:mailbox.example"] }, /spfIncludes\[0\]/],
		["a report URI", { reportAddresses: ["mailto:a@clinic.example"] }, /reportAddresses\[0\] .* without "mailto:"/],
		["a report address that needs encoding", { reportAddresses: ["a,b@clinic.example"] }, /reportAddresses\[0\]/],
		["a zone with its prefix", { hostedZoneId: "/hostedzone/Z1" }, /hostedZoneId .* without "\/hostedzone\/"/],
		["a DKIM zone of another", { dkimSigningZone: "dkim.example.org" }, /dkimSigningZone/],
		["a CA as text", { certificateAuthorities: ['amazon.com"; x'] }, /certificateAuthorities\[0\]/],
		["a TTL of a second", { ttlSeconds: 1 }, /ttlSeconds/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
