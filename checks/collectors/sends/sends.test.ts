import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { configSchema } from "../../../model/config.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { subjectOfAddress } from "../../protocols/reconcile/index.ts";
import type { CollectContext } from "../collector.ts";
import collector from "./index.ts";
import { campaignSendsSchema, exportSchema } from "./schema.ts";

const root = mkdtempSync(join(tmpdir(), "mailward-sends-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

const staff = { name: "Privacy Official", role: "Privacy Official" };
const person = (letter: string): string => `sub_${letter.repeat(26)}`;
const shared = { createdOn: "2026-01-01", owner: staff };
const campaign = (id: string, over: object = {}): object => ({
	...shared,
	id,
	title: "Newsletter",
	class: "marketing",
	primaryPurpose: "commercial",
	exceptionRelied: "none",
	remuneration: { fromThirdParty: false },
	sender: { party: "Clinic", role: "covered_entity" },
	...over,
});
const text = {
	informationDescription: "Name and mail address",
	disclosers: [{ name: "Clinic" }],
	recipients: [{ class: "Mail service providers" }],
	purposes: ["Newsletter"],
	revocation: { nppReference: "notice" },
	conditioning: { mayNotCondition: true },
	redisclosure: "May be disclosed again",
};
const authorization = (letter: string, over: object = {}): object => ({
	...shared,
	...text,
	id: `auth-${letter}`,
	subjectRef: person(letter),
	expiration: { date: "2028-01-01" },
	signature: { kind: "electronic", at: "2026-01-01T10:00:00-06:00", evidenceRef: "f", evidenceSha256: "a".repeat(64) },
	...over,
});
const event = (letter: string | null, over: { campaign?: string; to?: string[]; type?: string; at?: string } = {}): string =>
	JSON.stringify({
		eventType: over.type ?? "Send",
		mail: {
			timestamp: over.at ?? "2026-11-02T15:00:00.000Z",
			messageId: "m",
			destination: over.to ?? ["someone@patients.example"],
			tags: { campaign: [over.campaign ?? "camp-1"], ...(letter === null ? {} : { subjectRef: [person(letter)] }) },
		},
		send: {},
	});

interface World {
	records?: Record<string, object[]>;
	files?: Record<string, string | Buffer>;
	sends: Record<string, string | Buffer>;
	key?: Uint8Array;
	signal?: AbortSignal;
}

async function run({ records = {}, files = {}, sends, key, signal }: World): Promise<Evidence[]> {
	folders += 1;
	const own = join(root, String(folders));
	mkdirSync(join(own, "records"), { recursive: true });
	mkdirSync(join(own, "sends"));
	for (const [kind, rows] of Object.entries(records))
		writeFileSync(join(own, "records", `${kind}.jsonl`), [{ schema: `mailward/${kind}/v1` }, ...rows].map((row) => JSON.stringify(row)).join("\n"));
	for (const [name, content] of Object.entries(files)) writeFileSync(join(own, "records", name), content);
	for (const [name, content] of Object.entries(sends)) writeFileSync(join(own, "sends", name), content);
	const context = {
		config: configSchema.parse({ version: 1, entity: { legalName: "Clinic", timeZone: "America/Chicago" }, sends: { sample: { seed: "s" } } }),
		path: join(own, "records"),
		sends: Object.keys(sends).length === 0 ? undefined : { files: [{ label: "sends", path: join(own, "sends") }], subjectKey: key },
		now: () => "2026-11-24T09:00:00.000Z",
		signal: signal ?? new AbortController().signal,
	} as unknown as CollectContext;
	const items: Evidence[] = [];
	for await (const item of collector.collect({ id: "records/", type: "records" }, context)) items.push(item);
	return items;
}

const campaignsIn = (items: Evidence[]) => items.filter((item) => item.kind === "sends.campaign");
const valuesOf = (items: Evidence[]) => campaignSendsSchema.parse(campaignsIn(items)[0]?.values);

describe("sends reconciled with records", () => {
	it("counts recipients of SES events by what they had signed, one item for the campaign", async () => {
		const records = {
			campaign: [campaign("camp-1")],
			authorization: [authorization("a"), authorization("b", { expiration: { date: "2026-06-01" } }), authorization("c", { redisclosure: undefined })],
			"opt-out": [
				{ ...shared, id: "o-1", subjectRef: person("a"), kind: "opt_out", receivedAt: "2026-10-01T09:00:00-05:00" },
				{ ...shared, id: "o-2", subjectRef: person("d"), kind: "bounce", receivedAt: "2026-10-01T09:00:00-05:00" },
			],
		};
		const sends = { "a.jsonl": ["a", "b", "c", "d"].map((one) => event(one)).join("\n") };
		const items = await run({ records, sends });
		expect(campaignsIn(items)).toHaveLength(1);
		const values = valuesOf(items);
		expect(values.authorization).toMatchObject({ valid: 1, expired: 1, missing: 1, no_record: 1, unjoined: 0 });
		expect(values.flags).toEqual({ opt_out_within: 0, opt_out_late: 0, opt_out_unlawful: 1, suppressed: 1 });
		expect(values.samples.expired).toEqual({ method: "all", references: [person("b")] });
		expect(values).toMatchObject({ sends: 4, sendDays: 1, complete: true, seed: "s", authorizations: 3 });
		expect(values.exports).toEqual([{ file: "sends/a.jsonl", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
		// Addresses are dropped where they are read.
		expect(JSON.stringify(items)).not.toContain("patients.example");
	});

	it("reads EventBridge and SNS envelopes, gzip, and passes over other events", async () => {
		const bridge = JSON.stringify({ "detail-type": "Email Sent", source: "aws.ses", detail: JSON.parse(event("a")) });
		const sns = JSON.stringify({ Type: "Notification", Message: event("b") });
		const sends = { "a.jsonl.gz": gzipSync([bridge, sns, event("c", { type: "Delivery" }), ""].join("\n")) };
		const items = await run({ records: { campaign: [campaign("camp-1")] }, sends });
		expect(valuesOf(items).sends).toBe(2);
		expect(exportSchema.parse(items.find((item) => item.kind === "sends.export")?.values)).toMatchObject({ lines: 3, sends: 2, otherEvents: 1 });
	});

	it("reads lists of recipients against a table of authorizations", async () => {
		const table = [
			{
				schema: "mailward/authorization-table/v1",
				columns: ["subject", "terms", "signedAt", "expiresOn", "revokedAt", "evidenceSha256"],
				terms: { "form-3": text, short: { ...text, redisclosure: undefined } },
			},
			[person("a"), "form-3", "2026-01-01T10:00:00Z", "2028-01-01", null, "a".repeat(64)],
			[person("e"), "form-3", "2026-01-01T10:00:00Z", "2028-01-01", null, null],
			[person("b"), "form-3", "2026-01-01T10:00:00Z", "2028-01-01", "2026-03-01T10:00:00Z", null],
			[person("c"), "short", "2026-01-01T10:00:00Z", "2028-01-01", null, null],
		];
		const list = [
			{ schema: "mailward/recipients/v1", campaign: "camp-1", sentAt: "2026-11-02T09:00:00-06:00" },
			person("a"),
			person("b"),
			person("c"),
			person("d"),
			person("e"),
		];
		const lines = (rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join("\n");
		const items = await run({ records: { campaign: [campaign("camp-1")] }, files: { "2026.ndjson": lines(table) }, sends: { "list.jsonl": lines(list) } });
		const values = valuesOf(items);
		expect(values.authorization).toMatchObject({ valid: 1, revoked: 1, missing: 1, no_record: 1, unproven: 1 });
		expect(campaignsIn(items)[0]?.gaps).toEqual({ "authorization.unproven": { code: "record_incomplete", detail: "evidenceSha256" } });
		expect(values.authorizationTables).toEqual([{ file: "records/2026.ndjson", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
	});

	it("joins by a key where sends carry no pseudonym, each recipient of a message for itself", async () => {
		const key = Buffer.alloc(32, 1);
		const pseudonym = subjectOfAddress(key, "one@patients.example");
		const records = { campaign: [campaign("camp-1")], authorization: [authorization("a", { subjectRef: pseudonym })] };
		const items = await run({ records, sends: { "a.jsonl": event(null, { to: ["One <ONE@patients.example>", "two@patients.example"] }) }, key });
		expect(valuesOf(items).authorization).toMatchObject({ valid: 1, no_record: 1, unjoined: 0 });
		expect(JSON.stringify(items)).not.toContain("patients.example");
	});

	it("leaves open who it went to without pseudonym and key, or with one pseudonym for two recipients", async () => {
		const sends = { "a.jsonl": [event(null), event("a", { to: ["a@x.example", "b@x.example"] })].join("\n") };
		const items = await run({ records: { campaign: [campaign("camp-1")] }, sends });
		expect(valuesOf(items).authorization.unjoined).toBe(2);
		expect(campaignsIn(items)[0]?.gaps).toMatchObject({ "authorization.unjoined": { code: "no_join_key" } });
	});

	it("keeps no name of a campaign that has no record", async () => {
		const sends = { "a.jsonl": [event("a", { campaign: "diabetes-jane-doe" }), event("a").replace('"campaign"', '"other"')].join("\n") };
		const items = await run({ records: { campaign: [campaign("camp-1")] }, sends });
		expect(exportSchema.parse(items.find((item) => item.kind === "sends.export")?.values)).toMatchObject({ unknownCampaign: 1, withoutCampaign: 1 });
		expect(campaignsIn(items)).toEqual([]);
		expect(JSON.stringify(items)).not.toContain("jane");
	});
});

describe("sends that do not tell all", () => {
	const records = { campaign: [campaign("camp-1", { lastSentOn: "2026-11-02" }), campaign("camp-2")] };

	it("are no sends of a campaign that says it was sent", async () => {
		const items = await run({ records, sends: { "a.jsonl": event("a", { campaign: "camp-2" }) } });
		expect(campaignsIn(items).map(({ id, status, error }) => [id, status, error?.code])).toEqual([
			["camp-1", "error", "input_not_supplied"],
			["camp-2", "ok", undefined],
		]);
	});

	it.each<[string, string | Buffer, string, string | undefined]>([
		["a line that is no event", `${event("a")}\n{"eventType": 3}\n`, "malformed", "sends/a.jsonl:2"],
		["a line that is no JSON", `${event("a")}\nAlice Patient, 555-12-3456\n`, "malformed", "sends/a.jsonl:2"],
		["a line of more than a mebibyte", `${event("a")}\n"${"x".repeat(1_200_000)}"\n`, "malformed", "sends/a.jsonl:2"],
		["a recipient without a header", `"${person("a")}"\n`, "malformed", "sends/a.jsonl:1"],
		["brackets by the hundred thousand", `${event("a")}\n${"[".repeat(500_000)}\n`, "malformed", "sends/a.jsonl:2"],
		["binary", Buffer.from([0, 1, 2, 0xff, 0x0a]), "malformed", "sends/a.jsonl:1"],
		["events of another type only", event("a", { type: "Open" }), "input_not_supplied", "events of type Send"],
	])("for %s leave every campaign open, and the run goes on", async (_name, content, code, detail) => {
		const items = await run({ records, sends: { "a.jsonl": content } });
		for (const item of campaignsIn(items)) {
			const reason = item.status === "error" ? item.error : item.gaps?.complete;
			expect([reason?.code, reason?.detail]).toEqual([code, detail]);
		}
		expect(campaignsIn(items)).toHaveLength(2);
		expect(JSON.stringify(items)).not.toContain("Alice");
	});

	it("because they are packed wrongly", async () => {
		const items = await run({ records, sends: { "a.jsonl.gz": gzipSync(event("a")).subarray(0, 40) } });
		expect(campaignsIn(items).map((item) => item.error?.code)).toEqual(["malformed", "malformed"]);
	});

	it("were not given: the listing says so", async () => {
		const items = await run({ records, sends: {} });
		expect(items.map(({ kind, status, error }) => [kind, status, error?.code])).toEqual([
			["listing", "error", "input_not_supplied"],
			["listing", "error", "input_not_supplied"],
		]);
	});

	it("were cut short by a stop: nothing is listed", async () => {
		const items = await run({ records, sends: { "a.jsonl": event("a") }, signal: AbortSignal.abort(new Error("stopped")) });
		expect(items).toEqual([]);
	});
});

describe("a table of authorizations that is wrong", () => {
	const header = { schema: "mailward/authorization-table/v1", columns: ["subject", "terms", "signedAt", "revokedAt"], terms: { t: text } };
	const row = [person("a"), "t", "2026-01-01T10:00:00Z", null];
	it.each<[string, unknown[], RegExp]>([
		["has an unknown schema", [{ ...header, schema: "other" }], /2026\.ndjson:1:1: error REC-104 schema/],
		[
			"lacks a column",
			[{ ...header, columns: ["subject"] }],
			/:1:1: error REC-104 columns: expected each column once, and among them subject, terms, signedAt/,
		],
		[
			"holds a patient's data in its texts",
			[{ ...header, terms: { t: { ...text, informationDescription: "SSN 219-09-9999" } } }],
			/:1:1: error REC-120 .* value not shown/,
		],
		["holds a name for a pseudonym", [header, ["Alice Patient", "t", "2026-01-01T10:00:00Z", null]], /:2:1: error REC-121 subject: expected sub_/],
		["holds a row of another length", [header, row.slice(1)], /:2:1: error REC-104 expected an array of 4 values/],
		["holds no time", [header, [person("a"), "t", "2026-01-01", null]], /:2:1: error REC-104 signedAt: expected an RFC 3339 time/],
		["names a text that is not there", [header, [person("a"), "other", "2026-01-01T10:00:00Z", null]], /:2:1: error REC-106 terms/],
		["is revoked before it was signed", [header, [...row.slice(0, 3), "2025-01-01T10:00:00Z"]], /:2:1: error REC-105 revokedAt/],
		["names a form that is not registered", [{ ...header, terms: { t: { ...text, formVersion: "9" } } }], /:1:1: error REC-106 terms\.t\.formVersion/],
		[
			"holds another text than the registered one",
			[{ ...header, terms: { t: { ...text, formVersion: "3", formSha256: "b".repeat(64) } } }],
			/:1:1: error REC-106 terms\.t\.formSha256/,
		],
		[
			"is signed before its form was in use",
			[{ ...header, terms: { t: { ...text, formVersion: "3" } } }, [person("a"), "t", "2025-12-31T10:00:00Z", null]],
			/:2:1: error REC-106 signedAt: the form of this text was not in use/,
		],
		["is empty", [], /:1:1: error REC-100 the file is empty/],
	])("stops the run where it %s", async (_name, rows, message) => {
		const content = rows.map((one) => JSON.stringify(one)).join("\n");
		const form = { ...shared, id: "form-3", version: "3", textPath: "forms/3.txt", sha256: "a".repeat(64), inUseFrom: "2026-01-01" };
		const records = { campaign: [campaign("camp-1")], "authorization-form": [form] };
		const failed = run({ records, files: { "2026.ndjson": content }, sends: { "a.jsonl": event("a") } });
		await expect(failed).rejects.toThrow(message);
		await expect(failed).rejects.not.toThrow(/Alice|219-09/);
	});
});
