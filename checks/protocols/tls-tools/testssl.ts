import { placeOf } from "./place.ts";
import { cut, type Flaw, type FlawFinding, instantOf, isRecord, maxServers, nothingSaid, type ToolReportResult, type ToolServer } from "./report.ts";

/** testssl.sh's names of the flaws; their case differs between versions. */
const ids: ReadonlyMap<string, Flaw> = new Map([
	["heartbleed", "heartbleed"],
	["ccs", "ccs_injection"],
	["ccs-injection", "ccs_injection"],
	["ticketbleed", "ticketbleed"],
	["robot", "robot"],
]);
const severe = new Set(["LOW", "MEDIUM", "HIGH", "CRITICAL"]);

/**
 * Reads the JSON of testssl.sh, parsed: flat (`--jsonfile`, a list of findings that does not date itself) or pretty
 * (`--jsonfile-pretty`, with startTime and one scanResult per server).
 */
export function parseTestssl(value: unknown): ToolReportResult {
	if (Array.isArray(value)) return flat(value);
	if (isRecord(value) && Array.isArray(value.scanResult)) return pretty(value, value.scanResult);
	return { ok: false, message: "holds no scanResult" };
}

function pretty(document: Record<string, unknown>, results: readonly unknown[]): ToolReportResult {
	if (results.length > maxServers) return { ok: false, message: `tells of more than ${maxServers} servers` };
	const servers: ToolServer[] = [];
	for (const result of results) {
		if (!isRecord(result)) continue;
		const place = placeOf(result.targetHost, result.ip, result.port);
		if (place === undefined) continue;
		const findings = nothingSaid();
		for (const entry of Array.isArray(result.vulnerabilities) ? (result.vulnerabilities as unknown[]) : []) take(findings, entry);
		servers.push({ ...place, findings });
	}
	if (servers.length === 0) return { ok: false, message: "tells of no server by name, address and port" };
	const version = typeof document.version === "string" ? cut(document.version) : null;
	const { startTime } = document;
	const seconds = (typeof startTime === "string" && /^\d{9,11}$/.test(startTime)) || typeof startTime === "number" ? Number(startTime) : Number.NaN;
	return { ok: true, report: { tool: "testssl.sh", version, scannedAt: instantOf(seconds * 1000), servers } };
}

function flat(entries: readonly unknown[]): ToolReportResult {
	const servers = new Map<string, ToolServer>();
	for (const entry of entries) {
		if (!isRecord(entry) || typeof entry.id !== "string" || typeof entry.ip !== "string") continue;
		// "host/address": the name that was asked for, and one of its addresses.
		const slash = entry.ip.lastIndexOf("/");
		const place = slash === -1 ? undefined : placeOf(entry.ip.slice(0, slash), entry.ip.slice(slash + 1), entry.port);
		if (place === undefined) continue;
		const key = `${place.host}|${place.address}|${place.port}`;
		let server = servers.get(key);
		if (server === undefined) {
			if (servers.size >= maxServers) return { ok: false, message: `tells of more than ${maxServers} servers` };
			server = { ...place, findings: nothingSaid() };
			servers.set(key, server);
		}
		take(server.findings, entry);
	}
	if (servers.size === 0) return { ok: false, message: "is a list, and not one of testssl.sh findings (id, ip, port, severity, finding)" };
	return { ok: true, report: { tool: "testssl.sh", version: null, scannedAt: null, servers: [...servers.values()] } };
}

const weight = { not_vulnerable: 0, unknown: 1, vulnerable: 2 } as const;

/** Where a report says two things of one flaw, the worse counts. */
function take(findings: Record<Flaw, FlawFinding>, entry: unknown): void {
	if (!isRecord(entry) || typeof entry.id !== "string" || entry.id.length > 40) return;
	const flaw = ids.get(entry.id.toLowerCase());
	if (flaw === undefined) return;
	const found = judge(entry.severity, entry.finding);
	const known = findings[flaw];
	if (known.said === null || weight[found.state] > weight[known.state]) findings[flaw] = found;
}

/** Only plain words under severity OK clear a server: "probably not vulnerable", a time-out and "not applicable" leave it open. */
function judge(severity: unknown, finding: unknown): FlawFinding {
	const said = typeof finding === "string" ? cut(finding) : null;
	const words = (said ?? "").toLowerCase();
	if (typeof severity === "string" && severe.has(severity)) return { state: "vulnerable", said };
	const clear = severity === "OK" && /^(?:[a-z0-9 ]{1,40}: )?not vulnerable\b/.test(words) && !/probabl|likely|timed out|timeout|fail|not tested/.test(words);
	if (clear) return { state: "not_vulnerable", said };
	const open = /\bnot vulnerable\b|\b(?:potentially|probably|likely)\b|\bvulnerab(?:le|ility)\?/.test(words);
	return { state: !open && /\bvulnerable\b/.test(words) ? "vulnerable" : "unknown", said };
}
