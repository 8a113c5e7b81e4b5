import { type LookupOptions, lookup as lookUp } from "node:dns";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { LookupFunction } from "node:net";

/** Names below localhost are this machine whatever the resolver knows (RFC 6761 section 6.3): emulators give accounts and buckets such names. */
const lookup: LookupFunction = (name, options, callback) => {
	if (!name.endsWith(".localhost")) return lookUp(name, options as LookupOptions, callback as never);
	if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
	else callback(null, "127.0.0.1", 4);
};

/** The connections that all clients of an account share. HTTPS_PROXY and NO_PROXY are honoured, by Node's own support. */
export function awsAgents(): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
	const settings = { keepAlive: true, maxSockets: 64, lookup, proxyEnv: process.env };
	// Not imported: a scan that asks no account does not load them.
	const [http, https] = [process.getBuiltinModule("node:http"), process.getBuiltinModule("node:https")];
	return { httpAgent: new http.Agent(settings), httpsAgent: new https.Agent(settings) };
}
