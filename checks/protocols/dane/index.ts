export { type MatchTlsaOptions, matchTlsa, type TlsaMatch, type TlsaReason, type TlsaRecord, type TlsaUnusable, tlsaFault } from "./match-tlsa.ts";
