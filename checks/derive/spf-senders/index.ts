import type { Gap } from "../../../model/evidence.ts";
import { exchangesOf, providerIncludes } from "../../collectors/dns/mail-names.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { discoverDmarc } from "../../protocols/dmarc/index.ts";
import { txtStrings } from "../../protocols/resolver.ts";
import { matchVendors } from "../../protocols/vendors/index.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { spfOf } from "../looks.ts";
import { signedThroughout } from "../messages/sample-message.ts";
import { replayResolver } from "../replay-resolver.ts";
import { coverage, rangesOf } from "./coverage.ts";
import { sharedNetworks } from "./shared-networks.ts";

/**
 * derived.shared_sender, one per include or redirect of the own record, id <domain>/<name>: whether the service lets other
 * customers send as the domain. derived.flattening, one per provider whose ranges the record may copy, id <domain>/<include>.
 */
const derivation: Derivation = {
	id: "spf-senders",
	target: "domain",
	needs: ["config.domain", "dns.txt", "dns.mx"],
	uses: ["content.message"],
	produces: ["derived.flattening", "derived.shared_sender"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const resolver = replayResolver(view);
		const base = declaration === undefined ? [] : [declaration];
		const spf = await spfOf(view, resolver);
		const spfItems = [...base, ...resolver.used];
		const dmarcResolver = replayResolver(view);
		const dmarc = await discoverDmarc({ domain: view.target, resolver: dmarcResolver });
		const items: DerivedItem[] = [];
		const unread = spf.published.unknown[0];
		if (unread !== undefined) {
			const error = { code: unread.code, detail: `TXT ${unread.name}`, message: "the SPF record could not be looked up" };
			return [
				{ kind: "derived.shared_sender", id: view.target, error, basis: spfItems },
				{ kind: "derived.flattening", id: view.target, error, basis: spfItems },
			];
		}
		// Names of the domain's own between it and the service are its own record in parts.
		const own = spf.includes.filter((one) => one.own || one.at.endsWith(`.${view.target}`));
		const enforced = dmarc.effectivePolicy === "quarantine" || dmarc.effectivePolicy === "reject";
		const signed = signedThroughout(view);
		const table = loadVendors();
		for (const include of own) {
			const lockdown = replayResolver(view);
			const match = matchVendors(
				{ mx: [], spfIncludes: [{ name: include.suffix, depth: 1, direct: true }], dkimCnames: [], txt: [], mtaStsMx: [], reportHosts: [] },
				table,
			)[0];
			const known = sharedNetworks.find((network) => network.vendor === match?.vendor);
			const gaps: Record<string, Gap> = {};
			let verifies: boolean | null = known?.verifies === "always" ? true : null;
			if (known?.verifies === "with_record") {
				const name = `${known.label}.${view.target}`;
				const answer = await lockdown.resolve(name, "TXT");
				if (answer.status === "error") gaps.verifies = { code: answer.code ?? "malformed", detail: `TXT ${name}` };
				else verifies = txtStrings(answer).some((text) => known.record.test(text));
			}
			if (known === undefined) gaps.verifies = { code: "vendor_unknown", detail: match === undefined ? include.suffix : match.vendor };
			if (dmarc.status === "error") gaps.exempt = { code: dmarc.code ?? "malformed", detail: dmarc.queries.at(-1) ?? view.target };
			else if (enforced && signed.gap !== undefined) gaps.exempt = signed.gap;
			const ownName = include.suffix === view.target || include.suffix.endsWith(`.${view.target}`);
			items.push({
				kind: "derived.shared_sender",
				id: `${view.target}/${include.name}`,
				values: {
					domain: view.target,
					sends: domain.sends,
					name: include.name,
					vendor: match?.vendor ?? null,
					own: ownName,
					verifies,
					source: known?.source ?? null,
					// RFC 9989 4.4: where every message carries an aligned signature, SPF is not what the policy rests on.
					exempt: enforced && signed.all,
				},
				gaps,
				basis: [...spfItems, ...lockdown.used, ...dmarcResolver.used, ...signed.items],
			});
		}
		const mxResolver = replayResolver(view);
		const mx = await mxResolver.resolve(view.target, "MX");
		if (mx.status === "error" && spf.flattening.ownRanges.length > 0) {
			// Which providers' ranges to look for is told by the MX hosts.
			const error = { code: mx.code ?? ("malformed" as const), detail: `MX ${view.target}`, message: "the MX hosts could not be looked up" };
			items.push({ kind: "derived.flattening", id: `${view.target}/MX`, error, basis: [...spfItems, ...mxResolver.used] });
		}
		const ranges = rangesOf(spf.flattening.ownRanges);
		for (const { vendor, include } of providerIncludes(exchangesOf(mx), spf)) {
			if (spf.flattening.ownRanges.length === 0) break;
			const provider = replayResolver(view);
			const theirs = await spfOf(view, provider, include);
			const gap = theirs.published.unknown[0] ?? theirs.addresses.unknown[0];
			const held = coverage(ranges, rangesOf([...theirs.addresses.ipv4.ranges, ...theirs.addresses.ipv6.ranges]));
			// No range in common: nothing was copied from this provider.
			if (gap === undefined && held.common === 0n) continue;
			items.push({
				kind: "derived.flattening",
				id: `${view.target}/${include}`,
				values: {
					domain: view.target,
					sends: domain.sends,
					vendor,
					include,
					copied: true,
					missing: held.missing,
					current: gap === undefined && held.missing.length === 0,
				},
				gaps: gap === undefined ? {} : { current: { code: gap.code, detail: `${gap.type} ${gap.name}` } },
				basis: [...spfItems, ...mxResolver.used, ...provider.used],
			});
		}
		// A name of the domain's own that holds addresses alone is what flattening services publish; whose they are is not told.
		for (const name of spf.flattening.rangeOnly) {
			items.push({
				kind: "derived.flattening",
				id: `${view.target}/${name}`,
				values: { domain: view.target, sends: domain.sends, vendor: null, include: name, copied: true, missing: [], current: null },
				gaps: { current: { code: "vendor_unknown", detail: `whose ranges ${name} holds` } },
				basis: spfItems,
			});
		}
		return items;
	},
};

export default derivation;
