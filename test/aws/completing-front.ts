import type { IncomingMessage } from "node:http";
import { forward, type Loopback, listen } from "./loopback.ts";
import { type Asked, amended, unemulated } from "./unemulated.ts";

/** Answers what the emulator lacks. `keyArn`: the key of what it tells of. */
export function startCompletingFront(emulator: string, keyArn: string): Promise<Loopback> {
	return listen((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
		incoming.on("end", () => {
			const sent = Buffer.concat(chunks);
			const asked = askedOf(incoming, sent);
			const answer = unemulated(asked, keyArn);
			if (answer === undefined) {
				forward(emulator, incoming, outgoing, { sent, change: ({ status, body }) => ({ status, body: status === 200 ? amended(asked, body) : body }) });
				return;
			}
			outgoing.writeHead(200, { "content-type": answer.type });
			outgoing.end(answer.body);
		});
	});
}

function askedOf(incoming: IncomingMessage, body: Buffer): Asked {
	const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
	const target = String(incoming.headers["x-amz-target"] ?? "").split(".")[1];
	const action = /urlencoded/.test(incoming.headers["content-type"] ?? "") ? new URLSearchParams(body.toString()).get("Action") : null;
	const path = new URL(incoming.url ?? "/", "http://localhost").pathname.replace(/(?<=.)\/$/, "");
	return { service, operation: target ?? action ?? `${incoming.method} ${path}` };
}
