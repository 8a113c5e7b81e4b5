import { readInputFile } from "../../model/input-file.ts";
import { InputError } from "../../model/source.ts";
import type { Encrypt } from "./zip.ts";

/** No certificate file is larger. */
const maxCertificateBytes = 64 * 1024;

/**
 * How to encrypt for recipients, each an age recipient (`age1...`) or a PEM file with an X.509 certificate: the first kind gives a file
 * of the format of age, the second a CMS message; one file is for one kind. Throws InputError for what is neither.
 */
export async function encryptFor(recipients: readonly string[]): Promise<Encrypt> {
	const age = recipients.filter((one) => one.startsWith("age1"));
	if (age.length === recipients.length) return encryptWithAge(age);
	if (age.length > 0) throw fault(age[0] ?? "", "and a certificate do not go into one file: write one file for the recipients of each kind");
	const certificates: { name: string; pem: string }[] = [];
	for (const file of recipients) {
		const remedy = "--recipient takes age1... or a PEM file with an X.509 certificate";
		certificates.push({ name: file, pem: (await readInputFile(file, file, { remedy, maxBytes: maxCertificateBytes })).toString("latin1") });
	}
	const { cmsEncryption } = await import("./cms.ts");
	return cmsEncryption(certificates);
}

async function encryptWithAge(recipients: readonly string[]): Promise<Encrypt> {
	const { Encrypter } = await import("age-encryption");
	const encrypter = new Encrypter();
	for (const recipient of recipients) {
		try {
			encrypter.addRecipient(recipient);
		} catch (error) {
			throw fault(recipient, `is no age recipient: ${error instanceof Error ? error.message : "not valid"}`);
		}
	}
	const { Readable } = await import("node:stream");
	return async function* (plain) {
		yield* await encrypter.encrypt(Readable.toWeb(plain) as ReadableStream<Uint8Array>);
	};
}

function fault(recipient: string, message: string): InputError {
	return new InputError([{ file: "--recipient", line: 1, column: 1, message: `${recipient} ${message}` }]);
}
