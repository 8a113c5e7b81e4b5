import type { Evidence } from "../../../model/evidence.ts";
import { type ReasonCode, reasonCodes } from "../../../model/reasons.ts";
import { classifyAddress, type Endpoint, formatEndpoint, parseEndpoint } from "../../network/address.ts";
import { createResolver } from "../../network/create-resolver.ts";
import type { DnsAnswer, RecordType, Resolver } from "../../protocols/resolver.ts";
import { normalizeName, recordsOf } from "../../protocols/resolver.ts";
import type { CollectContext } from "../collector.ts";
import { zoneNames } from "./mail-names.ts";
import { type DnsValues, storeRecord } from "./record-data.ts";

/** Servers beyond that are not asked: no mail domain has more, and an answer may name hundreds. */
const maxServers = 16;
const maxSelectors = 8;
const questionsAtOnce = 4;

/** Host and address of one authoritative server. */
interface Server {
	host: string;
	address: string;
}

interface Question {
	name: string;
	type: RecordType;
}

/**
 * dns.authority: what each authoritative server of the zone itself answers to the mail questions, one item per server and
 * question; id is <host>|<address>|<type>|<name>. Only over a resolver with sockets: a map of answers has no servers to ask.
 */
export async function askAuthorities(domain: string, recorded: Resolver, selectors: readonly string[], context: CollectContext): Promise<Evidence[]> {
	if (!("withSignatures" in context.resolver)) return [];
	const servers = await serversOf(domain, recorded);
	const questions = await questionsOf(domain, recorded, selectors);
	const perServer = await Promise.all(servers.slice(0, maxServers).map((server) => askServer(server, questions, domain, context)));
	return perServer.flat();
}

async function serversOf(domain: string, resolver: Resolver): Promise<Server[]> {
	for (const zone of zoneNames(domain)) {
		const ns = await resolver.resolve(zone, "NS");
		if (ns.status === "error") return [];
		const hosts = recordsOf(ns, "NS").map((record) => normalizeName(String(record.data)));
		if (hosts.length === 0) continue;
		const found = await Promise.all(
			[...new Set(hosts)].sort().map(async (host) => {
				const answers = await Promise.all([resolver.resolve(host, "A"), resolver.resolve(host, "AAAA")]);
				const addresses = answers.flatMap((answer) => [...recordsOf(answer, "A"), ...recordsOf(answer, "AAAA")]).map((record) => String(record.data));
				return [...new Set(addresses)].map((address) => ({ host, address }));
			}),
		);
		return found.flat();
	}
	return [];
}

/** An alias is asked for as such: its target is the matter of other servers. */
async function questionsOf(domain: string, resolver: Resolver, selectors: readonly string[]): Promise<Question[]> {
	const keys: string[] = [];
	for (const selector of selectors) {
		const name = `${normalizeName(selector)}._domainkey.${domain}`;
		const answer = await resolver.resolve(name, "TXT");
		if (answer.status === "ok" && answer.answers.length > 0 && keys.length < maxSelectors) keys.push(name);
	}
	const questions: Question[] = [{ name: domain, type: "MX" }];
	for (const name of [domain, `_dmarc.${domain}`, `_mta-sts.${domain}`, `_smtp._tls.${domain}`, ...keys]) {
		const answer = await resolver.resolve(name, "TXT");
		questions.push({ name, type: recordsOf(answer, "CNAME").length > 0 ? "CNAME" : "TXT" });
	}
	return questions;
}

async function askServer(server: Server, questions: readonly Question[], domain: string, context: CollectContext): Promise<Evidence[]> {
	const route = routeTo(server.address, context);
	const [first, ...rest] = questions;
	if (first === undefined) return [];
	const item = (question: Question, answer: DnsAnswer): Evidence => itemOf(server, question, answer, domain, context);
	if (typeof route === "string") return questions.map((question) => item(question, { status: "error", code: route, answers: [] }));
	return context.limit(`dns|${server.address}`, questionsAtOnce, async () => {
		const resolver = createResolver(
			{ ...context.config.network, resolvers: [formatEndpoint(route)] },
			{ signal: context.signal, maxInFlight: questionsAtOnce },
		);
		try {
			const answer = await resolver.resolve(first.name, first.type);
			// A server that is silent once is not asked five times more.
			const silent = answer.status === "error" && answer.rcode === undefined && answer.code !== "truncated";
			const others = await Promise.all(rest.map((question) => (silent ? answer : resolver.resolve(question.name, question.type))));
			return [item(first, answer), ...rest.map((question, index) => item(question, others[index] ?? answer))];
		} finally {
			await resolver.close();
		}
	});
}

/** The rules of network.* for an address that DNS gave, as for every other connection; a code where it may not be contacted. */
function routeTo(address: string, { config: { network } }: CollectContext): Endpoint | ReasonCode {
	const kind = classifyAddress(address);
	if (kind === "forbidden") return "private_address";
	const asked = { address, port: network.ports.authority };
	const mapped = network.connect[formatEndpoint(asked)];
	if (mapped !== undefined) {
		const route = parseEndpoint(mapped);
		return route === undefined || classifyAddress(route.address) === "forbidden" ? "private_address" : route;
	}
	if (network.connectOnly) return "not_mapped";
	return kind === "private" && !network.allowPrivate ? "private_address" : asked;
}

function itemOf(server: Server, question: Question, answer: DnsAnswer, domain: string, context: CollectContext): Evidence {
	const base = {
		kind: "dns.authority",
		id: `${server.host}|${server.address}|${question.type}|${question.name}`,
		source: { collector: "dns", version: "1", call: `${question.type} ${question.name} at ${server.host} (${server.address})`, target: domain },
		collectedAt: context.now(),
	};
	if (answer.status === "error") {
		const code = answer.code ?? "protocol_error";
		const error = { code, message: `${base.source.call}: ${reasonCodes[code].meaning}` };
		return { ...base, status: "error", error: answer.rcode === undefined ? error : { ...error, detail: answer.rcode } };
	}
	const values: DnsValues = { rcode: answer.rcode ?? "NOERROR", records: answer.answers.map(storeRecord) };
	if (answer.flags !== undefined) values.flags = answer.flags;
	return { ...base, status: "ok", values };
}
