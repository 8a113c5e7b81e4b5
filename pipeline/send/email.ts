import { awsAgents } from "../../checks/aws/agents.ts";
import { errorName } from "../../checks/aws/errors.ts";
import { type Digest, digestText } from "./digest.ts";
import { SendError } from "./send-error.ts";

const timeoutMs = 30_000;

export interface Message {
	from: string;
	to: readonly string[];
	subject: string;
	text: string;
}

/** The subject says that there is something to read, and nothing of what: subjects travel in the clear. */
export function messageOf(digest: Digest, from: string, to: readonly string[]): Message {
	return { from, to, subject: "mailward: results of a scan", text: digestText(digest) };
}

/** Sends a plain text through SES. Throws SendError. */
export async function sendEmail(message: Message, region: string, signal: AbortSignal): Promise<void> {
	const { SESv2Client, SendEmailCommand } = await import("@aws-sdk/client-sesv2");
	const client = new SESv2Client({
		region,
		maxAttempts: 3,
		requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true, ...awsAgents() },
	});
	try {
		await client.send(
			new SendEmailCommand({
				FromEmailAddress: message.from,
				Destination: { ToAddresses: [...message.to] },
				Content: { Simple: { Subject: { Data: message.subject }, Body: { Text: { Data: message.text, Charset: "UTF-8" } } } },
			}),
			{ abortSignal: signal },
		);
	} catch (error) {
		throw new SendError(`SES did not take the message (${errorName(error)})`);
	}
}
