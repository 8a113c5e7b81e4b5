import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server between the SDK and the emulator. */
export interface Loopback {
	url: string;
	close(): void;
}

export async function listen(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<Loopback> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

interface Answer {
	status: number;
	body: Buffer;
}

interface Passing {
	/** The body of the request, where it was read already. */
	sent?: Buffer;
	change?: (answer: Answer) => Answer;
}

/** Asks the emulator the same and hands its answer on, changed where `change` says so. */
export function forward(emulator: string, incoming: IncomingMessage, outgoing: ServerResponse, { sent, change = (answer) => answer }: Passing = {}): void {
	const { hostname, port } = new URL(emulator);
	const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false }, (seen) => {
		const chunks: Buffer[] = [];
		seen.on("data", (chunk: Buffer) => chunks.push(chunk));
		seen.on("end", () => {
			const { status, body } = change({ status: seen.statusCode ?? 502, body: Buffer.concat(chunks) });
			const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = seen.headers;
			outgoing.writeHead(status, incoming.method === "HEAD" ? seen.headers : { ...headers, "content-length": body.length });
			outgoing.end(body);
		});
	});
	onward.on("error", () => outgoing.destroy());
	if (sent === undefined) incoming.pipe(onward);
	else onward.end(sent);
}
