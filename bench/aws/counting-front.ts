import { createHash } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface CountingFront {
	url: string;
	/** Requests since the last question, and how many of them were different ones. */
	counted(): { calls: number; different: number };
	close(): void;
}

/** A loopback server before the emulator that counts: two equal requests to one service ask the same of the same resource twice. */
export async function startCountingFront(emulator: string): Promise<CountingFront> {
	let calls = 0;
	let seen = new Set<string>();
	const { hostname, port } = new URL(emulator);
	const server = createServer((incoming, outgoing) => {
		const hash = createHash("sha256");
		const scope = /Credential=[^/]+\/[^/]+\/([^/]+\/[^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1];
		hash.update([scope, incoming.method, incoming.url, incoming.headers["x-amz-target"]].join("\n"));
		const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(outgoing);
		});
		onward.on("error", () => outgoing.destroy());
		incoming.on("data", (chunk: Buffer) => hash.update(chunk));
		incoming.on("end", () => {
			calls += 1;
			seen.add(hash.digest("hex"));
		});
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		counted: () => {
			const result = { calls, different: seen.size };
			calls = 0;
			seen = new Set();
			return result;
		},
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
