import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";

const liveKind = "aws.ses_identity";
const recordKind = "aws_route53_record";
/** How each kind of identity names its domain or address. */
const identityKinds: ReadonlyMap<string, string> = new Map([
	["aws_sesv2_email_identity", "email_identity"],
	["aws_ses_domain_identity", "domain"],
	["aws_ses_email_identity", "email"],
]);

/**
 * derived.identity_dkim, one per sending identity: whether SES signs its mail. In an account by the status that SES found; in a plan by the
 * records of its keys, which only the plan of the zone shows. An address goes by the identity of its domain.
 */
const derivation: Derivation = {
	id: "identity-dkim",
	target: "plan",
	needs: [...identityKinds.keys(), "aws_ses_domain_dkim", recordKind],
	uses: [liveKind],
	produces: ["derived.identity_dkim"],
	derive(view) {
		const domains = new Map<string, DerivedItem>();
		const items: DerivedItem[] = [];
		const all = [...identityKinds.keys()].flatMap((kind) => view.items(kind)).filter(({ status }) => status !== "absent");
		const ofAddress = (item: Evidence) => item.status === "ok" && (nameOf(item)?.includes("@") === true || item.kind === "aws_ses_email_identity");
		for (const item of all.filter((one) => !ofAddress(one))) {
			const derived = isAccount(view.target) ? inAccount(view, item) : inPlan(view, item);
			if (derived === undefined) continue;
			const name = nameOf(item);
			if (name !== undefined) domains.set(name.toLowerCase(), derived);
			items.push(derived);
		}
		return [...items, ...all.filter(ofAddress).map((item) => byDomain(item, domains))];
	},
};

export default derivation;

const kind = "derived.identity_dkim";

function nameOf(item: Evidence): string | undefined {
	return textAt(item, identityKinds.get(item.kind) ?? "id");
}

function inAccount(view: DerivationView, item: Evidence): DerivedItem | undefined {
	if (item.status === "error") return { kind, id: item.id, error: item.error ?? { code: "malformed", message: "no error code" }, basis: [item] };
	const name = nameOf(item);
	const live = view.items(liveKind).find((one) => one.id === name);
	const fault = live?.error ?? view.listingError(liveKind);
	const values = { identity: name ?? item.id };
	if (live?.status !== "ok")
		return { kind, id: item.id, values, gaps: { signs: { code: fault?.code ?? "not_collected", detail: fault?.detail ?? liveKind } }, basis: [item] };
	const seen = live.values as { sending_enabled?: unknown; dkim_signing_enabled?: unknown; dkim_status?: unknown };
	if (seen.sending_enabled === false) return undefined;
	const status = typeof seen.dkim_status === "string" ? seen.dkim_status : "none";
	const basis = [item, live];
	if (status === "TEMPORARY_FAILURE") return { kind, id: item.id, values, gaps: { signs: { code: "upstream_error", detail: `SES: DKIM ${status}` } }, basis };
	return { kind, id: item.id, values: { ...values, signs: seen.dkim_signing_enabled === true && status === "SUCCESS", why: status }, basis };
}

function inPlan(view: DerivationView, item: Evidence): DerivedItem {
	if (item.status === "error") return { kind, id: item.id, error: item.error ?? { code: "malformed", message: "no error code" }, basis: [item] };
	const name = nameOf(item);
	const values = { identity: name ?? item.id };
	if (item.kind === "aws_ses_domain_identity") {
		const keys = view.items("aws_ses_domain_dkim");
		const own = keys.find((one) => namedBy(one, "domain", namesOf([item])) !== "other");
		const broken = keys.find(({ error }) => error !== undefined);
		if (own === undefined && broken?.error !== undefined)
			return { kind, id: item.id, values, gaps: { signs: { code: broken.error.code, detail: broken.id } }, basis: [item] };
		// The older API signs for a domain only once its keys were asked for.
		if (own === undefined) return { kind, id: item.id, values: { ...values, signs: false, why: "no keys" }, basis: [item] };
		return published(view, item, own, values);
	}
	const selector = textAt(item, "dkim_signing_attributes.domain_signing_selector");
	return published(view, item, item, values, selector);
}

/** Whether a record of the plan publishes a key of the identity. */
function published(view: DerivationView, item: Evidence, keys: Evidence, values: Record<string, unknown>, selector?: string): DerivedItem {
	const name = String(values.identity).toLowerCase();
	const tokens = valueAt(keys.values, keys.kind === "aws_ses_domain_dkim" ? "dkim_tokens" : "dkim_signing_attributes.tokens");
	const labels = selector === undefined ? (Array.isArray(tokens) ? tokens : []) : [selector];
	const names = new Set(labels.map((label) => `${label}._domainkey.${name}`.toLowerCase()));
	const records = view.items(recordKind);
	const found = records.filter((record) => {
		if (record.status !== "ok") return false;
		const text = textAt(record, "name");
		if (text !== undefined) return names.has(text.toLowerCase().replace(/\.$/, "")) || (selector !== undefined && text === `${selector}._domainkey`);
		return [
			...(record.references?.name ?? []),
			...Object.entries(record.references ?? {}).flatMap(([path, ids]) => (path.startsWith("records") ? ids : [])),
		].includes(keys.id);
	});
	const basis = [...new Set([item, keys, ...found.slice(0, 1)])];
	if (found.length > 0) return { kind, id: item.id, values: { ...values, signs: true, why: "records" }, basis };
	const broken = records.find(({ error }) => error !== undefined);
	const gap: Gap = broken?.error === undefined ? { code: "not_in_plan", detail: `DKIM records of ${name}` } : { code: broken.error.code, detail: broken.id };
	const open = records.some((record) => isUnknown(record, "name") && (record.references?.name ?? []).length === 0);
	return { kind, id: item.id, values, gaps: { signs: open ? { code: "unknown_until_apply", detail: recordKind } : gap }, basis };
}

function byDomain(item: Evidence, domains: ReadonlyMap<string, DerivedItem>): DerivedItem {
	const name = nameOf(item) ?? item.id;
	const host = name.slice(name.lastIndexOf("@") + 1).toLowerCase();
	const domain = domains.get(host);
	const values = { identity: name };
	const gap: Gap = domain?.gaps?.signs ?? { code: "not_in_plan", detail: `the identity of ${host}` };
	const signs = (domain?.values as { signs?: boolean } | undefined)?.signs;
	if (domain === undefined || signs === undefined)
		return { kind, id: item.id, values, gaps: { signs: domain?.error === undefined ? gap : domain.error }, basis: [item, ...(domain?.basis ?? [])] };
	return { kind, id: item.id, values: { ...values, signs, why: host }, basis: [item, ...domain.basis] };
}
