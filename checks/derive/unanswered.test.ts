import { describe, expect, it } from "vitest";
import type { Evidence, Target } from "../../model/evidence.ts";
import { currentSupply } from "../../pipeline/supply.ts";
import { caseSchema } from "../../test/support/case-file.ts";
import { caseEvidence, derivationsBehind } from "../../test/support/run-case.ts";
import { accountWideKinds } from "../adapters/terraform/index.ts";
import { EvidenceStore } from "../engine/evidence-store.ts";
import type { CheckMetadata } from "../engine/metadata.ts";
import { effectiveParameters } from "../engine/parameters.ts";
import { loadPolicyLock } from "../engine/policy-lock.ts";
import { judgeCheck } from "../engine/verdict.ts";
import { runDerivation } from "../engine/view.ts";
import { policyHost } from "../engine/wasm-host.ts";

const key =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlmWR7C0GU40UclGw1psuRJwERi8IQn1uA9LXnXDg2cxUgP+TTrYDCVHLUshX5Ld0JyMy2VxP8mDVAZr/WGM8PEkigAuCNr9dBvSdeC2UzgBCwElYFifUWwBe3Tc+AexoLjYgYvkTstTbY/2DsIMWlTIht1UfxUKneFVyS+MqkbEL74JlULNum/PGnBsqzQmvEvL512bcE5xt4pb9Ur01EHfna1bmuzAXlCRPjzQGkkicemqbzPT9dw1ByIJI75v2kCwE/WHpoYZ8NiyttcKFiH/LzuTz0EyaPdiX1anG6siahFZqAYI0BUGWxjFCJnUjiiwcOMmzJ1VUgoFAT9ZxUQIDAQAB";

const worlds: Record<string, Record<string, unknown>> = {
	good: {
		domain: { dkimSelectors: ["s1"] },
		network: { blocklists: ["bl.example"] },
		dns: {
			"example.org": {
				TXT: ["v=spf1 ip4:192.0.2.10 include:amazonses.com -all"],
				MX: [[10, "mx.example.org"]],
				NS: ["ns1.example.org"],
				CAA: [{ flags: 0, tag: "issue", value: "ca.example" }],
			},
			"ns1.example.org": { A: ["192.0.2.53"] },
			"mx.example.org": { A: ["192.0.2.10"] },
			"10.2.0.192.in-addr.arpa": { PTR: ["mx.example.org"] },
			"amazonses.com": { TXT: ["v=spf1 ip4:198.51.100.0/24 -all"] },
			"s1._domainkey.example.org": { CNAME: ["s1.vendor.example"] },
			"s1.vendor.example": { TXT: [`v=DKIM1; p=${key}`] },
			"_dmarc.example.org": { TXT: ["v=DMARC1; p=reject; rua=mailto:d@reports.example"] },
			"example.org._report._dmarc.reports.example": { TXT: ["v=DMARC1"] },
			"reports.example": { MX: [[10, "mx.reports.example"]] },
			"default._bimi.example.org": { TXT: ["v=BIMI1; l=https://example.org/logo.svg"] },
			"_mta-sts.example.org": { TXT: ["v=STSv1; id=1"] },
			"mta-sts.example.org": { A: ["192.0.2.20"] },
			"_smtp._tls.example.org": { TXT: ["v=TLSRPTv1; rua=mailto:t@example.org"] },
			"autodiscover.example.org": { CNAME: ["autodiscover.outlook.com"] },
			"autodiscover.outlook.com": { A: ["192.0.2.30"] },
			"click.example.org": { CNAME: ["web.example.org"] },
			"web.example.org": { A: ["192.0.2.31"] },
		},
		policy: { body: "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 1209600\n" },
		records: { baa: [] },
	},
	bad: {
		domain: { dkimSelectors: ["s1", "s2"] },
		network: { blocklists: ["bl.example"] },
		dns: {
			"example.org": {
				TXT: ["v=spf1 ip4:10.0.0.0/8 include:relay.mailchannels.net include:gone.test exists:%{q} ?all ip4:192.0.2.1", "spf2.0/pra -all"],
				MX: [[10, "mx.example.org"]],
			},
			"mx.example.org": { A: ["192.0.2.10"] },
			"10.2.0.192.in-addr.arpa": { PTR: ["mx.example.net"] },
			"10.2.0.192.bl.example": { A: ["127.0.0.2"] },
			"relay.mailchannels.net": { TXT: ["v=spf1 ip4:198.51.100.0/24 -all"] },
			"s1._domainkey.example.org": { CNAME: ["s1.vendor.example"] },
			"s2._domainkey.example.org": { TXT: ["v=DKIM1; t=y; p=", "v=DKIM1; p="] },
			"_dmarc.example.org": { TXT: ["v=DMARC1; p=reject; sp=none; pct=5; rua=mailto:d@reports.example; ruf=mailto:f@reports.example"] },
			"_dmarc._dmarc.example.org": { TXT: ["v=DMARC1; p=none"] },
			"default._bimi.example.org": { TXT: ["v=BIMI1; l=http://example.org/logo.svg"] },
			"mta-sts.example.org": { CNAME: ["sts.gone.example"] },
			"click.example.org": { CNAME: ["sendgrid.net"] },
		},
		policy: { absent: true },
		records: { baa: [] },
	},
	parked: {
		domain: { sends: false, receives: false },
		dns: { "example.org": { TXT: ["v=spf1 -all"], MX: [[0, "."]] }, "_dmarc.example.org": { TXT: ["v=DMARC1; p=reject"] } },
		policy: { absent: true },
		records: { baa: [] },
	},
};

/** Checks that rest on what DNS says of a domain, MTA-STS and the register. */
const areas = new Set(["spf", "dmarc", "dkim", "bimi", "mta_sts", "tls_rpt", "mx", "caa", "dns", "vendors", "parked"]);
const checks = Object.entries(loadPolicyLock().checks).flatMap(([id, { metadata }]): [string, CheckMetadata][] =>
	areas.has(id.split(".")[0] ?? "") && metadata.evidence.every((kind) => currentSupply().kinds("domain").has(kind)) ? [[id, metadata]] : [],
);
const clock = { asOf: new Date("2026-11-24T09:00:00Z"), today: "2026-11-24" };

/** Status by resource, by check. Derives once for all of them. */
async function statuses(items: readonly Evidence[], targets: Target[]): Promise<Map<string, Map<string, string>>> {
	const store = new EvidenceStore(targets);
	for (const item of items) store.add(item);
	const supply = currentSupply();
	const domain = targets.find((target) => target.type === "domain");
	if (domain === undefined) throw new Error("the case has no domain");
	const wanted = new Set(checks.flatMap(([, check]) => derivationsBehind(check, "domain")));
	for (const derivation of supply.derivations("domain")) if (wanted.has(derivation)) await runDerivation(derivation, domain, store, clock, supply);
	const options = { host: policyHost(), asOf: clock.asOf.toISOString(), accountWideKinds };
	return new Map(
		checks.map(([id, check]) => {
			const verdicts = judgeCheck(check, domain, store, { ...options, parameters: effectiveParameters(check, undefined).values });
			return [id, new Map(verdicts.map((verdict) => [verdict.resource, verdict.status]))];
		}),
	);
}

describe.each(Object.entries(worlds))("one question without an answer, %s domain", (name, world) => {
	it("turns no verdict into another, it only opens it", { timeout: 60_000 }, async () => {
		const [, any] = checks[0] ?? [];
		if (any === undefined) throw new Error("there are no checks of a domain");
		const { targets, items } = await caseEvidence(any, caseSchema.parse({ name, expect: { status: "pass" }, ...world }));
		const before = await statuses(items, targets);
		const wrong: string[] = [];
		for (const question of items.filter((item) => item.kind.startsWith("dns."))) {
			const { values: _values, ...rest } = question;
			const lost: Evidence = { ...rest, status: "error", error: { code: "servfail", message: "no answer" } };
			const after = await statuses(
				items.map((item) => (item === question ? lost : item)),
				targets,
			);
			for (const [id, now] of after) {
				const was = before.get(id) ?? new Map<string, string>();
				const without = `without ${question.kind} ${question.id}`;
				// A name below a registry may now count as nobody's; what was not judged before may fail, never pass.
				for (const [resource, status] of now) {
					const earlier = was.get(resource);
					if (status === "not_assessed" || status === earlier || (earlier === undefined && status === "fail")) continue;
					wrong.push(`${id} ${resource}: ${earlier} became ${status} ${without}`);
				}
				if ([...now.values()].includes("not_assessed")) continue;
				for (const [resource, status] of was)
					if (status !== "not_applicable" && !now.has(resource)) wrong.push(`${id} ${resource}: ${status} is gone ${without}`);
			}
		}
		expect(wrong).toEqual([]);
	});
});
