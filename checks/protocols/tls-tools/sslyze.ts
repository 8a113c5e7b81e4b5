import { placeOf } from "./place.ts";
import { cut, type FlawFinding, instantOf, isRecord, maxServers, nothingSaid, type ToolReportResult, type ToolServer } from "./report.ts";

/**
 * Reads the JSON of sslyze 5 and newer (`--json_out`), parsed: server_scan_results with one scan_result per server, each command with
 * a status and a result. sslyze does not test Ticketbleed. Servers without an address were reached through a proxy and are left out.
 */
export function parseSslyze(value: unknown): ToolReportResult {
	if (!isRecord(value) || !Array.isArray(value.server_scan_results)) return { ok: false, message: "holds no server_scan_results" };
	const results: readonly unknown[] = value.server_scan_results;
	if (results.length > maxServers) return { ok: false, message: `tells of more than ${maxServers} servers` };
	const servers = results.map(serverOf).filter((server) => server !== undefined);
	if (results.length > 0 && servers.length === 0) {
		return { ok: false, message: "tells of no server by name, address and port in a form that is known here; write it with sslyze 5 or newer, --json_out" };
	}
	const version = typeof value.sslyze_version === "string" ? cut(value.sslyze_version) : null;
	return { ok: true, report: { tool: "sslyze", version, scannedAt: dateOf(value.date_scans_completed), servers } };
}

function serverOf(result: unknown): ToolServer | undefined {
	if (!isRecord(result) || !isRecord(result.server_location)) return undefined;
	const { hostname, ip_address, port } = result.server_location;
	const place = placeOf(hostname, ip_address, port);
	if (place === undefined) return undefined;
	const findings = nothingSaid();
	if (!isRecord(result.scan_result)) return { ...place, findings };
	findings.heartbleed = flagged(result.scan_result.heartbleed, "is_vulnerable_to_heartbleed");
	findings.ccs_injection = flagged(result.scan_result.openssl_ccs_injection, "is_vulnerable_to_ccs_injection");
	findings.robot = robot(result.scan_result.robot);
	return { ...place, findings };
}

/** The result of a command that came to its end. */
function completed(attempt: unknown): Record<string, unknown> | undefined {
	return isRecord(attempt) && attempt.status === "COMPLETED" && isRecord(attempt.result) ? attempt.result : undefined;
}

function statusOf(attempt: unknown): FlawFinding {
	return { state: "unknown", said: isRecord(attempt) && typeof attempt.status === "string" ? cut(attempt.status) : null };
}

function flagged(attempt: unknown, field: string): FlawFinding {
	const flag = completed(attempt)?.[field];
	if (typeof flag !== "boolean") return statusOf(attempt);
	return { state: flag ? "vulnerable" : "not_vulnerable", said: `${field}: ${flag}` };
}

function robot(attempt: unknown): FlawFinding {
	const said = completed(attempt)?.robot_result;
	if (typeof said !== "string") return statusOf(attempt);
	if (said === "NOT_VULNERABLE_NO_ORACLE" || said === "NOT_VULNERABLE_RSA_NOT_SUPPORTED") return { state: "not_vulnerable", said };
	// UNKNOWN_INCONSISTENT_RESULTS, and what later versions may add.
	return { state: said.startsWith("VULNERABLE_") ? "vulnerable" : "unknown", said: cut(said) };
}

/** Older versions write UTC without saying so. */
function dateOf(value: unknown): string | null {
	if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?$/.test(value)) return null;
	const text = value.replace(" ", "T");
	return instantOf(Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(19)) ? text : `${text}Z`));
}
