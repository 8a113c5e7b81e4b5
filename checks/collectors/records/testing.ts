import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A records folder of its own for one test. */
export async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
	const folder = join(await mkdtemp(join(tmpdir(), "records-")), "records");
	await mkdir(folder);
	for (const [path, content] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), content);
	}
	return folder;
}

export const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export const baaYaml = `schema: mailward/baa/v1
records:
  - id: vendor-1
    createdOn: 2025-01-02
    lastInEffectOn: null
    owner: {name: Security Official, role: Security Official, email: security@clinic.example}
    party: {legalName: Example Vendor Inc., kind: business_associate}
    status: executed
    source: signed_document
    signedBy: [{name: Contracts Department, signedOn: 2024-12-20}]
    effectiveOn: 2025-01-01
    endsOn: 2027-12-31
    document: {path: documents/baa.pdf, sha256: ${emptyHash}}
    hosts: [vendor.example]
    breachNoticeDays: 30
    knownIssues: [{foundOn: 2025-05-01, pattern: late notice, action: cured, closedOn: 2025-06-01}]
    clauses:
      permittedUses: {present: yes, pageRef: 2}
      delegatedObligations: {present: not_applicable}
    disposeNotBefore: 2033-12-31
    notes: plain
`;

export const waiverYaml = `schema: mailward/waiver/v1
records:
  - id: waiver-1
    createdOn: 2026-01-02
    owner: {name: Security Official}
    kind: addressable_alternative
    scope:
      controls: [TEC-10]
      checks: [smtp.starttls_offered]
      resources: ["mx1.clinic.example|192.0.2.1|*"]
    notReasonableBecause: no
    alternativeMeasure: {text: a relay, checkIds: [smtp.relay]}
    equivalenceStatement: same
    riskRef: R-1
    requestedBy: {name: Office Manager}
    approvedBy: {name: Security Official, role: Security Official}
    approvedOn: 2026-01-02
    reviewOn: 2026-06-01
    expiresOn: 2026-12-31
`;

export const attestationYaml = `schema: mailward/attestation/v1
records:
  - id: attestation-1
    createdOn: 2026-01-02
    owner: {name: Privacy Official}
    controls: [CSP-02]
    statement: I looked.
    outcome: met
    method: examine
    performedBy: {name: Privacy Official, role: Privacy Official, relationship: internal}
    performedOn: 2026-01-02
    validUntil: 2026-12-31
    evidence: [{uri: "https://clinic.example/review.pdf", sha256: ${emptyHash}}]
`;
