import type { Evidence } from "../../../model/evidence.ts";
import { documentSchema } from "../content/schema.ts";

/** Hosts that links and images of sample messages lead to: one that bears the domain's own name may be an alias for somebody else's. */
export function linkedHosts(items: readonly Pick<Evidence, "kind" | "id" | "status" | "values">[]): string[] {
	const messages = new Set(items.flatMap(({ kind, id }) => (kind === "content.message" ? [id] : [])));
	const hosts = new Set<string>();
	for (const { kind, id, status, values } of items) {
		if (kind !== "content.document" || status !== "ok" || !messages.has(id)) continue;
		const parsed = documentSchema.safeParse(values);
		for (const { host } of parsed.success ? parsed.data.hosts : []) if (host !== null) hosts.add(host);
	}
	return [...hosts].sort();
}
