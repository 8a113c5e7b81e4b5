import type { Evidence, Gap } from "../../../model/evidence.ts";
import { groupByName, type OfferSummary, olderSuites, summarizeProbes, type TlsProbe } from "../../protocols/tls/index.ts";

/** tls.session as the collector writes it. */
export interface TlsSession {
	host: string;
	address: string;
	port: number;
	protocol: string;
	cipher: string;
	group: { type: string; name: string; bits: number | null } | null;
	chain: string[];
	accepted: Record<string, boolean | null>;
	earlyDataBytes?: number | null;
}

/** All that one address has shown of its TLS: the session, and what was asked for at full depth. */
export interface Seen {
	session: TlsSession;
	offers: OfferSummary;
	/** TLS 1.2 and everything older was refused: what concerns those versions alone does not arise. */
	newestOnly: boolean;
	clientRenegotiations: number | null;
	/** Why a question that was left open is open. */
	gap: Gap;
}

interface OffersValues {
	connections: number;
	clientRenegotiations?: number | null;
	probes: TlsProbe[];
}

/** Reads session and offers together; an errored tls.offers leaves every question of the full depth open under its code. */
export function readSeen(sessionItem: Evidence, offersItem: Evidence | undefined): Seen {
	const session = sessionItem.values as TlsSession;
	const values = offersItem?.status === "ok" ? (offersItem.values as OffersValues) : undefined;
	const offers = summarizeProbes(values?.probes ?? []);
	add(offers.suites, session.cipher);
	const group = session.group === null ? undefined : groupByName(session.group.name);
	if (group !== undefined) add(offers.groups, group.name);
	if (session.group?.type === "DH" && session.group.bits !== null) offers.dhBits = Math.min(offers.dhBits ?? Number.POSITIVE_INFINITY, session.group.bits);
	const newestOnly = ["TLSv1", "TLSv1.1", "TLSv1.2"].every((version) => session.accepted[version] === false);
	return { session, offers, newestOnly, clientRenegotiations: values?.clientRenegotiations ?? null, gap: gapOf(offersItem, values) };
}

function gapOf(item: Evidence | undefined, values: OffersValues | undefined): Gap {
	if (item === undefined) return { code: "not_collected", detail: "tls.offers" };
	if (values === undefined) return { code: item.error?.code ?? "malformed", detail: item.error?.detail };
	const codes = {
		alert: "tls_alert",
		closed: "reset",
		timeout: "timeout",
		not_tls: "protocol_error",
		malformed: "malformed",
		no_handshake: "starttls_unavailable",
	} as const;
	for (const { answer } of values.probes) {
		if (answer.outcome !== "hello" && answer.outcome !== "refused") return { code: codes[answer.outcome], detail: answer.detail ?? undefined };
	}
	return { code: "not_at_this_depth", detail: `${values.connections} connections did not settle it` };
}

function add(list: OfferSummary["suites"], name: string): void {
	if (!list.accepted.includes(name)) list.accepted = [...list.accepted, name].sort();
	list.refused = list.refused.filter((one) => one !== name);
}

/** What was accepted of a kind, and whether each of the kind is settled. */
export interface Finding {
	found: string[];
	settled: boolean;
}

export function findingOf(list: OfferSummary["suites"], kind: readonly string[]): Finding {
	const known = new Set([...list.accepted, ...list.refused]);
	return { found: list.accepted.filter((name) => kind.includes(name)), settled: kind.every((name) => known.has(name)) };
}

export function suitesWhere(keep: (suite: (typeof olderSuites)[number]) => boolean): string[] {
	return olderSuites.filter(keep).map((suite) => suite.name);
}
