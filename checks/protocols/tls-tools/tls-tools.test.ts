import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flaws, parseToolReport, type ToolReport } from "./index.ts";

function read(value: unknown): ToolReport {
	const parsed = parseToolReport(value);
	if (!parsed.ok) throw new Error(parsed.message);
	return parsed.report;
}

const location = { hostname: "MX1.Example.org.", ip_address: "2001:DB8:0:0::10", port: 25, connection_type: "DIRECT" };
const attempt = (result: unknown, status = "COMPLETED") => ({ status, error_reason: null, error_trace: null, result });

function sslyze(scan_result: unknown, more: object = {}): unknown {
	return {
		invalid_server_strings: [],
		server_scan_results: [{ server_location: location, scan_status: "COMPLETED", scan_result }],
		date_scans_completed: "2026-11-20T10:00:00.123456",
		sslyze_version: "6.3.0",
		...more,
	};
}

describe("sslyze", () => {
	it("tells of three of the four flaws, and where and when", () => {
		const report = read(
			sslyze({
				heartbleed: attempt({ is_vulnerable_to_heartbleed: true }),
				openssl_ccs_injection: attempt({ is_vulnerable_to_ccs_injection: false }),
				robot: attempt({ robot_result: "NOT_VULNERABLE_RSA_NOT_SUPPORTED" }),
			}),
		);
		expect(report).toMatchObject({ tool: "sslyze", version: "6.3.0", scannedAt: "2026-11-20T10:00:00.123Z" });
		expect(report.servers).toEqual([
			{
				host: "mx1.example.org",
				address: "2001:db8::10",
				port: 25,
				findings: {
					heartbleed: { state: "vulnerable", said: "is_vulnerable_to_heartbleed: true" },
					ccs_injection: { state: "not_vulnerable", said: "is_vulnerable_to_ccs_injection: false" },
					ticketbleed: { state: "unknown", said: null },
					robot: { state: "not_vulnerable", said: "NOT_VULNERABLE_RSA_NOT_SUPPORTED" },
				},
			},
		]);
	});

	it.each([
		["VULNERABLE_STRONG_ORACLE", "vulnerable"],
		["VULNERABLE_WEAK_ORACLE", "vulnerable"],
		["NOT_VULNERABLE_NO_ORACLE", "not_vulnerable"],
		["UNKNOWN_INCONSISTENT_RESULTS", "unknown"],
		["NOT_VULNERABLE_SOMETHING_NEW", "unknown"],
		["", "unknown"],
	])("ROBOT %s is %s", (said, state) => {
		expect(read(sslyze({ robot: attempt({ robot_result: said }) })).servers[0]?.findings.robot.state).toBe(state);
	});

	it.each([
		["that failed", attempt(null, "ERROR")],
		["that was not asked for", attempt(null, "NOT_SCHEDULED")],
		["that failed and left a result", attempt({ is_vulnerable_to_heartbleed: false }, "ERROR")],
		["of another type", attempt({ is_vulnerable_to_heartbleed: "false" })],
		["that is missing", undefined],
	])("a command %s clears nobody", (_name, heartbleed) => {
		expect(read(sslyze({ heartbleed })).servers[0]?.findings.heartbleed.state).toBe("unknown");
	});

	it("that reached no server says nothing of it", () => {
		const [server] = read(sslyze(null)).servers;
		for (const flaw of flaws) expect(server?.findings[flaw]).toEqual({ state: "unknown", said: null });
	});

	it.each([
		["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000Z"],
		["2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00.000Z"],
		["2026-11-20 10:00:00.5", "2026-11-20T10:00:00.500Z"],
		["yesterday", null],
		["2026-13-45T10:00:00", null],
		["0001-01-01T00:00:00", null],
		[5, null],
	])("dates itself %s", (date, expected) => {
		expect(read(sslyze(null, { date_scans_completed: date })).scannedAt).toBe(expected);
	});

	it("of another form is refused", () => {
		expect(parseToolReport({ server_scan_results: [{ server_info: {} }] }).ok).toBe(false);
		expect(parseToolReport({ server_scan_results: {} }).ok).toBe(false);
	});
});

const entry = (id: string, severity: string, finding: string) => ({ id, ip: "mx1.example.org/192.0.2.10", port: "25", severity, finding });

describe("testssl.sh", () => {
	it("pretty: dates itself and names each server", () => {
		const report = read({
			version: "3.2.1",
			startTime: "1763632800",
			scanResult: [
				{
					targetHost: "mx1.example.org",
					ip: "192.0.2.10",
					port: "25",
					vulnerabilities: [
						{ id: "heartbleed", severity: "OK", finding: "not vulnerable, no heartbeat extension" },
						{ id: "CCS", severity: "OK", finding: "not vulnerable" },
						{ id: "ticketbleed", severity: "OK", finding: "not vulnerable" },
						{ id: "ROBOT", severity: "OK", finding: "not vulnerable, no RSA key transport cipher" },
					],
				},
			],
		});
		expect(report).toMatchObject({ tool: "testssl.sh", version: "3.2.1", scannedAt: "2025-11-20T10:00:00.000Z" });
		expect(flaws.map((flaw) => report.servers[0]?.findings[flaw].state)).toEqual(["not_vulnerable", "not_vulnerable", "not_vulnerable", "not_vulnerable"]);
	});

	it("flat: names host and address together and does not date itself", () => {
		const report = read([
			entry("service", "INFO", "SMTP"),
			entry("heartbleed", "OK", "not vulnerable"),
			{ ...entry("CCS", "OK", "not vulnerable"), ip: "mx2.example.org/2001:db8::1" },
		]);
		expect(report.scannedAt).toBeNull();
		expect(report.servers.map(({ host, address, findings }) => [host, address, findings.heartbleed.state, findings.ccs_injection.state])).toEqual([
			["mx1.example.org", "192.0.2.10", "not_vulnerable", "unknown"],
			["mx2.example.org", "2001:db8::1", "unknown", "not_vulnerable"],
		]);
	});

	it.each([
		["OK", "not vulnerable", "not_vulnerable"],
		["OK", "Heartbleed: not vulnerable, no heartbeat extension", "not_vulnerable"],
		["OK", "probably not vulnerable", "unknown"],
		["OK", "likely not vulnerable (timed out)", "unknown"],
		["OK", "not vulnerable (timed out)", "unknown"],
		["INFO", "not vulnerable", "unknown"],
		["INFO", "not applicable, not HTTP", "unknown"],
		["WARN", "test failed", "unknown"],
		["DEBUG", "test failed, around 1234", "unknown"],
		["OK", "", "unknown"],
		["CRITICAL", "VULNERABLE", "vulnerable"],
		["MEDIUM", "VULNERABLE, weak oracle", "vulnerable"],
		["HIGH", "words of a later version", "vulnerable"],
		["WARN", "VULNERABLE", "vulnerable"],
		["OK", "potentially vulnerable", "unknown"],
	])("%s %s is %s", (severity, finding, state) => {
		expect(read([entry("heartbleed", severity, finding)]).servers[0]?.findings.heartbleed.state).toBe(state);
	});

	it("that says two things of one flaw is taken at the worse", () => {
		const both = [entry("ROBOT", "OK", "not vulnerable"), entry("ROBOT", "CRITICAL", "VULNERABLE")];
		for (const entries of [both, both.toReversed()]) expect(read(entries).servers[0]?.findings.robot.state).toBe("vulnerable");
		expect(read([entry("ROBOT", "OK", "not vulnerable"), entry("ROBOT", "WARN", "test failed")]).servers[0]?.findings.robot.state).toBe("unknown");
	});

	it("without a server is refused", () => {
		expect(parseToolReport([]).ok).toBe(false);
		expect(parseToolReport([entry("heartbleed", "OK", "not vulnerable")].map((one) => ({ ...one, ip: "nowhere" }))).ok).toBe(false);
		expect(parseToolReport({ scanResult: [{ targetHost: "a", ip: "b", port: "25" }] }).ok).toBe(false);
	});
});

describe("anything", () => {
	it("gives a report or a message, and no report clears what its tool did not clear in words", () => {
		const server = fc.record({
			hostname: fc.constant("mx.example"),
			ip_address: fc.constantFrom("192.0.2.1", "x"),
			port: fc.oneof(fc.constant(25), fc.jsonValue()),
		});
		const value = fc.oneof(
			fc.jsonValue({ maxDepth: 4 }),
			fc.record({ server_scan_results: fc.oneof(fc.jsonValue(), fc.array(fc.record({ server_location: server, scan_result: fc.jsonValue() }))) }),
			fc.array(
				fc.record({
					id: fc.constantFrom("heartbleed", "CCS", "ROBOT", "__proto__", "constructor"),
					ip: fc.constant("mx.example/192.0.2.1"),
					port: fc.constant("25"),
					severity: fc.oneof(fc.constant("OK"), fc.string()),
					finding: fc.oneof(fc.string(), fc.jsonValue()),
				}),
			),
			fc.record({ scanResult: fc.jsonValue(), startTime: fc.jsonValue() }),
		);
		fc.assert(
			fc.property(value, (given) => {
				const parsed = parseToolReport(given);
				if (!parsed.ok) {
					expect(parsed.message).not.toBe("");
					return;
				}
				for (const { findings } of parsed.report.servers)
					for (const flaw of flaws) if (findings[flaw].state === "not_vulnerable") expect(findings[flaw].said).toMatch(/not.?vulnerable|: false$/i);
			}),
			{ numRuns: 500 },
		);
	});

	it("takes linear time on a long report", () => {
		const many = Array.from({ length: 100_000 }, (_, index) => ({
			...entry("heartbleed", "OK", `not vulnerable ${"x".repeat(100)}`),
			port: String((index % 60_000) + 1),
		}));
		const started = performance.now();
		expect(parseToolReport(many).ok).toBe(false);
		expect(read(many.slice(0, 9000)).servers).toHaveLength(9000);
		expect(performance.now() - started).toBeLessThan(5000);
	});
});
