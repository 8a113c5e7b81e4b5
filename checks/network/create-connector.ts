import { connect as openSocket } from "node:net";
import type { NetworkConfig, NetworkInput } from "../../model/config.ts";
import type { ReasonCode } from "../../model/reasons.ts";
import { InputError, type Problem } from "../../model/source.ts";
import { classifyAddress, type Endpoint, formatEndpoint, parseEndpoint } from "./address.ts";
import type { ConnectOutcome, Connector } from "./connector.ts";
import { expectOption, readNetwork } from "./network-options.ts";
import { type HttpsProxy, openTunnel } from "./proxy.ts";

/**
 * A connector under the rules of network.*: connect map, connectOnly, allowPrivate. It takes addresses, never names, so
 * that nothing is resolved again between the check and the connection. `extraRoots` are PEM certificates of network.caFile.
 * HTTPS goes through `proxy`, which is asked for the same checked address; what network.connect maps goes where the map says.
 * Throws InputError with the field and what is expected there when the settings are wrong.
 */
export function createConnector(input: NetworkInput, extraRoots: string[] = [], proxy?: HttpsProxy): Connector {
	const network = readNetwork(input);
	expectOption("extraRoots", Array.isArray(extraRoots) && extraRoots.every((root) => typeof root === "string"), "a list of certificates in PEM");
	const routes = readConnectMap(network.connect);
	return {
		network,
		extraRoots: [...extraRoots],
		async connect(address, port, options) {
			const route = routeOf(address, port, network, routes);
			if (!("endpoint" in route)) return route;
			const { endpoint, mapped } = route;
			if (proxy === undefined || options.host === undefined || mapped || proxy.bypasses(options.host, endpoint))
				return open({ host: endpoint.address, port: endpoint.port }, formatEndpoint(endpoint), options);
			const started = performance.now();
			const way = await open(proxy, "the proxy", options);
			if (!way.ok) return way;
			return openTunnel(way.socket, proxy, endpoint, { ...options, timeoutMs: Math.max(1, options.timeoutMs - (performance.now() - started)) });
		},
	};
}

/** The connect map with canonical keys. */
function readConnectMap(connect: NetworkConfig["connect"]): ReadonlyMap<string, Endpoint> {
	const routes = new Map<string, Endpoint>();
	const problems: Problem[] = [];
	for (const [from, to] of Object.entries(connect)) {
		const source = parseEndpoint(from);
		const destination = parseEndpoint(to);
		if (source !== undefined && destination !== undefined) {
			routes.set(formatEndpoint(source), destination);
			continue;
		}
		const wrong = source === undefined ? from : to;
		problems.push({ file: "network.connect", line: 1, column: 1, field: from, message: `"${wrong}" is not ip:port; write IPv6 as [2001:db8::1]:25` });
	}
	if (problems.length > 0) throw new InputError(problems);
	return routes;
}

/**
 * Where a connection to an address really goes, or why it may not be made. Addresses that are never contacted are
 * refused on both sides of the map: a map must not turn a name into a way to a metadata service.
 */
function routeOf(
	address: string,
	port: number,
	network: NetworkConfig,
	routes: ReadonlyMap<string, Endpoint>,
): { endpoint: Endpoint; mapped: boolean } | { ok: false; code: ReasonCode; message: string } {
	const asked = parseEndpoint(address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);
	if (asked === undefined)
		return { ok: false, code: "malformed", message: `${JSON.stringify(address)} port ${port} is not an address that can be connected to` };
	if (classifyAddress(asked.address) === "forbidden") return { ok: false, code: "private_address", message: `${asked.address} is never contacted` };
	const route = routes.get(formatEndpoint(asked));
	if (route !== undefined) {
		if (classifyAddress(route.address) === "forbidden") {
			return { ok: false, code: "private_address", message: `network.connect leads to ${route.address}, which is never contacted` };
		}
		return { endpoint: route, mapped: true };
	}
	if (network.connectOnly) return { ok: false, code: "not_mapped", message: `${formatEndpoint(asked)} is not in network.connect` };
	if (classifyAddress(asked.address) === "private" && !network.allowPrivate) {
		return { ok: false, code: "private_address", message: `${asked.address} is private; network.allowPrivate is not set` };
	}
	return { endpoint: asked, mapped: false };
}

function open(to: { host: string; port: number }, named: string, options: { timeoutMs: number; signal: AbortSignal }): Promise<ConnectOutcome> {
	const { timeoutMs, signal } = options;
	if (signal.aborted) return Promise.resolve({ ok: false, code: "interrupted", message: "the run was stopped" });
	const { promise, resolve } = Promise.withResolvers<ConnectOutcome>();
	const socket = openSocket({ host: to.host, port: to.port, autoSelectFamily: false, noDelay: true });
	let settled = false;
	const settle = (outcome: ConnectOutcome): void => {
		if (settled) return;
		settled = true;
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
		if (!outcome.ok) socket.destroy();
		resolve(outcome);
	};
	const onAbort = (): void => settle({ ok: false, code: "interrupted", message: "the run was stopped" });
	const timer = setTimeout(() => {
		settle({ ok: false, code: "timeout", message: `${named} did not accept the connection within ${timeoutMs} ms` });
	}, timeoutMs);
	signal.addEventListener("abort", onAbort, { once: true });
	socket.once("connect", () => settle({ ok: true, socket }));
	// Stays attached: a reset that arrives before the caller listens must not become an uncaught exception.
	socket.on("error", (error: NodeJS.ErrnoException) => settle(failure(named, error)));
	return promise;
}

function failure(named: string, error: NodeJS.ErrnoException): ConnectOutcome {
	return { ok: false, code: socketErrorCode(error), message: `${named}: ${error.code ?? error.message}` };
}

/** Reason code of an error of a TCP socket. */
export function socketErrorCode(error: NodeJS.ErrnoException): ReasonCode {
	switch (error.code) {
		case "ECONNREFUSED":
			return "refused";
		case "ECONNRESET":
		case "EPIPE":
		case "ECONNABORTED":
			return "reset";
		case "ETIMEDOUT":
			return "timeout";
		default:
			// EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EACCES (a local firewall): from here there is no way.
			return "unreachable";
	}
}
