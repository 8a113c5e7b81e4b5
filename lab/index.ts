/** A mail world on one machine: DNS, SMTP with STARTTLS, HTTPS policy hosts and their CA. See README.md. */
export {
	type Authority,
	type AuthorityOptions,
	type CertificateSpec,
	type CertificateVariant,
	certificateVariants,
	createAuthority,
	type ServedCertificate,
} from "./certificates/authority.ts";
export { type DnsFault, type DnsFaultKind, dnsFaultKinds } from "./dns/faults.ts";
export { type SignedZones, type SigningFault, signingFaults, type ZoneSigning } from "./dnssec/signer.ts";
export type { HttpResponse } from "./https/server.ts";
export { type SmtpGreeting, type SmtpPersonality, type StarttlsMode, starttlsModes } from "./smtp/personality.ts";
export type { SmtpStats } from "./smtp/server.ts";
export { type Lab, type LabNetwork, type LabOptions, type LabStats, startLab } from "./start.ts";
export { loadClinics } from "./world/clinics.ts";
export { checkWorld, loadWorld, WorldError } from "./world/load.ts";
export { patchWorld, type WorldPatch } from "./world/patch.ts";
export { type LabWorld, worldSchema } from "./world/schema.ts";
