import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "../../model/canonical.ts";
import { timed } from "../timed.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * npm run bench -- reconcile [people] [events]: as many sends of one campaign as there are authorizations, one million by default, through the
 * command line. `events` writes the sends as SES events instead of a list of recipients. Every tenth person is missing from the log.
 */
export async function run(args: readonly string[]): Promise<void> {
	const people = Number(args[0] ?? 1_000_000);
	const form = args[1] === "events" ? "events" : "list";
	const dir = mkdtempSync(join(tmpdir(), "mailward-bench-"));
	try {
		mkdirSync(join(dir, "records"));
		writeFileSync(join(dir, "records", "campaigns.yaml"), campaigns);
		await writeLines(join(dir, "records", "authorizations.ndjson"), table(people));
		await writeLines(join(dir, "sends.jsonl"), form === "list" ? list(people) : events(people));
		const options = ["--records", "records", "--sends", "sends.jsonl", "--check", "sends.*", "--format", "json", "--fail-on", "none", "--quiet"];
		const timing = await timed(dir, process.execPath, [join(root, "dist/cli/main.js"), "scan", ...options], "ignore");
		const lines = readFileSync(join(dir, "mailward-report/evidence/sends.campaign.jsonl"), "utf8");
		const { authorization } = (JSON.parse(lines) as { values: { authorization: { valid: number; no_record: number } } }).values;
		// Nine of ten signed: a bench in which none did would measure how fast nothing is found.
		if (authorization.valid !== people - Math.floor(people / 10))
			throw new Error(`${authorization.valid} of ${people} sends are covered: expected nine of ten; ${JSON.stringify(authorization)}`);
		const { seconds, cpuSeconds, peakMegabytes } = timing;
		process.stdout.write(
			`${people} sends (${form}) against as many authorizations: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s CPU, ${peakMegabytes} MB at most; ` +
				`${authorization.valid} covered, ${authorization.no_record} without one\n`,
		);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
	const stream = createWriteStream(file);
	for (const line of lines) if (!stream.write(`${line}\n`)) await once(stream, "drain");
	stream.end();
	await once(stream, "finish");
}

/** 26 characters of base32 that look random and are the same in every run. */
function subject(index: number): string {
	let state = (index + 1) * 2_654_435_761;
	let text = "sub_";
	for (let at = 0; at < 26; at++) {
		state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + at) >>> 0;
		text += "abcdefghijklmnopqrstuvwxyz234567"[(at < 8 ? index >> (at * 5) : state) & 31];
	}
	return text;
}

function* table(people: number): Generator<string> {
	const text = {
		informationDescription: "Name and mail address",
		disclosers: [{ name: "Clinic" }],
		recipients: [{ class: "Mail service providers of the clinic" }],
		purposes: ["Newsletter"],
		revocation: { nppReference: "notice" },
		conditioning: { mayNotCondition: true },
		redisclosure: "May be disclosed again by the recipient",
	};
	yield JSON.stringify({
		schema: "mailward/authorization-table/v1",
		columns: ["subject", "terms", "signedAt", "expiresOn", "revokedAt", "evidenceSha256"],
		terms: { "form-3": text },
	});
	for (let index = 0; index < people; index++)
		yield `["${subject(index % 10 === 9 ? people + index : index)}","form-3","2026-01-05T15:04:05Z","2028-01-05",null,"${sha256Hex(String(index))}"]`;
}

function* list(people: number): Generator<string> {
	yield JSON.stringify({ schema: "mailward/recipients/v1", campaign: "camp-1", sentAt: "2026-11-02T15:00:00Z" });
	for (let index = 0; index < people; index++) yield `"${subject(index)}"`;
}

function* events(people: number): Generator<string> {
	for (let index = 0; index < people; index++) {
		const mail = {
			timestamp: "2026-11-02T15:00:00.000Z",
			source: "news@clinic.example",
			sourceArn: "arn:aws:ses:us-east-1:111122223333:identity/clinic.example",
			sendingAccountId: "111122223333",
			messageId: `0100018f${index}-7c1e6c0a-0000-4000-8000-000000000000-000000`,
			destination: ["recipient@patients.example"],
			headersTruncated: false,
			headers: [
				{ name: "From", value: "Clinic <news@clinic.example>" },
				{ name: "Subject", value: "News of the clinic" },
			],
			commonHeaders: { from: ["Clinic <news@clinic.example>"], to: ["recipient@patients.example"], subject: "News of the clinic" },
			tags: { "ses:configuration-set": ["marketing"], campaign: ["camp-1"], subjectRef: [subject(index)] },
		};
		yield JSON.stringify({ eventType: "Send", mail, send: {} });
	}
}

const campaigns = `schema: mailward/campaign/v1
records:
- id: camp-1
  createdOn: '2026-09-01'
  owner: {name: Privacy Official, role: Privacy Official}
  title: Autumn newsletter
  class: marketing
  primaryPurpose: commercial
  exceptionRelied: none
  sender: {party: Clinic, role: covered_entity}
  remuneration: {fromThirdParty: false}
`;
