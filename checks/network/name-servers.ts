import { getServers } from "node:dns";
import { isIP } from "node:net";
import type { NetworkConfig } from "../../model/config.ts";
import { InputError } from "../../model/source.ts";
import { type Endpoint, parseEndpoint } from "./address.ts";

/**
 * The resolvers to ask, in order: network.resolvers, else the system's. With connectOnly only those that are configured:
 * the list is then empty if none are, since the system's lie outside the machine. The rules for private addresses do not
 * apply here; resolvers mostly have such addresses. Throws InputError when an entry is not ip or ip:port.
 */
export function nameServers(network: NetworkConfig, system: () => readonly string[] = getServers): Endpoint[] {
	if (network.resolvers.length === 0) {
		if (network.connectOnly) return [];
		return system()
			.map((text) => readServer(text))
			.filter((server) => server !== undefined);
	}
	return network.resolvers.map((text, index) => {
		const server = readServer(text);
		if (server !== undefined) return server;
		const field = `network.resolvers[${index}]`;
		throw new InputError([
			{ file: "network.resolvers", line: 1, column: 1, field, message: `"${text}" is not ip or ip:port; write IPv6 with a port as [::1]:53` },
		]);
	});
}

function readServer(text: string): Endpoint | undefined {
	const endpoint = parseEndpoint(text, 53);
	if (endpoint !== undefined) return endpoint;
	// A system's resolver may be a link-local router: fe80::1%eth0. The zone is kept, it names the interface.
	const bare = /^\[([^\]]+)\]:(\d{1,5})$/.exec(text);
	const address = bare?.[1] ?? text;
	return isIP(address) === 6 ? { address, port: Number(bare?.[2] ?? 53) } : undefined;
}
