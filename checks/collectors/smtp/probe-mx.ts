import { setTimeout as sleep } from "node:timers/promises";
import type { TlsProbe } from "../../protocols/tls/index.ts";
import type { CollectContext } from "../collector.ts";
import { ConversationFault } from "./conversation-fault.ts";
import { type Conversation, type ConverseOptions, converse } from "./converse.ts";
import { noHandshake, probeFullDepth } from "./full-depth.ts";
import { type AcceptedVersions, isTlsVersion, type TlsFacts, type TlsVersion, tlsVersions } from "./schema.ts";
import { refusesVersions } from "./tls-handshake.ts";

/** Connections to one address in a run, retries included. */
const maxConnections = { standard: 3, full: 16 };
/** Pause between the connections of the full depth: servers that count them do so by the minute. */
const spacingMs = 2000;
/** A server that is to be stopped from doing it without end stops by then. */
const maxRenegotiations = 10;
/** An address in a domain set aside for documentation (RFC 2606 3): nobody's mail. */
const stranger = "relay-test@example.com";

export interface MxProbe {
	/** The conversation that counts. */
	conversation: Conversation;
	accepted: AcceptedVersions;
	/** The conversation with active tests, when they are permitted and there was a session to begin with. */
	active?: Conversation;
	/** At full depth, when there was a session to begin with. */
	probes?: TlsProbe[];
	clientRenegotiations: number | null;
	connections: number;
}

export interface ProbeDepth {
	full: boolean;
	active: boolean;
}

interface Place {
	host: string;
	address: string;
	port: number;
}

/**
 * Probes one address of one MX host: the widest offer first; after a 4xx again, at most twice, network.retryWaitMs apart;
 * with what is left of the connections, whether old versions are accepted, and TLS 1.2 beside 1.3. Active tests share the last of them.
 */
export async function probeMx(place: Place, context: CollectContext, depth: ProbeDepth): Promise<MxProbe> {
	const { config, connector, signal } = context;
	let connections = 0;
	const left = (limit: number): number => limit - connections;
	const talk = (options: Pick<ConverseOptions, "tls" | "listenAfterReply" | "ehloInTls" | "strangerTo" | "renegotiate">): Promise<Conversation> => {
		connections += 1;
		return converse({ ...place, connector, signal, ...options });
	};
	const range = (minVersion: TlsVersion, maxVersion: TlsVersion, more: Pick<ConverseOptions, "strangerTo"> = {}): Promise<Conversation> =>
		talk({ tls: { minVersion, maxVersion }, listenAfterReply: false, ...more });
	const first = (): Promise<Conversation> => talk({ tls: { minVersion: "TLSv1", maxVersion: "TLSv1.3" }, listenAfterReply: true, ehloInTls: true });

	let conversation = await first();
	while (left(maxConnections.standard) > 0 && asksToComeBack(conversation)) {
		context.log.debug("smtp server asks to come back later", { ...place, waitMs: config.network.retryWaitMs });
		if (!(await waited(config.network.retryWaitMs, signal))) break;
		conversation = await first();
	}
	const accepted: AcceptedVersions = { TLSv1: null, "TLSv1.1": null, "TLSv1.2": null, "TLSv1.3": null };
	const probe: MxProbe = { conversation, accepted, clientRenegotiations: null, connections };
	const facts = factsIn(conversation);
	if (facts === undefined || !isTlsVersion(facts.protocol)) {
		// Whether the server relays can be asked without TLS.
		if (depth.active && conversation.fault === undefined && left(maxConnections.standard) > 0)
			probe.active = await range("TLSv1", "TLSv1.3", { strangerTo: stranger });
		return { ...probe, connections };
	}
	// All versions were offered and the server chose the highest it has (RFC 8446 4.1.3).
	for (const version of tlsVersions) if (version > facts.protocol) accepted[version] = false;
	accepted[facts.protocol] = true;
	const oldest = facts.protocol === "TLSv1" ? undefined : facts.protocol === "TLSv1.1" ? "TLSv1" : "TLSv1.1";
	if (oldest !== undefined && left(maxConnections.standard) > 0)
		note(accepted, await range("TLSv1", oldest), oldest === "TLSv1" ? ["TLSv1"] : ["TLSv1", "TLSv1.1"]);
	const strangerTo = depth.active ? { strangerTo: stranger } : {};
	if (left(maxConnections.standard) > 0 && (facts.protocol === "TLSv1.3" || depth.active)) {
		const lower = facts.protocol === "TLSv1.3";
		const again = lower ? await range("TLSv1.2", "TLSv1.2", strangerTo) : await range("TLSv1", "TLSv1.3", strangerTo);
		if (lower) note(accepted, again, ["TLSv1.2"]);
		if (depth.active) probe.active = again;
	}
	if (depth.full) {
		const older = tlsVersions.findLast((version) => version !== "TLSv1.3" && accepted[version] !== false);
		if (older !== undefined) {
			const session = await talk({ tls: { minVersion: "TLSv1", maxVersion: older }, listenAfterReply: false, renegotiate: maxRenegotiations });
			note(accepted, session, [older]);
			probe.clientRenegotiations = session.renegotiations ?? null;
		}
		probe.probes = await probeFullDepth({
			servername: place.host,
			tls13: accepted["TLSv1.3"] !== false,
			older: accepted["TLSv1.2"] !== false || accepted["TLSv1.1"] !== false || accepted.TLSv1 !== false,
			budget: left(maxConnections.full),
			spacingMs: Math.min(spacingMs, config.network.retryWaitMs),
			signal,
			async ask(hello) {
				const { answer, fault, values } = await talk({ tls: { hello }, listenAfterReply: false });
				return answer ?? noHandshake(fault?.code ?? `STARTTLS was answered with ${values.starttls.replyCode}`);
			},
		});
	}
	return { ...probe, connections };
}

/** Takes from a further handshake what it proves: the version it settled on, or a refusal of every version offered. */
export function note(accepted: AcceptedVersions, conversation: Pick<Conversation, "tls">, offered: readonly TlsVersion[]): void {
	const { tls } = conversation;
	if (tls === undefined) return;
	if (tls instanceof ConversationFault) {
		if (refusesVersions(tls)) for (const version of offered) accepted[version] = false;
		return;
	}
	if (!isTlsVersion(tls.protocol)) return;
	accepted[tls.protocol] = true;
	for (const version of offered) if (version > tls.protocol) accepted[version] = false;
}

function factsIn(conversation: Conversation): TlsFacts | undefined {
	return conversation.tls instanceof ConversationFault ? undefined : conversation.tls;
}

/** A 4xx at greeting, EHLO or an offered STARTTLS (such as 454). */
function asksToComeBack(conversation: Conversation): boolean {
	if (conversation.fault !== undefined) return conversation.fault.code === "throttled";
	const { advertised, replyCode } = conversation.values.starttls;
	return advertised && replyCode !== null && replyCode >= 400 && replyCode < 500;
}

/** False when the run was stopped meanwhile. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
	try {
		await sleep(ms, undefined, { signal });
		return true;
	} catch (error) {
		if (signal.aborted) return false;
		throw error;
	}
}
