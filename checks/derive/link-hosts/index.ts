import type { Evidence, Gap } from "../../../model/evidence.ts";
import { documentSchema } from "../../collectors/content/schema.ts";
import { sameOwner } from "../../collectors/dns/mail-names.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { HostCovers } from "../host-cover.ts";

/**
 * derived.link_host, one per host that links and images of templates and messages (content.document) lead to: the entity's own, or
 * whether an agreement or a declaration answers for it. id is the host.
 */
const derivation: Derivation = {
	id: "link-hosts",
	target: "content",
	needs: ["content.document"],
	uses: ["config.domain", "record.baa", "record.no-phi"],
	produces: ["derived.link_host"],
	derive(view): DerivedItem[] {
		const covers = new HostCovers(view);
		const domains = view.items("config.domain");
		const unread = view.supplied("config.domain")
			? (view.listingError("config.domain") ?? domains.find((domain) => domain.status === "error")?.error)
			: undefined;
		const hosts = new Map<string, { documents: Set<Evidence> }>();
		const lost: DerivedItem[] = [];
		for (const item of view.items("content.document")) {
			const parsed = item.status === "ok" ? documentSchema.safeParse(item.values) : undefined;
			if (parsed?.success !== true) {
				const error = item.error ?? { code: "malformed", detail: item.id, message: "the stored item is not what this version reads" };
				lost.push({ kind: "derived.link_host", id: item.id, error, basis: [item] });
				continue;
			}
			for (const { host } of parsed.data.hosts) {
				// A host built by a tag is for the checks on the template itself.
				if (host === null) continue;
				const seen = hosts.get(host) ?? { documents: new Set() };
				seen.documents.add(item);
				hosts.set(host, seen);
			}
		}
		const items = [...hosts]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([host, { documents }]): DerivedItem => {
				const settled = unread === undefined && domains.length > 0;
				const own = settled ? domains.some((domain) => sameOwner(host, domain.id)) : null;
				const { cover, gap } = covers.of(host);
				const gaps: Record<string, Gap> = {};
				// Without a domain nothing is known to be the entity's own.
				if (!settled) gaps.own = unread === undefined ? { code: "input_not_supplied", detail: "domains" } : { code: unread.code, detail: unread.detail };
				if (gap !== undefined) gaps.covered = gap;
				return {
					kind: "derived.link_host",
					id: host,
					values: { host, own, documents: [...documents].map(({ id }) => id).sort(), ...cover },
					gaps: own === true ? {} : gaps,
					basis: [...domains, ...covers.items, ...documents],
				};
			});
		return [...items, ...lost];
	},
};

export default derivation;
