import { request } from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import { awsAgents } from "../../checks/aws/agents.ts";
import { readInputFile } from "../../model/input-file.ts";
import { InputError } from "../../model/source.ts";
import { SendError } from "./send-error.ts";

/** Holds the address, which often is a secret: it is never an argument, never printed and never logged. */
export const webhookVariable = "MAILWARD_WEBHOOK_URL";
const timeoutMs = 20_000;
const attempts = 3;

/** The address, from a file or else from the environment. Throws InputError, without quoting it. */
export async function webhookUrl(file: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<URL> {
	const source = file ?? webhookVariable;
	const fault = (message: string): InputError => new InputError([{ file: source, line: 1, column: 1, message }]);
	const text = file === undefined ? env[webhookVariable] : (await readInputFile(file, file, { maxBytes: 8192 })).toString("utf8");
	if (text === undefined || text.trim() === "") throw fault(`holds no address: set ${webhookVariable}, or name a file with --url-file`);
	if (!URL.canParse(text.trim())) throw fault("holds no URL");
	const url = new URL(text.trim());
	if (url.protocol !== "https:") throw fault("holds an address that is not https:, over which nothing is sent");
	return url;
}

/** Posts JSON. Server faults and throttling are tried again; redirects are not followed, as they would lead elsewhere. Throws SendError. */
export async function postWebhook(url: URL, payload: string, options: { signal: AbortSignal; ca?: string; retryWaitMs?: number }): Promise<void> {
	let said = "";
	for (let attempt = 1; attempt <= attempts; attempt += 1) {
		if (attempt > 1) await wait((options.retryWaitMs ?? 2000) * attempt, undefined, { signal: options.signal });
		const status = await post(url, payload, options);
		if (typeof status === "number" && status >= 200 && status < 300) return;
		said = typeof status === "number" ? `the webhook answered ${status}` : `the webhook could not be reached (${status})`;
		if (typeof status === "number" && status < 500 && status !== 429) break;
	}
	throw new SendError(said);
}

/** The status, or the code of what went wrong; messages may quote the address. */
function post(url: URL, payload: string, { signal, ca }: { signal: AbortSignal; ca?: string }): Promise<number | string> {
	const { httpsAgent } = awsAgents();
	return new Promise((resolve) => {
		const sent = request(
			url,
			{
				method: "POST",
				agent: httpsAgent,
				signal,
				timeout: timeoutMs,
				...(ca === undefined ? {} : { ca }),
				headers: { "content-type": "application/json", "content-length": Buffer.byteLength(payload), "user-agent": "mailward" },
			},
			(response) => {
				response.resume();
				response.on("end", () => resolve(response.statusCode ?? 0));
				response.on("error", () => resolve("broken off"));
			},
		);
		sent.on("timeout", () => sent.destroy());
		sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "timeout"));
		sent.on("close", () => httpsAgent.destroy());
		sent.end(payload);
	});
}
