import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, loadClinics, startLab } from "../../../lab/index.ts";
import { configSchema } from "../../../model/config.ts";
import { collect } from "../../../pipeline/collect.ts";
import { evaluateBundle } from "../../../pipeline/evaluate.ts";

let lab: Lab;
beforeAll(async () => {
	lab = await startLab(await loadClinics(), {});
});
afterAll(() => lab.close());

/** What the checks say of a domain of the lab with these files given as --content. */
async function verdicts(files: Record<string, string>, include = ["dkim.signatures_cover", "dmarc.messages_aligned"]): Promise<string[]> {
	const out = await mkdtemp(join(tmpdir(), "messages-scan-"));
	const content = join(out, "in");
	await mkdir(content);
	for (const [name, text] of Object.entries(files)) await writeFile(join(content, name), text);
	const config = configSchema.parse({ version: 1, domains: [{ name: "typical.example" }], network: lab.network });
	const request = { domains: config.domains, plans: [], records: undefined, content: ["in/"], open: () => content };
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const now = () => new Date("2026-11-24T09:00:00Z");
	const signal = new AbortController().signal;
	await collect({ config, request, out, profile: "hipaa", concurrency: 20, now, signal, progress: () => undefined, log, include });
	const { results } = await evaluateBundle({ dir: out, include });
	return results.map((one) => `${one.check} ${one.resource} ${one.status} ${one.reason?.code ?? one.message}`);
}

const message = (from: string, mailFrom: string, more = ""): string =>
	`${more}Return-Path: <x@${mailFrom}>\nAuthentication-Results: r; spf=pass smtp.mailfrom=${mailFrom}\nFrom: A <a@${from}>\nTo: b@example.net\nSubject: s\n\ntext\n`;

it("a scan judges a domain by its own sample messages, from stored evidence", { timeout: 30_000 }, async () => {
	expect(await verdicts({ "own.eml": message("typical.example", "bounce.typical.example"), "other.eml": message("example.com", "example.net") })).toEqual([
		"dkim.signatures_cover in/own.eml fail no signature verifies",
		"dmarc.messages_aligned in/own.eml pass Messages of every sending stream are aligned",
	]);
	expect(await verdicts({ "own.eml": message("typical.example", "neglected.example") })).toEqual([
		"dkim.signatures_cover in/own.eml fail no signature verifies",
		"dmarc.messages_aligned in/own.eml fail neither DKIM nor SPF is aligned with From",
	]);
	expect(await verdicts({ "other.eml": message("example.com", "example.com") })).toEqual([
		"dkim.signatures_cover typical.example not_assessed no_sample_message",
		"dmarc.messages_aligned typical.example not_assessed no_sample_message",
	]);
	expect(await verdicts({ "template.html": "<p>" })).toEqual([
		"dkim.signatures_cover typical.example not_assessed input_not_supplied",
		"dmarc.messages_aligned typical.example not_assessed input_not_supplied",
	]);
	expect(await verdicts({ "broken.eml": "<p>" })).toEqual([
		"dkim.signatures_cover typical.example not_assessed malformed",
		"dmarc.messages_aligned typical.example not_assessed malformed",
	]);
});

it("messages tell which selectors are in use by their signatures, and none by having none", { timeout: 30_000 }, async () => {
	const signed = (selector: string) => `DKIM-Signature: v=1; a=rsa-sha256; d=typical.example; s=${selector}; h=From; bh=AA==; b=AA==\n`;
	const said = async (selector?: string): Promise<string | undefined> => {
		const file = message("typical.example", "typical.example", selector === undefined ? "" : signed(selector));
		return (await verdicts({ "own.eml": file }, ["dkim.no_revoked_in_use"]))[0];
	};
	expect(await said()).toBe("dkim.no_revoked_in_use typical.example not_assessed selector_unknown");
	expect(await said("k1")).toBe("dkim.no_revoked_in_use typical.example pass No revoked key is in use");
});
