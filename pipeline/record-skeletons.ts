/** What `mailward init` writes for each kind of record beside agreements, waivers and attestations: an empty register and, in comments, one record. */
export const recordSkeletons: Readonly<Record<string, string>> = Object.fromEntries(
	[
		{
			kind: "authorization",
			path: "authorizations/authorizations.yaml",
			log: false,
			about: "One record per signed authorization (45 CFR 164.508). People are named by subjectRef alone; large logs go into JSON Lines.",
			example: `- id: auth-1
  createdOn: '2026-02-01'
  owner: {name: Security Official, role: Security Official}
  subjectRef: sub_a2b3c4d5e6f7a2b3c4d5e6f7a2
  informationDescription: Name and mail address
  disclosers:
  - {name: Your Clinic}
  recipients:
  - {class: Mail service providers of the clinic}
  purposes: [Newsletter on the services of the clinic]
  expiration:
    date: '2028-02-01'
  signature:
    kind: electronic
    at: '2026-02-01T10:00:00-06:00'
    evidenceRef: forms/1
    evidenceSha256: '0000000000000000000000000000000000000000000000000000000000000000'
  revocation: {text: You may revoke in writing, how: By letter or mail, exceptions: Action taken in reliance}
  conditioning: {mayNotCondition: true}
  redisclosure: May be disclosed again by the recipient
  plainLanguage: {grade: 7, method: Flesch-Kincaid}
  soughtByEntity: true
  copyProvidedAt: '2026-02-01T10:05:00-06:00'
  copyEvidenceRef: copies/1
  remuneration: {involved: false}
  saleOfPhi: {involved: false}
  compoundWith: []
  conditioned: false
  formVersion: '3'
  formSha256: '0000000000000000000000000000000000000000000000000000000000000000'
  scope:
    channels: [email]
`,
		},
		{
			kind: "authorization-form",
			path: "authorizations/forms.yaml",
			log: false,
			about: "The texts that people sign, by version (45 CFR 164.508(c)).",
			example: `- id: form-3
  createdOn: '2025-12-01'
  owner: {name: Security Official, role: Security Official}
  version: '3'
  textPath: forms/authorization-3.txt
  sha256: '0000000000000000000000000000000000000000000000000000000000000000'
  inUseFrom: '2026-01-01'
  inUseTo: null
  readingGrade: 7
  readingMethod: Flesch-Kincaid
  statements: {revocation: true, conditioning: true, redisclosure: true, remuneration: true}
  standsAlone: true
`,
		},
		{
			kind: "campaign",
			path: "campaigns/campaigns.yaml",
			log: false,
			about: "What each campaign is, who pays and on which basis it goes out (45 CFR 164.501; 16 CFR 316.3).",
			example: `- id: camp-1
  createdOn: '2026-09-01'
  owner: {name: Security Official, role: Security Official}
  title: Autumn newsletter
  class: marketing
  primaryPurpose: commercial
  remuneration: {fromThirdParty: false}
  exceptionRelied: none
  phiUsed: []
  audience: {source: patients, basis: authorization scope newsletter}
  affirmativeConsent: {held: true, recordRef: auth}
  specialCategories: {part2: false, psychotherapyNotes: false}
  sender: {party: Your Clinic, role: covered_entity}
  listProvenance:
    source: signed forms
    collectedBy: front desk
    harvested: false
    checkedOn: '2026-09-01'
  templateHash: '0000000000000000000000000000000000000000000000000000000000000000'
  author: {name: Security Official, role: Security Official}
  reviewer: {name: Privacy Official, role: Privacy Official}
  signedOn: '2026-09-02'
  lastSentOn: null
`,
		},
		{
			kind: "de-identification",
			path: "de-identification/exports.yaml",
			log: false,
			about: "How exports were de-identified (45 CFR 164.514(a) to (c)).",
			example: `- id: deid-1
  createdOn: '2026-03-01'
  owner: {name: Security Official, role: Security Official}
  method: safe_harbor
  export: campaign metrics
  performedOn: '2026-03-01'
  performedBy: {name: Security Official, role: Security Official}
  exportSchema: [campaign, sends, opens]
  removedIdentifiers: [names, mail addresses]
  noActualKnowledge: true
`,
		},
		{
			kind: "disclosure",
			path: "disclosures/disclosures.yaml",
			log: true,
			about: "Disclosures that enter the accounting (45 CFR 164.528).",
			example: `- id: disc-1
  createdOn: '2026-05-01'
  owner: {name: Security Official, role: Security Official}
  subjectRef: sub_a2b3c4d5e6f7a2b3c4d5e6f7a2
  disclosedAt: '2026-05-01T10:00:00-05:00'
  recipient: State health department
  description: Report of a notifiable condition
  purpose: Required by law
`,
		},
		{
			kind: "engagement",
			path: "engagement.yaml",
			log: false,
			about: "Who assesses what and when, for the report.",
			example: `- id: audit-2026
  createdOn: '2026-10-01'
  owner: {name: Security Official, role: Security Official}
  period:
    from: '2026-10-01'
    to: '2026-12-31'
  assessors:
  - {name: Outside Assessor, role: Assessor, relationship: independent}
  distribution: [Security Official]
  classification: Confidential
`,
		},
		{
			kind: "exercise",
			path: "tests/exercises.yaml",
			log: false,
			about: "Restore tests, exercises, evaluations, emergency access (45 CFR 164.308(a)(6) to (a)(8), 164.312(a)(2)(ii)).",
			example: `- id: ex-restore
  createdOn: '2026-06-01'
  owner: {name: Security Official, role: Security Official}
  kind: restore
  performedOn: '2026-06-01'
  performedBy: {name: Security Official, role: Security Official}
  system: message archive
  startedAt: '2026-06-01T09:00:00-05:00'
  restoredAt: '2026-06-01T12:00:00-05:00'
  result: passed
`,
		},
		{
			kind: "facility",
			path: "facilities/facilities.yaml",
			log: false,
			about: "Facilities, workstations and media (45 CFR 164.310).",
			example: `- id: fac-1
  createdOn: '2026-06-01'
  owner: {name: Security Official, role: Security Official}
  kind: facility_access
  what: Server room
  'on': '2026-06-01'
  by: {name: Security Official, role: Security Official}
  method: badge
`,
		},
		{
			kind: "incident",
			path: "incidents/incidents.yaml",
			log: true,
			about: "Incidents, breach assessments and notices (45 CFR 164.308(a)(6), 164.402 to 164.414). An empty log is stated, not assumed.",
			example: `- id: inc-1
  createdOn: '2026-10-01'
  owner: {name: Security Official, role: Security Official}
  title: Reminder sent to a second mailbox
  kind: misdirected_mail
  occurredAt: '2026-10-01T09:00:00-05:00'
  discoveredAt: '2026-10-01T10:00:00-05:00'
  phiInvolved: true
  individualsAffected: 1
  exception: none
  assessment:
    natureAndExtent: name only
    unauthorizedRecipient: staff of another clinic
    acquiredOrViewed: not opened
    mitigation: deleted and confirmed
    probability: low
    assessedOn: '2026-10-03'
    assessedBy: {name: Privacy Official, role: Privacy Official}
`,
		},
		{
			kind: "inherited",
			path: "inherited/inherited.yaml",
			log: false,
			about: "Controls that a provider runs, by its report (45 CFR 164.310).",
			example: `- id: aws-soc2
  createdOn: '2026-06-01'
  owner: {name: Security Official, role: Security Official}
  provider: Amazon Web Services
  reportTitle: SOC 2 Type 2
  period:
    from: '2025-10-01'
    to: '2026-09-30'
  controls: [PHY-01, PHY-05]
  document:
    path: documents/example.pdf
    sha256: '0000000000000000000000000000000000000000000000000000000000000000'
  responsibilityMatrix:
    path: documents/example.pdf
    sha256: '0000000000000000000000000000000000000000000000000000000000000000'
  reviewedBy: {name: Security Official, role: Security Official}
`,
		},
		{
			kind: "no-phi",
			path: "baa/no-phi.yaml",
			log: false,
			about: "Hosts and services of which somebody says that no PHI reaches them, and why.",
			example: `- id: status-page
  createdOn: '2026-06-01'
  owner: {name: Security Official, role: Security Official}
  hosts: [status.your-clinic.example]
  reason: shows uptime only
  declaredOn: '2026-06-01'
  declaredBy: {name: Security Official, role: Security Official}
`,
		},
		{
			kind: "official",
			path: "officials.yaml",
			log: false,
			about: "Who is the security official, the privacy official and the contact person (45 CFR 164.308(a)(2), 164.530(a)).",
			example: `- id: off-1
  createdOn: '2026-01-01'
  owner: {name: Security Official, role: Security Official}
  function: security_official
  person: {name: Security Official, role: Security Official}
  from: '2026-01-01'
  to: null
  designatedBy: {name: Security Official, role: Security Official}
  document:
    path: documents/example.pdf
    sha256: '0000000000000000000000000000000000000000000000000000000000000000'
  confirmedOn: '2026-06-01'
`,
		},
		{
			kind: "opt-out",
			path: "opt-outs/opt-outs.yaml",
			log: true,
			about: "Opt-outs, revocations and requests on channel (45 CFR 164.508(b)(5), 164.522; 15 USC 7704(a)(4)).",
			example: `- id: opt-1
  createdOn: '2026-11-20'
  owner: {name: Security Official, role: Security Official}
  subjectRef: sub_a2b3c4d5e6f7a2b3c4d5e6f7a2
  kind: opt_out
  receivedAt: '2026-11-20T09:00:00-06:00'
  effectiveAt: '2026-11-20T09:01:00-06:00'
  method: one_click
`,
		},
		{
			kind: "poam",
			path: "poam.yaml",
			log: false,
			about: "Remediation plan. An accepted risk stays a fail.",
			example: `- id: item-1
  createdOn: '2026-10-01'
  owner: {name: Security Official, role: Security Official}
  findings: ['spf.all_qualifier:your-clinic.example']
  controls: [TEC-12]
  weakness: The SPF record ends in a soft fail.
  risk: Forged mail is delivered.
  severity: medium
  milestones:
  - text: Move to hard fail
    dueOn: '2026-12-01'
  dueOn: '2026-12-15'
  status: open
`,
		},
		{
			kind: "policy",
			path: "policies/policies.yaml",
			log: false,
			about: "Policies, procedures and the notice of privacy practices (45 CFR 164.316, 164.530(i), 164.520).",
			example: `- id: pol-mail
  createdOn: '2026-01-01'
  owner: {name: Security Official, role: Security Official}
  kind: policy
  subject: mail
  title: Mail
  version: '2'
  approvedBy: {name: Security Official, role: Security Official}
  approvedOn: '2026-01-01'
  effectiveOn: '2026-01-02'
  availableTo:
  - {role: all staff, location: handbook}
  document:
    path: documents/example.pdf
    sha256: '0000000000000000000000000000000000000000000000000000000000000000'
`,
		},
		{
			kind: "response",
			path: "responses.yaml",
			log: false,
			about: "Management's answers to findings, for the report.",
			example: `- id: answer-1
  createdOn: '2026-10-01'
  owner: {name: Security Official, role: Security Official}
  findingId: spf.all_qualifier:your-clinic.example
  text: Agreed; see the remediation plan.
  by: {name: Security Official, role: Security Official}
  'on': '2026-10-01'
  agreed: true
  dueOn: '2026-12-15'
`,
		},
		{
			kind: "review",
			path: "reviews/reviews.yaml",
			log: false,
			about: "Reviews of access and of activity logs (45 CFR 164.308(a)(1)(ii)(D), (a)(3)(ii), (a)(4)(ii)).",
			example: `- id: rev-access
  createdOn: '2026-10-15'
  owner: {name: Security Official, role: Security Official}
  kind: access
  period:
    from: '2026-07-01'
    to: '2026-09-30'
  performedOn: '2026-10-15'
  reviewer: {name: Security Official, role: Security Official}
  certifiedBy: {name: Privacy Official, role: Privacy Official}
  population:
    source: IAM credential report
    size: 4
    evidenceSha256: '0000000000000000000000000000000000000000000000000000000000000000'
  decisions:
  - {principal: role/mail-admin, decision: keep}
`,
		},
		{
			kind: "risk-analysis",
			path: "risk/analysis.yaml",
			log: false,
			about: "The risk analysis (45 CFR 164.308(a)(1)(ii)(A)). level follows from likelihood times impact: to 4 low, to 9 medium, to 16 high, above critical.",
			example: `- id: ra-2026
  createdOn: '2026-03-01'
  owner: {name: Security Official, role: Security Official}
  performedOn: '2026-03-01'
  performedBy: Security Official
  method: NIST SP 800-30
  scope:
    systems: [mail]
    dataFlows: [clinic to patient]
    locations: [us-east-1]
  assets:
  - {id: mail, name: Mail system, ephi: true, criticality: 4}
  risks:
  - {id: R-1, threat: misdirected mail, vulnerability: typing, asset: mail, likelihood: 2, impact: 3, level: medium}
  document:
    path: documents/example.pdf
    sha256: '0000000000000000000000000000000000000000000000000000000000000000'
`,
		},
		{
			kind: "risk-plan",
			path: "risk/plan.yaml",
			log: false,
			about: "One decision on each risk of the analysis (45 CFR 164.308(a)(1)(ii)(B)).",
			example: `- id: plan-1
  createdOn: '2026-03-10'
  owner: {name: Security Official, role: Security Official}
  riskId: R-1
  decision: mitigate
  measures:
  - text: warn on outside recipients
    dueOn: '2026-06-01'
    doneOn: '2026-05-20'
  residual: {likelihood: 1, impact: 3, level: low}
`,
		},
		{
			kind: "sanction",
			path: "sanctions/sanctions.yaml",
			log: true,
			about: "Sanctions that were applied (45 CFR 164.308(a)(1)(ii)(C), 164.530(e)). Roles, no names.",
			example: `- id: san-1
  createdOn: '2026-05-01'
  owner: {name: Security Official, role: Security Official}
  role: front desk
  violation: mail sent outside the approved system
  occurredOn: '2026-04-20'
  decidedOn: '2026-05-01'
  decidedBy: {name: Privacy Official, role: Privacy Official}
  action: written warning and training
`,
		},
		{
			kind: "synthetic-data",
			path: "synthetic-data.yaml",
			log: false,
			about: "Test environments hold made-up data only (45 CFR 164.312(a)(1)).",
			example: `- id: test-env
  createdOn: '2026-06-01'
  owner: {name: Security Official, role: Security Official}
  environments: [staging]
  declaredOn: '2026-06-01'
  declaredBy: {name: Security Official, role: Security Official}
  generator: seeded generator
  verifiedBy: no copy job from production
`,
		},
		{
			kind: "training",
			path: "training/training.yaml",
			log: false,
			about: "Who was trained on what (45 CFR 164.308(a)(5), 164.530(b)). The roster is the list of people here.",
			example: `- id: tr-1
  createdOn: '2026-04-01'
  owner: {name: Security Official, role: Security Official}
  person:
    name: Front Desk
    role: Front Desk
    hiredOn: '2024-01-01'
    accessFrom: '2024-01-02'
  course:
    id: hipaa-mail
    title: Mail and PHI
    contentVersion: '4'
    contentSha256: '0000000000000000000000000000000000000000000000000000000000000000'
    topics: [mail, marketing, authorization, incident_reporting]
  completedOn: '2026-04-01'
  score: 90
  passMark: 80
  trigger: periodic
`,
		},
	].map(({ kind, path, log, about, example }) => [`records/${path}`, skeletonOf(kind, log, about, example)]),
);

function skeletonOf(kind: string, log: boolean, about: string, example: string): string {
	const statement = log
		? "# statement:                    # up to which day the log is complete; without it an empty log says nothing\n#   from: 2026-01-01\n#   confirmedThrough: 2026-01-31\n#   confirmedBy: {name: Privacy Official}\n"
		: "";
	return [
		`# yaml-language-server: $schema=https://unpkg.com/mailward/model/schemas/${kind}.schema.json`,
		`# ${about}`,
		`schema: mailward/${kind}/v1`,
		`${statement}records: []`,
		...example
			.trimEnd()
			.split("\n")
			.map((line) => `# ${line}`),
		"",
	].join("\n");
}
