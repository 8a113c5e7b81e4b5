import type { AddressInfo } from "node:net";
import { connect, createServer, type TlsOptions } from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { renegotiate } from "./renegotiate.ts";

async function against(options: TlsOptions): Promise<number> {
	const { private: key, cert } = await generate([{ name: "commonName", value: "mx.example.org" }], { keySize: 2048 });
	const server = createServer({ key, cert, ...options }, (socket) => void socket.on("error", () => socket.destroy()));
	server.on("tlsClientError", () => undefined);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const tls = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", rejectUnauthorized: false });
	tls.on("error", () => tls.destroy());
	await new Promise<void>((resolve) => tls.once("secureConnect", () => resolve()));
	try {
		return await renegotiate(tls, 10, 1000);
	} finally {
		tls.destroy();
		server.close();
	}
}

describe("renegotiation asked for by the client", () => {
	it("is counted until the server has had enough of it", async () => {
		// The runtime's own server takes part three times in ten minutes.
		expect(await against({ maxVersion: "TLSv1.2" })).toBe(3);
	});

	it("does not exist in TLS 1.3", async () => {
		expect(await against({ minVersion: "TLSv1.3" })).toBe(0);
	});
});
