import { z } from "zod";
import { canonicalJson } from "../../../model/canonical.ts";
import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";

/**
 * values of a vantage.observation item, one per item that a second network saw; id = <vantage>/<kind>/<id of that item>.
 * `signature`: whether the bundle's signature was checked and held when it was imported.
 */
const observationSchema = z.object({
	vantage: z.string(),
	/** Network it was seen from, such as an AS number with its name. */
	network: z.string(),
	seenAt: z.iso.datetime({ offset: true }),
	signature: z.enum(["valid", "invalid", "unchecked"]),
	kind: z.string(),
	id: z.string(),
	/** The values that the item has there. */
	values: z.unknown(),
});
type Observation = z.infer<typeof observationSchema>;

const maxAgeMs = 30 * 86_400_000;

/** What is held against the view of another network. */
const compared = ["dns.a", "dns.aaaa", "dns.mx", "smtp.starttls", "tls.session"] as const;

/** derived.vantages, one per domain: DNS answers, EHLO keywords and certificates as seen here and from a second network. */
const derivation: Derivation = {
	id: "vantages",
	target: "domain",
	needs: ["config.domain"],
	uses: ["vantage.observation", ...compared],
	produces: ["derived.vantages"],
	derive(view): DerivedItem[] {
		const { item: declaration } = domainDeclaration(view);
		const items = view.items("vantage.observation");
		const differences: { kind: string; id: string; network: string; seenAt: string }[] = [];
		const used: Evidence[] = [];
		let count = 0;
		// One thing that only one network saw leaves open whether they agree, however much else they have in common.
		let gap: Gap | undefined = items.length === 0 ? { code: "single_vantage", detail: view.target } : undefined;
		// A view that was lost may have been the one that differs.
		if (items.length > 0) gap = lostGap(view);
		for (const item of items) {
			const parsed = item.status === "ok" ? observationSchema.safeParse(item.values) : undefined;
			const fault = faultOf(parsed?.success === true ? parsed.data : undefined, item, view.asOf);
			if (fault !== undefined || parsed?.success !== true) {
				gap ??= fault ?? { code: "malformed", detail: item.id };
				continue;
			}
			const here = view.item(parsed.data.kind, parsed.data.id);
			if (here === undefined || here.status === "error") {
				gap ??= { code: here?.error?.code ?? "not_collected", detail: `${parsed.data.kind} ${parsed.data.id}` };
				continue;
			}
			count += 1;
			used.push(item, here);
			if (facet(parsed.data.kind, here.values) !== facet(parsed.data.kind, parsed.data.values)) differences.push(shown(parsed.data));
		}
		return [
			{
				kind: "derived.vantages",
				id: view.target,
				values: { domain: view.target, compared: count, differences, agree: differences.length === 0 && count > 0 && gap === undefined },
				gaps: differences.length > 0 || gap === undefined ? {} : { agree: gap },
				basis: [...(declaration === undefined ? [] : [declaration]), ...items, ...used],
			},
		];
	},
};

export default derivation;

function lostGap(view: DerivationView): Gap | undefined {
	for (const kind of ["vantage.observation", ...compared]) {
		const error = view.listingError(kind);
		if (error !== undefined) return { code: error.code, detail: error.detail };
	}
	return undefined;
}

function faultOf(observation: Observation | undefined, item: Evidence, asOf: Date): Gap | undefined {
	if (observation === undefined) return { code: item.error?.code ?? "malformed", detail: item.id };
	if (observation.signature !== "valid") return { code: "tampered", detail: `signature of ${observation.vantage}` };
	return asOf.getTime() - Date.parse(observation.seenAt) > maxAgeMs ? { code: "evidence_stale", detail: observation.vantage } : undefined;
}

function shown({ kind, id, network, seenAt }: Observation): { kind: string; id: string; network: string; seenAt: string } {
	return { kind, id, network, seenAt };
}

/** What must be the same from everywhere: answers without TTL and order, EHLO keywords, the leaf certificate. */
function facet(kind: string, values: unknown): string {
	const value = (values ?? {}) as {
		records?: { name: string; type: string; data: unknown }[];
		rcode?: string;
		ehlo?: { keywords?: string[] };
		chain?: string[];
	};
	if (kind === "smtp.starttls") return canonicalJson([...(value.ehlo?.keywords ?? [])].sort());
	if (kind === "tls.session") return canonicalJson(value.chain?.[0] ?? null);
	const records = (value.records ?? []).map(({ name, type, data }) => canonicalJson([name, type, data])).sort();
	return canonicalJson([value.rcode ?? null, records]);
}
