import { createServer } from "node:net";

/** A port of 127.0.0.1 that nothing uses at this moment. */
export function freePort(): Promise<number> {
	const { promise, resolve, reject } = Promise.withResolvers<number>();
	const server = createServer();
	server.once("error", reject);
	server.listen(0, "127.0.0.1", () => {
		const address = server.address();
		server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
	});
	return promise;
}
