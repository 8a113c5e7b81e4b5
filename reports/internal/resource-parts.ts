import type { ResultItem } from "../../model/result.ts";

/** What the id of a resource gives away about it; see docs/architecture.md, "Evidence", for the forms an id has. */
export interface ResourceParts {
	/** arn, host, domain, terraform or item. */
	type: "arn" | "host" | "domain" | "terraform" | "item";
	account: string | null;
	region: string | null;
	/** Host, address and port of an MX target. */
	host: { name: string; address: string; port: number } | null;
}

const none = { account: null, region: null, host: null } as const;
const arn = /^arn:[a-z0-9-]+:[a-z0-9-]*:([a-z0-9-]*):(\d{12}|)(?::|$)/;
const host = /^([^|]+)\|([0-9A-Fa-f:.]+)\|(\d{1,5})$/;
const terraform = /^(?:module\.[A-Za-z0-9_.[\]"-]+\.)?(?:data\.)?aws_[a-z0-9_]+\.[^\s]+$/;
const domain = /^(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{1,63}$/i;
const accountTarget = /^(\d{12})(?:\/([a-z0-9-]+))?$/;

export function resourceParts(item: Pick<ResultItem, "resource" | "target">): ResourceParts {
	const fromTarget = accountTarget.exec(item.target);
	const place = { account: fromTarget?.[1] ?? null, region: fromTarget?.[2] ?? null, host: null };
	const named = arn.exec(item.resource);
	if (named !== null) return { ...place, type: "arn", account: named[2] || place.account, region: named[1] || place.region };
	const server = host.exec(item.resource);
	if (server !== null) {
		const [, name = "", address = "", port = ""] = server;
		return { ...none, type: "host", host: { name, address, port: Number(port) } };
	}
	if (terraform.test(item.resource)) return { ...place, type: "terraform" };
	if (fromTarget === null && domain.test(item.resource)) return { ...none, type: "domain" };
	return { ...place, type: "item" };
}
