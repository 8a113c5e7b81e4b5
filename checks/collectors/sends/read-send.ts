import { z } from "zod";
import { isOffsetTime, isSubjectRef } from "../../../model/records/index.ts";

/** One message to one recipient. */
export interface Send {
	/** Value of the tag `campaign`; null: the send carries none. */
	campaign: string | null;
	/** null: neither a pseudonym nor a key tells who it went to. */
	subject: string | null;
	ms: number;
}

const tagValues = z.array(z.string()).optional();
/** An event of the Amazon SES event publishing, as far as it is used. */
const sesEvent = z.object({
	eventType: z.string(),
	mail: z.object({
		timestamp: z.string(),
		destination: z.array(z.string()).optional(),
		tags: z.object({ campaign: tagValues, subjectRef: tagValues }).optional(),
	}),
});
const recipients = z.strictObject({ schema: z.literal("mailward/recipients/v1"), campaign: z.string(), sentAt: z.string().refine(isOffsetTime) });

/** What a line is: sends, another event, or not readable. */
export type LineRead = Send[] | "other" | "malformed";

/**
 * Reads the lines of one export, in order. Three forms: SES events, one JSON object a line, as Firehose writes them; the same in the
 * envelopes of EventBridge and SNS; and lists of recipients, a header {"schema": "mailward/recipients/v1", campaign, sentAt} before the
 * lines "sub_..." that were sent to. Further headers begin further lists.
 */
export class SendReader {
	#header: { campaign: string; ms: number } | undefined;
	readonly #subjectOf: ((address: string) => string) | undefined;

	/** `subjectOf`: from an address to its pseudonym, where there is a key. */
	constructor(subjectOf: ((address: string) => string) | undefined) {
		this.#subjectOf = subjectOf;
	}

	read(line: string): LineRead {
		// The form of most lines of a list, without a parser.
		const plain = /^\s*"(sub_[0-9A-Za-z]{26,52})"\s*$/.exec(line)?.[1];
		if (plain !== undefined) return this.#listed(plain);
		let value: unknown;
		try {
			value = JSON.parse(line);
		} catch (error) {
			// Its message would quote the line.
			if (error instanceof SyntaxError) return "malformed";
			throw error;
		}
		// A schema that does not fit builds its list of faults, for each of a million events.
		if (!isHeader(value)) return this.#event(value, 0);
		const header = recipients.safeParse(value);
		if (!header.success) return "malformed";
		this.#header = { campaign: header.data.campaign, ms: Date.parse(header.data.sentAt) };
		return [];
	}

	#listed(subject: string): LineRead {
		if (this.#header === undefined || !isSubjectRef(subject)) return "malformed";
		return [{ campaign: this.#header.campaign, subject, ms: this.#header.ms }];
	}

	#event(value: unknown, depth: number): LineRead {
		if (typeof value !== "object" || value === null || depth > 2) return "malformed";
		const { detail, Message: message } = value as { detail?: unknown; Message?: unknown };
		if (detail !== undefined) return this.#event(detail, depth + 1);
		if (typeof message === "string") {
			try {
				return this.#event(JSON.parse(message), depth + 1);
			} catch (error) {
				if (error instanceof SyntaxError) return "malformed";
				throw error;
			}
		}
		const parsed = sesEvent.safeParse(value);
		if (!parsed.success) return "malformed";
		const { eventType, mail } = parsed.data;
		if (eventType !== "Send") return "other";
		const ms = Date.parse(mail.timestamp);
		if (Number.isNaN(ms)) return "malformed";
		const campaign = mail.tags?.campaign?.[0] ?? null;
		const addresses = mail.destination ?? [];
		const tagged = mail.tags?.subjectRef ?? [];
		const [first] = tagged;
		// One pseudonym cannot stand for several recipients.
		if (first !== undefined && tagged.length === 1 && addresses.length <= 1 && isSubjectRef(first)) return [{ campaign, subject: first, ms }];
		if (this.#subjectOf === undefined || addresses.length === 0) return [{ campaign, subject: null, ms }];
		const subjectOf = this.#subjectOf;
		return addresses.map((address) => ({ campaign, subject: subjectOf(bareAddress(address)), ms }));
	}
}

function isHeader(value: unknown): boolean {
	return typeof value === "object" && value !== null && "schema" in value;
}

/** The address of `Name <address>`, or the text itself. */
function bareAddress(text: string): string {
	const open = text.lastIndexOf("<");
	const close = text.lastIndexOf(">");
	return open >= 0 && close > open ? text.slice(open + 1, close) : text;
}
