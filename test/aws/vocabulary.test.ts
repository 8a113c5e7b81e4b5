import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AllowedBlock, allowedOf, terraformKinds } from "../../checks/adapters/terraform/attributes.ts";
import { collectors } from "../../checks/registry.ts";
import type { Evidence } from "../../model/evidence.ts";
import { removeTemporaryFolders } from "../smoke/support.ts";
import { type Emulator, emulatorPresent, pointAt, startEmulator } from "../support/aws-emulator.ts";
import { startCompletingFront } from "./completing-front.ts";
import type { Loopback } from "./loopback.ts";
import { scanAccount } from "./scan-account.ts";
import { seedGood } from "./seed.ts";
import { seedEdge } from "./seed-edge.ts";

/** What differs between a live item and the allow-list of plans: names the plan does not have, and other forms. */
function differences(values: object, allowed: AllowedBlock, path: string): string[] {
	return Object.entries(values).flatMap(([key, value]) => {
		const at = `${path}.${key}`;
		const type = allowed.attributes?.[key];
		if (type !== undefined) return fits(value, type) ? [] : [`${at} is no ${type}: ${JSON.stringify(value)}`];
		const block = allowed.blocks?.[key];
		if (block === undefined) return [`${at} is not on the allow-list`];
		if (block.single) return Array.isArray(value) ? [`${at} is a list; the block is single`] : differences(value as object, block, at);
		if (!Array.isArray(value)) return [`${at} is no list`];
		return value.flatMap((one, index) => differences(one as object, block, `${at}.${index}`));
	});
}

function fits(value: unknown, type: string): boolean {
	if (type === "string") return typeof value === "string";
	if (type === "number") return typeof value === "number" && Number.isFinite(value);
	if (type === "bool") return typeof value === "boolean";
	if (/^(?:list|set)\b/.test(type)) return Array.isArray(value);
	return typeof value === "object" && value !== null;
}

describe("the vocabulary of live accounts", () => {
	it("knows every kind of a plan that an account can show", () => {
		const live = new Set(collectors.filter((collector) => collector.target === "account").flatMap((collector) => collector.produces));
		expect(terraformKinds.filter((kind) => !live.has(kind))).toEqual([]);
		for (const kind of live) expect(kind).toMatch(/^aws[._]/);
	});
});

describe.skipIf(!emulatorPresent)("evidence of a live account", () => {
	let emulator: Emulator;
	let whole: Loopback;
	let text: string;
	let items: Evidence[];

	beforeAll(async () => {
		emulator = await startEmulator();
		const keyArn = await seedGood();
		await seedEdge();
		whole = await startCompletingFront(emulator.url, keyArn);
		pointAt(whole.url);
		const { dir } = await scanAccount();
		text = readdirSync(join(dir, "evidence"))
			.map((file) => readFileSync(join(dir, "evidence", file), "utf8"))
			.join("");
		items = text
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as Evidence);
	}, 60_000);
	afterAll(() => {
		whole?.close();
		emulator?.stop();
		removeTemporaryFolders();
	});

	it("is written in the words and forms of plans", () => {
		const wrong = items.flatMap(({ kind, values }) => {
			const allowed = allowedOf(kind);
			return allowed === undefined || values === undefined ? [] : differences(values as object, allowed, kind);
		});
		expect([...new Set(wrong)]).toEqual([]);
	});

	it("holds what was set up, kind by kind", () => {
		const kinds = new Set(items.filter((item) => item.status === "ok").map((item) => item.kind));
		for (const kind of ["aws_iam_user", "aws_iam_user_policy", "aws_iam_access_key", "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"])
			expect(kinds).toContain(kind);
		for (const kind of ["aws_iam_group_policy", "aws_iam_user_group_membership", "aws_iam_user_login_profile", "aws_iam_account_password_policy"])
			expect(kinds).toContain(kind);
		for (const kind of ["aws_route53_zone", "aws_route53_record", "aws_acm_certificate", "aws_backup_plan", "aws_backup_selection"])
			expect(kinds).toContain(kind);
		for (const kind of ["aws_api_gateway_stage", "aws_api_gateway_method", "aws_apigatewayv2_stage", "aws_apigatewayv2_route"]) expect(kinds).toContain(kind);
		for (const kind of ["aws_ses_receipt_rule", "aws_cloudtrail", "aws_config_configuration_recorder", "aws_dynamodb_table"]) expect(kinds).toContain(kind);
	});

	it("holds no secret, password, environment or address of a subscriber", () => {
		for (const secret of ["never-in-evidence", "Never-in-3vidence", "made-up"]) expect(text).not.toContain(secret);
		expect(text).not.toMatch(/"(?:SecretString|Variables|SecretAccessKey|Password)"/);
	});

	it("gives every item of a target an id of its own", () => {
		const ids = items.map((item) => `${item.kind} ${item.id}`);
		expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
		expect(items.filter((item) => item.id === "" || item.id.includes("undefined"))).toEqual([]);
	});
});
