import type { CollectContext, Collector, TouchContext } from "../collector.ts";
import { ConversationFault } from "../smtp/conversation-fault.ts";
import { converse } from "../smtp/converse.ts";
import { note } from "../smtp/probe-mx.ts";
import { blankValues, collectServices, type Place, probeImplicitTls, type Service, type ServiceOutcome, touchesOf } from "../smtp/service.ts";

const kind = "submission.service";

/** Submission on the addresses of MX hosts, ports 465 and 587 (RFC 8314 3.3). It says nothing of port 25 and never stands in for it. */
const submission: Collector = {
	id: "submission",
	target: "mx",
	produces: [kind],
	iamActions: [],
	touches: (target, context) => touchesOf(target, context, services(context)),
	collect: (target, context) => collectServices(target, context, { collector: "submission", kind, services, probe }),
};

export default submission;

function services({ config }: TouchContext): Service[] {
	const { ports } = config.network;
	return [
		{ name: "submissions", port: ports.submissions },
		{ name: "submission", port: ports.submission },
	];
}

function probe(place: Place, service: Service, context: CollectContext): Promise<ServiceOutcome> {
	return service.name === "submissions" ? probeImplicitTls(place, service, context) : probeStarttls(place, service, context);
}

async function probeStarttls(place: Place, service: Service, context: CollectContext): Promise<ServiceOutcome> {
	const base = { ...place, connector: context.connector, signal: context.signal };
	const first = await converse({ ...base, tls: { minVersion: "TLSv1", maxVersion: "TLSv1.3" }, listenAfterReply: true });
	if (first.fault !== undefined) return first.fault.code === "refused" ? { state: "closed" } : { state: "unseen", fault: first.fault };
	const { greeting, ehlo, starttls, transcript } = first.values;
	const keywords = ehlo?.keywords ?? [];
	const values = {
		...blankValues(place, service, false),
		greeting: greeting?.lines.join(" ") ?? null,
		starttls: starttls.advertised,
		// AUTH and the form with "=" of servers that serve very old clients (RFC 4954 4).
		loginInClear: ehlo === null ? null : keywords.some((keyword) => keyword === "AUTH" || keyword.startsWith("AUTH=")),
		transcript,
	};
	if (first.tls instanceof ConversationFault) values.tlsFault = { code: first.tls.code, detail: first.tls.detail ?? null };
	else if (first.tls === undefined) values.tlsFault = { code: "starttls_unavailable", detail: starttls.replyCode === null ? null : String(starttls.replyCode) };
	else {
		values.tls = first.tls;
		note(values.accepted, first, ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
		if (first.tls.protocol >= "TLSv1.2") {
			note(values.accepted, await converse({ ...base, tls: { minVersion: "TLSv1", maxVersion: "TLSv1.1" }, listenAfterReply: false }), ["TLSv1", "TLSv1.1"]);
		}
	}
	return { state: "open", values };
}
