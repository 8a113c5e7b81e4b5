import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ConversationFault } from "./conversation-fault.ts";
import { ReplyReader } from "./reply-reader.ts";

it("replies are read or refused, however they are cut into packets", async () => {
	const piece = fc.oneof(
		fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets).toString("latin1")),
		fc.constantFrom("220 ok\r\n", "220-more\r\n", "\r\n", "\n", "220\r\n", "x".repeat(4200)),
	);
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	try {
		await fc.assert(
			fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
				const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
				const client = connect(port, "127.0.0.1");
				const peer = await accepted;
				peer.on("error", () => peer.destroy());
				peer.setNoDelay(true);
				const reader = new ReplyReader(client, {
					signal: new AbortController().signal,
					replyTimeoutMs: 2000,
					deadline: performance.now() + 2000,
					onLine: () => undefined,
				});
				for (const text of pieces) peer.write(text, "latin1");
				peer.end();
				try {
					const reply = await reader.reply();
					expect(reply.code).toBeGreaterThanOrEqual(200);
					expect(reply.lines.length).toBeGreaterThan(0);
				} catch (error) {
					expect(error).toBeInstanceOf(ConversationFault);
					expect((error as ConversationFault).code).not.toBe("timeout");
				} finally {
					client.destroy();
				}
			}),
			{ numRuns: 150 },
		);
	} finally {
		server.close();
	}
});
