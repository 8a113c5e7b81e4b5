import { z } from "zod";

/**
 * values of a content.message item: what a sample message of a domain shows, without any text of it. id is its file. Whether a
 * signature verifies was found against the key at the time of collection; null: it could not be checked.
 */
export const sampleMessageSchema = z.object({
	/** The sending stream, such as billing or newsletter: the name of the file without its ending. */
	stream: z.string().min(1),
	/** Domains of the addresses in From, A-labels, each once. */
	from: z.array(z.string()),
	/** Domain of MAIL FROM; null for the null sender, and where the message does not tell. */
	mailFrom: z.string().nullable(),
	/** Outcome of SPF for mailFrom as the receiver wrote it down; null where it did not. */
	spf: z.enum(["pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"]).nullable(),
	/** Sent to many: RFC 8058 asks for the unsubscribe headers under the signature. */
	bulk: z.boolean(),
	/** Host names of the Received lines of the sending side, A-labels, each once. */
	received: z.array(z.string()).default([]),
	/** Hosts of the URIs in List-Unsubscribe. */
	unsubscribe: z.array(z.string()).default([]),
	dkim: z.array(
		z.object({
			domain: z.string(),
			selector: z.string(),
			algorithm: z.string(),
			verified: z.boolean().nullable(),
			/** Why it is not true; see verifyDkimSignature, or syntax. */
			reason: z.string().nullable().default(null),
			/** h=, lower case. */
			headers: z.array(z.string()),
			/** l= is there. */
			bodyLimit: z.boolean(),
		}),
	),
	/** DKIM-Signature fields whose syntax is wrong. */
	malformedSignatures: z.number().int().default(0),
});
export type SampleMessage = z.infer<typeof sampleMessageSchema>;
