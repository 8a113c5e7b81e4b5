import { constants } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { sha256Hex } from "../../../model/canonical.ts";
import { closeStubs, contextOf, errorOf, keys, otherKeys, type Peer, probe, stub, usual } from "./testing/scripted-server.ts";

afterEach(closeStubs);

describe("TLS", () => {
	const old = { minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" };

	it("TLS 1.0 only is seen as that, not as an absent STARTTLS", async () => {
		const server = await stub(usual({ tls: { ...old, maxVersion: "TLSv1" } }));
		const { starttls, tls } = await probe(server.port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { upgraded: true } } });
		expect(tls.protocol).toBe("TLSv1");
		expect(tls.accepted).toEqual({ TLSv1: true, "TLSv1.1": false, "TLSv1.2": false, "TLSv1.3": false });
		expect(server.connections).toBe(1);
	});

	it("old versions beside new ones are found", async () => {
		const all = await probe((await stub(usual({ tls: { ...old, maxVersion: "TLSv1.3" } }))).port);
		expect(all.tls.protocol).toBe("TLSv1.3");
		expect(all.tls.accepted).toEqual({ TLSv1: null, "TLSv1.1": true, "TLSv1.2": true, "TLSv1.3": true });
		const middle = await probe((await stub(usual({ tls: { ...old, maxVersion: "TLSv1.2" } }))).port);
		expect(middle.tls.accepted).toEqual({ TLSv1: null, "TLSv1.1": true, "TLSv1.2": true, "TLSv1.3": false });
		const older = await probe((await stub(usual({ tls: { ...old, maxVersion: "TLSv1.1" } }))).port);
		expect(older.tls.accepted).toEqual({ TLSv1: true, "TLSv1.1": true, "TLSv1.2": false, "TLSv1.3": false });
	});

	it("1.3 alone refuses 1.2; RSA key exchange has no group; DH tells its size", async () => {
		const only = await probe((await stub(usual({ tls: { minVersion: "TLSv1.3" } }))).port);
		expect(only.tls.accepted).toEqual({ TLSv1: false, "TLSv1.1": false, "TLSv1.2": false, "TLSv1.3": true });
		const rsa = await probe((await stub(usual({ tls: { maxVersion: "TLSv1.2", ciphers: "AES256-SHA" } }))).port);
		expect(rsa.tls).toMatchObject({ protocol: "TLSv1.2", cipher: "TLS_RSA_WITH_AES_256_CBC_SHA", group: null });
		const dhe = await probe((await stub(usual({ tls: { maxVersion: "TLSv1.2", ciphers: "DHE-RSA-AES256-GCM-SHA384", dhparam: "auto" } }))).port);
		expect(dhe.tls.group).toMatchObject({ type: "DH", bits: expect.any(Number) });
		const p256 = await probe((await stub(usual({ tls: { ecdhCurve: "prime256v1" } }))).port);
		expect(p256.tls.group).toEqual({ type: "ECDH", name: "prime256v1", bits: 256 });
	});

	it("no shared cipher is an alert: STARTTLS was offered, the session is not assessed", async () => {
		const { starttls, session } = await probe((await stub(usual({ tls: { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" } }))).port);
		expect(starttls).toMatchObject({ status: "ok", values: { starttls: { advertised: true, replyCode: 220, upgraded: false } } });
		expect(session).toMatchObject({ status: "error", error: { code: "tls_alert", detail: expect.stringMatching(/handshake failure/i) } });
	});

	it("anonymous suites are not offered: a server that prefers them shows its certificate", async () => {
		const tls = { maxVersion: "TLSv1.2", ciphers: "aNULL:HIGH:@SECLEVEL=0", honorCipherOrder: true, secureOptions: constants.SSL_OP_CIPHER_SERVER_PREFERENCE };
		expect((await probe((await stub(usual({ tls }))).port)).tls.chain).toHaveLength(1);
	});

	it("clear text, silence or a closed connection in place of the handshake", async () => {
		const afterReply = (act: (peer: Peer) => void) => async (peer: Peer) => {
			peer.say("220 x\r\n");
			await peer.hear();
			peer.say("250-x\r\n250 STARTTLS\r\n");
			await peer.hear();
			peer.say("220 go\r\n");
			act(peer);
		};
		const clear = await probe((await stub(afterReply((peer) => peer.socket.once("data", () => peer.say("500 what is this\r\n"))))).port);
		expect(clear.session).toMatchObject(errorOf("protocol_error"));
		expect(clear.starttls).toMatchObject({ status: "ok", values: { starttls: { upgraded: false, replyCode: 220 } } });
		expect((await probe((await stub(afterReply(() => undefined))).port, { timeoutMs: { smtp: 400 } })).session).toMatchObject(errorOf("timeout"));
		expect((await probe((await stub(afterReply((peer) => peer.socket.once("data", () => peer.socket.destroy())))).port)).session).toMatchObject(
			errorOf("reset"),
		);
		expect((await probe((await stub(afterReply((peer) => peer.socket.end()))).port)).session).toMatchObject(errorOf("reset"));
	});

	it("the user's own roots travel with the evidence", async () => {
		const { items } = await probe((await stub(usual())).port, {}, contextOf({}, [keys.cert + otherKeys.cert]));
		const der = keys.cert.replace(/-----[A-Z ]+-----|\s/g, "");
		const anchors = items.filter((item) => item.kind === "config.trust_anchor");
		expect(anchors).toHaveLength(2);
		expect(anchors).toContainEqual(expect.objectContaining({ id: sha256Hex(Buffer.from(der, "base64")), values: { der } }));
	});
});
