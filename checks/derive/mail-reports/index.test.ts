import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import type { DerivationView } from "../derivation.ts";
import tlsReports from "../tls-reports/index.ts";
import mailReports from "./index.ts";

const source = { collector: "case", version: "1", call: "case", target: "example.org" };
const collectedAt = "2026-11-24T09:00:00Z";

function txt(name: string, text: string): Evidence {
	return {
		kind: "dns.txt",
		id: name,
		status: "ok",
		values: { rcode: "NOERROR", records: [{ name, type: "TXT", ttl: 60, data: [text] }] },
		source,
		collectedAt,
	};
}

const zone = [
	txt("example.org", "v=spf1 ip4:192.0.2.0/24 include:spf.mailer.example -all"),
	txt("spf.mailer.example", "v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 -all"),
];

interface RowSpec {
	ip: string;
	count?: number;
	pass?: boolean;
	from?: string | null;
	domains?: string[];
}

function dmarc(id: string, rows: readonly RowSpec[], more: Record<string, unknown> = {}): Evidence {
	const values = {
		domain: "example.org",
		organization: "Receiver",
		reportId: id,
		begin: "2026-11-20T00:00:00.000Z",
		end: "2026-11-20T23:59:59.000Z",
		form: "rfc7489",
		policy: {},
		records: rows.length,
		messages: 0,
		notes: [],
		rows: rows.map(({ ip, count = 1, pass = true, from = "example.org", domains = [] }) => ({
			sourceIp: ip,
			count,
			dkim: pass ? "pass" : "fail",
			spf: "fail",
			disposition: "none",
			headerFrom: from,
			dkimDomains: domains,
			spfDomains: [],
		})),
		...more,
	};
	return { kind: "report.dmarc", id, status: "ok", values, source, collectedAt };
}

function viewOf(items: readonly Evidence[], target = "example.org", supplied = true): DerivationView {
	return {
		target,
		asOf: new Date(collectedAt),
		today: "2026-11-24",
		items: (kind) => items.filter((item) => item.kind === kind),
		item: (kind, id) => items.find((item) => item.kind === kind && item.id === id),
		supplied: (kind) => kind !== "record.baa" || supplied,
		listingError: () => undefined,
		others: () => [],
		remember: (_key, make) => make(),
	};
}

async function derived(items: readonly Evidence[], target?: string, supplied?: boolean) {
	const [item] = await mailReports.derive(viewOf([...zone, ...items], target, supplied));
	if (item === undefined) throw new Error("nothing was derived");
	return { item, values: item.values as Record<string, unknown>, gaps: item.gaps ?? {} };
}

describe("aggregate reports of a domain", () => {
	it("tells own sources by the term of the SPF record that lets them in", async () => {
		const { values } = await derived([
			dmarc("a", [
				{ ip: "192.0.2.7", count: 10 },
				{ ip: "192.0.2.8", count: 10, pass: false },
				{ ip: "198.51.100.1", count: 5 },
				{ ip: "2001:db8::1", count: 5 },
				{ ip: "203.0.113.1", count: 2, pass: false, domains: ["elsewhere.example"] },
			]),
		]);
		expect(values).toMatchObject({
			current: true,
			allRead: true,
			ownKnown: true,
			messages: 32,
			aligned: 20,
			sources: [
				{ name: "SPF record of example.org", addresses: 2, messages: 20, aligned: 10, percent: 50 },
				{ name: "include:spf.mailer.example", addresses: 2, messages: 10, aligned: 10, percent: 100 },
			],
			others: [{ name: "203.0.113.1", messages: 2, aligned: 0, domains: ["elsewhere.example"] }],
		});
	});

	it("rounds shares down: 9,799 of 10,000 is not 98 percent", async () => {
		const { values } = await derived([
			dmarc("a", [
				{ ip: "192.0.2.7", count: 9799 },
				{ ip: "192.0.2.7", count: 201, pass: false },
			]),
		]);
		expect(values.sources).toMatchObject([{ percent: 97.99 }]);
	});

	it("counts a report that was given twice once, and reports of others apart", async () => {
		const rows = [{ ip: "192.0.2.7", count: 10 }];
		const again = { ...dmarc("a", rows), id: "b" };
		expect((await derived([dmarc("a", rows), again, dmarc("c", rows)])).values).toMatchObject({ reports: 2, messages: 20 });
		const nameless = (id: string): Evidence => dmarc(id, rows, { reportId: null });
		expect((await derived([nameless("a"), nameless("b")])).values).toMatchObject({ reports: 2, messages: 20 });
	});

	it.each([
		["2026-10-25T09:00:00.000Z", true],
		["2026-10-25T08:59:59.000Z", false],
		["2026-11-25T08:00:00.000Z", true],
		["2026-11-25T10:00:00.000Z", false],
	])("takes a report that ended at %s: %s", async (end, taken) => {
		const { values } = await derived([dmarc("a", [{ ip: "192.0.2.7" }], { begin: "2026-10-01T00:00:00.000Z", end })]);
		expect(values.current).toBe(taken);
	});

	it("takes mail of a name below from the reports of the domain above, and no other", async () => {
		const report = dmarc("a", [
			{ ip: "192.0.2.7", count: 1, from: "mail.example.org" },
			{ ip: "192.0.2.7", count: 2, from: "a.mail.example.org" },
			{ ip: "192.0.2.7", count: 4, from: "example.org" },
			{ ip: "192.0.2.7", count: 8, from: "xmail.example.org" },
			{ ip: "192.0.2.7", count: 16, from: null },
		]);
		expect((await derived([report, txt("mail.example.org", "x")], "mail.example.org")).values.messages).toBe(3);
		expect((await derived([report])).values.messages).toBe(31);
		expect((await derived([report, txt("other.example", "x")], "other.example")).gaps.current?.code).toBe("input_not_supplied");
	});

	it("says what it cannot tell", async () => {
		const good = dmarc("a", [{ ip: "192.0.2.7" }]);
		const broken: Evidence = { kind: "report.dmarc", id: "b", status: "error", error: { code: "too_large", message: "m" }, source, collectedAt };
		expect((await derived([good, broken])).gaps.allRead).toEqual({ code: "too_large", detail: "b" });
		expect((await derived([good, { ...good, id: "c", values: { domain: "example.org" } }])).gaps.allRead).toEqual({ code: "malformed", detail: "c" });
		const register: Evidence = { kind: "record.baa", id: "r", status: "error", error: { code: "malformed", message: "m" }, source, collectedAt };
		expect((await derived([good, register])).gaps.ownKnown?.code).toBe("malformed");
		expect((await derived([good], "example.org", false)).gaps.ownKnown).toBeUndefined();
		expect((await derived([{ ...good, values: { ...(good.values as object), rows: [] } }])).gaps.messages?.code).toBe("input_not_supplied");
		const [item] = await mailReports.derive(viewOf([good]));
		expect(item?.gaps?.ownKnown?.code).toBe("not_collected");
	});

	it("does not take silence about own sources for good: where none is known, failing messages leave it open", async () => {
		const stranger = { ip: "203.0.113.7", pass: false };
		expect((await derived([dmarc("a", [stranger])], "example.org", false)).gaps.ownKnown?.code).toBe("input_not_supplied");
		expect((await derived([dmarc("a", [stranger])])).gaps.ownKnown?.code).toBe("record_incomplete");
		expect((await derived([dmarc("a", [{ ...stranger, pass: true }])])).gaps.ownKnown).toBeUndefined();
		expect((await derived([dmarc("a", [stranger, { ip: "192.0.2.7" }])])).gaps.ownKnown).toBeUndefined();
	});

	it("leaves open whose a failing source is where the SPF record depends on the message", async () => {
		const macro = [txt("example.org", "v=spf1 exists:%{i}.spf.example.org -all")];
		const at = async (pass: boolean) => (await mailReports.derive(viewOf([...macro, dmarc("a", [{ ip: "203.0.113.7", pass }])])))[0]?.gaps?.ownKnown?.code;
		expect([await at(false), await at(true)]).toEqual(["depends_on_message", undefined]);
	});

	it("names vendors that send aligned mail and are not in the register", async () => {
		const rows = [{ ip: "203.0.113.7", count: 5, domains: ["example.org", "sendgrid.net"] }];
		const { values } = await derived([dmarc("a", rows)]);
		expect(values.unregistered).toHaveLength(1);
		const vendor = String((values.unregistered as string[])[0]);
		expect(values.others).toMatchObject([{ name: vendor, messages: 5 }]);
		const row = {
			id: "sg",
			party: { legalName: "Twilio Inc." },
			status: "executed",
			source: "signed_document",
			effectiveOn: "2025-01-01",
			hosts: ["sendgrid.net"],
		};
		const registered = await derived([dmarc("a", rows), { kind: "record.baa", id: "sg", status: "ok", values: row, source, collectedAt }]);
		expect(registered.values).toMatchObject({ unregistered: [], others: [], sources: [{ name: vendor, messages: 5, percent: 100 }] });
	});

	it("stays quick with 50,000 sources", async () => {
		const rows = Array.from({ length: 50_000 }, (_one, index) => ({
			ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
			domains: [`d${index % 500}.example`],
		}));
		const start = performance.now();
		const { values } = await derived([dmarc("a", rows)]);
		expect(values).toMatchObject({ messages: 50_000, othersLeftOut: 49_950 });
		expect(performance.now() - start).toBeLessThan(10_000);
	});
});

describe("TLS reports of a domain", () => {
	it("adds up sessions, and failures by type with those that no detail explains", async () => {
		const values = {
			organization: "Sender",
			reportId: "t",
			begin: "2026-11-20T00:00:00.000Z",
			end: "2026-11-20T23:59:59.000Z",
			successful: 30,
			failed: 7,
			notes: [],
			policies: [
				{
					type: "sts",
					domain: "example.org",
					successful: 20,
					failed: 5,
					failures: [{ resultType: "certificate-expired", sessions: 3, receivingMx: "mx.example.org" }],
				},
				{
					type: "no-policy-found",
					domain: "example.org",
					successful: 8,
					failed: 1,
					failures: [{ resultType: "certificate-expired", sessions: 2, receivingMx: null }],
				},
				{ type: "tlsa", domain: "example.com", successful: 2, failed: 1, failures: [] },
			],
		};
		const report: Evidence = { kind: "report.tls", id: "t", status: "ok", values, source, collectedAt };
		const [item] = await tlsReports.derive(viewOf([report]));
		expect(item?.values).toMatchObject({
			reports: 1,
			successful: 28,
			failed: 7,
			proven: 20,
			failures: [
				{ resultType: "certificate-expired", sessions: 5, hosts: ["mx.example.org"] },
				{ resultType: "unspecified", sessions: 2, hosts: [] },
			],
		});
		expect(item?.gaps).toEqual({});
	});
});
