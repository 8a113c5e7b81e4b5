import type { ReasonCode } from "../../model/reasons.ts";
import { reasonCodes } from "../../model/reasons.ts";
import type { ControlResult, ResultDocument, ResultItem } from "../../model/result.ts";
import { realisticBaseline, realisticNetwork, realisticRecords, withPast } from "./realistic-records.ts";
import { control, fakeHash, resultDocument, resultItem } from "./result-builder.ts";

const domains = ["clinic.example", "mail.clinic.example", "xn--klinik-mnchen-3ob.example"];
const servers = ["mx1.clinic.example|192.0.2.10|25", "mx2.clinic.example|192.0.2.11|25", "mx1.clinic.example|2001:db8::10|25"];
const account = "123456789012/us-east-1";
const bucket = "arn:aws:s3:::clinic-example-mail-archive-production-us-east-1-0f3c9b7de1";
const sets = [
	"arn:aws:ses:us-east-1:123456789012:configuration-set/appointment-reminders-production",
	"arn:aws:ses:us-east-1:123456789012:configuration-set/patient-portal-transactional",
	"arn:aws:ses:us-east-1:123456789012:configuration-set/newsletter",
];
const trail = "arn:aws:cloudtrail:us-east-1:123456789012:trail/organization-mail-data-events-trail";

type Outcome = "pass" | "fail" | "not_applicable" | ReasonCode;

interface CheckSpec {
	id: string;
	title: string;
	controls: string[];
	severity: ResultItem["severity"];
	target: string | null;
	resources: string[];
	outcomes: Outcome[];
	bad: string;
	observed: unknown[];
	path: string | null;
	expected: string;
	fix: string;
	citations: string[];
	method?: ResultItem["method"];
}

const transmission = ["45 CFR 164.312(e)(1)", "45 CFR 164.312(e)(2)(ii)"];
const integrity = ["45 CFR 164.312(c)(1)", "45 CFR 164.312(e)(2)(i)"];
const audit = ["45 CFR 164.312(b)"];
const documentation = ["45 CFR 164.316(b)(2)(i)"];
const contracts = ["45 CFR 164.308(b)(1)", "45 CFR 164.314(a)"];

function dns(
	id: string,
	title: string,
	severity: ResultItem["severity"],
	outcomes: Outcome[],
	bad: string,
	observed: unknown[],
	expected: string,
	fix: string,
): CheckSpec {
	return {
		id,
		title,
		controls: ["TEC-12"],
		severity,
		target: null,
		resources: domains,
		outcomes,
		bad,
		observed,
		path: null,
		expected,
		fix,
		citations: integrity,
	};
}

function server(
	id: string,
	title: string,
	severity: ResultItem["severity"],
	outcomes: Outcome[],
	bad: string,
	observed: unknown[],
	expected: string,
	fix: string,
): CheckSpec {
	return {
		id,
		title,
		controls: ["TEC-10", "TEC-09"],
		severity,
		target: null,
		resources: servers,
		outcomes,
		bad,
		observed,
		path: null,
		expected,
		fix,
		citations: transmission,
	};
}

function aws(
	id: string,
	title: string,
	controls: string[],
	severity: ResultItem["severity"],
	resources: string[],
	outcomes: Outcome[],
	bad: string,
	path: string,
	observed: unknown[],
	expected: string,
	fix: string,
	citations: string[],
): CheckSpec {
	return { id, title, controls, severity, target: account, resources, outcomes, bad, observed, path, expected, fix, citations };
}

function record(
	id: string,
	title: string,
	controls: string[],
	severity: ResultItem["severity"],
	resources: string[],
	outcomes: Outcome[],
	bad: string,
	expected: string,
	fix: string,
	citations: string[],
): CheckSpec {
	return { id, title, controls, severity, target: "records/", resources, outcomes, bad, observed: [], path: null, expected, fix, citations, method: "examine" };
}

const requireTls =
	'Set delivery_options.tls_policy to REQUIRE.\nCDKTF: new ConfigurationSet(this, "set") sets it.\nAWS CLI: aws sesv2 put-configuration-set-delivery-options --configuration-set-name NAME --tls-policy REQUIRE\nSee https://docs.aws.amazon.com/ses/latest/dg/security-protocols.html.';

const checks: CheckSpec[] = [
	dns(
		"spf.single_record",
		"Exactly one SPF record is published",
		"high",
		["pass", "pass", "fail"],
		"two SPF records are published; receivers treat this as an error",
		[null, null, "v=spf1 include:amazonses.com -all | v=spf1 mx ~all"],
		"one TXT record that begins with v=spf1",
		"Merge the two records into one.",
	),
	dns(
		"spf.lookups_within_limit",
		"SPF needs at most ten DNS lookups",
		"high",
		["pass", "fail", "servfail"],
		"the SPF record needs more than ten lookups",
		[6, 13, null],
		"at most 10",
		"Replace includes by the address ranges in use, or drop the senders no longer in use.",
	),
	dns(
		"spf.ends_in_fail",
		"SPF ends in -all or ~all",
		"medium",
		["pass", "pass", "pass"],
		"",
		["-all", "-all", "~all"],
		"-all or ~all",
		"End the record in -all.",
	),
	dns(
		"dmarc.published",
		"A valid DMARC record is published",
		"high",
		["pass", "pass", "fail"],
		"there is no DMARC record",
		[null, null, "NXDOMAIN"],
		"a TXT record at _dmarc with v=DMARC1",
		"Publish v=DMARC1; p=reject; rua=mailto:...",
	),
	dns(
		"dmarc.policy_enforced",
		"DMARC asks receivers to quarantine or reject",
		"high",
		["fail", "pass", "not_applicable"],
		"the policy is none, so forged mail is delivered",
		["p=none", "p=reject", null],
		"p=quarantine or p=reject",
		"Move to p=quarantine, then p=reject, once the reports show no mail of yours failing.",
	),
	dns(
		"dkim.key_strength",
		"DKIM keys have at least 2048 bits",
		"medium",
		["fail", "pass", "selector_unknown"],
		"an RSA key has fewer than 2048 bits",
		["1024 bit, selector s1", "2048 bit, selector s1", null],
		"2048 bits or more, or Ed25519",
		"Rotate to a 2048-bit key.",
	),
	dns(
		"mta_sts.enforced",
		"An MTA-STS policy is in force",
		"high",
		["pass", "fail", "timeout"],
		"the policy is in mode testing",
		["enforce", "testing", null],
		"mode: enforce",
		"Set mode: enforce and change the id of the record.",
	),
	dns(
		"tls_rpt.published",
		"TLS reports are asked for",
		"low",
		["pass", "pass", "pass"],
		"",
		["rua=mailto:tls@clinic.example"],
		"a valid _smtp._tls record",
		"Publish v=TLSRPTv1; rua=mailto:...",
	),
	dns(
		"dnssec.signed",
		"The zone is signed and validates",
		"medium",
		["pass", "pass", "bogus"],
		"",
		["secure", "secure", null],
		"secure",
		"Sign the zone and publish the DS record.",
	),
	dns(
		"caa.present",
		"CAA limits who may issue certificates",
		"low",
		["pass", "not_applicable", "pass"],
		"",
		['0 issue "letsencrypt.org"'],
		"at least one issue record",
		"Publish CAA records.",
	),
	server(
		"smtp.starttls_offered",
		"Mail servers offer STARTTLS",
		"critical",
		["pass", "fail", "egress_blocked"],
		"the server does not offer STARTTLS; mail to it travels in clear text",
		["250 STARTTLS", "no STARTTLS among 250 PIPELINING, SIZE 52428800, 8BITMIME", null],
		"STARTTLS among the EHLO keywords",
		"Enable TLS on the server and install a certificate.",
	),
	server(
		"tls.version_current",
		"Only TLS 1.2 and later are accepted",
		"high",
		["fail", "starttls_unavailable", "egress_blocked"],
		"the server accepts TLS 1.0",
		[["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"], null, null],
		"TLSv1.2 and TLSv1.3 only",
		"Switch TLS 1.0 and 1.1 off.",
	),
	server(
		"tls.certificate_valid",
		"The certificate is valid for the host",
		"high",
		["pass", "starttls_unavailable", "egress_blocked"],
		"",
		["CN=mx1.clinic.example, until 2027-02-03"],
		"a valid chain that names the host",
		"Renew the certificate.",
	),
	server(
		"tls.ciphers_strong",
		"Only strong cipher suites are accepted",
		"high",
		["pass", "starttls_unavailable", "egress_blocked"],
		"",
		["TLS_AES_256_GCM_SHA384"],
		"suites of the chosen profile",
		"Take the suites of the profile.",
	),
	server(
		"dane.matches_chain",
		"TLSA records match the certificate",
		"high",
		["not_applicable", "not_applicable", "not_applicable"],
		"",
		[],
		"a matching record",
		"Publish the record of the new key before the key changes.",
	),
	aws(
		"sending.tls_required",
		"Configuration sets require TLS for every delivery",
		["TEC-09", "BRN-07"],
		"high",
		sets,
		["fail", "fail", "pass"],
		"delivery may fall back to clear text",
		"delivery_options.tls_policy",
		["OPTIONAL", "OPTIONAL", "REQUIRE"],
		"REQUIRE",
		requireTls,
		transmission,
	),
	aws(
		"sending.events_recorded",
		"Sending events are recorded",
		["TEC-05"],
		"medium",
		sets,
		["pass", "pass", "fail"],
		"the configuration set has no event destination",
		"event_destinations",
		[1, 1, 0],
		"at least one destination",
		"Add an event destination to Firehose or SNS.",
		audit,
	),
	aws(
		"storage.object_lock_retention",
		"The archive can be neither changed nor deleted for six years",
		["TEC-07", "ADM-15"],
		"high",
		[bucket],
		["fail"],
		"the lock ends before the retention period does",
		"rule.default_retention.days",
		[365],
		"2192 days or more",
		"Raise default_retention.days to 2192.",
		documentation,
	),
	aws(
		"storage.bucket_versioning_enabled",
		"The archive keeps versions",
		["TEC-07"],
		"medium",
		[bucket],
		["pass"],
		"",
		"versioning_configuration.status",
		["Enabled"],
		"Enabled",
		"Enable versioning.",
		documentation,
	),
	aws(
		"storage.encrypted_with_own_key",
		"The archive is encrypted with a key of the entity",
		["TEC-04"],
		"high",
		[bucket],
		["pass"],
		"",
		"rule.apply_server_side_encryption_by_default.sse_algorithm",
		["aws:kms"],
		"aws:kms",
		"Set a KMS key.",
		["45 CFR 164.312(a)(2)(iv)"],
	),
	aws(
		"logs.trail_covers_mail",
		"Data events of the archive are recorded",
		["TEC-05"],
		"high",
		[trail],
		["permission_denied"],
		"",
		"event_selector",
		[null],
		"data events for the bucket",
		"Add the bucket to the trail's data events.",
		audit,
	),
	aws(
		"logs.retention",
		"Logs are kept for six years",
		["ADM-15"],
		"medium",
		["/aws/lambda/mail-ingest", "/aws/ses/events"],
		["fail", "unknown_until_apply"],
		"log group keeps events for a shorter time",
		"retention_in_days",
		[90, null],
		"2192 days or more",
		"Set retention_in_days to 2192.",
		documentation,
	),
	aws(
		"iam.send_rights_narrow",
		"Only named roles may send",
		["TEC-01"],
		"high",
		["arn:aws:iam::123456789012:role/appointment-reminder-sender-production", "arn:aws:iam::123456789012:role/legacy-admin"],
		["pass", "fail"],
		"the role may send as any identity",
		"statement[2].resource",
		["arn:aws:ses:us-east-1:123456789012:identity/clinic.example", "*"],
		"named identities only",
		"Name the identities in the policy's Resource.",
		["45 CFR 164.312(a)(1)"],
	),
	aws(
		"keys.rotation_enabled",
		"Keys rotate every year",
		["TEC-04"],
		"medium",
		["arn:aws:kms:us-east-1:123456789012:key/8f6b3c1e-77aa-4b52-9e0f-3a1d5c9b7e21"],
		["pass"],
		"",
		"enable_key_rotation",
		[true],
		"true",
		"Enable rotation.",
		["45 CFR 164.312(a)(2)(iv)"],
	),
	record(
		"baa.executed",
		"Each vendor that handles PHI has an executed agreement",
		["BAA-01"],
		"critical",
		["vendor:amazon-ses", "vendor:mailchimp", "vendor:zendesk"],
		["pass", "fail", "record_missing"],
		"the vendor is seen in DNS and there is no agreement",
		"an executed agreement in force",
		"Stop the flow or sign an agreement.",
		contracts,
	),
	record(
		"baa.subcontractors_bound",
		"Agreements bind subcontractors",
		["BAA-02"],
		"high",
		["baa-ses-2025"],
		["pass"],
		"",
		"the clause is on record",
		"Record the clause.",
		contracts,
	),
	record(
		"training.current",
		"Everyone who sends mail is trained",
		["ADM-07"],
		"medium",
		["training"],
		["record_stale"],
		"",
		"training within 365 days",
		"Train and record it.",
		["45 CFR 164.308(a)(5)(i)"],
	),
	record(
		"risk.analysis_current",
		"The risk analysis covers e-mail and is current",
		["ADM-01"],
		"critical",
		["risk-2026"],
		["pass"],
		"",
		"within 365 days",
		"Update the analysis.",
		["45 CFR 164.308(a)(1)(ii)(A)"],
	),
	record(
		"officials.designated",
		"Security and privacy officials are designated",
		["ADM-05"],
		"high",
		["officials"],
		["pass"],
		"",
		"both functions held without a gap",
		"Designate the official in writing.",
		["45 CFR 164.308(a)(2)"],
	),
	record(
		"marketing.authorized",
		"PHI is used for marketing only under a valid authorization",
		["PRV-01"],
		"critical",
		["campaign-autumn"],
		["no_join_key"],
		"",
		"an authorization for each recipient",
		"Tag sends with subjectRef.",
		["45 CFR 164.508(a)(3)(i)"],
	),
	record(
		"optout.processed_in_time",
		"Opt-outs take effect within ten business days",
		["CSP-04"],
		"medium",
		["opt-outs"],
		["fail"],
		"2 of 310 opt-outs took longer than ten business days",
		"none later than 10 business days",
		"Process opt-outs daily.",
		["16 CFR 316.5"],
	),
	record(
		"breach.procedure_tested",
		"The breach procedure was exercised",
		["BRN-02"],
		"medium",
		["exercise-2026-03"],
		["pass"],
		"",
		"within 365 days",
		"Exercise the procedure.",
		["45 CFR 164.404"],
	),
	{
		id: "media.disposal_reviewed",
		title: "Disposal of media is reviewed",
		controls: ["PHY-03"],
		severity: "medium",
		target: "records/",
		resources: ["facility:main"],
		outcomes: ["manual"],
		bad: "",
		observed: [],
		path: null,
		expected: "a review by the security official",
		fix: "Review and attest.",
		citations: ["45 CFR 164.310(d)(1)"],
		method: "interview",
	},
	{
		id: "workstation.use_defined",
		title: "Workstation use is defined",
		controls: ["PHY-02"],
		severity: "low",
		target: "records/",
		resources: ["facility:main"],
		outcomes: ["manual"],
		bad: "",
		observed: [],
		path: null,
		expected: "a policy in force",
		fix: "Write the policy.",
		citations: ["45 CFR 164.310(b)"],
		method: "interview",
	},
	{
		id: "content.no_phi_in_subject",
		title: "Subjects hold no health information",
		controls: ["CNT-01"],
		severity: "high",
		target: "templates/",
		resources: ["templates/appointment-reminder.hbs", "templates/newsletter.hbs"],
		outcomes: ["fail", "pass"],
		bad: "the subject names a condition next to a name placeholder",
		observed: ["{{firstName}}, your oncology visit"],
		path: "subject",
		expected: "no condition, treatment or provider specialty",
		fix: "Move the detail behind the portal login.",
		citations: ["45 CFR 164.514(d)"],
	},
];

const controls: ControlResult[] = [
	control({
		id: "PRV-01",
		family: "privacy",
		title: "PHI is used for marketing only under a valid authorization",
		citations: ["45 CFR 164.508(a)(3)(i)", "45 CFR 164.501"],
		implementation: "none",
	}),
	control({
		id: "PRV-02",
		family: "privacy",
		title: "Every campaign is classified and states whether anyone pays for it",
		citations: ["45 CFR 164.501", "45 CFR 164.506"],
		implementation: "none",
	}),
	control({
		id: "PRV-09",
		family: "privacy",
		title: "Written revocations are honoured from the moment they take effect",
		citations: ["45 CFR 164.508(b)(5)"],
		implementation: "none",
	}),
	control({
		id: "BAA-01",
		family: "business-associates",
		title: "Every vendor that handles PHI in mail has signed a business associate agreement",
		citations: contracts,
		implementation: "required",
	}),
	control({
		id: "BAA-02",
		family: "business-associates",
		title: "Agreements bind subcontractors to the same duties",
		citations: contracts,
		implementation: "required",
	}),
	control({
		id: "ADM-01",
		family: "administrative",
		title: "A current risk analysis covers e-mail",
		citations: ["45 CFR 164.308(a)(1)(ii)(A)"],
		implementation: "required",
	}),
	control({ id: "ADM-05", family: "administrative", title: "A security official is named", citations: ["45 CFR 164.308(a)(2)"], implementation: "required" }),
	control({ id: "ADM-07", family: "administrative", title: "The workforce is trained", citations: ["45 CFR 164.308(a)(5)(i)"], implementation: "addressable" }),
	control({ id: "ADM-15", family: "administrative", title: "Documentation is kept for six years", citations: documentation, implementation: "required" }),
	control({ id: "PHY-02", family: "physical", title: "Workstation use is defined", citations: ["45 CFR 164.310(b)"], implementation: "required" }),
	control({ id: "PHY-03", family: "physical", title: "Media are disposed of safely", citations: ["45 CFR 164.310(d)(1)"], implementation: "required" }),
	control({
		id: "TEC-01",
		family: "technical",
		title: "Only authorized persons and programs can send and read mail",
		citations: ["45 CFR 164.312(a)(1)"],
		implementation: "required",
	}),
	control({ id: "TEC-04", family: "technical", title: "Stored mail is encrypted", citations: ["45 CFR 164.312(a)(2)(iv)"] }),
	control({ id: "TEC-05", family: "technical", title: "Activity around mail is recorded and examined", citations: audit, implementation: "required" }),
	control({ id: "TEC-07", family: "technical", title: "Archived mail can be neither altered nor destroyed improperly", citations: integrity }),
	control({ id: "TEC-09", family: "technical", title: "Outgoing mail is encrypted in transit", citations: transmission }),
	control({ id: "TEC-10", family: "technical", title: "Incoming mail is encrypted in transit", citations: transmission }),
	control({ id: "TEC-12", family: "technical", title: "The sender's domain cannot be forged", citations: integrity }),
	control({
		id: "CNT-01",
		family: "content",
		title: "Subjects and previews reveal no health information",
		citations: ["45 CFR 164.514(d)", "45 CFR 164.502(b)"],
		implementation: "none",
	}),
	control({
		id: "CSP-04",
		family: "can-spam",
		title: "Opt-outs take effect within ten business days",
		citations: ["15 U.S.C. 7704(a)(4)", "16 CFR 316.5"],
		implementation: "none",
	}),
	control({ id: "BRN-02", family: "breach", title: "Breach notices can be sent in time", citations: ["45 CFR 164.404"], implementation: "required" }),
	control({
		id: "BRN-07",
		family: "breach",
		title: "Mail that is lost or intercepted counts as secured",
		citations: ["45 CFR 164.402"],
		implementation: "none",
	}),
];

const details: Partial<Record<ReasonCode, string>> = {
	permission_denied: "cloudtrail:GetEventSelectors",
	egress_blocked: "port 25 to 3 known hosts",
	servfail: "TXT xn--klinik-mnchen-3ob.example",
	record_stale: "last training 2025-06-02",
	record_missing: "records/baa/zendesk.yaml",
};

/** A clinic as a consultant meets it: some things good, some not, some that could not be looked at. */
export function realisticResult(): ResultDocument {
	const results: ResultItem[] = [];
	for (const spec of checks) {
		for (const [index, resource] of spec.resources.entries()) results.push(withPast(item(spec, resource, index), results.length));
	}
	const document = resultDocument(results, controls);
	return {
		...document,
		run: {
			...document.run,
			rulesAsOf: "2026-11-01",
			network: realisticNetwork,
			baseline: realisticBaseline,
			caller: { account: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/mailward-scanner/audit-2026-11" },
			vantage: { address: "198.51.100.7", resolvers: ["192.0.2.53:53"] },
		},
		entity: {
			legalName: "Lakeside Family Clinic",
			role: "covered_entity",
			timeZone: "America/Chicago",
			excluded: [{ what: "Dental practice", reason: "separate legal entity with its own mail" }],
		},
		scope: {
			targets: [
				...domains.map((id) => ({ id, type: "domain" as const })),
				...servers.map((id) => ({ id, type: "mx" as const, domains: domains.slice(0, 2) })),
				{ id: account, type: "account" },
				{ id: "records/", type: "records" },
				{ id: "templates/", type: "content" },
			],
			notRequested: ["plans"],
		},
		parameters: [
			{ check: "logs.retention", name: "retentionDays", value: 2557, default: 2192, standing: "stricter" },
			{ check: "iam.send_rights_narrow", name: "trustedAccounts", value: ["123456789012"], default: [], standing: "declared" },
		],
		accepted: [
			{ code: "egress_blocked", why: "scanned from hosted CI; a probe from the clinic's network follows", by: "security official", until: "2027-03-01" },
		],
		deniedCalls: [
			{
				call: "cloudtrail:GetEventSelectors",
				target: account,
				code: "permission_denied",
				message: "User is not authorized to perform cloudtrail:GetEventSelectors on this trail",
			},
		],
		controls: document.controls.map((one) => ({
			...one,
			asks: "The transcript, the record or the setting that shows it.",
			provenBy: one.family === "physical" ? ["record", "attestation"] : ["plan", "aws", "dns"],
			nist80053: ["SC-8", "SC-13"],
			soc2: ["CC6.7"],
		})),
		populations: [...new Set(results.map((one) => one.check))]
			.sort()
			.map((check, index) => ({ check, kind: "aws_sesv2_configuration_set", listed: 12, targets: 2, unread: index % 3 })),
		records: realisticRecords(results.find((one) => one.state === "fail")?.id ?? ""),
		report: { classification: "Confidential", paperSize: "Letter", preparedBy: { name: "Harbor Audit Partners", contact: "https://harbor.example/contact" } },
	};
}

function item(spec: CheckSpec, resource: string, index: number): ResultItem {
	const outcome = spec.outcomes[index] ?? "pass";
	const status = outcome === "pass" || outcome === "fail" || outcome === "not_applicable" ? outcome : "not_assessed";
	const reason =
		status === "not_assessed" && outcome in reasonCodes
			? { kind: reasonCodes[outcome as ReasonCode].kind, code: outcome as ReasonCode, detail: details[outcome as ReasonCode] ?? null }
			: null;
	const waived = spec.id === "sending.events_recorded" && status === "fail";
	const attested = spec.id === "workstation.use_defined";
	return resultItem({
		check: spec.id,
		title: spec.title,
		resource,
		target: spec.target ?? resource,
		controls: spec.controls,
		reference: [],
		status,
		reason,
		method: spec.method ?? "test",
		severity: spec.severity,
		message: status === "fail" ? spec.bad : status === "not_assessed" && reason !== null ? reasonCodes[reason.code].meaning : spec.title,
		path: spec.path,
		observed: spec.observed[index] ?? null,
		expected: spec.expected,
		citations: spec.citations,
		remediation: spec.fix,
		domains: resource.includes("|") ? domains.slice(0, 2) : [],
		evidence: [fakeHash(`${spec.id} ${resource}`)],
		disposition: waived ? "waived" : attested ? "attested" : "none",
		waiver: waived ? "W-2026-03" : null,
		attestation: attested ? "A-2026-01" : null,
	});
}

/** A document of the asked size: `count` results over 60 controls, one in three failing, one in eight without a verdict. */
export function largeResult(count: number): ResultDocument {
	const many = Array.from({ length: 60 }, (_, index) =>
		control({ id: `TEC-${String(index + 1).padStart(2, "0")}`, family: index % 2 === 0 ? "technical" : "administrative" }),
	);
	const results: ResultItem[] = [];
	for (let index = 0; index < count; index += 1) {
		const check = index % 100;
		const status = index % 8 === 7 ? "not_assessed" : index % 3 === 0 ? "fail" : "pass";
		results.push(
			resultItem({
				check: `area.check_number_${check}`,
				title: `Resources of the kind ${check} are in the expected state`,
				resource: `arn:aws:ses:us-east-1:123456789012:configuration-set/appointment-reminders-${String(index).padStart(6, "0")}`,
				target: account,
				controls: [`TEC-${String((check % 60) + 1).padStart(2, "0")}`, `TEC-${String(((check + 7) % 60) + 1).padStart(2, "0")}`],
				status,
				reason: status === "not_assessed" ? { kind: "permission", code: "permission_denied", detail: "ses:GetConfigurationSet" } : null,
				message:
					status === "fail" ? `the setting ${check} leaves delivery open to clear text` : status === "not_assessed" ? "The caller may not make this call." : "",
				observed: status === "fail" ? "OPTIONAL" : status === "pass" ? "REQUIRE" : null,
				path: "delivery_options.tls_policy",
				expected: "REQUIRE",
				citations: transmission,
				remediation: requireTls,
			}),
		);
	}
	return resultDocument(results, many);
}
