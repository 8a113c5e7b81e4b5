import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { parseDmarc } from "../../protocols/dmarc/index.ts";
import { parseMtaStsRecord } from "../../protocols/mta-sts/index.ts";
import { isSpf, parseSpf } from "../../protocols/spf/index.ts";
import { parseTlsRpt } from "../../protocols/tls-rpt/index.ts";
import { isAccount } from "../alarm-acts.ts";
import { ByName } from "../by-name.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const recordKind = "aws_route53_record";
const zoneKind = "aws_route53_zone";
const identityKinds: ReadonlyMap<string, string> = new Map([
	["aws_sesv2_email_identity", "email_identity"],
	["aws_ses_domain_identity", "domain"],
]);

/**
 * derived.identity_records, one per sending domain: whether its Route 53 records hold an SPF record that refuses other senders, an enforced
 * DMARC policy with reports, and, where it has an MX record there, MTA-STS and TLS reporting. A plan that keeps none of these records,
 * and an account without the zone, tell nothing: what is published then is for a scan of the domain.
 */
const derivation: Derivation = {
	id: "identity-records",
	target: "plan",
	needs: [...identityKinds.keys(), recordKind],
	uses: [zoneKind],
	produces: ["derived.identity_records"],
	derive(view) {
		return [...identityKinds].flatMap(([kind, path]) =>
			view.items(kind).flatMap((item): DerivedItem[] => {
				if (item.status === "absent") return [];
				const own = { kind: "derived.identity_records", id: item.id };
				if (item.status === "error") return [{ ...own, error: item.error ?? { code: "malformed", message: "no error code" }, basis: [item] }];
				const domain = textAt(item, path)?.toLowerCase();
				if (domain === undefined) return [{ ...own, values: {}, gaps: all({ code: "unknown_until_apply", detail: `${item.id} ${path}` }), basis: [item] }];
				return domain.includes("@") ? [] : [itemOf(view, item, domain)];
			}),
		);
	},
};

export default derivation;

const facts = ["spf", "dmarc", "mtaSts", "tlsReports"];
const all = (gap: Gap): Record<string, Gap> => Object.fromEntries(facts.map((fact) => [fact, gap]));

function itemOf(view: DerivationView, item: Evidence, domain: string): DerivedItem {
	const { published, broken, nameless } = view.remember("records by name", () => recordsOf(view));
	const at = (name: string, type: string): readonly Evidence[] => published.get(`${type}\n${name}`) ?? [];
	const looked = {
		spf: at(domain, "TXT"),
		dmarc: at(`_dmarc.${domain}`, "TXT"),
		mtaSts: at(`_mta-sts.${domain}`, "TXT"),
		tlsReports: at(`_smtp._tls.${domain}`, "TXT"),
	};
	const receives = at(domain, "MX");
	const tests: Record<keyof typeof looked, (texts: string[]) => boolean> = {
		spf: (texts) => {
			const spf = texts.filter(isSpf);
			return spf.length === 1 && refusesOthers(spf[0] ?? "");
		},
		dmarc: (texts) => texts.filter((text) => parseDmarc(text).identified).length === 1 && texts.some(enforces),
		mtaSts: (texts) => parseMtaStsRecord(texts).valid,
		tlsReports: (texts) => parseTlsRpt(texts).valid,
	};
	const kept = looked.spf.length + looked.dmarc.length > 0 && view.listingError(recordKind) === undefined;
	const here = isAccount(view.target) ? view.items(zoneKind).some((zone) => isZoneOf(textAt(zone, "name"), domain)) : kept;
	const values: Record<string, unknown> = { domain };
	const gaps: Record<string, Gap> = {};
	// A record that could not be read may be the MX.
	if (receives.length === 0 && broken?.error !== undefined) gaps.receives = { code: broken.error.code, detail: broken.id };
	else values.receives = receives.length > 0;
	const zones = view.listingError(zoneKind);
	for (const [fact, found] of Object.entries(looked)) {
		if ((fact === "mtaSts" || fact === "tlsReports") && receives.length === 0) continue;
		const texts = found.flatMap(textsOf);
		const open = found.find((record) => Object.keys(record.references ?? {}).some((path) => path.startsWith("records")) || isUnknown(record, "records"));
		if (found.length > 0 && tests[fact as keyof typeof looked](texts)) values[fact] = true;
		else if (open !== undefined) gaps[fact] = { code: "unknown_until_apply", detail: `${open.id} records` };
		else if (broken?.error !== undefined) gaps[fact] = { code: broken.error.code, detail: broken.id };
		else if (nameless !== undefined) gaps[fact] = { code: "unknown_until_apply", detail: `${nameless.id} name` };
		else if (zones !== undefined) gaps[fact] = { code: zones.code, detail: zones.detail };
		else if (here) values[fact] = false;
		else gaps[fact] = { code: "not_in_plan", detail: `records of ${domain}` };
	}
	return { kind: "derived.identity_records", id: item.id, values, gaps, basis: [...new Set([item, ...Object.values(looked).flat(), ...receives])] };
}

interface Records {
	/** By type and name. */
	published: ReadonlyMap<string, readonly Evidence[]>;
	/** One that could not be read. */
	broken: Evidence | undefined;
	/** One whose name only apply will tell. */
	nameless: Evidence | undefined;
}

/** All records, looked through once and not for each identity. */
function recordsOf(view: DerivationView): Records {
	const all = view.items(recordKind);
	const zones = new ByName(view.items(zoneKind), (zone) => [zone.id, textAt(zone, "zone_id")]);
	const named = all.filter(({ status }) => status === "ok").map((record) => ({ record, name: nameOf(record, zones) }));
	return {
		published: new Map(
			[...Map.groupBy(named, ({ record, name }) => (name === undefined ? "" : `${textAt(record, "type")}\n${name}`))].map(([key, found]) => [
				key,
				found.map(({ record }) => record),
			]),
		),
		broken: all.find(({ error }) => error !== undefined),
		nameless: named.find(({ record, name }) => isUnknown(record, "name") && name === undefined && (record.references?.name ?? []).length === 0)?.record,
	};
}

/** Route 53 takes a name with its zone or without: "_dmarc" in the zone clinic.example is _dmarc.clinic.example. */
function nameOf(record: Evidence, zones: ByName): string | undefined {
	const name = (textAt(record, "fqdn") ?? textAt(record, "name"))?.toLowerCase().replace(/\.$/, "");
	if (name === undefined) return undefined;
	const [zone] = zones.of(textAt(record, "zone_id"), ...(record.references?.zone_id ?? []));
	const suffix = zone === undefined ? undefined : textAt(zone, "name")?.toLowerCase().replace(/\.$/, "");
	if (suffix === undefined || name === suffix || name.endsWith(`.${suffix}`)) return name;
	return `${name}.${suffix}`;
}

function isZoneOf(zone: string | undefined, domain: string): boolean {
	const name = zone?.toLowerCase().replace(/\.$/, "");
	return name !== undefined && (domain === name || domain.endsWith(`.${name}`));
}

/** Texts as they are published: strings joined, quotes of a zone file taken off. */
function textsOf(record: Evidence): string[] {
	const values = valueAt(record.values, "records");
	if (!Array.isArray(values)) return [];
	return values
		.filter((one) => typeof one === "string")
		.map((one) => (one.startsWith('"') ? one.slice(1, -1) : one).replaceAll(/"\s*"/g, "").replaceAll('\\"', '"'));
}

/** `~all` refuses where DMARC is enforced, which is asked for besides; a redirect leads to another record. */
function refusesOthers(text: string): boolean {
	const parsed = parseSpf(text);
	if (!parsed.ok) return false;
	const last = parsed.record.mechanisms.find(({ name }) => name === "all");
	return last === undefined ? parsed.record.redirect !== undefined : last.qualifier === "-" || last.qualifier === "~";
}

function enforces(text: string): boolean {
	const record = parseDmarc(text);
	return record.valid && !record.testing && (record.policy === "reject" || record.policy === "quarantine") && (record.tags.rua ?? "").includes("mailto:");
}
