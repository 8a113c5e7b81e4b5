import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { awsAgents } from "../../checks/aws/agents.ts";
import { errorName } from "../../checks/aws/errors.ts";
import { InputError } from "../../model/source.ts";
import { digestOf } from "../signing.ts";
import type { Signer } from "./seal.ts";
import { SigningError } from "./signing-error.ts";

/** An answer of KMS takes far less; a service that does not answer does not hold a run up for longer. */
const timeoutMs = 20_000;
const keyArn = /^arn:[a-z-]+:kms:([a-z0-9-]+):\d{12}:(?:key|alias)\/[\w/-]+$/;

/**
 * A signer that holds no key: kms:GetPublicKey says at once whether the key can be used and what signs with it, kms:Sign signs. KMS
 * takes 4,096 octets at most and a statement has more, so a digest is sent: keys on NIST curves (ECDSA) and RSA keys (RSASSA-PKCS1-v1_5,
 * SHA-256), which sign digests, and not Ed25519, which KMS signs whole messages with. Throws InputError for a key that cannot sign here.
 */
export async function kmsSigner(arn: string): Promise<Signer> {
	const fault = (message: string): InputError => new InputError([{ file: "mailward.yaml", line: 1, column: 1, field: "sign.key", message }]);
	const region = keyArn.exec(arn)?.[1];
	if (region === undefined) throw fault("expected the ARN of a KMS key or alias, such as arn:aws:kms:us-east-1:123456789012:key/...");
	const { GetPublicKeyCommand, KMSClient, SignCommand } = await import("@aws-sdk/client-kms");
	const client = new KMSClient({
		region,
		maxAttempts: 3,
		requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true, ...awsAgents() },
	});
	let publicKey: KeyObject;
	try {
		const answer = await client.send(new GetPublicKeyCommand({ KeyId: arn }));
		if (answer.KeyUsage !== "SIGN_VERIFY" || answer.PublicKey === undefined) throw fault("is no key that signs (its usage must be SIGN_VERIFY)");
		publicKey = createPublicKey({ key: Buffer.from(answer.PublicKey), format: "der", type: "spki" });
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw fault(
			`the public key could not be had from KMS (${errorName(error)}); kms:GetPublicKey and kms:Sign on this key are needed: mailward iam-policy --sign-key ARN`,
		);
	}
	const algorithm = kmsAlgorithm(publicKey);
	const digest = digestOf(publicKey);
	if (algorithm === undefined || digest === undefined || digest === null)
		throw fault(`is a KMS key of type ${publicKey.asymmetricKeyType}, which signs no digest of ours; use ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521 or RSA`);
	return {
		publicKey,
		async sign(octets) {
			let signature: Buffer;
			try {
				const { Signature } = await client.send(
					new SignCommand({ KeyId: arn, Message: createHash(digest).update(octets).digest(), MessageType: "DIGEST", SigningAlgorithm: algorithm }),
				);
				signature = Buffer.from(Signature ?? []);
			} catch (error) {
				throw new SigningError(`KMS did not sign (${errorName(error)})`);
			}
			// What is written down must hold: an alias may have moved to another key meanwhile.
			if (!verify(digest, octets, publicKey, signature)) throw new SigningError("KMS gave a signature that the public key it gave before does not verify");
			return signature;
		},
	};
}

function kmsAlgorithm(key: KeyObject): "ECDSA_SHA_256" | "ECDSA_SHA_384" | "ECDSA_SHA_512" | "RSASSA_PKCS1_V1_5_SHA_256" | undefined {
	if (key.asymmetricKeyType === "rsa") return "RSASSA_PKCS1_V1_5_SHA_256";
	switch (key.asymmetricKeyDetails?.namedCurve) {
		case "prime256v1":
			return "ECDSA_SHA_256";
		case "secp384r1":
			return "ECDSA_SHA_384";
		case "secp521r1":
			return "ECDSA_SHA_512";
		default:
			return undefined;
	}
}
