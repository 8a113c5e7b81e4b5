import { type Evidence, type EvidenceError, type ListingValues, listingId, type Target } from "../../../model/evidence.ts";
import { loadRootAnchors } from "../../data/root-anchors/load-root-anchors.ts";
import { formatEndpoint } from "../../network/address.ts";
import { signatureResolver } from "../../network/create-resolver.ts";
import { nameServers } from "../../network/name-servers.ts";
import { DnssecValidator, type DsRecord, type MailSecurity, mailSecurity } from "../../protocols/dnssec/index.ts";
import { normalizeName } from "../../protocols/resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { DnssecRecorder } from "./recorder.ts";
import { dnssecKind, dnssecTypes, storeAnchor } from "./schema.ts";

const kinds = ["config.dnssec_anchor", ...dnssecTypes.map(dnssecKind)];
const source = { collector: "dnssec", version: "1" };

/** What validation of a domain's mail names and MX hosts needs, from the root down, one item per question. */
const dnssec: Collector = {
	id: "dnssec",
	target: "domain",
	produces: kinds,
	iamActions: [],
	touches(target, { config }) {
		return nameServers(config.network).map((server) => `udp and tcp ${formatEndpoint(server)} (DNSSEC for ${target.id})`);
	},
	async *collect(target, context: CollectContext) {
		const anchors = anchorItems(target, context);
		yield* anchors;
		const recorder = new DnssecRecorder(signatureResolver(context.resolver), context, target.id);
		const validator = new DnssecValidator({
			resolver: recorder,
			anchors: anchorsOf(context),
			now: new Date(context.now()),
			// As many as the recorder admits: they bound one domain with all its hosts.
			limits: { questions: 4000, verifications: 4000, hashRounds: 400_000 },
		});
		const seen = await mailSecurity({
			domain: target.id,
			validator,
			mx: await context.resolver.resolve(normalizeName(target.id), "MX", context.signal),
			selectors: context.domain(target.id)?.dkimSelectors ?? [],
			smtpPort: context.config.network.ports.smtp,
		});
		const items = recorder.items();
		yield* items;
		const error = listingError(seen, recorder, context);
		for (const kind of kinds) {
			const count = kind === "config.dnssec_anchor" ? anchors.length : items.filter((item) => item.kind === kind).length;
			yield listing(target, context, { kind, target: target.id, count, complete: error === undefined }, kind === "config.dnssec_anchor" ? undefined : error);
		}
	},
};

export default dnssec;

/** Anchors that are used: those of the user, else IANA's. */
export function anchorsOf(context: CollectContext): readonly DsRecord[] {
	return (
		context.dnssecAnchors ??
		loadRootAnchors().anchors.map(({ keyTag, algorithm, digestType, digest }) => ({ name: ".", keyTag, algorithm, digestType, digest }))
	);
}

function anchorItems(target: Target, context: CollectContext): Evidence[] {
	const { source: published, asOf } = loadRootAnchors();
	const call = context.dnssecAnchors === undefined ? `built in, ${published} of ${asOf}` : "network.rootAnchors of the configuration";
	return anchorsOf(context).map((anchor) => {
		const values = storeAnchor(anchor);
		const id = `${values.name} ${values.keyTag} ${values.algorithm} ${values.digestType} ${values.digest.slice(0, 16)}`;
		return { kind: "config.dnssec_anchor", id, status: "ok", values, source: { ...source, call, target: target.id }, collectedAt: context.now() };
	});
}

function listingError(seen: MailSecurity, recorder: DnssecRecorder, context: CollectContext): EvidenceError | undefined {
	if (context.signal.aborted) return { code: "interrupted", message: "the run was stopped before every question was asked" };
	if (recorder.overflowed || !seen.whole) return { code: "too_large", message: "the domain has more hosts or names than are looked at" };
	// Signatures of a zone that is signed for certain did not come through: nothing can be said of any zone from this network.
	const zones = [seen, ...seen.hosts];
	if (zones.some((zone) => zone.reason === "stripped")) {
		return {
			code: "tampered",
			detail: "dnssec_stripped",
			message: "this network or its resolver does not pass on DNSSEC records: those of the root zone are missing",
		};
	}
	return undefined;
}

function listing(target: Target, context: CollectContext, values: ListingValues, error: EvidenceError | undefined): Evidence {
	const { kind } = values;
	const base = {
		kind: "listing",
		id: listingId(kind, target.id),
		source: { ...source, call: `every ${kind} question for ${target.id}`, target: target.id },
		collectedAt: context.now(),
	};
	if (error === undefined) return { ...base, status: "ok", values: { ...values, complete: true } };
	return { ...base, status: "error", values, error };
}
