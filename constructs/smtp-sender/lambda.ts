/** Code of the SmtpSender's rotation. It stands alone: Lambda's Node.js has the AWS SDK, and nothing else is there. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient, ListAccessKeysCommand, UpdateAccessKeyCommand } from "@aws-sdk/client-iam";
import {
	DescribeSecretCommand,
	GetSecretValueCommand,
	PutSecretValueCommand,
	SecretsManagerClient,
	UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

/** What Secrets Manager calls a rotation function with, four times in this order (Secrets Manager User Guide, "Lambda rotation functions"). */
interface RotationEvent {
	SecretId: string;
	ClientRequestToken: string;
	Step: "createSecret" | "setSecret" | "testSecret" | "finishSecret";
}

/** What the secret holds. `username` is the id of the access key. */
interface SmtpSecret {
	host: string;
	port: number;
	username: string;
	password: string;
}

const secrets = new SecretsManagerClient({});
const iam = new IAMClient({});

/**
 * Replaces the SMTP password: makes a second access key of the user, derives the password, logs in with it, hands it out, and switches
 * the old key off. A step that fails throws, and the old password stays in use; a step that is called again does nothing twice.
 */
export async function handler({ SecretId, ClientRequestToken: token, Step }: RotationEvent): Promise<void> {
	try {
		const { VersionIdsToStages: stages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
		const own = stages[token];
		if (own === undefined) throw new RotationError("the version is not known to the secret");
		const labelled = (label: string) => Object.entries(stages).find(([, labels]) => labels.includes(label))?.[0];
		if (own.includes("AWSCURRENT")) {
			// Called again after the label moved: the old key may still be on.
			if (Step === "finishSecret") await retire(SecretId, token, labelled("AWSPREVIOUS"));
			return;
		}
		if (!own.includes("AWSPENDING")) throw new RotationError("the version is not the pending one");
		const current = labelled("AWSCURRENT");
		if (Step === "createSecret") await createSecret(SecretId, token, current);
		else if (Step === "testSecret") await testSecret(await secretOf(SecretId, token));
		else if (Step === "finishSecret") await finishSecret(SecretId, token, current);
		else if (Step !== "setSecret") throw new RotationError("the step is not known");
	} catch (error) {
		// The name, and texts of our own alone: a message of others could repeat what was to be kept.
		const told = { step: Step, error: error instanceof Error ? error.name : "unknown", reason: error instanceof RotationError ? error.message : undefined };
		console.log(JSON.stringify(told));
		throw new RotationError(`${Step} failed: ${told.reason ?? told.error}`);
	}
}

class RotationError extends Error {
	override readonly name = "RotationError";
}

/** IAM makes the secret key and tells it once, so that it has to be kept in the same breath. */
async function createSecret(secretId: string, token: string, current: string | undefined): Promise<void> {
	if (await exists(secretId, token)) return;
	const UserName = variable("USER_NAME");
	const inUse = current === undefined ? undefined : (await secretOf(secretId, current)).username;
	await makeRoom(UserName, inUse);
	const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }));
	if (key?.AccessKeyId === undefined || key.SecretAccessKey === undefined) throw new RotationError("IAM told no access key");
	const secret: SmtpSecret = {
		host: variable("SMTP_HOST"),
		port: Number(variable("SMTP_PORT")),
		username: key.AccessKeyId,
		password: smtpPassword(key.SecretAccessKey, variable("SMTP_REGION")),
	};
	try {
		await secrets.send(
			new PutSecretValueCommand({ SecretId: secretId, ClientRequestToken: token, SecretString: JSON.stringify(secret), VersionStages: ["AWSPENDING"] }),
		);
	} catch (error) {
		// Nobody knows this key's secret any more.
		await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: secret.username }));
		throw error;
	}
}

/** A user has two keys at most. What was switched off by an earlier rotation goes; a key that is on and not ours is not for us to delete. */
async function makeRoom(UserName: string, inUse: string | undefined): Promise<void> {
	const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
	const others = keys.filter(({ AccessKeyId }) => AccessKeyId !== inUse);
	for (const { AccessKeyId, Status } of others) if (Status === "Inactive") await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
	const left = others.filter(({ Status }) => Status !== "Inactive").length + (keys.length - others.length);
	if (left > 1) throw new RotationError("the user has two active access keys; switch off the one that is not in the secret");
}

/** A new key is known everywhere after seconds: a refusal is believed only when it stays. */
async function testSecret(secret: SmtpSecret): Promise<void> {
	const attempts = Number(variable("LOGIN_ATTEMPTS"));
	for (let attempt = 1; ; attempt += 1) {
		const answer = await login(secret);
		if (answer === 235) return;
		if (attempt >= attempts) throw new RotationError(`the SMTP endpoint answered ${answer} to the login`);
		await new Promise((resolve) => setTimeout(resolve, Number(variable("LOGIN_WAIT_MS"))));
	}
}

/** The current label moves first: whoever asks from then on gets the new password. */
async function finishSecret(secretId: string, token: string, current: string | undefined): Promise<void> {
	await secrets.send(
		new UpdateSecretVersionStageCommand({ SecretId: secretId, VersionStage: "AWSCURRENT", MoveToVersionId: token, RemoveFromVersionId: current }),
	);
	await retire(secretId, token, current);
}

/** The key of an earlier version is switched off, and deleted by the next rotation: until then it can be switched on again. */
async function retire(secretId: string, token: string, earlier: string | undefined): Promise<void> {
	if (earlier === undefined) return;
	const { username: old } = await secretOf(secretId, earlier);
	const { username } = await secretOf(secretId, token);
	if (old !== username) await iam.send(new UpdateAccessKeyCommand({ UserName: variable("USER_NAME"), AccessKeyId: old, Status: "Inactive" }));
}

async function exists(SecretId: string, VersionId: string): Promise<boolean> {
	try {
		await secrets.send(new GetSecretValueCommand({ SecretId, VersionId, VersionStage: "AWSPENDING" }));
		return true;
	} catch (error) {
		if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
		throw error;
	}
}

async function secretOf(SecretId: string, VersionId: string): Promise<SmtpSecret> {
	const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId, VersionId }));
	const value = JSON.parse(SecretString ?? "{}") as Partial<SmtpSecret>;
	const { host, port, username, password } = value;
	if (host === undefined || port === undefined || username === undefined || password === undefined) throw new RotationError("the secret is not one of ours");
	return { host, port, username, password };
}

/**
 * The SMTP password of a secret access key in a Region (SES Developer Guide, "Obtaining Amazon SES SMTP credentials by converting
 * existing AWS credentials"): Signature Version 4 over a fixed date and message, after a version octet.
 */
export function smtpPassword(secretAccessKey: string, region: string): string {
	const sign = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text, "utf8").digest();
	let signature = sign(`AWS4${secretAccessKey}`, "11111111");
	for (const part of [region, "ses", "aws4_request", "SendRawEmail"]) signature = sign(signature, part);
	return Buffer.concat([Buffer.from([0x04]), signature]).toString("base64");
}

/** The endpoint's answer to AUTH PLAIN over TLS from the first octet (RFC 4954 section 4, RFC 8314 section 3.3). No message is sent. */
async function login({ host, port, username, password }: SmtpSecret): Promise<number> {
	const socket = connect({ host, port, servername: host, minVersion: "TLSv1.2", timeout: 10_000 });
	socket.once("timeout", () => socket.destroy(new RotationError("the SMTP endpoint did not answer in time")));
	try {
		await once(socket, "secureConnect");
		const replies = repliesOf(socket);
		if ((await next(replies)) !== 220) throw new RotationError("the SMTP endpoint gave no greeting");
		socket.write("EHLO mailward.invalid\r\n");
		if ((await next(replies)) !== 250) throw new RotationError("the SMTP endpoint refused EHLO");
		socket.write(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString("base64")}\r\n`);
		const answer = await next(replies);
		socket.write("QUIT\r\n");
		return answer;
	} finally {
		socket.destroy();
	}
}

async function next(replies: AsyncIterator<number>): Promise<number> {
	const { value, done } = await replies.next();
	if (done === true) throw new RotationError("the SMTP endpoint hung up");
	return value;
}

/** Codes of replies, each given at its last line (RFC 5321 section 4.2.1). */
async function* repliesOf(socket: TLSSocket): AsyncGenerator<number> {
	let text = "";
	for await (const chunk of socket) {
		text += String(chunk);
		if (text.length > 65_536) throw new RotationError("the SMTP endpoint said too much");
		const lines = text.split("\r\n");
		text = lines.pop() ?? "";
		for (const line of lines) if (/^\d{3}(?: |$)/.test(line)) yield Number(line.slice(0, 3));
	}
}

function variable(name: string): string {
	const value = process.env[name];
	if (value === undefined || value === "") throw new RotationError(`${name} is not set`);
	return value;
}
