import type { Evidence, Gap } from "../../../model/evidence.ts";
import { documentSchema } from "../../collectors/content/schema.ts";
import type { DerivationView } from "../derivation.ts";
import { sampleMessages } from "../messages/sample-message.ts";

/** What the sample messages of a domain show of the hosts that their links and images lead to. */
export interface MessageHosts {
	/** By host, the documents that lead there. */
	hosts: ReadonlyMap<string, readonly Evidence[]>;
	/** What was read, hosts or none. */
	items: readonly Evidence[];
	/** There is no message, or one that could not be read, or a link whose host nobody can tell. */
	gap: Gap | undefined;
}

export function messageHosts(view: DerivationView): MessageHosts {
	const { messages, gap: missing } = sampleMessages(view);
	let gap = missing;
	const hosts = new Map<string, Evidence[]>();
	const items: Evidence[] = [];
	for (const { item } of messages) {
		const document = view.item("content.document", item.id);
		const parsed = document?.status === "ok" ? documentSchema.safeParse(document.values) : undefined;
		items.push(item);
		if (document === undefined || parsed?.success !== true) {
			gap ??= { code: document?.error?.code ?? (document === undefined ? "not_collected" : "malformed"), detail: item.id };
			continue;
		}
		items.push(document);
		for (const { host } of parsed.data.hosts) {
			if (host === null) gap ??= { code: "vendor_unknown", detail: item.id };
			else hosts.set(host, [...(hosts.get(host) ?? []), document]);
		}
	}
	return { hosts, items, gap };
}
