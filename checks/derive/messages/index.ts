import type { Evidence, Gap } from "../../../model/evidence.ts";
import { isReasonCode, type ReasonCode } from "../../../model/reasons.ts";
import type { SampleMessage } from "../../collectors/messages/schema.ts";
import { lookupDkimSelector } from "../../protocols/dkim/index.ts";
import { discoverDmarc, organizationalDomain } from "../../protocols/dmarc/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { sampleMessages } from "./sample-message.ts";

/**
 * derived.message, one per sample message (content.message) of the domain: alignment under the domain's own adkim and aspf
 * (RFC 9989 4.4) and what its signatures cover. Without samples one item that says so, id the domain.
 */
const derivation: Derivation = {
	id: "messages",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	uses: ["content.message"],
	produces: ["derived.message"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const base = declaration === undefined ? [] : [declaration];
		const { messages, gap } = sampleMessages(view);
		const items: DerivedItem[] = [];
		for (const { item, message } of messages) items.push(await itemOf(item, message, domain.sends, view, base));
		if (gap !== undefined) {
			items.push({
				kind: "derived.message",
				id: view.target,
				values: { domain: view.target, sends: domain.sends, stream: null, sampled: false },
				gaps: { sampled: gap },
				basis: base,
			});
		}
		return items;
	},
};

export default derivation;

async function itemOf(item: Evidence, message: SampleMessage, sends: boolean, view: DerivationView, base: Evidence[]): Promise<DerivedItem> {
	const resolver = replayResolver(view);
	const gaps: Record<string, Gap> = {};
	const [from] = message.from.map((name) => name.toLowerCase());
	let aligned: { dkim: boolean; spf: boolean } = { dkim: false, spf: false };
	if (from !== undefined) {
		const discovery = await discoverDmarc({ domain: from, resolver, exists: true });
		const strict = { dkim: discovery.parsed?.adkim === "s", spf: discovery.parsed?.aspf === "s" };
		if (discovery.status === "error") gaps.aligned = { code: discovery.code ?? "malformed", detail: discovery.queries.at(-1) ?? from };
		const same = async (name: string, exact: boolean): Promise<boolean> => {
			if (name === from) return true;
			if (exact) return false;
			const [one, other] = [await organizationalDomain({ domain: name, resolver }), await organizationalDomain({ domain: from, resolver })];
			const code = one.code ?? other.code;
			if (code === undefined) return one.domain === other.domain;
			gaps.aligned ??= { code, detail: name };
			return false;
		};
		for (const signature of message.dkim) {
			if (signature.verified === true && (await same(signature.domain.toLowerCase(), strict.dkim))) aligned = { ...aligned, dkim: true };
		}
		if (message.spf === "pass" && message.mailFrom !== null && (await same(message.mailFrom.toLowerCase(), strict.spf))) aligned = { ...aligned, spf: true };
	}
	const unchecked = message.dkim.find((signature) => signature.verified === null);
	if (unchecked !== undefined && !message.dkim.some((signature) => signature.verified === true)) {
		const code = isReasonCode(unchecked.reason ?? "") ? (unchecked.reason as ReasonCode) : "not_collected";
		gaps.verified = { code, detail: `the key ${unchecked.selector}._domainkey.${unchecked.domain}` };
	}
	const revoked: string[] = [];
	for (const signature of message.dkim) {
		const lookup = await lookupDkimSelector({ domain: signature.domain, selector: signature.selector, resolver });
		if (lookup.key?.revoked === true || signature.reason === "revoked") revoked.push(lookup.name);
	}
	if (aligned.dkim || aligned.spf) delete gaps.aligned;
	return {
		kind: "derived.message",
		id: item.id,
		values: {
			domain: view.target,
			sends,
			sampled: true,
			stream: message.stream,
			fromDomains: message.from,
			aligned: aligned.dkim || aligned.spf,
			alignedDkim: aligned.dkim,
			alignedSpf: aligned.spf,
			verified: message.dkim.some((signature) => signature.verified === true),
			signatures: message.dkim.map((signature) => ({
				domain: signature.domain,
				selector: signature.selector,
				algorithm: signature.algorithm,
				verified: signature.verified,
				reason: signature.reason,
				bodyLimit: signature.bodyLimit,
				uncovered: wanted(message.bulk).filter((header) => !signature.headers.some((covered) => covered.toLowerCase() === header)),
			})),
			revoked,
		},
		gaps,
		basis: [...base, item, ...resolver.used],
	};
}

/** RFC 6376 5.4.1 and, for bulk mail, RFC 8058 section 4. */
function wanted(bulk: boolean): string[] {
	return ["from", "subject", "date", "to", ...(bulk ? ["list-unsubscribe", "list-unsubscribe-post"] : [])];
}
