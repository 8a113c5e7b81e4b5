import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type SampleMessage, sampleMessageSchema } from "../../collectors/messages/schema.ts";
import type { DerivationView } from "../derivation.ts";

/**
 * The sample messages whose From is the domain of the view, or a name below it. A gap says that there is none, or that one could not be
 * read, whose it might have been; without any message at all, none was given.
 */
export function sampleMessages(view: DerivationView): { messages: { item: Evidence; message: SampleMessage }[]; gap: Gap | undefined } {
	const items = view.items("content.message");
	const messages: { item: Evidence; message: SampleMessage }[] = [];
	const lost = view.listingError("content.message");
	let gap: Gap | undefined = lost === undefined ? undefined : { code: lost.code, detail: lost.detail };
	for (const item of items) {
		const parsed = sampleMessageSchema.safeParse(item.values);
		if (item.status !== "ok" || !parsed.success) gap ??= { code: item.error?.code ?? "malformed", detail: item.id };
		// A message without a From domain is every domain's: it is at fault, whoever sent it.
		else if (parsed.data.from.length === 0 || parsed.data.from.some((name) => isBelow(name.toLowerCase(), view.target)))
			messages.push({ item, message: parsed.data });
	}
	if (items.length === 0) gap ??= { code: "input_not_supplied", detail: "sample messages" };
	else if (messages.length === 0) gap ??= { code: "no_sample_message", detail: view.target };
	return { messages, gap };
}

function isBelow(name: string, domain: string): boolean {
	return name === domain || name.endsWith(`.${domain}`);
}

/** Whether every sample message carries a signature of the domain, or of a name above or below it, that verifies. */
export function signedThroughout(view: DerivationView): { all: boolean; gap: Gap | undefined; items: Evidence[] } {
	const { messages, gap } = sampleMessages(view);
	const related = (name: string): boolean => isBelow(name, view.target) || isBelow(view.target, name);
	const all = messages.length > 0 && messages.every(({ message }) => message.dkim.some((one) => one.verified === true && related(one.domain.toLowerCase())));
	return { all, gap: messages.length > 0 ? undefined : gap, items: messages.map(({ item }) => item) };
}
