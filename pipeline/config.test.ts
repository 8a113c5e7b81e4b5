import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { configSha256, fromConfig, judgementOf, loadConfig } from "./config.ts";

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-config-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function load(text: string) {
	const file = join(root, "mailward.yaml");
	await writeFile(file, text);
	return loadConfig(file);
}

describe("mailward.yaml", () => {
	it("is read with its defaults", async () => {
		const config = await load("version: 1\ndomains:\n  - name: example.org\n");
		expect(config.domains).toMatchObject([{ name: "example.org", sends: true, receives: true, dkimSelectors: [] }]);
	});

	it("names every problem at once, with file, line and field", async () => {
		const error = await load("version: 1\ncolour: red\ndomains:\n  - name: example.org\n    sends: maybe\n").catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(InputError);
		const { problems } = error as InputError;
		expect(problems.length).toBeGreaterThanOrEqual(2);
		expect(problems.map((one) => one.line).sort()).toEqual([2, 5]);
		for (const problem of problems) expect(problem.file).toBe(join(root, "mailward.yaml"));
	});

	it.each([
		["a list", "- a\n"],
		["no YAML", "a: [\n"],
		["a tab for indentation", "a:\n\t- b\n"],
		["no UTF-8", "\u0000"],
		[
			"an alias bomb",
			`a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
				.split("")
				.map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]},`.repeat(9)}]`)
				.join("\n")}\n`,
		],
	])("is refused where it is %s", async (_what, text) => {
		await expect(load(text)).rejects.toThrow(InputError);
	});

	it("takes an aggregator of AWS Config with its limit, and refuses one that would rest on older items", async () => {
		const of = (aggregator: string) => load(`version: 1\naws:\n  accounts:\n    - organization: true\n      aggregator: ${aggregator}\n`);
		expect((await of("{name: all_accounts-1}")).aws?.accounts[0]?.aggregator).toEqual({ name: "all_accounts-1", maxAgeHours: 24 });
		for (const wrong of ["{name: all, maxAgeHours: 721}", "{name: all, maxAgeHours: 0}", '{name: "all\' OR 1=1"}', "{}", "{name: all, age: 1}"]) {
			const error = await of(wrong).catch((reason: unknown) => reason);
			expect(error).toBeInstanceOf(InputError);
			expect((error as InputError).problems.map((one) => one.line)).toEqual([5]);
		}
	});

	it("refuses colours that could not be read, with the line and a colour that can", async () => {
		await expect(load('version: 1\nreport:\n  theme: {accent: "#ffee00"}\n')).rejects.toThrow(
			/mailward\.yaml:3:\d+: error report\.theme\.accent: #ffee00 has a contrast of .*such as #[0-9a-f]{6}/,
		);
		expect((await load('version: 1\nreport: {theme: {accent: "#1c4f7c"}}\n')).report.theme).toEqual({ accent: "#1c4f7c" });
	});

	it.each([
		["entity: {legalName: 5}", /:2:21: error entity\.legalName: expected text, got a number$/m],
		["entity: {role: clinic}", /error entity\.role: expected one of covered_entity, business_associate, both$/m],
		["domains: {a: b}", /:2:10: error domains: expected a list, got a map$/m],
		["plans: x", /error plans: expected a list, got text$/m],
		["domains: [{sends: true}]", /error domains\[0\]\.name: required field missing; expected text$/m],
	])("says in plain words what is expected in %s", async (text, message) => {
		await expect(load(`version: 1\n${text}\n`)).rejects.toThrow(message);
	});

	it("says what to do where it is missing", async () => {
		await expect(loadConfig(join(root, "none.yaml"))).rejects.toThrow(/no such file; write one with: mailward init/);
		await expect(loadConfig(root)).rejects.toThrow(InputError);
	});
});

describe("what is taken from it", () => {
	it("resolves paths from its own folder", () => {
		expect(fromConfig("/etc/mail/mailward.yaml", "records")).toBe("/etc/mail/records");
		expect(fromConfig("/etc/mail/mailward.yaml", "/srv/records")).toBe("/srv/records");
	});

	it("gives one hash for one configuration, whatever its order, and another for another", async () => {
		const a = configSha256(await load("version: 1\ndomains: [{name: example.org, sends: false}]\n"));
		expect(configSha256(await load("# same\ndomains:\n  - sends: false\n    name: example.org\nversion: 1\n"))).toBe(a);
		expect(configSha256(await load("version: 1\ndomains: [{name: example.org}]\n"))).not.toBe(a);
	});

	it("hands judging what it needs and no more: no network, no domains", async () => {
		expect(Object.keys(judgementOf(await load("version: 1\ndomains: [{name: example.org}]\n"))).sort()).toEqual(["accept", "entity", "parameters", "report"]);
	});
});
