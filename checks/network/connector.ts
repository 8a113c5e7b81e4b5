import type { Socket } from "node:net";
import type { NetworkConfig } from "../../model/config.ts";
import type { ReasonCode } from "../../model/reasons.ts";

/** Opens TCP connections under the rules of network.*: the address that was checked is the one connected to. */
export interface Connector {
	readonly network: NetworkConfig;
	/** PEM certificates trusted besides the public roots (network.caFile). */
	readonly extraRoots: readonly string[];
	/**
	 * Connects to an address (never a name) and port as DNS gave them; the connect map, connectOnly, allowPrivate and
	 * the ban on link-local and metadata addresses apply. Never rejects for the outside world's faults. `host` is the name that
	 * the address was found under; it is given for HTTPS alone, which goes through a proxy where one is set.
	 */
	connect(address: string, port: number, options: { timeoutMs: number; signal: AbortSignal; host?: string }): Promise<ConnectOutcome>;
}

export type ConnectOutcome = { ok: true; socket: Socket } | { ok: false; code: ReasonCode; message: string };
