import { execFile, execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configSchema } from "../../model/config.ts";
import { collect } from "../collect.ts";
import { evaluateBundle } from "../evaluate.ts";
import { themeOf, writeReports } from "../report.ts";
import { keyId, readTrustedKeys } from "../signing.ts";
import { kmsSigner } from "./kms-signer.ts";
import { sealOf } from "./seal-of.ts";
import { verifyBundle } from "./verify.ts";

const run = promisify(execFile);
const arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const kinds = {
	ECDSA_SHA_256: generateKeyPairSync("ec", { namedCurve: "prime256v1" }),
	ECDSA_SHA_384: generateKeyPairSync("ec", { namedCurve: "secp384r1" }),
	RSASSA_PKCS1_V1_5_SHA_256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};

/** The two operations of KMS over HTTP, with a key of ours. */
interface Kms {
	pair: { publicKey: KeyObject; privateKey: KeyObject };
	usage: string;
	/** What KMS answers instead, by operation. */
	faults: Record<string, { status: number; type: string }>;
	signer: KeyObject | null;
	asked: { operation: string; body: Record<string, string> }[];
}
let kms: Kms;
let server: Server;
let dir: string;
const before = { ...process.env };

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "mailward-kms-"));
	server = createServer((request, response) => {
		let text = "";
		request.on("data", (chunk: Buffer) => (text += chunk.toString()));
		request.on("end", () => {
			const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
			const body = JSON.parse(text) as Record<string, string>;
			kms.asked.push({ operation, body });
			const answer = (status: number, content: object): void =>
				void response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(content));
			const fault = kms.faults[operation];
			if (fault !== undefined) return answer(fault.status, { __type: fault.type, message: "no" });
			if (operation === "GetPublicKey")
				return answer(200, { KeyId: arn, KeyUsage: kms.usage, PublicKey: kms.pair.publicKey.export({ type: "spki", format: "der" }).toString("base64") });
			answer(200, { KeyId: arn, Signature: signDigest(body.SigningAlgorithm ?? "", Buffer.from(body.Message ?? "", "base64")).toString("base64") });
		});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	Object.assign(process.env, {
		AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		AWS_ACCESS_KEY_ID: "test",
		AWS_SECRET_ACCESS_KEY: "test",
		AWS_EC2_METADATA_DISABLED: "true",
		AWS_CONFIG_FILE: "/dev/null",
		AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
	});
	delete process.env.AWS_PROFILE;
});
afterAll(async () => {
	server.close();
	process.env = before;
	await rm(dir, { recursive: true, force: true });
});
beforeEach(() => {
	kms = { pair: kinds.ECDSA_SHA_256, usage: "SIGN_VERIFY", faults: {}, signer: null, asked: [] };
});
afterEach(() => expect(kms.asked.every(({ body }) => body.KeyId === arn)).toBe(true));

/** openssl signs a digest as it is, which Node does not. */
function signDigest(algorithm: string, digest: Buffer): Buffer {
	const key = kms.signer ?? kms.pair.privateKey;
	const [keyFile, digestFile] = [join(dir, "kms.key"), join(dir, "kms.digest")];
	writeFileSync(keyFile, key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
	writeFileSync(digestFile, digest);
	const options = algorithm.startsWith("RSASSA") ? ["-pkeyopt", "rsa_padding_mode:pkcs1", "-pkeyopt", "digest:sha256"] : [];
	return execFileSync("openssl", ["pkeyutl", "-sign", "-inkey", keyFile, "-in", digestFile, ...options]);
}

async function bundle(name: string, key: Awaited<ReturnType<typeof kmsSigner>>): Promise<string> {
	const out = join(dir, name);
	await mkdir(out);
	await collect({
		config: configSchema.parse({ version: 1 }),
		request: { domains: [], plans: ["examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json"], records: undefined, content: [], open: (path) => path },
		out,
		profile: "hipaa",
		concurrency: 4,
		now: () => new Date("2026-11-24T09:00:00Z"),
		signal: new AbortController().signal,
		progress: () => undefined,
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	});
	const result = await evaluateBundle({ dir: out });
	await writeReports(out, result, ["html"], await themeOf(out, result, (path) => path), { key });
	return out;
}

describe("a bundle signed by KMS", () => {
	it.each(Object.keys(kinds) as (keyof typeof kinds)[])(
		"with %s is verified by the key one has, and by openssl",
		async (algorithm) => {
			kms.pair = kinds[algorithm];
			const { key } = await sealOf(configSchema.parse({ version: 1, sign: { key: arn } }), (path) => path);
			if (key === undefined || !("sign" in key)) throw new Error("no signer");
			const out = await bundle(algorithm, key);
			expect(kms.asked.map(({ operation }) => operation)).toEqual(["GetPublicKey", "Sign"]);
			expect(kms.asked[1]?.body).toMatchObject({ MessageType: "DIGEST", SigningAlgorithm: algorithm });

			const pem = String(kms.pair.publicKey.export({ type: "spki", format: "pem" }));
			const trusted = await readTrustedKeys([pem], (path) => path);
			const verified = await verifyBundle({ dir: out, trusted });
			expect([verified.problems, verified.signature]).toEqual([[], { state: "verified", signer: "trust.keys[0]", keyId: keyId(kms.pair.publicKey) }]);
			// The key beside the signature is not trusted for that.
			expect((await verifyBundle({ dir: out, trusted: [] })).signature.state).toBe("unverified");
			const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey;
			expect((await verifyBundle({ dir: out, trusted: [{ id: keyId(other), name: "other", key: other }] })).problems).toMatchObject([
				{ message: expect.stringContaining("is signed by a key that is not trusted") },
			]);

			await writeFile(join(dir, "signer.pub"), pem);
			const command =
				/openssl (dgst .*)/
					.exec(await readFile(join(out, "README.txt"), "utf8"))?.[1]
					?.split(" ")
					.map((word) => (word === "SIGNER.pub" ? "../signer.pub" : word)) ?? [];
			expect((await run("openssl", command, { cwd: out })).stdout).toContain("Verified OK");
			expect(keyId(createPublicKey(await readFile(join(out, "manifest.pub"))))).toBe(keyId(kms.pair.publicKey));
			await writeFile(join(out, "manifest.pub"), String(other.export({ type: "spki", format: "pem" })));
			expect((await verifyBundle({ dir: out, trusted: [] })).problems.map((one) => one.message)).toContain(
				"was changed: it is not the key that manifest.dsse.json names",
			);
		},
		60_000,
	);

	it("stays whole and unsigned where KMS does not sign in the end", async () => {
		const key = await kmsSigner(arn);
		kms.faults.Sign = { status: 400, type: "AccessDeniedException" };
		await expect(bundle("denied", key)).rejects.toThrow(/^KMS did not sign \(AccessDenied/);
		const { problems, signature } = await verifyBundle({ dir: join(dir, "denied"), trusted: [] });
		expect([problems, signature]).toEqual([[], { state: "none" }]);
		kms.faults = {};
		kms.signer = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
		await expect(bundle("moved", key)).rejects.toThrow(/does not verify/);
	}, 60_000);
});

describe("a KMS key that cannot sign", () => {
	const problem = (): Promise<string> =>
		kmsSigner(arn).then(
			() => "none",
			(error: Error) => error.message,
		);
	it("is known before anything is looked at", async () => {
		kms.usage = "ENCRYPT_DECRYPT";
		expect(await problem()).toContain("is no key that signs");
		kms.usage = "SIGN_VERIFY";
		kms.pair = generateKeyPairSync("ed25519");
		expect(await problem()).toContain("is a KMS key of type ed25519, which signs no digest of ours");
		kms.pair = generateKeyPairSync("rsa", { modulusLength: 1024 });
		expect(await problem()).toContain("use ECC_NIST_P256");
		for (const type of ["AccessDeniedException", "NotFoundException", "DisabledException"]) {
			kms.faults.GetPublicKey = { status: 400, type };
			expect(await problem()).toContain(`could not be had from KMS (${type})`);
		}
		kms.faults.GetPublicKey = { status: 500, type: "KMSInternalException" };
		expect(await problem()).toContain("could not be had from KMS");
		await expect(kmsSigner("arn:aws:s3:::bucket")).rejects.toThrow(/expected the ARN of a KMS key/);
	}, 60_000);
});
