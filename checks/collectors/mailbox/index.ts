import type { CollectContext, Collector, TouchContext } from "../collector.ts";
import { collectServices, type Place, probeImplicitTls, type Service, type ServiceOutcome, touchesOf } from "../smtp/service.ts";
import { probePlain } from "./probe-plain.ts";

const kind = "mailbox.service";

/** Mailbox access on the addresses of MX hosts: 993 and 995 with TLS at once, 143 and 110 without (RFC 8314 3.1, 3.2). Never logs in. */
const mailbox: Collector = {
	id: "mailbox",
	target: "mx",
	produces: [kind],
	iamActions: [],
	touches: (target, context) => touchesOf(target, context, services(context)),
	collect: (target, context) => collectServices(target, context, { collector: "mailbox", kind, services, probe }),
};

export default mailbox;

function services({ config }: TouchContext): Service[] {
	const { ports } = config.network;
	return [
		{ name: "imaps", port: ports.imaps },
		{ name: "pop3s", port: ports.pop3s },
		{ name: "imap", port: 143 },
		{ name: "pop3", port: 110 },
	];
}

function probe(place: Place, service: Service, context: CollectContext): Promise<ServiceOutcome> {
	return service.name === "imaps" || service.name === "pop3s" ? probeImplicitTls(place, service, context) : probePlain(place, service, context);
}
