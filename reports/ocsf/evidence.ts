import type { EvidenceRef } from "../../model/result.ts";
import { oneLine } from "../internal/prose.ts";

const awsCall = /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/;
const endpoint = /^([^|]+)\|([0-9A-Fa-f:.]+)\|(\d{1,5})$/;

/** An evidence artifact of OCSF needs one member of a fixed list; which one follows from what was looked at. The id is the hash of the evidence line. */
export function evidenceObject(ref: EvidenceRef): object {
	const common = { uid: ref.sha256, name: oneLine(ref.kind) };
	const call = oneLine(ref.call);
	if (awsCall.test(call)) return { ...common, api: { operation: call } };
	const server = endpoint.exec(ref.id);
	if (server !== null) {
		const [, host = "", ip = "", port = ""] = server;
		return { ...common, dst_endpoint: { hostname: oneLine(host), ip, port: Number(port) } };
	}
	if (ref.kind.startsWith("dns.")) {
		const [type = "", hostname = ref.id] = call.split(" ");
		return { ...common, query: { hostname: oneLine(hostname) || "unnamed", ...(type === "" ? {} : { type }) } };
	}
	const read = /^read (.+)$/.exec(call)?.[1];
	if (read !== undefined) return { ...common, file: { name: read.split("/").at(-1) ?? read, path: read, type_id: 1, type: "Regular File" } };
	return { ...common, data: { kind: oneLine(ref.kind), id: oneLine(ref.id), call, status: ref.status } };
}
