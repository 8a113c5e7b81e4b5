import { isIP } from "node:net";
import { parseEndpoint } from "../../network/address.ts";
import type { Connector } from "../../network/connector.ts";
import { recordsOf } from "../../protocols/resolver.ts";
import type { CollectContext } from "../collector.ts";

/**
 * open: a known-good host answered. blocked: none of them did, so that this network is the likely cause of every silence.
 * unchecked: no probe is configured, or none could be made.
 */
export type Egress = "open" | "blocked" | "unchecked";

/** Known-good hosts answer within this time; waiting a whole SMTP timeout would help nobody. */
const probeTimeoutMs = 15_000;

const answers = new WeakMap<Connector, Promise<Egress>>();

/** The control probe of a run: connects to network.egressProbes once, whatever the number of targets. One connector is one run. */
export function checkEgress(context: CollectContext): Promise<Egress> {
	let answer = answers.get(context.connector);
	if (answer === undefined) {
		answer = probeEgress(context);
		answers.set(context.connector, answer);
	}
	return answer;
}

async function probeEgress(context: CollectContext): Promise<Egress> {
	const { egressProbes } = context.config.network;
	const seen = await Promise.all(egressProbes.slice(0, 5).map((probe) => probeHost(context, probe)));
	if (seen.includes("open")) return "open";
	return seen.includes("blocked") && !context.signal.aborted ? "blocked" : "unchecked";
}

/** A probe is a host name or an address, with or without a port. */
async function probeHost(context: CollectContext, probe: string): Promise<Egress> {
	const { network } = context.config;
	const endpoint = parseEndpoint(probe, network.ports.smtp);
	const named = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(probe);
	const name = named?.[1];
	const port = endpoint?.port ?? (named?.[2] === undefined ? network.ports.smtp : Number(named[2]));
	const addresses = endpoint !== undefined ? [endpoint.address] : name === undefined ? [] : await addressesOf(context, name);
	const timeoutMs = Math.min(network.timeoutMs.smtp, probeTimeoutMs);
	let tried = false;
	for (const address of addresses.slice(0, 2)) {
		const outcome = await context.connector.connect(address, port, { timeoutMs, signal: context.signal });
		if (outcome.ok) {
			outcome.socket.end("QUIT\r\n", () => outcome.socket.destroy());
			return "open";
		}
		// A rule of the configuration kept us from trying: that says nothing about the network.
		if (outcome.code !== "not_mapped" && outcome.code !== "private_address" && outcome.code !== "malformed") tried = true;
	}
	return tried ? "blocked" : "unchecked";
}

/** IPv4 first: a network without IPv6 must not look like one with port 25 closed. */
async function addressesOf(context: CollectContext, name: string): Promise<string[]> {
	const addresses: string[] = [];
	for (const type of ["A", "AAAA"] as const) {
		const answer = await context.resolver.resolve(name, type, context.signal);
		for (const record of recordsOf(answer, type)) if (typeof record.data === "string" && isIP(record.data) !== 0) addresses.push(record.data);
		if (addresses.length > 0) break;
	}
	return addresses;
}
