import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { keyId, readSigningKey, readTrustedKeys, signDsse, type TrustedKey, verifyDsse, writeNewKey } from "./signing.ts";

const dir = mkdtempSync(join(tmpdir(), "mailward-keys-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const path = (name: string): string => join(dir, name);
const openIn = (name: string): string => join(dir, name);
const pair = generateKeyPairSync("ed25519");
const trusted: TrustedKey[] = [{ id: keyId(pair.publicKey), name: "test", key: pair.publicKey }];

function file(name: string, text: string | Buffer, mode = 0o600): string {
	writeFileSync(path(name), text);
	chmodSync(path(name), mode);
	return path(name);
}

async function problem(work: Promise<unknown>): Promise<string> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(InputError);
	return (error as InputError).problems.map((one) => one.message).join("\n");
}

describe("a new key pair", () => {
	it("is its owner's alone, signs, and is never overwritten", async () => {
		const written = await writeNewKey(path("clinic.key"));
		expect(written).toMatchObject({ privateFile: path("clinic.key"), publicFile: path("clinic.pub") });
		expect(statSync(path("clinic.key")).mode & 0o777).toBe(0o600);
		const before = readFileSync(path("clinic.key"));
		const key = await readSigningKey(path("clinic.key"), "clinic.key");
		const [known] = await readTrustedKeys(["clinic.pub"], openIn);
		expect(known?.id).toBe(written.id);
		expect(keyId(key)).toBe(written.id);
		expect(verifyDsse(signDsse("a/b", Buffer.from("x"), key), "a/b", known === undefined ? [] : [known])).toMatchObject({ ok: true });

		expect(await problem(writeNewKey(path("clinic.key")))).toContain("not overwritten");
		rmSync(path("clinic.key"));
		// The public half alone is in the way as well: it may be in use elsewhere.
		expect(await problem(writeNewKey(path("clinic.key")))).toContain("not overwritten");
		expect(before.length).toBeGreaterThan(0);
	});

	it("needs a folder", async () => {
		expect(await problem(writeNewKey(path("nowhere/clinic.key")))).toContain("folder does not exist");
	});
});

describe("a signing key", () => {
	const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
	it.each([0o640, 0o604, 0o644, 0o666, 0o620])("that others may touch (mode %o) is refused", async (mode) => {
		const name = `mode-${mode}.key`;
		expect(await problem(readSigningKey(file(name, pem, mode), name))).toContain("readable by others");
	});

	it.each<[string, string | Buffer, string]>([
		["a public key", pair.publicKey.export({ type: "spki", format: "pem" }), "public key"],
		["an RSA key", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }), "rsa"],
		["a key with a passphrase", pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }), "encrypted"],
		["garbage", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"],
		["nothing", "", "no private key"],
	])("is no %s", async (name, text, message) => {
		const said = await problem(readSigningKey(file(`${name}.key`, text), name));
		expect(said).toContain(message);
		expect(said).not.toContain("AAAA");
	});

	it("must be there", async () => {
		expect(await problem(readSigningKey(path("none.key"), "none.key"))).toContain("no such file");
	});
});

describe("trusted keys", () => {
	const pem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
	it("come from files or stand in the configuration, each once", async () => {
		file("one.pub", pem, 0o644);
		expect(await readTrustedKeys(["one.pub", pem], openIn)).toHaveLength(1);
		const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
		file("two.pub", pem + other, 0o644);
		expect(await readTrustedKeys(["two.pub"], openIn)).toHaveLength(2);
	});

	it("are public, and of a kind that verifies", async () => {
		file("private.pem", pair.privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
		expect(await problem(readTrustedKeys(["private.pem"], openIn))).toContain("private key");
		const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" }).toString();
		expect(await problem(readTrustedKeys([rsa], openIn))).toContain("none of Ed25519, ECDSA on P-256, P-384 or P-521, and RSA of at least 2048 bits");
		file("text.pub", "hello");
		expect(await problem(readTrustedKeys(["text.pub"], openIn))).toContain("no public key");
		expect(await problem(readTrustedKeys(["none.pub"], openIn))).toContain("no such file");
	});
});

describe("an envelope", () => {
	it("is what DSSE v1 says, by an example of its protocol text", () => {
		// PAE of type "http://example.com/HelloWorld" and body "hello world", signed and verified by hand.
		const envelope = signDsse("http://example.com/HelloWorld", Buffer.from("hello world"), pair.privateKey);
		expect(envelope.payload).toBe(Buffer.from("hello world").toString("base64"));
		const pae = Buffer.from("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
		const { verify } = process.getBuiltinModule("node:crypto");
		expect(
			verify(
				null,
				pae,
				createPublicKey(createPrivateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }))),
				Buffer.from(envelope.signatures[0]?.sig ?? "", "base64"),
			),
		).toBe(true);
	});

	it("gives back any payload under its type, and under no other", () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 200 }),
				fc.string({ minLength: 1, maxLength: 20 }),
				fc.string({ minLength: 1, maxLength: 20 }),
				(payload, type, other) => {
					const envelope = signDsse(type, payload, pair.privateKey);
					const opened = verifyDsse(envelope, type, trusted);
					expect(opened.ok && opened.payload.equals(payload)).toBe(true);
					if (other !== type) {
						expect(verifyDsse(envelope, other, trusted).ok).toBe(false);
						expect(verifyDsse({ ...envelope, payloadType: other }, other, trusted).ok).toBe(false);
					}
					expect(verifyDsse(envelope, type, [])).toEqual({ ok: false, why: "unknown_key" });
				},
			),
			{ numRuns: 60 },
		);
	});

	it("takes a key id for a hint: naming a trusted key proves nothing", () => {
		const forger = generateKeyPairSync("ed25519").privateKey;
		const forged = signDsse("a/b", Buffer.from("x"), forger);
		const claimed = { ...forged, signatures: forged.signatures.map((one) => ({ ...one, keyid: keyId(pair.publicKey) })) };
		expect(verifyDsse(claimed, "a/b", trusted)).toEqual({ ok: false, why: "bad_signature" });
		const nameless = signDsse("a/b", Buffer.from("x"), pair.privateKey);
		expect(verifyDsse({ ...nameless, signatures: nameless.signatures.map(({ sig }) => ({ sig })) }, "a/b", trusted).ok).toBe(true);
	});

	it("allows one spelling of base64", () => {
		const envelope = signDsse("a/b", Buffer.from("x"), pair.privateKey);
		for (const payload of [`${envelope.payload} `, envelope.payload.replace(/=+$/, ""), `${envelope.payload}!`])
			expect(verifyDsse({ ...envelope, payload }, "a/b", trusted)).toEqual({ ok: false, why: "encoding" });
	});
});
