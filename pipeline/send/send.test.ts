import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchImportFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { realisticResult } from "../../reports/testing/realistic.ts";
import { control, resultDocument, resultItem } from "../../reports/testing/result-builder.ts";
import { digestOf, digestText } from "./digest.ts";
import { messageOf, sendEmail } from "./email.ts";
import { callerTarget, findingsFor, fitted, importFindings } from "./security-hub.ts";
import { postWebhook, webhookUrl } from "./webhook.ts";

const target = { account: "111122223333", region: "eu-west-1", partition: "aws" };
const { signal } = new AbortController();

function many(count: number): ReturnType<typeof resultDocument> {
	const items = Array.from({ length: count }, (_, index) =>
		resultItem({ check: "dmarc.enforced", resource: `d${index}.example`, controls: ["TEC-09"], status: "fail" }),
	);
	return resultDocument(items, [control({ id: "TEC-09" })]);
}

describe("findings for Security Hub", () => {
	it("go 100 to a call, each under the account's own product in the Region that is called", () => {
		const { batches, elsewhere } = findingsFor(many(101), target);
		expect(batches.map((batch) => batch.length)).toEqual([100, 1]);
		expect(elsewhere).toBe(0);
		for (const finding of batches.flat()) {
			expect([finding.AwsAccountId, finding.ProductArn]).toEqual([target.account, "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default"]);
			expect(finding.Region).toBeUndefined();
		}
		expect(findingsFor(many(0), target).batches).toEqual([]);
	});

	it("of other accounts are left out and counted", () => {
		const item = resultItem({
			check: "keys.rotated",
			resource: "arn:aws:kms:us-east-1:999988887777:key/1",
			target: "999988887777/us-east-1",
			controls: ["TEC-09"],
			status: "fail",
		});
		const document = resultDocument([item], [control({ id: "TEC-09" })], {
			scope: { targets: [{ id: "999988887777/us-east-1", type: "account" }], notRequested: [] },
		});
		expect(findingsFor(document, target)).toEqual({ batches: [], elsewhere: 1 });
		expect(findingsFor(document, { ...target, account: "999988887777" }).batches.flat()).toHaveLength(1);
	});

	it("are cut to 240 kB and say so; 6 MB are a call", () => {
		const [finding] = findingsFor(many(1), target).batches.flat();
		if (finding === undefined) throw new Error("no finding");
		expect(fitted(finding)).toBe(finding);
		const large = fitted({ ...finding, Remediation: { Recommendation: { Text: "x".repeat(250_000) } } });
		expect(Buffer.byteLength(JSON.stringify(large))).toBeLessThanOrEqual(240_000);
		expect(large.ProductFields?.["mailward/cut"]).toContain("size");
		expect(large.Id).toBe(finding.Id);
		expect(() => fitted({ ...finding, Title: "x".repeat(250_000) })).toThrow(/even when cut/);
		for (const batch of findingsFor(realisticResult(), target).batches) expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(6_000_000);
	});
});

describe("importing", () => {
	const hub = mockClient(SecurityHubClient);
	afterEach(() => hub.reset());
	const { batches } = findingsFor(many(3), target);

	it("offers again what was not taken", async () => {
		const failing = batches[0]?.[1]?.Id ?? "";
		hub
			.on(BatchImportFindingsCommand)
			.resolvesOnce({ FailedCount: 1, SuccessCount: 2, FailedFindings: [{ Id: failing, ErrorCode: "InternalFailure", ErrorMessage: "later" }] })
			.resolves({ FailedCount: 0, SuccessCount: 1, FailedFindings: [] });
		expect(await importFindings(batches, target.region, signal)).toBe(3);
		const calls = hub.commandCalls(BatchImportFindingsCommand);
		expect(calls.map((call) => call.args[0].input.Findings?.length)).toEqual([3, 1]);
		expect(calls[1]?.args[0].input.Findings?.[0]?.Id).toBe(failing);
	});

	it("says which were never taken, and what denied it", async () => {
		const failing = batches[0]?.[0]?.Id ?? "";
		hub
			.on(BatchImportFindingsCommand)
			.resolves({ FailedCount: 1, SuccessCount: 0, FailedFindings: [{ Id: failing, ErrorCode: "InvalidInput", ErrorMessage: "no" }] });
		await expect(importFindings(batches, target.region, signal)).rejects.toThrow(/refused 1 of a call \(InvalidInput\): the first is/);
		expect(hub.commandCalls(BatchImportFindingsCommand)).toHaveLength(3);
		hub.reset();
		hub.on(BatchImportFindingsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
		await expect(importFindings(batches, target.region, signal)).rejects.toThrow("took 0 findings and then no more (AccessDeniedException)");
	});

	it("asks whose credentials these are", async () => {
		const sts = mockClient(STSClient);
		sts.on(GetCallerIdentityCommand).resolves({ Account: "111122223333", Arn: "arn:aws-us-gov:iam::111122223333:user/audit" });
		expect(await callerTarget("us-gov-west-1")).toEqual({ account: "111122223333", region: "us-gov-west-1", partition: "aws-us-gov" });
		sts.on(GetCallerIdentityCommand).rejects(Object.assign(new Error("none"), { name: "CredentialsProviderError" }));
		await expect(callerTarget("us-east-1")).rejects.toThrow(/give credentials by the usual chain/);
		sts.restore();
	});
});

describe("a digest", () => {
	it("is counts alone unless more is asked for", () => {
		const result = realisticResult();
		const names = [result.entity.legalName, ...result.scope.targets.map((one) => one.id), ...result.results.map((item) => item.resource)];
		const text = JSON.stringify(digestOf(result, false)) + digestText(digestOf(result, false));
		for (const name of names) expect(text).not.toContain(name);
		expect(digestOf(result, false).failed.high).toBe(result.results.filter((item) => item.state === "fail" && item.severity === "high").length);
		const full = digestOf(result, true);
		expect(full.results).toHaveLength(result.results.filter((item) => item.state === "fail" || item.state === "not_assessed").length);
		expect(digestText(full)).toContain(full.results?.[0]?.resource);
		expect(digestText(digestOf(result, false)).includes("INCOMPLETE")).toBe(!result.run.complete);
	});
});

describe("a webhook", () => {
	let server: Server;
	let ca: string;
	let url: URL;
	let answers: number[] = [];
	let taken: string[] = [];
	const dir = mkdtempSync(join(tmpdir(), "mailward-webhook-"));
	beforeAll(async () => {
		const pems = await generate([{ name: "commonName", value: "localhost" }], {
			extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
		});
		ca = pems.cert;
		server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
			let body = "";
			request.on("data", (chunk: Buffer) => (body += chunk.toString()));
			request.on("end", () => {
				taken.push(`${request.method} ${request.headers["content-type"]} ${body}`);
				response.writeHead(answers.shift() ?? 200, { location: "https://localhost:1/elsewhere" }).end();
			});
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/secret-path`);
	});
	afterEach(() => {
		answers = [];
		taken = [];
	});
	afterAll(() => {
		server.close();
		rmSync(dir, { recursive: true, force: true });
	});
	const post = (): Promise<void> => postWebhook(url, '{"a":1}', { signal, ca, retryWaitMs: 1 });

	it("gets JSON once, and again after a fault of its own", async () => {
		await post();
		expect(taken).toEqual(['POST application/json {"a":1}']);
		answers = [503, 429, 204];
		await post();
		expect(taken).toHaveLength(4);
	});

	it("that refuses, redirects or stays broken is an error that does not quote its address", async () => {
		for (const [given, said, asked] of [
			[[400], "the webhook answered 400", 1],
			[[302], "the webhook answered 302", 1],
			[[500, 500, 500], "the webhook answered 500", 3],
		] as const) {
			answers = [...given];
			taken = [];
			await expect(post()).rejects.toThrow(new RegExp(`^${said}$`));
			expect(taken).toHaveLength(asked);
		}
		const untrusted = postWebhook(url, "{}", { signal, retryWaitMs: 1 });
		await expect(untrusted).rejects.toThrow(
			/could not be reached \((?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)\)$/,
		);
	});

	it("has its address from a variable or a file, https only, never quoted", async () => {
		expect((await webhookUrl(undefined, { MAILWARD_WEBHOOK_URL: "https://hooks.example/secret" })).href).toBe("https://hooks.example/secret");
		writeFileSync(join(dir, "url"), "https://hooks.example/other\n");
		expect((await webhookUrl(join(dir, "url"), {})).href).toBe("https://hooks.example/other");
		for (const [text, said] of [
			["http://hooks.example/secret", "is not https:"],
			["secret", "holds no URL"],
			["", "set MAILWARD_WEBHOOK_URL"],
		] as const) {
			const error = await webhookUrl(undefined, { MAILWARD_WEBHOOK_URL: text }).catch((one: Error) => one.message);
			expect(error).toContain(said);
			if (text !== "") expect(error).not.toContain(text);
		}
	});
});

describe("a mail", () => {
	const ses = mockClient(SESv2Client);
	afterAll(() => ses.restore());
	const message = messageOf(digestOf(realisticResult(), false), "audit@example.org", ["official@example.org"]);

	it("goes through SES as plain text under a subject that tells nothing", async () => {
		ses.on(SendEmailCommand).resolves({ MessageId: "1" });
		await sendEmail(message, "us-east-1", signal);
		const input = ses.commandCalls(SendEmailCommand)[0]?.args[0].input;
		expect(input).toMatchObject({ FromEmailAddress: "audit@example.org", Destination: { ToAddresses: ["official@example.org"] } });
		expect(input?.Content?.Simple?.Subject?.Data).toBe("mailward: results of a scan");
		expect(input?.Content?.Simple?.Body?.Text?.Data).toBe(message.text);
	});

	it("that SES refuses is an error", async () => {
		ses.on(SendEmailCommand).rejects(Object.assign(new Error("not verified"), { name: "MessageRejected" }));
		await expect(sendEmail(message, "us-east-1", signal)).rejects.toThrow("SES did not take the message (MessageRejected)");
	});
});
