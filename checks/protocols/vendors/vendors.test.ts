import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadRecords } from "../../collectors/records/load.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { crossRegister, type RegisterRow, registerRowOf, standingOf } from "./index.ts";
import { matchVendors, type VendorFacts, type VendorMatch } from "./match-vendors.ts";
import { asName, isOwnName, literalTail, suffixLabels } from "./names.ts";
import type { VendorTable } from "./vendor-data.ts";

const table = loadVendors();
const none: VendorFacts = { mx: [], spfIncludes: [], dkimCnames: [], txt: [], mtaStsMx: [], reportHosts: [] };
const match = (facts: Partial<VendorFacts>, data: VendorTable = table): VendorMatch[] => matchVendors({ ...none, ...facts }, data);
const names = (facts: Partial<VendorFacts>): string[] => match(facts).map((one) => one.vendor);
const direct = (...list: string[]): VendorFacts["spfIncludes"] => list.map((name) => ({ name, depth: 1, direct: true }));

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));

describe("suffixes", () => {
	it("match whole names and at label boundaries only", () => {
		expect(suffixLabels("example.net", "example.net")).toBe(2);
		expect(suffixLabels("mx1.example.net", "example.net")).toBe(2);
		expect(suffixLabels("badexample.net", "example.net")).toBe(0);
		expect(suffixLabels("example.net.evil.test", "example.net")).toBe(0);
		expect(suffixLabels("net", "example.net")).toBe(0);
	});
	it("take * for exactly one label", () => {
		expect(suffixLabels("inbound-smtp.us-east-1.amazonaws.com", "inbound-smtp.*.amazonaws.com")).toBe(4);
		expect(suffixLabels("x.inbound-smtp.us-east-1.amazonaws.com", "inbound-smtp.*.amazonaws.com")).toBe(4);
		expect(suffixLabels("inbound-smtp.amazonaws.com", "inbound-smtp.*.amazonaws.com")).toBe(0);
		expect(suffixLabels("inbound-smtp.a.b.amazonaws.com", "inbound-smtp.*.amazonaws.com")).toBe(0);
		expect(suffixLabels("inbound-smtp..amazonaws.com", "inbound-smtp.*.amazonaws.com")).toBe(0);
	});
	it("agree with a plain string comparison on any names", () => {
		fc.assert(
			fc.property(name, name, (whole, suffix) => {
				expect(suffixLabels(whole, suffix) > 0).toBe(whole === suffix || whole.endsWith(`.${suffix}`));
			}),
		);
		fc.assert(
			fc.property(name, name, (front, suffix) => {
				expect(suffixLabels(`${front}.${suffix}`, suffix)).toBe(suffix.split(".").length);
			}),
		);
		fc.assert(
			fc.property(label, name, (front, suffix) => {
				expect(suffixLabels(`${front}${suffix}`, suffix)).toBe(0);
			}),
		);
	});
	it("are compared in lower case, without the last dot, as A-labels", () => {
		expect(asName("MX1.Example.NET.")).toBe("mx1.example.net");
		expect(asName("bücher.example")).toBe("xn--bcher-kva.example");
		expect(asName(" ")).toBeUndefined();
		expect(names({ mx: ["ASPMX.L.GOOGLE.COM."] })).toEqual(["Google Workspace"]);
	});
	it("know which names one party can answer for", () => {
		expect(["com", "co.uk", "localhost"].map(isOwnName)).toEqual([false, false, false]);
		expect(["example.com", "mail.example.co.uk", "s3.amazonaws.com"].map(isOwnName)).toEqual([true, true, true]);
	});
});

describe("SPF targets with macros", () => {
	it.each([
		["%{i}._ip.%{h}._ehlo.%{d}._spf.vali.email", "_spf.vali.email"],
		["%{d}.example.net", "example.net"],
		["%{d}foo.example.net", "example.net"],
		["a%%b.example.net", "example.net"],
		["_spf.example.net", "_spf.example.net"],
		["example.%{d}", undefined],
		["%{d", undefined],
		["%x.example.net", undefined],
		["%", undefined],
	])("%s compares by %s", (target, expected) => expect(literalTail(target)).toBe(expected));
	it("never match more than their literal tail", () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 40 }), name, (front, tail) => {
				const found = literalTail(`%{d}${front.replace(/[%.]/g, "")}.${tail}`);
				expect(found).toBe(tail);
			}),
		);
	});
	it("find Valimail behind its macros", () => expect(names({ spfIncludes: direct("%{i}._ip.%{h}._ehlo.%{d}._spf.vali.email") })).toEqual(["Valimail"]));
});

describe("matching", () => {
	it("lets the longest suffix win over all vendors", () => {
		expect(names({ mx: ["gmail-smtp-in.l.google.com"] })).toEqual(["Gmail (consumer)"]);
		expect(names({ mx: ["alt1.gmail-smtp-in.l.google.com"] })).toEqual(["Gmail (consumer)"]);
		expect(names({ mx: ["aspmx.l.google.com"] })).toEqual(["Google Workspace"]);
		expect(names({ mx: ["olc.protection.outlook.com"] })).toEqual(["Outlook.com (consumer)"]);
		expect(names({ mx: ["inbound-smtp.resend.com"] })).toEqual(["Resend"]);
	});
	it("is proof against names that only look alike", () => {
		for (const host of ["notgoogle.com", "google.com.evil.test", "xpphosted.com", "google.co"]) expect(names({ mx: [host] }), host).toEqual([]);
		fc.assert(
			fc.property(label, fc.constantFrom(...table.vendors.flatMap((row) => row.mxSuffixes).filter((suffix) => !suffix.includes("*"))), (front, suffix) => {
				const parent = table.vendors.flatMap((row) => row.mxSuffixes).some((other) => other !== suffix && suffix.endsWith(`.${other}`));
				const found = names({ mx: [`${front}${suffix}`] });
				if (!parent) expect(found).toEqual([]);
				expect(names({ mx: [`${front}.${suffix}`] })).not.toEqual([]);
				expect(names({ mx: [`${suffix}.${front}.invalid`] })).toEqual([]);
			}),
		);
	});
	it("reports a carrier as seen and its riders as possible", () => {
		const [ses] = match({ spfIncludes: direct("amazonses.com") });
		expect(ses).toEqual({
			vendor: "Amazon SES",
			kind: "transactional",
			signals: [{ signal: "spfDirect", strength: 0.6, record: "amazonses.com", matched: "amazonses.com", depth: 1 }],
			strength: 0.6,
			carrier: true,
			possible: ["Amazon WorkMail", "Trustifi", "Resend"],
			shows: "mail_flow",
			uselessInclude: false,
		});
		expect(match({ spfIncludes: direct("sendgrid.net") })[0]?.possible).toEqual([
			"Front",
			"Patient-engagement SaaS (NexHealth, Weave, Solutionreach, Phreesia)",
		]);
		expect(match({ spfIncludes: direct("_spf.google.com") })[0]).toMatchObject({ carrier: false, possible: [] });
	});
	it("gives each signal its strength and combines those that are independent", () => {
		const one = (facts: Partial<VendorFacts>): number | undefined => match(facts)[0]?.strength;
		expect(one({ mx: ["mx1.pphosted.com"] })).toBe(0.9);
		expect(one({ mx: ["mx1.pphosted.com", "mx2.pphosted.com"] })).toBe(0.99);
		expect(one({ mx: ["mx1.pphosted.com", "MX1.pphosted.com."] })).toBe(0.9);
		expect(one({ mtaStsMx: ["*.pphosted.com", "mx1.pphosted.com"] })).toBe(0.8);
		expect(one({ dkimCnames: [{ selector: "k1", target: "dkim.mcsv.net", live: true }] })).toBe(0.9);
		expect(one({ dkimCnames: [{ selector: "k1", target: "dkim.mcsv.net", live: false }] })).toBe(0.6);
		expect(one({ txt: ["proofpoint-verification=abc"] })).toBe(0.7);
		expect(one({ spfIncludes: direct("spf.knowbe4.com", "_spf.psm.knowbe4.com") })).toBe(0.6);
		expect(one({ spfIncludes: [{ name: "sendgrid.net", depth: 2, direct: false, via: "spf.other.example" }] })).toBe(0.5);
		expect(one({ mx: ["mx1.pphosted.com"], spfIncludes: direct("x.pphosted.com"), txt: ["proofpoint-verification=abc"] })).toBe(0.988);
	});
	it("takes a nested include of the vendor's own tree for no second witness, and shows it with its depth", () => {
		const [google] = match({ spfIncludes: [...direct("_spf.google.com"), { name: "x._spf.google.com", depth: 2, direct: false, via: "_spf.google.com" }] });
		expect(google?.strength).toBe(0.6);
		expect(google?.signals.map((signal) => [signal.signal, signal.depth])).toEqual([
			["spfDirect", 1],
			["spfNested", 2],
		]);
	});
	it("compares tokens at the start, in any case, and calls short ones weak", () => {
		expect(names({ txt: ["HUBSPOT-Developer-Verification=1"] })).toEqual(["HubSpot"]);
		expect(names({ txt: [" hubspot-developer-verification=1", "x hubspot-developer-verification=1"] })).toEqual([]);
		expect(match({ txt: ["MS=ms123"] })[0]?.signals[0]).toMatchObject({ strength: 0.35, weak: true });
		expect(match({ txt: ["00dA0000"] })[0]).toMatchObject({ vendor: "Salesforce (core)", shows: "account" });
		expect(match({ txt: ["amazonses:abc"] })[0]).toMatchObject({ vendor: "Amazon SES", possible: ["Amazon WorkMail"], shows: "account" });
		expect(names({ txtNames: ["ZendeskVerification"] })).toEqual(["Zendesk"]);
		expect(names({ txt: ["zendeskverification", "rua:dmarcian.com", "name:zendeskverification"] })).toEqual([]);
	});
	it("knows report receivers and consumer mailboxes by the address", () => {
		expect(match({ reportHosts: ["ag.dmarcian.com"] })[0]).toMatchObject({ vendor: "dmarcian", shows: "reports" });
		expect(names({ reportHosts: ["GMAIL.com"] })).toEqual(["Gmail (consumer)"]);
		expect(names({ reportHosts: ["mygmail.com"] })).toEqual([]);
	});
	it("points at includes that never align", () => {
		expect(match({ spfIncludes: direct("servers.mcsv.net") })[0]).toMatchObject({ vendor: "Mailchimp", uselessInclude: true });
		expect(match({ dkimCnames: [{ selector: "k1", target: "dkim.mcsv.net", live: true }] })[0]).toMatchObject({ uselessInclude: false });
	});
	it("never throws on what DNS may hold, and strength stays between 0 and 1", () => {
		const text = fc.oneof(
			fc.string({ unit: "binary", maxLength: 60 }),
			name,
			fc.constantFrom(...table.vendors.flatMap((row) => [...row.mxSuffixes, ...row.spfIncludes, ...row.txtTokens])),
		);
		const facts = fc.record({
			mx: fc.array(text, { maxLength: 4 }),
			spfIncludes: fc.array(fc.record({ name: text, depth: fc.nat({ max: 9 }), direct: fc.boolean() }), { maxLength: 4 }),
			dkimCnames: fc.array(fc.record({ selector: text, target: text, live: fc.boolean() }), { maxLength: 4 }),
			txt: fc.array(text, { maxLength: 4 }),
			txtNames: fc.array(text, { maxLength: 2 }),
			mtaStsMx: fc.array(text, { maxLength: 4 }),
			reportHosts: fc.array(text, { maxLength: 4 }),
		});
		fc.assert(
			fc.property(facts, (given) => {
				const found = matchVendors(given, table);
				for (const one of found) {
					expect(one.strength).toBeGreaterThan(0);
					expect(one.strength).toBeLessThanOrEqual(1);
					expect(one.signals.length).toBeGreaterThan(0);
				}
				crossRegister(found, [], table, "2026-11-24");
			}),
		);
	});
	it("finds every vendor by each of its own names, or its carrier", () => {
		for (const row of table.vendors) {
			for (const [key, list] of [["mx", row.mxSuffixes] as const, ["spf", row.spfIncludes] as const, ["dkim", row.dkimCnameSuffixes] as const]) {
				for (const suffix of list) {
					const host = `a.${suffix.replace("*", "us-east-1")}`;
					const found = match(
						key === "mx" ? { mx: [host] } : key === "spf" ? { spfIncludes: direct(host) } : { dkimCnames: [{ selector: "s", target: host, live: true }] },
					);
					expect(
						found.some((one) => one.vendor === row.vendor || one.possible.includes(row.vendor)),
						`${row.vendor} ${host}`,
					).toBe(true);
				}
			}
		}
	});
});

describe("the register", () => {
	const day = "2026-11-24";
	const row = (change: Partial<RegisterRow> = {}): RegisterRow => ({
		id: "r1",
		party: { legalName: "Google LLC" },
		status: "executed",
		source: "click_through",
		effectiveOn: "2025-01-01",
		endsOn: null,
		document: { sha256: "00", documentStatus: "ok" },
		spfIncludes: ["_spf.google.com"],
		...change,
	});
	const google = match({ spfIncludes: direct("_spf.google.com") });
	const outcome = (rows: RegisterRow[], seen = google) => crossRegister(seen, rows, table, day).vendors[0]?.outcome;

	it("answers with one outcome for each vendor", () => {
		expect(outcome([])).toBe("undeclared");
		expect(outcome([row()])).toBe("covered");
		expect(outcome([row({ status: "terminated" })])).toBe("ended");
		expect(outcome([row({ endsOn: "2026-11-23" })])).toBe("ended");
		expect(outcome([row({ lastInEffectOn: "2026-01-01" })])).toBe("ended");
		expect(outcome([row({ endsOn: day })])).toBe("covered");
		expect(outcome([row({ status: "draft" })])).toBe("not_in_force");
		expect(outcome([row({ status: "sent" })])).toBe("not_in_force");
		expect(outcome([row({ effectiveOn: "2026-11-25" })])).toBe("not_in_force");
		expect(outcome([row({ effectiveOn: undefined })])).toBe("not_in_force");
		expect(outcome([row({ excludedServices: [{ service: "google  workspace" }] })])).toBe("excluded");
		for (const documentStatus of ["missing", "hash_differs", "unreadable"])
			expect(outcome([row({ document: { sha256: "00", documentStatus } })])).toBe("document_faulty");
		expect(outcome([row({ document: { sha256: "00", documentStatus: "not_checked" } })])).toBe("covered");
	});
	it("sees a contradiction where the vendor signs none, and says whether the data decides", () => {
		const mailchimp = match({ spfIncludes: direct("servers.mcsv.net") });
		const [found] = crossRegister(mailchimp, [row({ party: { legalName: "MAILCHIMP" }, spfIncludes: [] })], table, day).vendors;
		expect(found).toMatchObject({ outcome: "contradiction", verdict: { baa: "no", confidence: "confirm", asOf: "2026-11", ageDays: 23, conclusive: false } });
		const marketo = match({ spfIncludes: direct("mktomail.com") });
		expect(crossRegister(marketo, [row({ hosts: ["mktomail.com"] })], table, day).vendors[0]).toMatchObject({
			outcome: "contradiction",
			verdict: { conclusive: true },
		});
		expect(crossRegister(marketo, [row({ hosts: ["mktomail.com"] })], table, "2027-06-01").vendors[0]).toMatchObject({
			outcome: "contradiction",
			verdict: { conclusive: false, ageDays: 212 },
		});
	});
	it("asks for proof where the vendor signs on some plans only", () => {
		const hubspot = match({ spfIncludes: direct("hubspotemail.net") });
		const held = row({ party: { legalName: "HubSpot" }, spfIncludes: [] });
		expect(outcome([held], hubspot)).toBe("plan_gated_needs_proof");
		expect(outcome([{ ...held, edition: "Enterprise, sensitive data on", document: undefined }], hubspot)).toBe("plan_gated_needs_proof");
		expect(outcome([{ ...held, edition: "Enterprise, sensitive data on" }], hubspot)).toBe("covered");
	});
	it("takes a row in force before one that ended", () => {
		expect(outcome([row({ id: "a", status: "terminated" }), row({ id: "b" })])).toBe("covered");
		expect(outcome([row({ id: "a", status: "terminated" }), row({ id: "b", status: "draft" })])).toBe("not_in_force");
	});
	it("answers by hosts, includes, selectors and the party's name, each only for what it can", () => {
		const answers = (seen: VendorMatch[], change: Partial<RegisterRow>) => outcome([row({ spfIncludes: [], ...change })], seen) !== "undeclared";
		const mx = match({ mx: ["aspmx.l.google.com"] });
		const dkim = match({ dkimCnames: [{ selector: "S1", target: "s1.domainkey.u1.wl.sendgrid.net", live: true }] });
		expect(answers(mx, { hosts: ["google.com"] })).toBe(true);
		expect(answers(mx, { hosts: ["oogle.com"] })).toBe(false);
		expect(answers(mx, { spfIncludes: ["google.com"] })).toBe(false);
		expect(answers(mx, { party: { legalName: " google   WORKSPACE " } })).toBe(true);
		expect(answers(mx, { party: { legalName: "Google" } })).toBe(false);
		expect(answers(mx, { hosts: ["com"] })).toBe(false);
		expect(answers(dkim, { dkimSelectors: ["s1"] })).toBe(true);
		expect(answers(dkim, { dkimSelectors: ["s"] })).toBe(false);
		expect(answers(dkim, { dkimSelectors: ["wl.sendgrid.net"] })).toBe(true);
		expect(answers(dkim, { hosts: ["sendgrid.net"] })).toBe(true);
	});
	it("lists what no fingerprint answers, the products to ask about, and rows without a trace", () => {
		const ses = match({ spfIncludes: direct("amazonses.com"), mx: ["inbound-smtp.us-east-1.amazonaws.com"] });
		const aws = row({
			party: { legalName: "Amazon Web Services, Inc." },
			spfIncludes: ["amazonses.com"],
			coveredServices: [{ service: "Amazon SES" }, { service: "Amazon WorkMail" }],
		});
		const { vendors, notSeen } = crossRegister(ses, [aws, row({ id: "fax", party: { legalName: "Example Fax" }, spfIncludes: ["fax.example"] })], table, day);
		expect(vendors[0]?.outcome).toBe("covered");
		expect(vendors[0]?.rows[0]).toMatchObject({
			id: "r1",
			namesService: true,
			document: "verified",
			answeredBy: [{ field: "spfIncludes", fingerprint: "amazonses.com", record: "amazonses.com" }],
		});
		expect(vendors[0]?.unanswered.map((signal) => signal.record)).toEqual(["inbound-smtp.us-east-1.amazonaws.com"]);
		expect(vendors[0]?.askAbout).toEqual(["Trustifi", "Resend"]);
		expect(notSeen).toEqual([{ id: "fax", legalName: "Example Fax", standing: "in_force" }]);
	});
	it("takes stored values for a row only if they are one", () => {
		expect(registerRowOf({ ...row(), more: 1 })).toEqual(row());
		for (const bad of [undefined, null, [], {}, { ...row(), status: "signed" }, { ...row(), hosts: [1] }]) expect(registerRowOf(bad)).toBeUndefined();
	});
	it("stands by its dates, both ends included", () => {
		fc.assert(
			fc.property(fc.date({ min: new Date("2020-01-01"), max: new Date("2030-12-31"), noInvalidDate: true }), (moment) => {
				const on = moment.toISOString().slice(0, 10);
				const expected = on < "2025-01-01" ? "not_yet_effective" : on > "2026-06-30" ? "ended" : "in_force";
				expect(standingOf(row({ endsOn: "2026-06-30" }), on)).toBe(expected);
			}),
		);
	});
});

describe("the sample clinics against what their DNS shows", () => {
	const register = async (clinic: string): Promise<RegisterRow[]> => {
		const { items, problems } = await loadRecords(fileURLToPath(new URL(`../../../examples/clinic-records/${clinic}/records`, import.meta.url)));
		expect(problems).toEqual([]);
		const rows = items.filter((item) => item.kind === "baa").map((item) => registerRowOf(item.values));
		return rows.filter((one) => one !== undefined);
	};
	const outcomes = async (clinic: string, facts: Partial<VendorFacts>): Promise<Record<string, string>> => {
		const { vendors } = crossRegister(match(facts), await register(clinic), table, "2026-11-24");
		return Object.fromEntries(vendors.map((one) => [one.vendor, one.outcome]));
	};
	it("exemplary is covered", async () => {
		expect(await outcomes("exemplary", { mx: ["mx1.exemplary.example"], spfIncludes: direct("amazonses.com") })).toEqual({ "Amazon SES": "covered" });
	});
	it("typical has a gap and a contradiction", async () => {
		const facts = { mx: ["aspmx.l.google.com"], spfIncludes: direct("_spf.google.com", "sendgrid.net", "servers.mcsv.net"), reportHosts: ["ag.dmarcian.com"] };
		expect(await outcomes("typical", facts)).toEqual({
			"Google Workspace": "covered",
			"Twilio SendGrid": "undeclared",
			Mailchimp: "contradiction",
			dmarcian: "undeclared",
		});
	});
	it("neglected has nothing in order", async () => {
		const facts = {
			mx: ["gmail-smtp-in.l.google.com"],
			spfIncludes: direct("_spf.google.com", "sendgrid.net", "spf.constantcontact.com", "hubspotemail.net", "mailgun.org"),
		};
		expect(await outcomes("neglected", facts)).toEqual({
			"Gmail (consumer)": "undeclared",
			"Google Workspace": "document_faulty",
			"Twilio SendGrid": "undeclared",
			"Constant Contact": "ended",
			HubSpot: "not_in_force",
			"Mailgun (Sinch)": "document_faulty",
		});
	});
});
