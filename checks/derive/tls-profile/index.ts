import type { NetworkConfig } from "../../../model/config.ts";
import type { Evidence, Gap } from "../../../model/evidence.ts";
import { currentTlsProfile } from "../../data/tls-profiles/load-tls-profiles.ts";
import { judgeChain } from "../../protocols/certificate/index.ts";
import { isPreferred, isWeak, namedGroups, signatureSchemes, suiteByName } from "../../protocols/tls/index.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";
import { profileMisses } from "./profile-misses.ts";
import { findingOf, readSeen, type Seen, suitesWhere } from "./seen.ts";

const weakSuites = suitesWhere(isWeak);
const staticRsaSuites = suitesWhere((suite) => suite.keyExchange === "rsa" && !isWeak(suite));
const ephemeralDh = suitesWhere((suite) => suite.keyExchange === "dhe");
const preferredSuites = suitesWhere(isPreferred);
const smallGroups = namedGroups.filter((group) => group.kind === "ec" && group.bits < 224).map((group) => group.name);
const hybridGroups = namedGroups.filter((group) => group.kind === "hybrid").map((group) => group.name);
const hashes = (...names: string[]): string[] => signatureSchemes.filter((scheme) => names.includes(scheme.hash)).map((scheme) => scheme.name);

/**
 * What each MX address accepts beyond one session, as far as it was asked: suites, key exchange, hybrid groups, extensions, and
 * the misses of the chosen profile. "settled" says that every member of a kind was accepted or refused; where it is not, a gap says why.
 */
const derivation: Derivation = {
	id: "tls-profile",
	target: "mx",
	needs: ["tls.session", "tls.offers", "config.network"],
	produces: ["derived.tls_suites", "derived.tls_exchange", "derived.tls_hybrid", "derived.tls_extensions", "derived.tls_profile"],
	derive(view): DerivedItem[] {
		return view.items("tls.session").flatMap((session): DerivedItem[] => {
			const offers = view.item("tls.offers", session.id);
			const network = view.item("config.network", session.id);
			const error = errorOf(session, "tls.session");
			if (error !== undefined) return derivation.produces.map((kind) => ({ kind, id: session.id, error, basis: [session] }));
			const seen = readSeen(session, offers);
			return [suites(seen), exchange(seen), hybrid(seen), extensions(seen), profile(seen, network, view.asOf)].map(
				({ needsOffers, needsNetwork, ...facts }, index) => ({
					kind: derivation.produces[index] as string,
					id: session.id,
					...facts,
					values: { host: seen.session.host, address: seen.session.address, ...facts.values },
					basis: [session, ...(needsOffers && offers !== undefined ? [offers] : []), ...(needsNetwork && network !== undefined ? [network] : [])],
				}),
			);
		});
	},
};

export default derivation;

interface Facts {
	values: Record<string, unknown>;
	gaps: Record<string, Gap>;
	/** Whether tls.offers could change anything. */
	needsOffers: boolean;
	needsNetwork: boolean;
}

/** Facts under construction: what is not settled leaves a gap behind. */
class Builder {
	readonly gaps: Record<string, Gap> = {};
	private readonly seen: Seen;

	constructor(seen: Seen) {
		this.seen = seen;
	}

	/** Of TLS 1.2 and older: where nothing older than 1.3 is spoken, everything is settled. */
	settle<T extends { settled: boolean }>(path: string, finding: T): T {
		const settled = finding.settled || this.seen.newestOnly;
		if (!settled) this.gaps[`${path}.settled`] = this.seen.gap;
		return { ...finding, settled };
	}

	known<T>(path: string, value: T | null, moot: T): T | null {
		if (this.seen.newestOnly) return moot;
		if (value === null) this.gaps[path] = this.seen.gap;
		return value;
	}

	done(values: Record<string, unknown>): Facts {
		return { values, gaps: this.gaps, needsOffers: !this.seen.newestOnly, needsNetwork: false };
	}
}

function suites(seen: Seen): Facts {
	const { session, offers, newestOnly } = seen;
	const build = new Builder(seen);
	const chosen = chosenSuite(session.protocol, session.cipher, offers.chosenFromWeakestFirst);
	return build.done({
		newestOnly,
		ssl3: build.known("ssl3", offers.ssl3, false),
		weak: build.settle("weak", findingOf(offers.suites, weakSuites)),
		staticRsa: build.settle("staticRsa", findingOf(offers.suites, staticRsaSuites)),
		preferred: findingOf(offers.suites, preferredSuites).found,
		chosen: build.known("chosen", chosen, null),
		chosenPreferred: isPreferredName(chosen),
	});
}

function exchange(seen: Seen): Facts {
	const { offers } = seen;
	const build = new Builder(seen);
	return build.done({
		dhBits: offers.dhBits,
		dh: build.settle("dh", { settled: offers.dhBits !== null || findingOf(offers.suites, ephemeralDh).settled }),
		smallGroups: build.settle("smallGroups", findingOf(offers.groups, smallGroups)),
		weakHashes: build.settle("weakHashes", findingOf(offers.signatures, hashes("md5", "sha1"))),
		phaseOutHashes: findingOf(offers.signatures, hashes("sha224")).found,
	});
}

function hybrid({ session, offers, gap }: Seen): Facts {
	const bySession = session.group !== null && hybridGroups.includes(session.group.name);
	const gaps: Record<string, Gap> = {};
	let accepted: boolean | null = null;
	if (bySession || offers.groups.accepted.some((name) => hybridGroups.includes(name))) accepted = true;
	else if (session.accepted["TLSv1.3"] === false || offers.groups.refused.includes("X25519MLKEM768")) accepted = false;
	else gaps.accepted = gap;
	return { values: { accepted, group: session.group?.name ?? null }, gaps, needsOffers: !bySession, needsNetwork: false };
}

function extensions(seen: Seen): Facts {
	const { session, offers } = seen;
	const build = new Builder(seen);
	// Early data is of TLS 1.3 alone.
	const earlyDataBytes = session.accepted["TLSv1.3"] === false ? 0 : (session.earlyDataBytes ?? null);
	if (earlyDataBytes === null) build.gaps.earlyDataBytes = { code: "reset", detail: "the session ended before its tickets" };
	return build.done({
		secureRenegotiation: build.known("secureRenegotiation", offers.secureRenegotiation, true),
		clientRenegotiations: build.known("clientRenegotiations", seen.clientRenegotiations, 0),
		extendedMasterSecret: build.known("extendedMasterSecret", offers.extendedMasterSecret, true),
		compression: build.known("compression", offers.compression, false),
		earlyDataBytes,
	});
}

function profile(seen: Seen, network: Evidence | undefined, now: Date): Facts {
	const fault = errorOf(network, "config.network");
	const settings = network?.values as { tlsProfile: NetworkConfig["tlsProfile"] } | undefined;
	const chosen = fault === undefined && settings !== undefined ? currentTlsProfile(settings.tlsProfile) : undefined;
	const needs = { needsOffers: true, needsNetwork: true };
	if (chosen === undefined) {
		const why: Gap = { code: fault?.code ?? "not_collected", detail: "network.tlsProfile" };
		return { values: { profile: null, misses: [], open: [], settled: false }, gaps: { settled: why }, ...needs };
	}
	const { session, gap } = seen;
	const chain = session.chain.map((der) => Buffer.from(der, "base64"));
	const { certificates } = judgeChain({ chain, hostname: session.host, roots: [], now });
	const { misses, open } = profileMisses(chosen, seen, certificates);
	const gaps: Record<string, Gap> =
		open.length === 0 ? {} : { settled: { ...gap, detail: [open.join(", "), gap.detail].filter((part) => part !== undefined).join(": ") } };
	const { id, version, title, source, asOf, confidence } = chosen;
	return { values: { profile: { id, version, title, source, asOf, confidence }, misses, open, settled: open.length === 0 }, gaps, ...needs };
}

/** Among all suites, weakest first; without that question a session of TLS 1.2 or older that was offered the strong ones first. */
function chosenSuite(protocol: string, cipher: string, fromWeakestFirst: string | null): string | null {
	if (fromWeakestFirst !== null) return fromWeakestFirst;
	// A strong choice from an offer with the strong ones first tells nothing of the server's preference; a poor one does.
	return protocol === "TLSv1.3" || isPreferredName(cipher) === true ? null : cipher;
}

function isPreferredName(name: string | null): boolean | null {
	if (name === null) return null;
	const suite = suiteByName(name);
	return suite !== undefined && isPreferred(suite);
}
