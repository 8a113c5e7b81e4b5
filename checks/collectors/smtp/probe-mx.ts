import { setTimeout as sleep } from "node:timers/promises";
import type { CollectContext } from "../collector.ts";
import { ConversationFault } from "./conversation-fault.ts";
import { type Conversation, converse } from "./converse.ts";
import { type AcceptedVersions, isTlsVersion, type TlsFacts, type TlsVersion, tlsVersions } from "./schema.ts";
import { refusesVersions } from "./tls-handshake.ts";

/** Connections to one address in a run at the standard depth, retries included. */
const maxConnections = 3;

export interface MxProbe {
	/** The conversation that counts. */
	conversation: Conversation;
	accepted: AcceptedVersions;
}

interface Place {
	host: string;
	address: string;
	port: number;
}

/**
 * Probes one address of one MX host: the widest offer first; after a 4xx again, at most twice, network.retryWaitMs apart;
 * with what is left of the connections, whether old versions are accepted, and TLS 1.2 beside 1.3.
 */
export async function probeMx(place: Place, context: CollectContext): Promise<MxProbe> {
	const { config, connector, signal } = context;
	let left = maxConnections;
	const connect = (minVersion: TlsVersion, maxVersion: TlsVersion): Promise<Conversation> => {
		left -= 1;
		return converse({ ...place, connector, signal, minVersion, maxVersion, listenAfterReply: maxVersion === "TLSv1.3" });
	};
	let conversation = await connect("TLSv1", "TLSv1.3");
	while (left > 0 && asksToComeBack(conversation)) {
		context.log.debug("smtp server asks to come back later", { ...place, waitMs: config.network.retryWaitMs });
		if (!(await waited(config.network.retryWaitMs, signal))) break;
		conversation = await connect("TLSv1", "TLSv1.3");
	}
	const accepted: AcceptedVersions = { TLSv1: null, "TLSv1.1": null, "TLSv1.2": null, "TLSv1.3": null };
	const first = factsIn(conversation);
	if (first === undefined || !isTlsVersion(first.protocol)) return { conversation, accepted };
	// All versions were offered and the server chose the highest it has (RFC 8446 4.1.3).
	for (const version of tlsVersions) if (version > first.protocol) accepted[version] = false;
	accepted[first.protocol] = true;
	const oldest = first.protocol === "TLSv1" ? undefined : first.protocol === "TLSv1.1" ? "TLSv1" : "TLSv1.1";
	if (oldest !== undefined && left > 0) note(accepted, await connect("TLSv1", oldest), oldest === "TLSv1" ? ["TLSv1"] : ["TLSv1", "TLSv1.1"]);
	if (first.protocol === "TLSv1.3" && left > 0) note(accepted, await connect("TLSv1.2", "TLSv1.2"), ["TLSv1.2"]);
	return { conversation, accepted };
}

/** Takes from a further handshake what it proves: the version it settled on, or a refusal of every version offered. */
function note(accepted: AcceptedVersions, conversation: Conversation, offered: readonly TlsVersion[]): void {
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
