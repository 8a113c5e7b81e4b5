import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../model/canonical.ts";
import { configSchema } from "../../model/config.ts";
import type { ResultDocument } from "../../model/result.ts";
import { writers } from "../../reports/index.ts";
import { control, resultDocument, resultItem } from "../../reports/testing/result-builder.ts";
import { defaultTheme } from "../../reports/theme/theme.ts";
import { entriesOf } from "../bundle/files.ts";
import { verifyBundle } from "../bundle/verify.ts";
import { collect } from "../collect.ts";
import { evaluateBundle } from "../evaluate.ts";
import { readResult } from "../read-result.ts";
import { themeOf, writeReports } from "../report.ts";
import { keyId } from "../signing.ts";
import { Names } from "./names.ts";
import { redactBundle } from "./redact-bundle.ts";
import { ResultRedaction } from "./redact-result.ts";

const letters = "bcdfghjklmnpqrstvwxz";
const word = (min: number, max: number): fc.Arbitrary<string> =>
	fc.array(fc.constantFrom(...letters), { minLength: min, maxLength: max }).map((all) => all.join(""));
const digits = (count: number): fc.Arbitrary<string> =>
	fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((all) => all.join(""));

/** What belongs to one clinic, in the forms that reach a report. */
const clinic = fc.record({
	label: word(6, 12),
	suffix: fc.constantFrom("example", "org", "co.uk"),
	sub: word(5, 9),
	account: digits(11).map((rest) => `7${rest}`),
	bucket: fc.tuple(word(6, 9), word(5, 8)).map((parts) => parts.join("-")),
	person: fc.tuple(word(5, 8), word(6, 9)).map((parts) => parts.map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`).join(" ")),
	v4: fc.ipV4().filter((ip) => ip.length >= 9),
	v6: fc.tuple(digits(4), digits(4), digits(4)).map((parts) => `2001:db8:${parts.map((part) => `f${part.slice(1)}`).join(":")}::25`),
	key: fc.uuid(),
});
type Clinic = typeof clinic extends fc.Arbitrary<infer T> ? T : never;

const around: readonly ((text: string) => string)[] = [
	(text) => text,
	(text) => `the bucket "${text}" and (${text.toUpperCase()}), of ${text}.`,
	(text) => `https://console.aws.example/${text}/?a=${text}&b=<${text}>`,
	(text) => `{"Resource":["${text}/*","${text}"],"Sid":"${text}"}`,
	(text) => `v=spf1 include:${text} ip4:${text} -all`,
	(text) => `line\n${text}\n\t'${text}'; ${text}|25`,
];

function documentOf(one: Clinic, wrap: (text: string) => string): { document: ResultDocument; originals: string[] } {
	const domain = `${one.label}.${one.suffix}`;
	const host = `${one.sub}.${domain}`;
	const arn = `arn:aws:s3:::${one.bucket}`;
	const keyArn = `arn:aws:kms:us-east-1:${one.account}:key/${one.key}`;
	const mailbox = `${one.sub}@${domain}`;
	const originals = [domain, host, arn, keyArn, mailbox, one.bucket, one.account, one.person, one.v4, one.v6, one.key];
	const said = originals.map(wrap);
	const texts = { message: said.join(" and "), expected: said[0] ?? null, observed: { [said[5] ?? ""]: said, plain: originals }, path: `policy.${one.bucket}` };
	const common = { controls: ["TEC-09"], title: "Delivery is encrypted", remediation: "Set tls_policy to REQUIRE.", status: "fail" as const };
	const denial = { path: null, message: texts.message, observed: texts.observed, expected: null, severity: "high" as const };
	const results = [
		resultItem({ ...common, ...texts, check: "sending.tls_required", resource: arn, target: `${one.account}/us-east-1`, denials: [denial] }),
		resultItem({ ...common, ...texts, check: "keys.rotated", resource: keyArn, target: `${one.account}/us-east-1` }),
		resultItem({ ...common, ...texts, check: "dmarc.enforced", resource: domain, target: domain, domains: [domain] }),
		resultItem({ ...common, ...texts, check: "smtp.starttls_offered", resource: `${host}|${one.v4}|25`, target: `${host}|${one.v4}|25`, domains: [domain] }),
		resultItem({ ...common, ...texts, check: "smtp.tls_1_3", resource: `${host}|${one.v6}|25`, target: `${host}|${one.v6}|25`, waiver: one.bucket }),
	];
	const document = resultDocument(results, [control({ id: "TEC-09" })], {
		entity: { legalName: one.person, role: "covered_entity", timeZone: "UTC", excluded: [{ what: texts.message, reason: one.person }] },
		scope: {
			targets: [
				{ id: domain, type: "domain" },
				{ id: `${host}|${one.v4}|25`, type: "mx", domains: [domain] },
				{ id: `${host}|${one.v6}|25`, type: "mx", domains: [domain] },
				{ id: `${one.account}/us-east-1`, type: "account" },
				{ id: `/home/${one.label}/plan.json`, type: "plan" },
			],
			notRequested: [],
		},
		accepted: [{ code: "egress_blocked", why: texts.message, by: one.person, until: null }],
		deniedCalls: [{ call: `kms:GetKeyPolicy ${keyArn}`, target: `${one.account}/us-east-1`, code: "permission_denied", message: texts.message }],
		records: {
			waivers: [{ id: one.bucket, approvedBy: { name: one.person, email: mailbox }, justification: texts.message }],
			training: { people: 7, text: texts.message },
		},
		report: { classification: `Confidential ${domain}`, paperSize: "A4", preparedBy: { name: one.person, contact: mailbox } },
	});
	document.run.caller = { account: one.account, arn: `arn:aws:sts::${one.account}:assumed-role/${one.bucket}/${one.sub}` };
	document.run.vantage = { resolvers: [one.v4], host, label: texts.message };
	const reason = { code: "permission_denied", message: texts.message };
	const looked = {
		state: "looked_at",
		arn: document.run.caller.arn,
		partition: "aws",
		regions: ["us-east-1"],
		deniedBeforehand: null,
		notEnabled: [],
	} as const;
	const refused = { ...looked, state: "refused", arn: null, reason } as const;
	document.run.accounts = [
		{ ...looked, account: one.account, regions: [...looked.regions], notEnabled: [], reason: null },
		{ ...refused, account: `profile ${one.label}`, regions: [], notEnabled: [] },
		{ ...refused, account: `members of the organization of ${one.account}`, regions: [], notEnabled: [] },
	];
	document.conformancePacks = {
		packs: [{ target: `${one.account}/us-east-1`, pack: one.bucket, compliant: 3, nonCompliant: 1, undecided: 0 }],
		unread: [`${one.account}/us-east-1`],
	};
	const [first] = document.results;
	if (first !== undefined)
		first.configRules = [{ rule: one.bucket, packs: [one.bucket], compliance: "COMPLIANT", recordedAt: null, evidence: sha256Hex(one.bucket) }];
	document.run.aggregators = [{ name: one.bucket, account: one.account, region: "us-east-1", maxAgeHours: 24, answers: 7, failure: reason }];
	document.run.baseline = { source: `/home/${one.label}/old`, sha256: sha256Hex(domain), asOf: document.run.asOf, verified: true };
	return { document, originals };
}

function redactionOf(document: ResultDocument, one: Clinic, names = new Names()): ResultRedaction {
	const redaction = new ResultRedaction(document, names);
	redaction.learn({
		kind: "record.engagement",
		id: one.bucket,
		status: "ok",
		values: { official: { name: one.person, email: `${one.sub}@${one.label}.${one.suffix}` } },
		source: { collector: "records", version: "1", call: "read", target: "records" },
		collectedAt: document.run.asOf,
	});
	return redaction;
}

const readable = (text: string): string => text.toLowerCase();

describe("a redacted result", () => {
	it("holds no original, in no format, whatever stands around it", () => {
		fc.assert(
			fc.property(clinic, fc.constantFrom(...around), (one, wrap) => {
				const { document, originals } = documentOf(one, wrap);
				const hashes = [
					...document.results.map((item) => item.id),
					...document.evidence.map((ref) => ref.sha256),
					document.run.configSha256,
					sha256Hex(one.bucket),
				];
				const redacted = redactionOf(document, one).redacted();
				for (const writer of Object.values(writers)) {
					for (const file of writer.write(redacted, { ...defaultTheme, classification: redacted.report.classification })) {
						const text = readable([...file.chunks].join(""));
						for (const original of [...originals, ...hashes, one.label])
							if (text.includes(readable(original))) throw new Error(`${file.path} holds ${original}`);
					}
				}
				expect(redacted.totals).toEqual(document.totals);
				expect(redacted.results.map((item) => [item.check, item.state])).toEqual(document.results.map((item) => [item.check, item.state]));
			}),
			{ numRuns: 60 },
		);
	}, 120_000);

	it("keeps what belongs together, and the words of the tool", () => {
		const one: Clinic = {
			label: "redwood",
			suffix: "org",
			sub: "relay",
			account: "210987654321",
			bucket: "redwood-letters",
			person: "Redwood Clinic",
			v4: "192.0.2.77",
			v6: "2001:db8::77",
			key: "4d0f2f2a-8a51-4ac7-9d0f-2f2a8a514ac7",
		};
		const { document } = documentOf(one, (text) => text);
		const redacted = redactionOf(document, one).redacted();
		const [bucket, key, domain, host] = redacted.results;
		expect([bucket?.resource, key?.resource]).toEqual(["arn-1", "arn-2"]);
		expect([domain?.resource, domain?.domains, domain?.target]).toEqual(["domain-1", ["domain-1"], "domain-1"]);
		expect(host?.resource).toBe("host-1|address-1|25");
		expect([domain?.title, domain?.remediation]).toEqual(["Delivery is encrypted", "Set tls_policy to REQUIRE."]);
		expect(redacted.controls[0]?.results).toEqual(redacted.results.map((item) => item.id));
		for (const item of redacted.results) for (const hash of item.evidence) expect(redacted.evidence.map((ref) => ref.sha256)).toContain(hash);
		expect(redacted.scope.targets.map((target) => target.id)).toEqual([
			"domain-1",
			"host-1|address-1|25",
			"host-1|address-2|25",
			"account-1/us-east-1",
			"file-1",
		]);
	});

	it("has the same names again with the same map, and other hashes with another", () => {
		const one = fc.sample(clinic, 1)[0] as Clinic;
		const { document } = documentOf(one, (text) => text);
		const names = new Names();
		const first = redactionOf(document, one, names).redacted();
		expect(redactionOf(document, one, new Names(names.map())).redacted()).toEqual(first);
		expect(redactionOf(document, one).redacted().results[0]?.id).not.toBe(first.results[0]?.id);
	});
});

describe("a redacted bundle", () => {
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	let root: string;
	let original: string;
	beforeAll(async () => {
		root = await mkdtemp(join(tmpdir(), "mailward-redact-"));
		original = join(root, "report");
		await mkdir(original);
		await collect({
			config: configSchema.parse({ version: 1, entity: { legalName: "Redwood Family Practice" } }),
			request: {
				domains: [],
				plans: ["examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json"],
				records: "examples/clinic-records/exemplary/records",
				content: [],
				open: (path) => path,
			},
			out: original,
			profile: "hipaa",
			concurrency: 4,
			now: () => new Date("2026-11-24T09:00:00Z"),
			signal: new AbortController().signal,
			progress: () => undefined,
			log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
		});
		const result = await evaluateBundle({ dir: original });
		await writeReports(original, result, ["html"], await themeOf(original, result, (path) => path), { key: privateKey });
	}, 60_000);
	afterAll(() => rm(root, { recursive: true, force: true }));

	it("names its original, holds no evidence, and is intact and signed", async () => {
		const { dir, map } = await redactBundle({
			dir: original,
			formats: ["html", "csv", "oscal", "sarif", "ocsf", "asff", "junit", "markdown"],
			seal: { key: privateKey },
		});
		const trusted = [{ id: keyId(publicKey), name: "clinic.pub", key: publicKey }];
		const verification = await verifyBundle({ dir, trusted });
		expect(verification.problems).toEqual([]);
		expect(verification.signature.state).toBe("verified");
		expect(verification.redactedFrom).toBe(sha256Hex(await readFile(join(original, "manifest.json"))));
		expect((await stat(map)).mode & 0o077).toBe(0);
		expect(map.startsWith(dir)).toBe(false);
		const names = (JSON.parse(await readFile(map, "utf8")) as { names: { class: string; original: string }[] }).names;
		const telling = names.filter(
			({ class: kind, original: text }) => ["account", "arn", "mailbox", "domain", "host", "entity", "file", "url"].includes(kind) && text.length > 5,
		);
		expect(telling.length).toBeGreaterThan(5);
		const left: string[] = [];
		for (const { path, kind } of await entriesOf(dir)) {
			if (kind !== "file") continue;
			expect(path).not.toMatch(/evidence/);
			const text = readable(await readFile(join(dir, path), "utf8"));
			for (const { original: one } of telling) if (text.includes(readable(one))) left.push(`${path}: ${one}`);
		}
		expect(left).toEqual([]);
		expect((await verifyBundle({ dir: original, trusted })).problems).toEqual([]);
	}, 60_000);

	it("moves an earlier one aside and keeps its names", async () => {
		const again = await redactBundle({ dir: original, formats: ["json"] });
		expect(again.moved).toMatch(/report\.redacted\.\d{8}T\d{6}Z/);
		expect((await readResult(again.dir)).results).toEqual((await readResult(again.moved ?? "")).results);
	}, 60_000);

	it("is not made of a bundle that was changed, nor with a map that is none", async () => {
		await writeFile(`${original}.redaction-map.json`, "{}");
		await expect(redactBundle({ dir: original, formats: ["json"] })).rejects.toThrow(/is no redaction map/);
		await rm(`${original}.redaction-map.json`);
		await writeFile(join(original, "extra.txt"), "x");
		await expect(redactBundle({ dir: original, formats: ["json"] })).rejects.toThrow(/was added; a bundle that was changed/);
		await rm(join(original, "extra.txt"));
		expect(await readdir(root)).not.toContain("report.redaction-map.json");
	}, 60_000);
});
