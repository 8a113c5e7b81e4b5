import { readFile } from "node:fs/promises";
import type { NetworkInput } from "../../../model/config.ts";
import { InputError } from "../../../model/source.ts";
import type { Connector } from "../../network/connector.ts";
import { createConnector } from "../../network/create-connector.ts";
import { publicRootsAnd, type RootSource } from "../certificate/index.ts";
import type { Resolver } from "../resolver.ts";
import { fetchMtaStsRaw } from "./fetch-raw.ts";
import { judgeMtaStsFetch, type MtaStsJudgement } from "./judge-fetch.ts";

export interface FetchMtaStsOptions {
	/** A domain; also as mail servers write a next hop: final dot, [brackets], :port. */
	domain: string;
	resolver: Resolver;
	/** Ports, connect map, limits, caFile. The defaults for whatever is left out. */
	network?: NetworkInput | undefined;
	/** The clock that certificates are judged by. The machine's when left out. */
	now?: Date | undefined;
	/** Takes the place of `network`. */
	connector?: Connector | undefined;
	/** Takes the place of the public roots and the connector's extra ones. */
	roots?: RootSource | undefined;
	signal?: AbortSignal | undefined;
}

/**
 * Fetches and judges the MTA-STS policy of a domain (RFC 8461 3.3): one valid record, the policy host's addresses, HTTPS
 * with a certificate for the host that is valid at `now`, status 200, 64 KiB, a valid body. Never rejects for what the
 * outside world does; throws InputError for a connect map or caFile that cannot be read.
 */
export async function fetchMtaStsPolicy(options: FetchMtaStsOptions): Promise<MtaStsJudgement> {
	const connector = options.connector ?? (await connectorOf(options.network ?? {}));
	const raw = await fetchMtaStsRaw(options.domain, { resolver: options.resolver, connector, signal: options.signal ?? new AbortController().signal });
	return judgeMtaStsFetch(raw, { roots: options.roots ?? publicRootsAnd(connector.extraRoots), now: options.now ?? new Date() });
}

async function connectorOf(network: NetworkInput): Promise<Connector> {
	if (network.caFile === undefined) return createConnector(network);
	try {
		return createConnector(network, [await readFile(network.caFile, "utf8")]);
	} catch (error) {
		if (error instanceof InputError || !(error instanceof Error) || !("code" in error)) throw error;
		throw new InputError([{ file: network.caFile, line: 1, column: 1, field: "network.caFile", message: `cannot be read (${String(error.code)})` }]);
	}
}
