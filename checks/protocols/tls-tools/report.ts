/** Flaws of implementations that only a probe which exploits them could show: mailward sends none, and reads what others found. */
export const flaws = ["heartbleed", "ccs_injection", "ticketbleed", "robot"] as const;
export type Flaw = (typeof flaws)[number];

/** unknown: the tool did not test it, could not, or says so in words that leave it open. */
export type FlawState = "vulnerable" | "not_vulnerable" | "unknown";

export interface FlawFinding {
	state: FlawState;
	/** The tool's own words, at most 200 characters; null when it says nothing. */
	said: string | null;
}

export interface ToolServer {
	/** Lower case, no trailing dot. */
	host: string;
	/** Canonical text. */
	address: string;
	port: number;
	findings: Record<Flaw, FlawFinding>;
}

export interface ToolReport {
	tool: "sslyze" | "testssl.sh";
	version: string | null;
	/** UTC, RFC 3339; null when the report does not date itself. */
	scannedAt: string | null;
	servers: ToolServer[];
}

export type ToolReportResult = { ok: true; report: ToolReport } | { ok: false; message: string };

/** Servers in one report; a report of more is no report on MX addresses. */
export const maxServers = 10_000;

export function nothingSaid(): Record<Flaw, FlawFinding> {
	return {
		heartbleed: { state: "unknown", said: null },
		ccs_injection: { state: "unknown", said: null },
		ticketbleed: { state: "unknown", said: null },
		robot: { state: "unknown", said: null },
	};
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** At most 200 characters: what is kept of a tool's own words. */
export function cut(text: string): string {
	return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

/** RFC 3339 in UTC for a moment between 2000 and 9999, else null. */
export function instantOf(ms: number): string | null {
	return Number.isFinite(ms) && ms >= 946_684_800_000 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : null;
}
