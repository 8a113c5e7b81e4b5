import { setTimeout as sleep } from "node:timers/promises";
import {
	answerWithout,
	type CipherSuite,
	helloOf,
	isPreferred,
	isWeak,
	namedGroups,
	newestSuites,
	type OfferSummary,
	olderSuites,
	type ProbeQuestion,
	signatureSchemes,
	summarizeProbes,
	type TlsAnswer,
	type TlsOffer,
	type TlsProbe,
	weakestFirst,
	wideOffer,
} from "../../protocols/tls/index.ts";

/** One ClientHello to the server; undefined when it was not to be had for one. */
export type Ask = (hello: Uint8Array) => Promise<TlsAnswer>;

export interface FullDepthOptions {
	servername: string;
	/** TLS 1.3 is accepted, or it is not known. */
	tls13: boolean;
	/** TLS 1.2 or older is accepted, or it is not known. */
	older: boolean;
	/** Connections that may still be made. */
	budget: number;
	/** Pause before each. */
	spacingMs: number;
	signal: AbortSignal;
	ask: Ask;
}

interface Question {
	asks: ProbeQuestion;
	offer: TlsOffer;
}

const poorSuites = olderSuites.filter((suite) => !isPreferred(suite));
const ecdheSuites = olderSuites.filter((suite) => suite.keyExchange === "ecdhe" && suite.authentication !== null && !isWeak(suite));
const badSchemes = signatureSchemes.filter((scheme) => ["md5", "sha1", "sha224"].includes(scheme.hash)).map((scheme) => scheme.name);
const groupNames = (keep: (group: (typeof namedGroups)[number]) => boolean): string[] => namedGroups.filter(keep).map((group) => group.name);
const hybridGroups = groupNames((group) => group.kind === "hybrid");
const smallGroups = groupNames((group) => group.kind === "ec" && group.bits < 224);
const commonGroups = ["x25519", "secp256r1", "secp384r1"];
/** Groups that TLS 1.3 knows and few clients need. */
const rareGroups = groupNames((group) => group.kind === "ff" || ["secp521r1", "x448"].includes(group.name) || group.name.endsWith("tls13"));
/** Groups of TLS 1.2 alone, large enough. */
const olderGroups = groupNames((group) => group.kind === "ec" && group.bits >= 224 && !commonGroups.includes(group.name) && !group.name.endsWith("tls13"));

/**
 * Finds out by elimination what a server settles on, one ClientHello a connection: first the questions that decide, then
 * more names as long as connections are left. Ends early when the server stops talking to us.
 */
export async function probeFullDepth(o: FullDepthOptions): Promise<TlsProbe[]> {
	const probes: TlsProbe[] = [];
	let silent = 0;
	while (probes.length < o.budget && silent < 2) {
		const question = nextQuestion(probes, o);
		if (question === undefined) break;
		if (!(await paused(o.spacingMs, o.signal))) break;
		const answer = await o.ask(helloOf(question.offer, o.servername));
		silent = answer.outcome === "no_handshake" || answer.outcome === "timeout" ? silent + 1 : 0;
		probes.push({ ...question, answer });
		if (o.signal.aborted) break;
	}
	return probes;
}

/** Every question is asked once; its offer is what the answers so far leave open. */
function nextQuestion(probes: readonly TlsProbe[], o: Pick<FullDepthOptions, "tls13" | "older">): Question | undefined {
	const summary = summarizeProbes(probes);
	for (const question of questions(summary, o)) {
		if (!probes.some((probe) => sameOffer(probe, question))) return question;
	}
	return undefined;
}

function sameOffer(probe: TlsProbe, question: Question): boolean {
	return probe.asks === question.asks && JSON.stringify(probe.offer) === JSON.stringify(question.offer);
}

function* questions(summary: OfferSummary, { tls13, older }: Pick<FullDepthOptions, "tls13" | "older">): Generator<Question> {
	const openSuites = (suites: readonly CipherSuite[]): CipherSuite[] => weakestFirst(suites.filter((suite) => !settled(summary.suites, suite.name)));
	const suites = (list: readonly CipherSuite[], more: Partial<TlsOffer> = {}): Question[] => {
		const open = openSuites(list);
		return open.length === 0 ? [] : [{ asks: "suites", offer: wideOffer(["TLSv1.2"], open, more) }];
	};
	const groups = (names: readonly string[], version: "TLSv1.2" | "TLSv1.3"): Question[] => {
		const open = names.filter((name) => !settled(summary.groups, name));
		return open.length === 0 ? [] : [{ asks: "groups", offer: wideOffer([version], version === "TLSv1.3" ? newestSuites : ecdheSuites, { groups: open }) }];
	};
	const signatures = (names: readonly string[]): Question[] => {
		const open = names.filter((name) => !settled(summary.signatures, name));
		return open.length === 0 ? [] : [{ asks: "signatures", offer: wideOffer(["TLSv1.2"], ecdheSuites, { signatures: open }) }];
	};
	const weak = olderSuites.filter(isWeak);
	const staticRsa = olderSuites.filter((suite) => suite.keyExchange === "rsa" && !isWeak(suite));
	// Asked without the named groups of RFC 7919, so that the server shows the prime of its own choice.
	const ephemeral = olderSuites.filter((suite) => suite.keyExchange === "dhe" && !isWeak(suite));
	if (older) {
		// Compression is offered here, and nowhere else.
		yield { asks: "order", offer: wideOffer(["TLSv1.2"], weakestFirst(olderSuites), { compression: true }) };
		// Refused whole, these settle almost everything at once; else their kinds are asked for one by one.
		for (const kind of [poorSuites, weak, staticRsa, ephemeral, olderSuites.filter(isPreferred)]) {
			if (!kind.some((suite) => settled(summary.suites, suite.name))) yield* suites(kind);
		}
	}
	yield { asks: "version", offer: wideOffer(["SSLv3"], weakestFirst(olderSuites), { groups: [], signatures: [] }) };
	if (tls13 && !anySettled(summary.groups, hybridGroups)) yield* groups(hybridGroups, "TLSv1.3");
	if (older) {
		if (!anySettled(summary.groups, smallGroups)) yield* groups(smallGroups, "TLSv1.2");
		yield* signatures(badSchemes);
	}
	if (tls13) {
		if (!anySettled(summary.groups, rareGroups)) yield* groups(rareGroups, "TLSv1.3");
		const rare = newestSuites.filter((suite) => suite.name.includes("CCM") && !settled(summary.suites, suite.name));
		if (rare.length > 0) yield { asks: "suites", offer: wideOffer(["TLSv1.3"], rare) };
	}
	// What is left of the connections goes to more names.
	if (older) {
		yield* suites(weak);
		yield* groups(olderGroups, "TLSv1.2");
	}
	if (tls13) {
		yield* groups(commonGroups, "TLSv1.3");
		yield* groups(rareGroups, "TLSv1.3");
		const newest = newestSuites.filter((suite) => !settled(summary.suites, suite.name));
		if (newest.length > 0) yield { asks: "suites", offer: wideOffer(["TLSv1.3"], newest) };
	}
	if (older) yield* suites(poorSuites);
}

function settled(list: OfferSummary["suites"], name: string): boolean {
	return list.accepted.includes(name) || list.refused.includes(name);
}

function anySettled(list: OfferSummary["groups"], names: readonly string[]): boolean {
	return names.some((name) => settled(list, name));
}

async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
	try {
		await sleep(ms, undefined, { signal });
		return true;
	} catch (error) {
		if (signal.aborted) return false;
		throw error;
	}
}

/** For conversations that ended before a handshake could be tried. */
export function noHandshake(detail: string): TlsAnswer {
	return answerWithout("no_handshake", detail);
}
