import * as tls from "node:tls";
import { createServer, type Server } from "node:tls";
import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient, ListAccessKeysCommand, UpdateAccessKeyCommand } from "@aws-sdk/client-iam";
import {
	DescribeSecretCommand,
	GetSecretValueCommand,
	PutSecretValueCommand,
	SecretsManagerClient,
	UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { generate } from "selfsigned";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { handler, smtpPassword } from "./lambda.ts";

const secrets = mockClient(SecretsManagerClient);
const iam = mockClient(IAMClient);
const log = vi.spyOn(console, "log").mockImplementation(() => undefined);

const event = { SecretId: "mail/smtp", ClientRequestToken: "new" };
const oldKey = "AKIAOLDOLDOLDOLDOLD0";
const newKey = "AKIANEWNEWNEWNEWNEW0";
const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const missing = Object.assign(new Error("none"), { name: "ResourceNotFoundException" });

/** An SMTP endpoint on loopback: greets, and answers AUTH as told, one answer after the other. */
let server: Server;
let port = 0;
let answers: number[] = [];
let logins: string[] = [];

beforeAll(async () => {
	const pems = await generate([{ name: "commonName", value: "localhost" }], {
		keySize: 2048,
		algorithm: "sha256",
		extensions: [
			{ name: "basicConstraints", cA: true },
			{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
		],
	});
	tls.setDefaultCACertificates([...tls.getCACertificates("default"), pems.cert]);
	server = createServer({ key: pems.private, cert: pems.cert }, (socket) => {
		socket.on("error", () => undefined);
		socket.write("220 localhost ESMTP\r\n");
		socket.on("data", (data) => {
			const line = String(data);
			if (line.startsWith("EHLO")) socket.write("250-localhost\r\n250 AUTH PLAIN LOGIN\r\n");
			if (line.startsWith("AUTH PLAIN ")) {
				logins.push(Buffer.from(line.slice(11), "base64").toString());
				socket.write(`${answers.shift() ?? 535} answer\r\n`);
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	port = (server.address() as { port: number }).port;
});

afterAll(() => {
	server.close();
});

const held = (username: string) => JSON.stringify({ host: "localhost", port, username, password: "old-password" });

beforeEach(() => {
	for (const [name, value] of Object.entries({
		USER_NAME: "scanner",
		SMTP_HOST: "localhost",
		SMTP_REGION: "us-east-1",
		LOGIN_ATTEMPTS: "3",
		LOGIN_WAIT_MS: "1",
	}))
		vi.stubEnv(name, value);
	vi.stubEnv("SMTP_PORT", String(port));
	answers = [];
	logins = [];
	log.mockClear();
	secrets.reset();
	iam.reset();
	secrets.on(DescribeSecretCommand).resolves({ VersionIdsToStages: { old: ["AWSCURRENT"], new: ["AWSPENDING"] } });
	secrets.on(GetSecretValueCommand, { VersionId: "old" }).resolves({ SecretString: held(oldKey) });
	secrets.on(GetSecretValueCommand, { VersionId: "new" }).rejects(missing);
	iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [{ AccessKeyId: oldKey, Status: "Active" }] });
	iam.on(CreateAccessKeyCommand).resolves({ AccessKey: { UserName: "scanner", AccessKeyId: newKey, SecretAccessKey: secretKey, Status: "Active" } });
});

const pending = (username = newKey) => {
	const SecretString = JSON.stringify({ host: "localhost", port, username, password: "new-password" });
	secrets.on(GetSecretValueCommand, { VersionId: "new" }).resolves({ SecretString });
};

describe("the SMTP password", () => {
	it("is derived as SES documents it", () => {
		// The chain of HMACs written out once more, from the documentation's own steps.
		const { createHmac } = process.getBuiltinModule("node:crypto");
		const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
		const expected = hmac(hmac(hmac(hmac(hmac(`AWS4${secretKey}`, "11111111"), "us-east-1"), "ses"), "aws4_request"), "SendRawEmail");
		const octets = Buffer.from(smtpPassword(secretKey, "us-east-1"), "base64");
		expect(octets[0]).toBe(4);
		expect(octets.subarray(1).equals(expected)).toBe(true);
		expect(smtpPassword(secretKey, "us-west-2")).not.toBe(smtpPassword(secretKey, "us-east-1"));
	});
});

describe("createSecret", () => {
	it("makes a second key and keeps its password as the pending version", async () => {
		await handler({ ...event, Step: "createSecret" });
		const [put] = secrets.commandCalls(PutSecretValueCommand).map(({ args }) => args[0].input);
		expect(put).toMatchObject({ SecretId: "mail/smtp", ClientRequestToken: "new", VersionStages: ["AWSPENDING"] });
		expect(JSON.parse(put?.SecretString ?? "")).toEqual({ host: "localhost", port, username: newKey, password: smtpPassword(secretKey, "us-east-1") });
		expect(iam.commandCalls(DeleteAccessKeyCommand)).toHaveLength(0);
	});

	it("begins without a password, as a new secret does", async () => {
		secrets.on(DescribeSecretCommand).resolves({ VersionIdsToStages: { new: ["AWSPENDING"] } });
		iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [] });
		await handler({ ...event, Step: "createSecret" });
		expect(secrets.commandCalls(PutSecretValueCommand)).toHaveLength(1);
	});

	it("makes no second one when it is called again", async () => {
		pending();
		await handler({ ...event, Step: "createSecret" });
		expect(iam.commandCalls(CreateAccessKeyCommand)).toHaveLength(0);
	});

	it("deletes what an earlier rotation switched off, and nothing else", async () => {
		iam.on(ListAccessKeysCommand).resolves({
			AccessKeyMetadata: [
				{ AccessKeyId: oldKey, Status: "Active" },
				{ AccessKeyId: "AKIAOLDER", Status: "Inactive" },
			],
		});
		await handler({ ...event, Step: "createSecret" });
		expect(iam.commandCalls(DeleteAccessKeyCommand).map(({ args }) => args[0].input.AccessKeyId)).toEqual(["AKIAOLDER"]);
	});

	it("stops where somebody else made an active key", async () => {
		iam.on(ListAccessKeysCommand).resolves({
			AccessKeyMetadata: [
				{ AccessKeyId: oldKey, Status: "Active" },
				{ AccessKeyId: "AKIAOTHER", Status: "Active" },
			],
		});
		await expect(handler({ ...event, Step: "createSecret" })).rejects.toThrow("two active access keys");
		expect(iam.commandCalls(CreateAccessKeyCommand)).toHaveLength(0);
	});

	it("deletes the new key where its password could not be kept", async () => {
		secrets.on(PutSecretValueCommand).rejects(Object.assign(new Error(secretKey), { name: "InternalServiceError" }));
		await expect(handler({ ...event, Step: "createSecret" })).rejects.toThrow("createSecret failed: InternalServiceError");
		expect(iam.commandCalls(DeleteAccessKeyCommand).map(({ args }) => args[0].input.AccessKeyId)).toEqual([newKey]);
		expect(JSON.stringify(log.mock.calls)).not.toContain(secretKey);
	});
});

describe("testSecret", () => {
	it("logs in with the new password, and sends nothing", async () => {
		pending();
		answers = [235];
		await handler({ ...event, Step: "testSecret" });
		expect(logins).toEqual([`\0${newKey}\0new-password`]);
	});

	it("waits until the new key is known everywhere", async () => {
		pending();
		answers = [535, 535, 235];
		await handler({ ...event, Step: "testSecret" });
		expect(logins).toHaveLength(3);
	});

	it("fails where the login stays refused, and the old password stays in use", async () => {
		pending();
		await expect(handler({ ...event, Step: "testSecret" })).rejects.toThrow("testSecret failed: the SMTP endpoint answered 535 to the login");
		expect(secrets.commandCalls(UpdateSecretVersionStageCommand)).toHaveLength(0);
		expect(JSON.stringify(log.mock.calls)).not.toContain("new-password");
	});

	it("fails where nobody listens", async () => {
		secrets
			.on(GetSecretValueCommand, { VersionId: "new" })
			.resolves({ SecretString: JSON.stringify({ host: "localhost", port: 1, username: newKey, password: "p" }) });
		await expect(handler({ ...event, Step: "testSecret" })).rejects.toThrow(/testSecret failed/);
	});
});

describe("finishSecret", () => {
	it("hands the new password out and switches the old key off", async () => {
		pending();
		await handler({ ...event, Step: "finishSecret" });
		expect(secrets.commandCalls(UpdateSecretVersionStageCommand).map(({ args }) => args[0].input)).toEqual([
			{ SecretId: "mail/smtp", VersionStage: "AWSCURRENT", MoveToVersionId: "new", RemoveFromVersionId: "old" },
		]);
		expect(iam.commandCalls(UpdateAccessKeyCommand).map(({ args }) => args[0].input)).toEqual([
			{ UserName: "scanner", AccessKeyId: oldKey, Status: "Inactive" },
		]);
	});

	it("leaves the old key on where the label could not be moved", async () => {
		pending();
		secrets.on(UpdateSecretVersionStageCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
		await expect(handler({ ...event, Step: "finishSecret" })).rejects.toThrow("AccessDeniedException");
		expect(iam.commandCalls(UpdateAccessKeyCommand)).toHaveLength(0);
	});

	it("only sees to the old key when it is called again after the label moved", async () => {
		pending();
		secrets.on(DescribeSecretCommand).resolves({ VersionIdsToStages: { new: ["AWSCURRENT", "AWSPENDING"], old: ["AWSPREVIOUS"] } });
		await handler({ ...event, Step: "finishSecret" });
		expect(secrets.commandCalls(UpdateSecretVersionStageCommand)).toHaveLength(0);
		expect(iam.commandCalls(UpdateAccessKeyCommand).map(({ args }) => args[0].input.AccessKeyId)).toEqual([oldKey]);
	});
});

describe("every step", () => {
	it.each<[string, Record<string, string[]>, RegExp]>([
		["a version that the secret does not know", { old: ["AWSCURRENT"] }, /not known to the secret/],
		["a version that is not pending", { old: ["AWSCURRENT"], new: ["AWSPREVIOUS"] }, /not the pending one/],
	])("refuses %s", async (_name, VersionIdsToStages, message) => {
		secrets.on(DescribeSecretCommand).resolves({ VersionIdsToStages });
		await expect(handler({ ...event, Step: "createSecret" })).rejects.toThrow(message);
	});

	it("says which variable is missing, and nothing of a secret that is not ours", async () => {
		vi.stubEnv("USER_NAME", "");
		await expect(handler({ ...event, Step: "createSecret" })).rejects.toThrow("USER_NAME is not set");
		vi.stubEnv("USER_NAME", "scanner");
		secrets.on(GetSecretValueCommand, { VersionId: "old" }).resolves({ SecretString: '{"apiKey":"hush"}' });
		await expect(handler({ ...event, Step: "createSecret" })).rejects.toThrow("not one of ours");
		expect(JSON.stringify(log.mock.calls)).not.toContain("hush");
	});

	it("takes setSecret for done: IAM made the key with the password", async () => {
		await handler({ ...event, Step: "setSecret" });
		expect(iam.calls()).toHaveLength(0);
	});
});
