export { alertName, refusalAlerts } from "./alerts.ts";
export { type CipherSuite, cipherSuites, isWeak, type KeyExchangeKind, suiteByCode, suiteByName, suiteName, type Weakness } from "./cipher-suites.ts";
export { type ClientHelloOptions, type KeyShare, writeClientHello } from "./client-hello.ts";
export { createKeyShare } from "./key-shares.ts";
export { type GroupKind, groupByCode, groupByName, groupName, type NamedGroup, namedGroups } from "./named-groups.ts";
export { type CertificateStatus, judgeOcsp, type OcspJudgement, type OcspOptions } from "./ocsp-response.ts";
export {
	answerOf,
	answerWithout,
	helloOf,
	hexCode,
	isPreferred,
	newestSuites,
	type OfferSummary,
	olderSuites,
	type ProbeQuestion,
	type Settled,
	summarizeProbes,
	type TlsAnswer,
	type TlsOffer,
	type TlsProbe,
	weakestFirst,
	wideOffer,
} from "./offers.ts";
export { type FlightEnd, readServerFlight, type ServerFlight, ServerFlightReader } from "./server-flight.ts";
export type { ServerHello, ServerKeyExchange } from "./server-messages.ts";
export { readSessionTicket, type SessionTicket } from "./session-ticket.ts";
export { type SignatureScheme, schemeByCode, schemeName, signatureSchemes } from "./signature-schemes.ts";
export { type ProtocolVersion, protocolVersions, versionCode, versionName } from "./versions.ts";
