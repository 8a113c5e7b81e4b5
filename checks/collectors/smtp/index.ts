import { type Evidence, type EvidenceError, listingId, type Target } from "../../../model/evidence.ts";
import { formatEndpoint, parseEndpoint } from "../../network/address.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { trustAnchors } from "../trust-anchors.ts";
import { ConversationFault } from "./conversation-fault.ts";
import { checkEgress, type Egress } from "./egress.ts";
import { type MxProbe, probeMx } from "./probe-mx.ts";
import type { ActiveValues, StarttlsValues, TlsOffersValues, TlsSessionValues } from "./schema.ts";

const source = { collector: "smtp", version: "1" };

/** STARTTLS and TLS of one address of one MX host. */
const smtp: Collector = {
	id: "smtp",
	target: "mx",
	produces: ["smtp.starttls", "tls.session", "tls.offers", "smtp.active", "config.trust_anchor", "config.network"],
	iamActions: [],
	touches(target, { config }) {
		const { host, address, port } = placeOf(target);
		const lines = config.network.egressProbes.map((probe) => `tcp ${probe} (is outgoing SMTP open here?)`);
		return [...lines, `tcp ${formatEndpoint({ address, port })} (SMTP of ${host})`];
	},
	async *collect(target, context) {
		const anchors = trustAnchors(target, context, source.collector);
		yield* anchors;
		yield listing(target, context, "config.trust_anchor", anchors.length);
		yield networkItem(target, context);
		yield listing(target, context, "config.network", 1);
		const place = placeOf(target);
		const egress = await checkEgress(context);
		const depth = depthOf(target, context);
		if (egress === "blocked") {
			const error = {
				code: "egress_blocked",
				message: "none of network.egressProbes could be reached: this network does not let SMTP out; scan from another, or import a probe made there",
			} as const;
			yield item(target, context, "smtp.starttls", { status: "error", error });
			yield item(target, context, "tls.session", { status: "error", error });
			yield item(target, context, "tls.offers", { status: "error", error: depth.full ? error : depthFault(context) });
			yield item(target, context, "smtp.active", { status: "error", error: depth.active ? error : permissionFault(context) });
		} else {
			// One connection at a time to one address, whatever the number of host names that lead there.
			const probe = await context.limit(`smtp ${place.address}`, 1, () => probeMx(place, context, depth));
			yield starttls(target, context, probe, egress);
			yield session(target, context, probe, egress);
			yield offers(target, context, probe, egress);
			yield active(target, context, probe, egress);
		}
		yield listing(target, context, "smtp.starttls", 1);
		yield listing(target, context, "tls.session", 1);
		yield listing(target, context, "tls.offers", 1);
		yield listing(target, context, "smtp.active", 1);
	},
};

export default smtp;

/** Only hosts of domains that the configuration declares are looked at in depth or actively: an owner stands behind it. */
function depthOf(target: Target, { config }: CollectContext): { full: boolean; active: boolean } {
	const declared = isDeclared(target, config);
	return { full: declared && config.network.tlsDepth === "full", active: declared && config.network.activeTests !== undefined };
}

export function isDeclared(target: Target, config: CollectContext["config"]): boolean {
	return (target.domains ?? []).some((name) => config.domains.some((domain) => domain.name === name));
}

function depthFault({ config }: CollectContext): EvidenceError {
	const message =
		config.network.tlsDepth === "full"
			? "the full depth is for domains that the configuration declares; this host serves none of them"
			: "network.tlsDepth is standard: suites, groups and extensions are not asked for one by one";
	return { code: "not_at_this_depth", message };
}

function permissionFault({ config }: CollectContext): EvidenceError {
	const message =
		config.network.activeTests === undefined
			? "network.activeTests permits no active test"
			: "active tests are for domains that the configuration declares; this host serves none of them";
	return { code: "not_permitted", message };
}

/** What the profile check judges by travels with the evidence, so that it can be judged again elsewhere. */
function networkItem(target: Target, context: CollectContext): Evidence {
	const { tlsProfile, tlsDepth } = context.config.network;
	return {
		kind: "config.network",
		id: target.id,
		status: "ok",
		values: { tlsProfile, tlsDepth },
		source: { ...source, call: "network", target: target.id },
		collectedAt: context.now(),
	};
}

/** Reads "host|ip|port". A host is as DNS gave it, and a hostile zone may put bars into a name: the last two count. */
export function placeOf(target: Target): { host: string; address: string; port: number } {
	const parts = target.id.split("|");
	const [address, port] = parts.slice(-2);
	const host = parts.slice(0, -2).join("|");
	const endpoint = address?.includes(":") === true ? parseEndpoint(`[${address}]:${port}`) : parseEndpoint(`${address}:${port}`);
	if (host === "" || endpoint === undefined) throw new TypeError(`mx target "${target.id}" is not host|ip|port`);
	return { host, ...endpoint };
}

function starttls(target: Target, context: CollectContext, { conversation }: MxProbe, egress: Egress): Evidence {
	const values: StarttlsValues = conversation.values;
	if (conversation.fault === undefined) return item(target, context, "smtp.starttls", { status: "ok", values });
	return item(target, context, "smtp.starttls", { status: "error", error: errorOf(conversation.fault, egress), values });
}

function session(target: Target, context: CollectContext, { conversation, accepted }: MxProbe, egress: Egress): Evidence {
	const { tls, fault, values } = conversation;
	const place = placeOf(target);
	if (tls === undefined && fault === undefined) {
		const { replyCode, plaintextAfterReply } = values.starttls;
		const error: EvidenceError = plaintextAfterReply
			? { code: "starttls_unavailable", detail: "plaintext", message: "the connection was closed: octets in clear followed the reply to STARTTLS" }
			: { code: "starttls_unavailable", detail: String(replyCode), message: `STARTTLS was answered with ${replyCode}` };
		return item(target, context, "tls.session", { status: "error", error });
	}
	if (tls === undefined || tls instanceof ConversationFault) {
		const error = errorOf(tls ?? fault ?? new ConversationFault("starttls_unavailable", "there is no TLS session"), egress);
		return item(target, context, "tls.session", { status: "error", error });
	}
	const facts: TlsSessionValues = { ...place, servername: place.host, ...tls, accepted };
	return item(target, context, "tls.session", { status: "ok", values: facts });
}

function offers(target: Target, context: CollectContext, { conversation, probes, clientRenegotiations, connections }: MxProbe, egress: Egress): Evidence {
	if (!depthOf(target, context).full) return item(target, context, "tls.offers", { status: "error", error: depthFault(context) });
	if (probes === undefined) return item(target, context, "tls.offers", { status: "error", error: noSession(conversation, egress) });
	const values: TlsOffersValues = { ...placeOf(target), connections, clientRenegotiations, probes };
	return item(target, context, "tls.offers", { status: "ok", values });
}

function active(target: Target, context: CollectContext, { conversation, active: tried }: MxProbe, egress: Egress): Evidence {
	const permission = context.config.network.activeTests;
	if (permission === undefined || !depthOf(target, context).active)
		return item(target, context, "smtp.active", { status: "error", error: permissionFault(context) });
	if (tried === undefined) return item(target, context, "smtp.active", { status: "error", error: noSession(conversation, egress) });
	const values: ActiveValues = {
		...placeOf(target),
		permittedBy: permission.permittedBy,
		permittedOn: permission.on,
		relay: tried.relay ?? null,
		pipelined: tried.pipelined ?? null,
		transcript: tried.values.transcript,
	};
	if (tried.relay === undefined && tried.fault !== undefined)
		return item(target, context, "smtp.active", { status: "error", error: errorOf(tried.fault, egress), values });
	return item(target, context, "smtp.active", { status: "ok", values });
}

function noSession({ fault, tls, values }: MxProbe["conversation"], egress: Egress): EvidenceError {
	if (fault !== undefined) return errorOf(fault, egress);
	if (tls instanceof ConversationFault) return errorOf(tls, egress);
	return { code: "starttls_unavailable", detail: String(values.starttls.replyCode), message: "there is no TLS session to begin with" };
}

function errorOf(fault: ConversationFault, egress: Egress): EvidenceError {
	const doubt = fault.code === "timeout" && egress === "unchecked" ? "; our egress was not checked" : "";
	const error: EvidenceError = { code: fault.code, message: `${fault.message}${doubt}` };
	return fault.detail === undefined ? error : { ...error, detail: fault.detail };
}

function item(target: Target, context: CollectContext, kind: string, rest: Pick<Evidence, "status" | "error" | "values">): Evidence {
	return { kind, id: target.id, ...rest, source: { ...source, call: `STARTTLS ${target.id}`, target: target.id }, collectedAt: context.now() };
}

function listing(target: Target, context: CollectContext, kind: string, count: number): Evidence {
	return {
		kind: "listing",
		id: listingId(kind, target.id),
		status: "ok",
		values: { kind, target: target.id, count, complete: true },
		source: { ...source, call: `every ${kind} of ${target.id}`, target: target.id },
		collectedAt: context.now(),
	};
}
