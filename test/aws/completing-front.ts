import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answered, type Asked, amended, unemulated } from "./unemulated.ts";

export interface CompletingFront {
	url: string;
	close(): void;
}

/** A loopback server before the emulator that answers what the emulator lacks. `keyArn`: the key of what it tells of. */
export async function startCompletingFront(emulator: string, keyArn: string): Promise<CompletingFront> {
	const { hostname, port } = new URL(emulator);
	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
		incoming.on("end", () => {
			const body = Buffer.concat(chunks);
			const asked = askedOf(incoming, body);
			const answer: Answered | undefined = unemulated(asked, keyArn);
			if (answer !== undefined) {
				outgoing.writeHead(200, { "content-type": answer.type });
				outgoing.end(answer.body);
				return;
			}
			const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false }, (seen) => {
				const parts: Buffer[] = [];
				seen.on("data", (chunk: Buffer) => parts.push(chunk));
				seen.on("end", () => {
					const whole = seen.statusCode === 200 ? amended(asked, Buffer.concat(parts)) : Buffer.concat(parts);
					const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = seen.headers;
					outgoing.writeHead(seen.statusCode ?? 502, incoming.method === "HEAD" ? seen.headers : { ...headers, "content-length": whole.length });
					outgoing.end(whole);
				});
			});
			onward.on("error", () => outgoing.destroy());
			onward.end(body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

function askedOf(incoming: IncomingMessage, body: Buffer): Asked {
	const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
	const target = String(incoming.headers["x-amz-target"] ?? "").split(".")[1];
	const action = /urlencoded/.test(incoming.headers["content-type"] ?? "") ? new URLSearchParams(body.toString()).get("Action") : null;
	const path = new URL(incoming.url ?? "/", "http://localhost").pathname.replace(/(?<=.)\/$/, "");
	return { service, operation: target ?? action ?? `${incoming.method} ${path}` };
}
