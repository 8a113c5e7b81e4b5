import { z } from "zod";
import { sha256Hex } from "../../../model/canonical.ts";
import type { Gap } from "../../../model/evidence.ts";
import { defaultSelectors } from "../../protocols/dkim/index.ts";
import type { MtaStsFetch } from "../../protocols/mta-sts/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration, errorOf } from "../derivation.ts";
import { dkimOf } from "../looks.ts";
import { replayResolver } from "../replay-resolver.ts";

/** values of baseline.dkim_key, id = <selector>._domainkey.<domain>: what an inventory or an earlier scan knows of a key. */
const keyBaseline = z.object({
	/** SHA-256, hex, of p= without white space: tells whether the key is still the same. */
	publicKeySha256: z.string(),
	/** Day of creation by the inventory or the service, YYYY-MM-DD. */
	createdOn: z.iso.date().optional(),
	/** Day of the first scan that saw it. */
	firstSeenOn: z.iso.date().optional(),
});

/** values of baseline.mta_sts, id = the domain: the policy as the scan before saw it. */
const policyBaseline = z.object({ recordId: z.string(), policySha256: z.string(), seenOn: z.iso.date() });

/**
 * What only shows against an earlier state. derived.dkim_key_age, one per live key, id its name: days since it was made or first
 * seen. derived.mta_sts_change, one per domain with a policy: whether the id followed the text (RFC 8461 3.1).
 */
const derivation: Derivation = {
	id: "baseline",
	target: "domain",
	needs: ["config.domain", "dns.txt", "https.mta_sts_policy"],
	uses: ["baseline.dkim_key", "baseline.mta_sts"],
	produces: ["derived.dkim_key_age", "derived.mta_sts_change"],
	async derive(view): Promise<DerivedItem[]> {
		return [...(await keyAges(view)), ...policyChange(view)];
	},
};

export default derivation;

async function keyAges(view: DerivationView): Promise<DerivedItem[]> {
	const { values: domain, item: declaration } = domainDeclaration(view);
	const items: DerivedItem[] = [];
	let unseen: DerivedItem | undefined;
	for (const selector of [...new Set([...domain.dkimSelectors.map((name) => name.toLowerCase()), ...defaultSelectors])].sort()) {
		const resolver = replayResolver(view);
		const { name, key, status, code } = await dkimOf(view, selector, resolver);
		if (status === "error") {
			const error = { code: code ?? ("malformed" as const), detail: `TXT ${name}`, message: `the selector ${selector} could not be looked up` };
			const item = { kind: "derived.dkim_key_age", id: name, error, basis: [...(declaration === undefined ? [] : [declaration]), ...resolver.used] };
			if (domain.dkimSelectors.some((declared) => declared.toLowerCase() === selector)) items.push(item);
			// A guess that was not asked says nothing.
			else if (code !== "not_collected") unseen ??= { ...item, id: `${view.target}/usual selectors` };
		}
		if (key === undefined || key.revoked || key.publicKey === undefined) continue;
		const known = view.item("baseline.dkim_key", name);
		const parsed = known?.status === "ok" ? keyBaseline.safeParse(known.values) : undefined;
		const published = sha256Hex(key.publicKey);
		const same = parsed?.success === true && parsed.data.publicKeySha256 === published;
		// A key that the baseline does not know is newer than the baseline; how much newer is not told.
		const since = parsed?.success === true && same ? (parsed.data.createdOn ?? parsed.data.firstSeenOn) : undefined;
		const gaps: Record<string, Gap> = {};
		if (parsed !== undefined && !parsed.success) gaps.ageDays = { code: "malformed", detail: `baseline.dkim_key ${name}` };
		else if (since === undefined && !(parsed?.success === true && !same))
			gaps.ageDays = { code: "input_not_supplied", detail: "a key inventory or an earlier scan" };
		items.push({
			kind: "derived.dkim_key_age",
			id: name,
			values: {
				domain: view.target,
				sends: domain.sends,
				selector,
				since: since ?? null,
				ageDays: since === undefined ? null : Math.floor((Date.parse(view.today) - Date.parse(since)) / 86_400_000),
				replaced: parsed?.success === true && !same,
			},
			gaps,
			basis: [...(declaration === undefined ? [] : [declaration]), ...resolver.used, ...(known === undefined ? [] : [known])],
		});
	}
	return unseen === undefined ? items : [...items, unseen];
}

function policyChange(view: DerivationView): DerivedItem[] {
	const { values: domain, item: declaration } = domainDeclaration(view);
	const fetched = view.item("https.mta_sts_policy", view.target);
	if (fetched?.status === "absent") return [];
	const fetch = fetched?.status === "ok" ? (fetched.values as MtaStsFetch) : undefined;
	// What is wrong with an answer that holds no policy is judged by the checks on the answer.
	if (fetch !== undefined && (fetch.body === null || fetch.recordId === null || fetch.httpStatus !== 200)) return [];
	const known = view.item("baseline.mta_sts", view.target);
	const parsed = known?.status === "ok" ? policyBaseline.safeParse(known.values) : undefined;
	const gaps: Record<string, Gap> = {};
	const fault = fetch === undefined ? errorOf(fetched, "https.mta_sts_policy") : undefined;
	if (fault !== undefined) gaps.followed = { code: fault.code, detail: fault.detail };
	else if (parsed === undefined) gaps.followed = { code: "input_not_supplied", detail: "an earlier scan" };
	else if (!parsed.success) gaps.followed = { code: "malformed", detail: "baseline.mta_sts" };
	const changed = parsed?.success === true && fetch?.body != null && sha256Hex(Buffer.from(fetch.body, "latin1")) !== parsed.data.policySha256;
	const before = parsed?.success === true ? parsed.data : undefined;
	return [
		{
			kind: "derived.mta_sts_change",
			id: view.target,
			values: {
				domain: view.target,
				receives: domain.receives,
				recordId: fetch?.recordId ?? null,
				earlierId: before?.recordId ?? null,
				earlierSeenOn: before?.seenOn ?? null,
				changed,
				followed: fault === undefined && before !== undefined && (!changed || fetch?.recordId !== before.recordId),
			},
			gaps,
			basis: [...(declaration === undefined ? [] : [declaration]), ...(fetched === undefined ? [] : [fetched]), ...(known === undefined ? [] : [known])],
		},
	];
}
