import { isRecord, type ToolReportResult } from "./report.ts";
import { parseSslyze } from "./sslyze.ts";
import { parseTestssl } from "./testssl.ts";

export { type Flaw, type FlawFinding, type FlawState, flaws, type ToolReport, type ToolReportResult, type ToolServer } from "./report.ts";

/** Reads a parsed JSON document of sslyze or testssl.sh, whichever it is. Never throws. */
export function parseToolReport(value: unknown): ToolReportResult {
	if (isRecord(value) && "server_scan_results" in value) return parseSslyze(value);
	if (Array.isArray(value) || (isRecord(value) && "scanResult" in value)) return parseTestssl(value);
	return { ok: false, message: "is neither a signed probe (mailward probe --key) nor the JSON of sslyze (--json_out) or testssl.sh (--jsonfile-pretty)" };
}
