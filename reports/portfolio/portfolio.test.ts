import { describe, expect, it } from "vitest";
import { ReportError } from "../report-error.ts";
import { realisticResult } from "../testing/realistic.ts";
import { control, resultDocument, resultItem } from "../testing/result-builder.ts";
import { defaultTheme } from "../theme/theme.ts";
import { type PortfolioEntry, writePortfolio } from "./index.ts";

const good = resultDocument([resultItem({ check: "a.b", resource: "secret-resource.example", controls: ["TEC-10"] })], [control({ id: "TEC-10" })]);

function pageOf(entries: PortfolioEntry[]): string {
	const files = [...writePortfolio(entries, defaultTheme)];
	expect(files.map((file) => file.path)).toEqual(["index.html"]);
	return files.map((file) => [...file.chunks].join("")).join("");
}

describe("portfolio", () => {
	const result = realisticResult();
	const html = pageOf([
		{ name: "Lakeside", href: "lakeside/report.html", result },
		{ name: "Northgate", href: "javascript:alert(1)", result: good },
	]);

	it("names each client once with counts, worst findings and the way to its report", () => {
		expect(html.match(/<article class="client"/g)).toHaveLength(2);
		expect(html).toContain('<a href="lakeside/report.html">Lakeside</a>');
		expect(html).toContain("Each vendor that handles PHI has an executed agreement");
		expect(html).toContain("1 of 2 reports is incomplete");
	});

	it("prints an address that is no relative path as text", () => {
		expect(html).not.toContain('href="javascript');
		expect(html).toContain("<code>javascript:alert(1)</code>");
	});

	it("adds the totals of all clients", () => {
		const total = result.results.length + 1;
		expect(html).toContain(`<td class="sum">${total}</td>`);
		expect(html).toContain(`<th scope="row">Results</th><td>${(result.totals.results.pass ?? 0) + 1}</td>`);
	});

	it("marks a client complete only when everything has a verdict", () => {
		expect(html.match(/<\/svg>Incomplete</g)).toHaveLength(1);
		expect(html.match(/<\/svg>Complete</g)).toHaveLength(1);
	});

	it("tells nothing of a client beyond counts and titles", () => {
		for (const item of [...result.results, ...good.results]) {
			if (item.resource.length > 8) expect(html.includes(item.resource), item.resource).toBe(false);
			if (typeof item.observed === "string" && item.observed.length > 8) expect(html.includes(item.observed), item.observed).toBe(false);
			for (const sha256 of item.evidence) expect(html).not.toContain(sha256.slice(0, 12));
		}
		expect(html).not.toContain("123456789012");
		expect(html).not.toContain("W-2026-03");
	});

	it("shows the scans before, oldest first, with gaps apart from failures", () => {
		const earlier = [
			{ asOf: "2026-09-01T00:00:00Z", totals: { fail: 9, not_assessed: 3, manual_pending: 1, pass: 20 } },
			{ asOf: "2026-10-01T00:00:00Z", totals: { fail: 5, pass: 27 } },
		];
		const rows = pageOf([{ name: "Lakeside", href: "lakeside/report.html", result: good, earlier }]).match(/<tr><th scope="row">2026-.*?<\/tr>/g) ?? [];
		expect(rows.map((row) => row.match(/<td>(\d+)<\/td>/g)?.join(""))).toEqual([
			"<td>9</td><td>4</td><td>20</td>",
			"<td>5</td><td>0</td><td>27</td>",
			"<td>0</td><td>0</td><td>1</td>",
		]);
		expect(html).not.toContain("Scan by scan");
	});

	it("is the same bytes for the same input, and stands with no client at all", () => {
		const entries = [{ name: "Lakeside", href: "lakeside/report.html", result }];
		expect(pageOf(entries)).toBe(pageOf(entries));
		expect(pageOf([])).toContain("No report was given.");
	});

	it("gives no page when a result contradicts itself", () => {
		const broken = { ...good, totals: result.totals };
		expect(() => pageOf([{ name: "x", href: "x/report.html", result: broken }])).toThrow(ReportError);
	});
});
