export { type Certificate, isPublicKeyInfo, type ParsedCertificate, type PublicKeyFacts, parseCertificate, publicKeyInfo } from "./certificate.ts";
export { type ChainFault, type ChainReason, chainReasons } from "./chain-faults.ts";
export { matchDnsId, referenceName } from "./dns-id.ts";
export { type CertificateFacts, type ChainJudgement, type ChainOptions, judgeChain } from "./judge-chain.ts";
export { servedChain } from "./served-chain.ts";
export { createTrustRoots, pemCertificates, publicRoots, publicRootsAnd, type RootSource, type TrustRoots } from "./trust-roots.ts";
