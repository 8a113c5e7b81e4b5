import { randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { Integer, OctetString } from "asn1js";
import { AlgorithmIdentifier, Certificate, MessageImprint, SignedData, TimeStampReq, TimeStampResp, TSTInfo } from "pkijs";
import { TimestampError } from "./timestamp-error.ts";

const sha256Oid = "2.16.840.1.101.3.4.2.1";
const maxResponseBytes = 1024 * 1024;
const timeoutMs = 30_000;

/**
 * Asks a time stamp authority (RFC 3161, section 3.4) for a stamp of a SHA-256. Sent: that hash, a nonce, and the wish for the
 * certificates. Returns the response as it came, after its status, imprint and nonce have been compared. Throws TimestampError.
 */
export async function requestTimestamp(url: string, sha256: Uint8Array, signal?: AbortSignal): Promise<Buffer> {
	const nonce = randomBytes(8);
	// A DER integer of a fixed sign: the first bit stays clear.
	nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x01;
	const request = new TimeStampReq({
		version: 1,
		messageImprint: new MessageImprint({
			hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256Oid }),
			hashedMessage: new OctetString({ valueHex: bufferOf(sha256) }),
		}),
		nonce: new Integer({ valueHex: bufferOf(nonce) }),
		certReq: true,
	});
	const deadline = AbortSignal.timeout(timeoutMs);
	let response: Buffer;
	try {
		const answer = await fetch(url, {
			method: "POST",
			headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
			body: request.toSchema().toBER(false),
			redirect: "error",
			signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
		});
		if (answer.status !== 200) throw new TimestampError(`${url} answered with HTTP status ${answer.status} instead of a time stamp`);
		response = await readCapped(answer, url);
	} catch (error) {
		if (error instanceof TimestampError || signal?.aborted === true) throw error;
		throw new TimestampError(`${url} gave no time stamp: ${deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : faultOf(error)}`);
	}
	const stamp = parseTimestamp(response);
	if (!stamp.sha256.equals(Buffer.from(sha256))) throw new TimestampError(`${url} stamped another hash than the one sent`);
	if (stamp.nonce === null || !stamp.nonce.equals(nonce)) throw new TimestampError(`${url} answered another request than ours (nonce)`);
	return response;
}

export interface Timestamp {
	time: Date;
	sha256: Buffer;
	nonce: Buffer | null;
}

/** Reads a time stamp response. Throws TimestampError for what is none, or one that was refused. Says nothing about who signed it. */
export function parseTimestamp(octets: Uint8Array): Timestamp {
	try {
		const { info } = tokenOf(octets);
		return {
			time: info.genTime,
			sha256: Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView),
			nonce: info.nonce === undefined ? null : Buffer.from(info.nonce.valueBlock.valueHexView),
		};
	} catch (error) {
		if (error instanceof TimestampError) throw error;
		throw new TimestampError("the time stamp is malformed");
	}
}

/**
 * Whether a stamp was made by an authority that one of the certificates vouches for, at a time at which the chain was valid. The octets
 * that were stamped are those of `data`. Throws TimestampError for what is no stamp.
 */
export async function verifyTimestamp(octets: Uint8Array, data: Uint8Array, trustedPem: string): Promise<boolean> {
	const { signed, info } = tokenOf(octets);
	const trustedCerts = pemBlocks(trustedPem).map((pem) => Certificate.fromBER(bufferOf(new X509Certificate(pem).raw)));
	const imprint = Buffer.from(await webcrypto.subtle.digest("SHA-256", Buffer.from(data)));
	if (!imprint.equals(Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView))) return false;
	try {
		return await signed.verify({ signer: 0, trustedCerts, checkChain: true, checkDate: info.genTime, data: bufferOf(data) });
	} catch {
		// The library throws for a chain or a signature that does not hold, as for anything else it cannot follow: not verified.
		return false;
	}
}

function tokenOf(octets: Uint8Array): { signed: SignedData; info: TSTInfo } {
	let response: TimeStampResp;
	try {
		response = TimeStampResp.fromBER(bufferOf(octets));
	} catch {
		throw new TimestampError("the time stamp is malformed");
	}
	// RFC 3161, section 2.4.2: 0 granted, 1 granted with changes; all else is a refusal.
	if (response.status.status !== 0 && response.status.status !== 1) throw new TimestampError(`the time stamp was refused (status ${response.status.status})`);
	if (response.timeStampToken === undefined) throw new TimestampError("the time stamp holds no token");
	try {
		const signed = new SignedData({ schema: response.timeStampToken.content });
		const content = signed.encapContentInfo.eContent;
		if (content === undefined) throw new TimestampError("the time stamp holds no content");
		const info = TSTInfo.fromBER(bufferOf(content.getValue()));
		if (info.messageImprint.hashAlgorithm.algorithmId !== sha256Oid) throw new TimestampError("the time stamp is not over a SHA-256");
		return { signed, info };
	} catch (error) {
		if (error instanceof TimestampError) throw error;
		throw new TimestampError("the time stamp is malformed");
	}
}

async function readCapped(answer: Response, url: string): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of answer.body ?? []) {
		bytes += chunk.length;
		if (bytes > maxResponseBytes) throw new TimestampError(`${url} answered with more than ${maxResponseBytes} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

function faultOf(error: unknown): string {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return cause instanceof Error ? cause.message : String(cause);
}

function pemBlocks(text: string): string[] {
	return text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
}

function bufferOf(octets: Uint8Array | ArrayBuffer): ArrayBuffer {
	const copy = new Uint8Array(octets.byteLength);
	copy.set(new Uint8Array(octets instanceof ArrayBuffer ? octets : octets.buffer, octets instanceof ArrayBuffer ? 0 : octets.byteOffset, octets.byteLength));
	return copy.buffer;
}
