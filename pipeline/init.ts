import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { recordSkeletons } from "./record-skeletons.ts";

export interface InitFile {
	path: string;
	/** False: it was there before and was kept as it is. */
	written: boolean;
}

/** Writes a commented mailward.yaml, a records/ skeleton and a .gitignore entry for the output. Never overwrites. */
export async function initProject(dir: string): Promise<InitFile[]> {
	const files: InitFile[] = [];
	for (const [path, text] of Object.entries(skeleton)) {
		const file = join(dir, path);
		await mkdir(dirname(file), { recursive: true });
		files.push({ path: file, written: await writeNew(file, text) });
	}
	files.push(await ignoreOutput(join(dir, ".gitignore")));
	return files;
}

async function writeNew(file: string, text: string): Promise<boolean> {
	try {
		await writeFile(file, text, { flag: "wx" });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

/** A bundle is a map for attackers: it does not belong into a repository by accident. */
async function ignoreOutput(file: string): Promise<InitFile> {
	const line = "mailward-report*/\n";
	if (await writeNew(file, line)) return { path: file, written: true };
	const text = await readFile(file, "utf8");
	if (text.split("\n").some((one) => one.trim().startsWith("mailward-report"))) return { path: file, written: false };
	await writeFile(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}`, { flag: "a" });
	return { path: file, written: true };
}

const config = `# mailward configuration. Every key but version may be left out; unknown keys are errors.
version: 1
entity:
  legalName: Your Clinic
  role: covered_entity            # covered_entity | business_associate | both
  timeZone: America/Chicago       # dates in records are days of this time zone
domains:
  []
  # - name: your-clinic.example
  #   sends: true                 # false together with receives: false is a parked domain
  #   receives: true
  #   dkimSelectors: [s1]         # tried first; selectors cannot be listed from outside
plans: []                         # cdk.tf.json, terraform show -json of a plan or state, terraform.tfstate
# aws:                            # what scan --aws reads; without accounts, that of the default credentials
#   accounts: [{organization: true, memberRole: mailward, aggregator: {name: all}}]   # aggregator: one of AWS Config that saves calls
#   regions: [us-east-1]
records: records/                 # every register that the checks examine
# reports: [reports/]             # DMARC aggregate and TLS reports, files or folders
# trust: {keys: [clinic.pub]}     # whose probes (mailward probe) are taken in by scan --evidence
# sign: {key: mailward.key}       # Ed25519 (mailward probe --new-key mailward.key), or the ARN of a KMS key that signs
# parameters:                     # thresholds by check id; a looser value than the default is not applied
#   logs.retention: {retentionDays: 2557}
# accept:                         # gaps that are known and need not fail the run
#   - {code: egress_blocked, why: scanned from hosted CI, by: security official, until: 2027-03-01}
# report:
#   classification: Confidential
#   preparedBy: {name: Your Firm, contact: "https://your-firm.example/contact", logo: logo.svg}   # PNG, JPEG or SVG, at most 256 KiB
#   theme: {accent: "#1c4f7c", coverText: Prepared for the board., footerText: Your Firm LLC}       # accent: contrast of at least 4.5:1
#   paperSize: Letter             # or A4
# network:
#   resolvers: ["192.0.2.53"]     # default: the system's
#   ehloName: scanner.your-clinic.example
`;

const baa = `# yaml-language-server: $schema=https://unpkg.com/mailward/model/schemas/baa.schema.json
# One row per business associate agreement (45 CFR 164.504(e), 164.314(a)). Nothing about patients belongs here.
schema: mailward/baa/v1
records: []
# - id: aws
#   createdOn: 2026-01-15
#   owner: {name: Security Official, role: security official, email: security@your-clinic.example}
#   party: {legalName: "Amazon Web Services, Inc.", kind: business_associate}
#   status: executed              # draft | sent | executed | terminated; only executed counts
#   source: aws_artifact          # signed_document | click_through | part_of_terms | aws_artifact
#   effectiveOn: 2026-01-15
#   document: {path: documents/aws-baa.pdf, sha256: <sha256sum of the file>, pages: 9}
#   coveredServices: [{service: Amazon SES, since: 2026-01-15}]
#   hosts: [amazonses.com]        # what this row answers for when it is seen in DNS
#   breachNoticeDays: 60          # at most 60, 45 CFR 164.410(b)
#   clauses:                      # one entry per clause: present yes | no | not_applicable, with its page
#     permittedUses: {present: "yes", pageRef: 2}
`;

const waivers = `# yaml-language-server: $schema=https://unpkg.com/mailward/model/schemas/waiver.schema.json
# A waiver turns a fail into an exception for a time; it needs an equivalent measure (45 CFR 164.306(d)(3)).
# Accepting a risk without one is no waiver: the result stays a fail.
schema: mailward/waiver/v1
records: []
`;

const attestations = `# yaml-language-server: $schema=https://unpkg.com/mailward/model/schemas/attestation.schema.json
# A statement by a named person about a control that no machine can judge.
schema: mailward/attestation/v1
records: []
`;

const skeleton: Readonly<Record<string, string>> = {
	"mailward.yaml": config,
	"records/baa/agreements.yaml": baa,
	"records/waivers.yaml": waivers,
	"records/attestations.yaml": attestations,
	...recordSkeletons,
};
