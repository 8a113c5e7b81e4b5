import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const distributionKind = "aws_cloudfront_distribution";
/** Configuration sets whose tracking links lead to a host of one's own, and the attribute that names it. */
const trackers: ReadonlyMap<string, string> = new Map([
	["aws_sesv2_configuration_set", "tracking_options.custom_redirect_domain"],
	["aws_ses_configuration_set", "tracking_options.custom_redirect_domain"],
]);
/** First labels by which hosts of mail go: RFC 8461 section 3.3 fixes the first, the others are usual. */
const usual = /^(?:mta-sts|bimi|unsubscribe|unsub|preferences|click|clicks|track|tracking|links?|optout|opt-out)\./i;

/**
 * derived.web_host, one per CloudFront distribution: the host names it answers to, and whether one of them is a host of mail by its
 * name or as the host of tracking links.
 */
const derivation: Derivation = {
	id: "web-hosts",
	target: "plan",
	needs: [distributionKind, ...trackers.keys()],
	produces: ["derived.web_host"],
	derive(view) {
		const links = new Set<string>();
		const open: Evidence[] = [];
		for (const [kind, path] of trackers) {
			for (const set of view.items(kind)) {
				const host = textAt(set, path);
				if (host !== undefined) links.add(host.toLowerCase());
				else if (set.status === "error" || isUnknown(set, path)) open.push(set);
			}
		}
		return view
			.items(distributionKind)
			.filter(({ status }) => status !== "absent")
			.map((distribution) => itemOf(distribution, links, open));
	},
};

export default derivation;

function itemOf(distribution: Evidence, links: ReadonlySet<string>, open: readonly Evidence[]): DerivedItem {
	const own = { kind: "derived.web_host", id: `hosts of ${distribution.id}` };
	if (distribution.status === "error") return { ...own, error: distribution.error ?? { code: "malformed", message: "no error code" }, basis: [distribution] };
	const aliases = valueAt(distribution.values, "aliases");
	const hosts = Array.isArray(aliases) ? aliases.filter((one) => typeof one === "string").map((one) => one.toLowerCase()) : [];
	const mail = hosts.filter((host) => usual.test(host) || links.has(host));
	const values = { resource: distribution.id, hosts, mail, serves: mail.length > 0 };
	if (values.serves) return { ...own, values, basis: [distribution] };
	const unknown = isUnknown(distribution, "aliases") ? distribution : hosts.length > 0 ? open[0] : undefined;
	if (unknown === undefined) return { ...own, values, basis: [distribution] };
	const gap: Gap =
		unknown.status === "error" ? { code: unknown.error?.code ?? "malformed", detail: unknown.id } : { code: "unknown_until_apply", detail: unknown.id };
	return { ...own, values: { ...values, serves: null }, gaps: { serves: gap }, basis: [...new Set([distribution, unknown])] };
}
