import { z } from "zod";
import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { DerivationView } from "../derivation.ts";

/**
 * values of a content.message item: what a sample message of the domain shows, without any text of it. id names the sample.
 * Whether a signature verifies was found against the key at the time of collection; null: it could not be checked.
 */
export const sampleMessageSchema = z.object({
	/** The sending stream, such as billing or newsletter. */
	stream: z.string().min(1),
	/** Domains of the addresses in From, A-labels. */
	from: z.array(z.string()),
	/** Domain of MAIL FROM; null for the null sender. */
	mailFrom: z.string().nullable(),
	/** Outcome of SPF for mailFrom at the receiver. */
	spf: z.enum(["pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"]).nullable(),
	/** Sent to many: RFC 8058 asks for the unsubscribe headers under the signature. */
	bulk: z.boolean(),
	dkim: z.array(
		z.object({
			domain: z.string(),
			selector: z.string(),
			algorithm: z.string(),
			verified: z.boolean().nullable(),
			/** h=, lower case. */
			headers: z.array(z.string()),
			/** l= is there. */
			bodyLimit: z.boolean(),
		}),
	),
});
export type SampleMessage = z.infer<typeof sampleMessageSchema>;

/** The sample messages in view. A gap says that there is none, and whether any were given at all. */
export function sampleMessages(view: DerivationView): { messages: { item: Evidence; message: SampleMessage }[]; gap: Gap | undefined } {
	const items = view.items("content.message");
	const messages: { item: Evidence; message: SampleMessage }[] = [];
	let gap: Gap | undefined;
	for (const item of items) {
		const parsed = sampleMessageSchema.safeParse(item.values);
		if (item.status === "ok" && parsed.success) messages.push({ item, message: parsed.data });
		else gap ??= { code: item.error?.code ?? "malformed", detail: item.id };
	}
	if (items.length === 0)
		gap = view.supplied("content.message") ? { code: "no_sample_message", detail: view.target } : { code: "input_not_supplied", detail: "sample messages" };
	return { messages, gap };
}

/** Whether every sample message carries a signature of the domain, or of a name above or below it, that verifies. */
export function signedThroughout(view: DerivationView): { all: boolean; gap: Gap | undefined; items: Evidence[] } {
	const { messages, gap } = sampleMessages(view);
	const related = (name: string): boolean => name === view.target || name.endsWith(`.${view.target}`) || view.target.endsWith(`.${name}`);
	const all = messages.length > 0 && messages.every(({ message }) => message.dkim.some((one) => one.verified === true && related(one.domain.toLowerCase())));
	return { all, gap: messages.length > 0 ? undefined : gap, items: messages.map(({ item }) => item) };
}
