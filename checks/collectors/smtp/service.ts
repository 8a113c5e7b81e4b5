import type { Evidence, Target } from "../../../model/evidence.ts";
import { listingId } from "../../../model/evidence.ts";
import { formatEndpoint } from "../../network/address.ts";
import type { CollectContext, TouchContext } from "../collector.ts";
import { ConversationFault } from "./conversation-fault.ts";
import { isDeclared, placeOf } from "./index.ts";
import { note } from "./probe-mx.ts";
import type { AcceptedVersions, TlsFacts, TranscriptLine } from "./schema.ts";
import { handshake } from "./tls-handshake.ts";

export type ServiceName = "submissions" | "submission" | "imaps" | "pop3s" | "imap" | "pop3";

/** values of submission.service and mailbox.service. */
export interface ServiceValues {
	host: string;
	address: string;
	port: number;
	service: ServiceName;
	/** TLS from the first octet (RFC 8314 3). */
	implicitTls: boolean;
	greeting: string | null;
	/** The capabilities list STARTTLS or STLS; null on ports with TLS from the first octet, and where they were not to be had. */
	starttls: boolean | null;
	/** A way to log in is offered in clear; null where the capabilities were not to be had. */
	loginInClear: boolean | null;
	/** null where TLS was not tried or failed. */
	tls: TlsFacts | null;
	accepted: AcceptedVersions;
	/** Why there is no session. */
	tlsFault: { code: string; detail: string | null } | null;
	transcript: TranscriptLine[];
}

export interface Service {
	name: ServiceName;
	port: number;
}

export interface Place {
	host: string;
	address: string;
	port: number;
}

/** closed: the address answered that nothing listens there. */
export type ServiceOutcome = { state: "open"; values: ServiceValues } | { state: "closed" } | { state: "unseen"; fault: ConversationFault };

/** A port that is filtered answers nothing at all: waiting longer for it tells no more. */
export const connectMs = 5000;

export function blankValues(place: Place, service: Service, implicitTls: boolean): ServiceValues {
	return {
		...place,
		service: service.name,
		implicitTls,
		greeting: null,
		starttls: null,
		loginInClear: implicitTls ? false : null,
		tls: null,
		accepted: { TLSv1: null, "TLSv1.1": null, "TLSv1.2": null, "TLSv1.3": null },
		tlsFault: null,
		transcript: [],
	};
}

/** A port with TLS from the first octet: one session of the widest offer, one of old versions alone. No login, no mail. */
export async function probeImplicitTls(place: Place, service: Service, context: CollectContext): Promise<ServiceOutcome> {
	const values = blankValues(place, service, true);
	const { timeoutMs } = context.config.network;
	for (const maxVersion of ["TLSv1.3", "TLSv1.1"] as const) {
		const connected = await context.connector.connect(place.address, place.port, { timeoutMs: Math.min(connectMs, timeoutMs.smtp), signal: context.signal });
		if (!connected.ok) {
			if (maxVersion === "TLSv1.1") break;
			return connected.code === "refused" ? { state: "closed" } : { state: "unseen", fault: new ConversationFault(connected.code, connected.message) };
		}
		const { socket } = connected;
		try {
			const { facts } = await handshake(socket, { servername: place.host, minVersion: "TLSv1", maxVersion, timeoutMs: timeoutMs.smtp, signal: context.signal });
			if (maxVersion === "TLSv1.3") values.tls = facts;
			else note(values.accepted, { tls: facts }, ["TLSv1", "TLSv1.1"]);
		} catch (error) {
			if (!(error instanceof ConversationFault)) throw error;
			if (error.code === "interrupted") return { state: "unseen", fault: error };
			if (maxVersion === "TLSv1.3") values.tlsFault = { code: error.code, detail: error.detail ?? null };
			else note(values.accepted, { tls: error }, ["TLSv1", "TLSv1.1"]);
		} finally {
			socket.destroy();
		}
		if (values.tls === null || values.tls.protocol < "TLSv1.2") break;
	}
	if (values.tls !== null) note(values.accepted, { tls: values.tls }, ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
	return { state: "open", values };
}

export interface ServiceCollection {
	collector: string;
	kind: string;
	services(context: TouchContext): Service[];
	probe(place: Place, service: Service, context: CollectContext): Promise<ServiceOutcome>;
}

/** Looks at the services on the address of an MX host, one connection at a time; only for domains that the configuration declares. */
export async function* collectServices(target: Target, context: CollectContext, o: ServiceCollection): AsyncIterable<Evidence> {
	const source = { collector: o.collector, version: "1", target: target.id };
	const services = isDeclared(target, context.config) ? o.services(context) : [];
	const { host, address } = placeOf(target);
	for (const service of services) {
		const place = { host, address, port: service.port };
		const outcome = await context.limit(`smtp ${address}`, 1, () => o.probe(place, service, context));
		const item = {
			kind: o.kind,
			id: `${host}|${address}|${service.port}`,
			source: { ...source, call: `${service.name} ${formatEndpoint(place)}` },
			collectedAt: context.now(),
		};
		if (outcome.state === "open") yield { ...item, status: "ok", values: outcome.values };
		else if (outcome.state === "closed") yield { ...item, status: "absent", values: { ...place, service: service.name, why: "connection refused" } };
		else {
			const { code, message, detail } = outcome.fault;
			yield {
				...item,
				status: "error",
				error: detail === undefined ? { code, message } : { code, message, detail },
				values: { ...place, service: service.name },
			};
		}
	}
	yield {
		kind: "listing",
		id: listingId(o.kind, target.id),
		status: "ok",
		values: { kind: o.kind, target: target.id, count: services.length, complete: true },
		source: { ...source, call: `every ${o.kind} of ${target.id}` },
		collectedAt: context.now(),
	};
}

export function touchesOf(target: Target, context: TouchContext, services: readonly Service[]): string[] {
	if (!isDeclared(target, context.config)) return [];
	const { host, address } = placeOf(target);
	return services.map((service) => `tcp ${formatEndpoint({ address, port: service.port })} (${service.name} of ${host})`);
}
