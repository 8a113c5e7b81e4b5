import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { Decrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../model/source.ts";
import { encryptFor } from "./encrypt.ts";
import { zipBundle } from "./zip.ts";

const run = promisify(execFile);
let dir: string;
const at = (name: string): string => join(dir, name);

function certificate(name: string, ...key: string[]): { pem: string; key: string } {
	const [pem, keyFile] = [at(`${name}.pem`), at(`${name}.key`)];
	execFileSync("openssl", ["req", "-x509", ...key, "-nodes", "-keyout", keyFile, "-out", pem, "-subj", `/CN=${name}/O=Audit Firm`, "-days", "30"], {
		stdio: "ignore",
	});
	return { pem, key: keyFile };
}

async function encrypted(plain: Uint8Array, recipients: readonly string[]): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const piece of (await encryptFor(recipients))(Readable.from([plain]))) pieces.push(piece);
	return Buffer.concat(pieces);
}

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "mailward-encrypt-"));
	await mkdir(at("bundle"));
	await writeFile(at("bundle/report.html"), randomBytes(700_000));
	await writeFile(at("bundle/result.json"), "{}");
	await zipBundle(at("bundle"), at("plain.zip"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe("a bundle for holders of certificates", () => {
	it("is opened by each of them with openssl, and is the archive", async () => {
		const holders = [certificate("one", "-newkey", "rsa:2048"), certificate("two", "-newkey", "rsa:3072")];
		await zipBundle(at("bundle"), at("out.p7m"), await encryptFor(holders.map((one) => one.pem)));
		expect((await stat(at("out.p7m"))).mode & 0o077).toBe(0);
		for (const { pem, key } of holders) {
			await run("openssl", ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", at("out.p7m"), "-recip", pem, "-inkey", key, "-out", at("opened.zip")]);
			expect((await readFile(at("opened.zip"))).equals(await readFile(at("plain.zip")))).toBe(true);
		}
		const { stdout } = await run("openssl", ["cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", at("out.p7m")], { maxBuffer: 64 * 1024 * 1024 });
		for (const word of ["id-smime-ct-authEnvelopedData", "aes-256-gcm", "rsaesOaep", "sha256"]) expect(stdout).toContain(word);
	}, 60_000);

	it("is opened with keys on each of the curves, beside one of RSA", async () => {
		const curve = (name: string): ReturnType<typeof certificate> => certificate(name, "-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${name}`);
		const holders = [...["P-256", "P-384", "P-521"].map(curve), certificate("beside", "-newkey", "rsa:2048")];
		const plain = randomBytes(100_000);
		await writeFile(
			at("curves.p7m"),
			await encrypted(
				plain,
				holders.map((one) => one.pem),
			),
		);
		for (const { pem, key } of holders) {
			const command = ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", at("curves.p7m"), "-recip", pem, "-inkey", key, "-out", at("curves.out")];
			await run("openssl", command);
			expect([pem, (await readFile(at("curves.out"))).equals(plain)]).toEqual([pem, true]);
		}
		const { stdout } = await run("openssl", ["cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", at("curves.p7m")], { maxBuffer: 8 * 1024 * 1024 });
		for (const hash of ["sha256", "sha384", "sha512"]) expect(stdout).toContain(`dhSinglePass-stdDH-${hash}kdf-scheme`);
		expect(stdout.match(/id-aes256-wrap/g)).toHaveLength(3);
		const stranger = curve("P-256");
		const foreign = ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", at("curves.p7m"), "-recip", stranger.pem, "-inkey", stranger.key];
		await expect(run("openssl", foreign)).rejects.toThrow();
	}, 60_000);

	it("is refused by openssl when an octet of it was changed, and for another's key", async () => {
		const [holder, stranger] = [certificate("three", "-newkey", "rsa:2048"), certificate("four", "-newkey", "rsa:2048")];
		const octets = await encrypted(Buffer.from("hello, auditor"), [holder.pem]);
		const open = async (content: Buffer, who = holder): Promise<string> => {
			await writeFile(at("try.p7m"), content);
			const command = ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", at("try.p7m"), "-recip", who.pem, "-inkey", who.key];
			return (await run("openssl", command)).stdout;
		};
		expect(await open(octets)).toBe("hello, auditor");
		const changed = Buffer.from(octets);
		const place = changed.length - 16 - 6 - 8;
		changed[place] = (changed[place] ?? 0) ^ 1;
		await expect(open(changed)).rejects.toThrow();
		await expect(open(octets, stranger)).rejects.toThrow();
		expect(octets.includes("hello")).toBe(false);
	}, 60_000);

	it("takes nothing, and any size", async () => {
		const holder = certificate("five", "-newkey", "rsa:2048");
		for (const size of [0, 1, 127, 128, 65_536]) {
			const plain = randomBytes(size);
			await writeFile(at("size.p7m"), await encrypted(plain, [holder.pem]));
			await run("openssl", [
				"cms",
				"-decrypt",
				"-binary",
				"-inform",
				"DER",
				"-in",
				at("size.p7m"),
				"-recip",
				holder.pem,
				"-inkey",
				holder.key,
				"-out",
				at("size.out"),
			]);
			expect([size, (await readFile(at("size.out"))).equals(plain)]).toEqual([size, true]);
		}
	}, 60_000);

	it("refuses what cannot receive", async () => {
		const good = certificate("six", "-newkey", "rsa:2048");
		await expect(encryptFor([good.key])).rejects.toThrow(/holds a private key/);
		await expect(encryptFor([certificate("weak", "-newkey", "rsa:1024").pem])).rejects.toThrow(/1024 bits; at least 2048/);
		const curve = certificate("curve", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1");
		await expect(encryptFor([curve.pem])).rejects.toThrow(/key on secp256k1; expected P-256, P-384 or P-521, or use an age recipient/);
		await expect(encryptFor([certificate("signer", "-newkey", "ed25519").pem])).rejects.toThrow(/key of type ed25519; expected RSA, P-256/);
		await writeFile(at("none.pem"), "hello");
		await expect(encryptFor([at("none.pem")])).rejects.toThrow(/holds no X\.509 certificate/);
		await expect(encryptFor([at("absent.pem")])).rejects.toThrow(InputError);
		await expect(encryptFor([good.pem, "age1abc"])).rejects.toThrow(/do not go into one file/);
		await expect(encryptFor(["age1abc"])).rejects.toThrow(/is no age recipient/);
	}, 60_000);
});

describe("a bundle for age recipients", () => {
	it("is opened by each of them, and by nobody else", async () => {
		const [one, two, stranger] = [await generateIdentity(), await generateIdentity(), await generateIdentity()];
		await zipBundle(at("bundle"), at("out.age"), await encryptFor([await identityToRecipient(one), await identityToRecipient(two)]));
		const octets = await readFile(at("out.age"));
		expect(octets.subarray(0, 22).toString("latin1")).toBe("age-encryption.org/v1\n");
		for (const identity of [one, two]) {
			const decrypter = new Decrypter();
			decrypter.addIdentity(identity);
			expect(Buffer.from(await decrypter.decrypt(octets)).equals(await readFile(at("plain.zip")))).toBe(true);
		}
		const other = new Decrypter();
		other.addIdentity(stranger);
		await expect(other.decrypt(octets)).rejects.toThrow();
		octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 1;
		const decrypter = new Decrypter();
		decrypter.addIdentity(one);
		await expect(decrypter.decrypt(octets)).rejects.toThrow();
	});

	it("is written as it is read", async () => {
		const file = at("large.bin");
		await writeFile(file, Buffer.alloc(8 * 1024 * 1024));
		let read = 0;
		let ahead = 0;
		const source = createReadStream(file).on("data", (chunk) => {
			read += chunk.length;
		});
		source.pause();
		let wrote = 0;
		for await (const piece of (await encryptFor([await identityToRecipient(await generateIdentity())]))(source)) {
			wrote += piece.length;
			ahead = Math.max(ahead, read - wrote);
		}
		expect(wrote).toBeGreaterThan(8 * 1024 * 1024);
		expect(ahead).toBeLessThan(2 * 1024 * 1024);
	});

	it("leaves nothing behind where encryption fails", async () => {
		await expect(
			zipBundle(at("bundle"), at("never.age"), async function* (plain) {
				for await (const piece of plain) {
					yield piece as Uint8Array;
					throw new Error("no room");
				}
			}),
		).rejects.toThrow("no room");
		expect([existsSync(at("never.age")), existsSync(at("never.age.partial"))]).toEqual([false, false]);
	});
});
