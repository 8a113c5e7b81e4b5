import { canonicalJson } from "../../../model/canonical.ts";
import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { DerivationView } from "../derivation.ts";

export interface AuthorityAnswer {
	host: string;
	address: string;
	/** TYPE name. */
	question: string;
	rcode: string | null;
	/** The records without TTL and order, SPF alone of the TXT at the domain; undefined when the server gave no answer. */
	data: string[] | undefined;
	gap?: Gap;
}

interface StoredAnswer {
	rcode: string;
	records: { name: string; type: string; data: unknown }[];
}

/** dns.authority items, id <host>|<address>|<type>|<name>, read for comparison. */
export function authorityAnswers(items: readonly Evidence[]): AuthorityAnswer[] {
	return items.map((item) => {
		const [host = "", address = "", type = "", name = ""] = item.id.split("|");
		const base = { host, address, question: `${type} ${name}` };
		if (item.status === "error") {
			const code = item.error?.code ?? "malformed";
			return { ...base, rcode: item.error?.detail ?? null, data: undefined, gap: { code, detail: `${host} (${address})` } };
		}
		const { rcode, records } = item.values as StoredAnswer;
		const kept = records.filter((record) => record.type === type || record.type === "CNAME").filter((record) => isMailRecord(record, name));
		return { ...base, rcode, data: kept.map((record) => canonicalJson([record.type, comparable(record.data)])).sort() };
	});
}

/** Of the TXT records at the domain itself only SPF is a mail record; at the other names all are. */
function isMailRecord({ type, data }: StoredAnswer["records"][number], name: string): boolean {
	if (type !== "TXT" || name.startsWith("_") || name.includes("._")) return true;
	return Array.isArray(data) && /^v=spf1(?: |$)/i.test(data.join(""));
}

/** How a text is cut into strings makes no difference (RFC 7208 3.3), nor does the case of names. */
function comparable(data: unknown): unknown {
	if (Array.isArray(data)) return data.join("");
	if (data !== null && typeof data === "object" && "exchange" in data) return { ...data, exchange: String(data.exchange).toLowerCase().replace(/\.$/, "") };
	return typeof data === "string" ? data.toLowerCase().replace(/\.$/, "") : data;
}

/** Questions to which two servers that answered gave different records. `unknownHosts` says why the servers' names are not known. */
export function compareServers(
	view: DerivationView,
	answers: readonly AuthorityAnswer[],
	hosts: readonly string[],
	unknownHosts: Gap | undefined,
): { values: unknown; gaps: Record<string, Gap> } {
	const differences: { question: string; answers: { server: string; records: string[] }[] }[] = [];
	let least = Number.POSITIVE_INFINITY;
	for (const [question, list] of Map.groupBy(answers, (answer) => answer.question)) {
		const seen = list.filter((answer) => answer.data !== undefined);
		least = Math.min(least, new Set(seen.map((answer) => answer.address)).size);
		const kinds = new Set(seen.map((answer) => canonicalJson(answer.data)));
		if (kinds.size > 1)
			differences.push({ question, answers: seen.map((answer) => ({ server: `${answer.host} (${answer.address})`, records: answer.data ?? [] })) });
	}
	const silent = answers.filter((answer) => answer.data === undefined);
	const gaps: Record<string, Gap> = {};
	const listing = view.listingError("dns.authority");
	if (differences.length === 0) {
		if (listing !== undefined) gaps.agree = { code: listing.code, detail: listing.detail };
		else if (answers.length === 0)
			gaps.agree = unknownHosts ?? { code: "not_collected", detail: hosts.length === 0 ? "no name server is known" : "no authoritative server was asked" };
		else if (least < 2) gaps.agree = silent[0]?.gap ?? { code: "single_vantage", detail: "fewer than two servers of the zone" };
	}
	// RFC 7208 3.4: where the answer does not fit a datagram it has to come over TCP.
	const cut = silent.filter((answer) => answer.gap?.code === "truncated" && answer.question === `TXT ${view.target}`);
	return {
		values: {
			domain: view.target,
			hosts,
			answering: [...new Set(answers.filter((answer) => answer.data !== undefined).map((answer) => `${answer.host} (${answer.address})`))].sort(),
			silent: [...new Set(silent.map((answer) => `${answer.host} (${answer.address})`))].sort(),
			differences,
			agree: differences.length === 0 && gaps.agree === undefined,
			truncated: cut.map((answer) => `${answer.host} (${answer.address})`),
		},
		gaps,
	};
}
