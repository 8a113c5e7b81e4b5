import type { Evidence } from "../../../model/evidence.ts";
import { sameOwner } from "../../collectors/dns/mail-names.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { HostCovers } from "../host-cover.ts";
import { sampleMessages } from "../messages/sample-message.ts";

/**
 * derived.message_host, one per host of somebody else's that the sample messages of a domain name in their header: who relayed, who
 * signed, who takes opt-outs. id is <domain>/<host>. Without messages one that says so, id the domain.
 */
const derivation: Derivation = {
	id: "message-hosts",
	target: "domain",
	needs: ["config.domain"],
	uses: ["content.message", "record.baa", "record.no-phi"],
	produces: ["derived.message_host"],
	derive(view): DerivedItem[] {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const covers = new HostCovers(view);
		const base = [...(declaration === undefined ? [] : [declaration]), ...covers.items];
		const hosts = new Map<string, { roles: Set<string>; basis: Set<Evidence> }>();
		const { messages, gap } = sampleMessages(view);
		for (const { item, message } of messages) {
			const named = [
				...message.received.map((host) => ["relay", host] as const),
				...message.dkim.map((signature) => ["signer", signature.domain.toLowerCase()] as const),
				...message.unsubscribe.map((host) => ["opt_out", host] as const),
			];
			for (const [role, host] of named) {
				if (sameOwner(host, view.target)) continue;
				const seen = hosts.get(host) ?? { roles: new Set(), basis: new Set() };
				seen.roles.add(role);
				seen.basis.add(item);
				hosts.set(host, seen);
			}
		}
		const items = [...hosts].map(([host, { roles, basis }]): DerivedItem => {
			const { cover, gap: unsettled } = covers.of(host);
			return {
				kind: "derived.message_host",
				id: `${view.target}/${host}`,
				values: { domain: view.target, sends: domain.sends, host, roles: [...roles].sort(), ...cover },
				gaps: unsettled === undefined ? {} : { covered: unsettled },
				basis: [...base, ...basis],
			};
		});
		// A message that could not be read may name others.
		if (gap !== undefined && messages.length === 0) {
			const values = { domain: view.target, sends: domain.sends, host: null, roles: [], vendor: null, rows: [], noPhi: [], covered: false };
			items.push({ kind: "derived.message_host", id: view.target, values, gaps: { covered: gap }, basis: base });
		} else if (gap !== undefined)
			items.push({ kind: "derived.message_host", id: `${view.target}/*`, error: { ...gap, message: "a sample message could not be read" }, basis: base });
		return items;
	},
};

export default derivation;
