import { refusalAlerts } from "./alerts.ts";
import { type CipherSuite, cipherSuites, isWeak, suiteByName, suiteName } from "./cipher-suites.ts";
import { type ClientHelloOptions, writeClientHello } from "./client-hello.ts";
import { groupByName, groupName, namedGroups } from "./named-groups.ts";
import type { ServerFlight } from "./server-flight.ts";
import { schemeName, signatureSchemes } from "./signature-schemes.ts";
import { type ProtocolVersion, versionName } from "./versions.ts";

/** What a ClientHello asks about: everything else in it is as wide as can be. */
export type ProbeQuestion = "order" | "suites" | "version" | "groups" | "signatures";

/** The part of an offer that the answer has to be read against. */
export interface TlsOffer {
	versions: ProtocolVersion[];
	/** Code points in four hexadecimal digits, first choice first. */
	suites: string[];
	/** Names. */
	groups: string[];
	signatures: string[];
	/** DEFLATE is offered beside none. */
	compression: boolean;
}

export interface TlsAnswer {
	/**
	 * hello: a ServerHello or HelloRetryRequest. refused: an alert that says nothing in the offer suits. Of all others nothing
	 * follows: another alert, a connection that was cut, silence, no TLS, or no handshake because the conversation before it failed.
	 */
	outcome: "hello" | "refused" | "alert" | "closed" | "timeout" | "not_tls" | "malformed" | "no_handshake";
	/** Name of the alert, or what went wrong. */
	detail: string | null;
	version: string | null;
	/** IANA name. */
	suite: string | null;
	group: string | null;
	/** Bits of a finite-field prime or of a temporary RSA key. */
	keyBits: number | null;
	/** What the key exchange is signed with; null where the answer does not show it. */
	signature: string | null;
	compression: boolean | null;
	extendedMasterSecret: boolean | null;
	secureRenegotiation: boolean | null;
}

export interface TlsProbe {
	asks: ProbeQuestion;
	offer: TlsOffer;
	answer: TlsAnswer;
}

/** accepted: settled on in some handshake. refused: part of an offer that was refused whole, and never accepted. */
export interface Settled {
	accepted: string[];
	refused: string[];
}

/** What the probes of one address prove together. null: not asked, or the answers do not tell. */
export interface OfferSummary {
	ssl3: boolean | null;
	/** IANA names. */
	suites: Settled;
	groups: Settled;
	/** Of TLS 1.2 key exchanges. */
	signatures: Settled;
	/** Choice among all suites of TLS 1.2 and older in the client's order, weakest first. */
	chosenFromWeakestFirst: string | null;
	/** Smallest finite-field prime seen. */
	dhBits: number | null;
	extendedMasterSecret: boolean | null;
	secureRenegotiation: boolean | null;
	compression: boolean | null;
}

/** Suites of TLS 1.2 and older, and of TLS 1.3. */
export const olderSuites: readonly CipherSuite[] = cipherSuites.filter((suite) => suite.keyExchange !== "tls13");
export const newestSuites: readonly CipherSuite[] = cipherSuites.filter((suite) => suite.keyExchange === "tls13");

/** Ephemeral elliptic-curve exchange with AES-GCM or ChaCha20-Poly1305: what RFC 9325 4.2 recommends for TLS 1.2. */
export function isPreferred(suite: CipherSuite): boolean {
	return suite.keyExchange === "ecdhe" && /AES_\d+_GCM|CHACHA20/.test(suite.name) && !isWeak(suite);
}

export function hexCode(code: number): string {
	return code.toString(16).padStart(4, "0");
}

export function weakestFirst(suites: readonly CipherSuite[]): CipherSuite[] {
	return [...suites].sort((a, b) => rank(a) - rank(b) || a.code - b.code);
}

function rank(suite: CipherSuite): number {
	if (isWeak(suite)) return 0;
	if (!suite.forwardSecret) return suite.aead ? 2 : 1;
	if (isPreferred(suite)) return 6;
	return suite.keyExchange === "dhe" ? (suite.aead ? 4 : 3) : 5;
}

/** The ClientHello of an offer. */
export function helloOf(offer: TlsOffer, servername: string, more: Pick<ClientHelloOptions, "keyShares"> = {}): Uint8Array {
	const schemes = new Map(signatureSchemes.map((scheme) => [scheme.name, scheme.code]));
	return writeClientHello({
		versions: offer.versions,
		suites: offer.suites.map((hex) => Number.parseInt(hex, 16)),
		servername,
		groups: offer.groups.map((name) => groupByName(name)?.code).filter((code) => code !== undefined),
		signatureSchemes: offer.versions.some((version) => version >= "TLSv1.2")
			? offer.signatures.map((name) => schemes.get(name)).filter((code) => code !== undefined)
			: [],
		compression: offer.compression ? [1, 0] : [0],
		...more,
	});
}

/** Everything in the tables, strong schemes first; groups for older versions leave the hybrids out. */
export function wideOffer(versions: ProtocolVersion[], suites: readonly CipherSuite[], more: Partial<TlsOffer> = {}): TlsOffer {
	const tls13 = versions.includes("TLSv1.3");
	return {
		versions,
		suites: suites.map((suite) => hexCode(suite.code)),
		groups: namedGroups.filter((group) => tls13 || group.kind === "ec").map((group) => group.name),
		signatures: signatureSchemes.toSorted((a, b) => b.code - a.code).map((scheme) => scheme.name),
		compression: false,
		...more,
	};
}

const nothing: Omit<TlsAnswer, "outcome" | "detail"> = {
	version: null,
	suite: null,
	group: null,
	keyBits: null,
	signature: null,
	compression: null,
	extendedMasterSecret: null,
	secureRenegotiation: null,
};

export function answerWithout(outcome: TlsAnswer["outcome"], detail: string | null): TlsAnswer {
	return { outcome, detail, ...nothing };
}

/** The answer as far as the flight goes; `closed` for one that was cut. A hello counts even if what follows it is broken. */
export function answerOf(flight: ServerFlight): TlsAnswer {
	const { hello, keyExchange, alert, end, fault } = flight;
	if (hello === null) {
		if (end === "alert" && alert !== null) return answerWithout(refusalAlerts.has(alert.name) ? "refused" : "alert", alert.name);
		if (end === "not_tls") return answerWithout("not_tls", fault);
		return end === null ? answerWithout("closed", null) : answerWithout("malformed", fault);
	}
	// An alert in the place of the messages after a ServerHello: no handshake came about.
	if (end === "alert") return answerWithout("alert", alert?.name ?? null);
	const older = hello.version < 0x0304;
	const group = older ? (keyExchange?.group ?? null) : hello.group;
	return {
		outcome: "hello",
		detail: hello.retry ? "hello_retry_request" : null,
		version: versionName(hello.version),
		suite: suiteName(hello.suite),
		group: group === null ? null : groupName(group),
		keyBits: keyExchange?.bits ?? null,
		signature: keyExchange === null || keyExchange.scheme === null ? null : schemeName(keyExchange.scheme),
		compression: older ? hello.compression !== 0 : false,
		// TLS 1.3 has both built in.
		extendedMasterSecret: older ? hello.extensions.includes(23) : null,
		secureRenegotiation: older ? hello.extensions.includes(0xff01) : null,
	};
}

/** Reads all probes of an address together. Only a positive choice makes "accepted", only a refusal of the whole offer "refused". */
export function summarizeProbes(probes: readonly TlsProbe[]): OfferSummary {
	const suites = new Tally();
	const groups = new Tally();
	const signatures = new Tally();
	const summary: OfferSummary = {
		ssl3: null,
		suites: { accepted: [], refused: [] },
		groups: { accepted: [], refused: [] },
		signatures: { accepted: [], refused: [] },
		chosenFromWeakestFirst: null,
		dhBits: null,
		extendedMasterSecret: null,
		secureRenegotiation: null,
		compression: null,
	};
	for (const { asks, offer, answer } of probes) {
		if (asks === "version" && offer.versions.length === 1 && offer.versions[0] === "SSLv3") {
			if (answer.outcome === "hello") summary.ssl3 = answer.version === "SSLv3";
			else if (answer.outcome === "refused") summary.ssl3 = false;
		}
		if (answer.outcome === "refused") {
			if (asks === "suites" || asks === "order") for (const hex of offer.suites) suites.refuse(suiteName(Number.parseInt(hex, 16)));
			if (asks === "groups") for (const name of offer.groups) groups.refuse(name);
			if (asks === "signatures") for (const name of offer.signatures) signatures.refuse(name);
			continue;
		}
		if (answer.outcome !== "hello") continue;
		if (answer.suite !== null) suites.accept(answer.suite);
		if (answer.group !== null) groups.accept(answer.group);
		if (answer.signature !== null) signatures.accept(answer.signature);
		if (asks === "order") summary.chosenFromWeakestFirst = answer.suite;
		if (answer.keyBits !== null && (suiteByName(answer.suite ?? "")?.keyExchange ?? "rsa") !== "rsa")
			summary.dhBits = Math.min(summary.dhBits ?? Number.POSITIVE_INFINITY, answer.keyBits);
		// Of several answers the worst counts; SSLv3 knows no extensions.
		if (answer.version === "SSLv3") continue;
		if (answer.extendedMasterSecret !== null) summary.extendedMasterSecret = (summary.extendedMasterSecret ?? true) && answer.extendedMasterSecret;
		if (answer.secureRenegotiation !== null) summary.secureRenegotiation = (summary.secureRenegotiation ?? true) && answer.secureRenegotiation;
		if (answer.compression !== null && offer.compression) summary.compression = (summary.compression ?? false) || answer.compression;
	}
	return { ...summary, suites: suites.settled(), groups: groups.settled(), signatures: signatures.settled() };
}

class Tally {
	private readonly accepted = new Set<string>();
	private readonly refused = new Set<string>();

	accept(name: string): void {
		this.accepted.add(name);
	}

	refuse(name: string): void {
		this.refused.add(name);
	}

	settled(): Settled {
		return { accepted: [...this.accepted].sort(), refused: [...this.refused].filter((name) => !this.accepted.has(name)).sort() };
	}
}
