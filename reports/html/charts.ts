import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import type { EarlierScan } from "../../model/evidence.ts";
import type { ResultItem, State, Totals } from "../../model/result.ts";
import { count, utc } from "../internal/text.ts";
import { countsText } from "./rows.ts";
import type { View } from "./view.ts";
import { severityLabels, stateLabels, stateOrder } from "./words.ts";

/** Drawn from the bottom up: what has no verdict and what fails stand where the eye rests. */
const stackOrder = ["fail", "not_assessed", "manual_pending", "exception", "attested", "pass", "not_applicable"] as const satisfies readonly State[];
const trendSize = { width: 720, height: 250, left: 44, right: 8, top: 12, bottom: 34 } as const;
const maxColumns = 24;

/** Results by state, one column per scan, oldest first; the table beside it says the same. Null where there is no earlier scan to compare with. */
export function trendView(earlier: readonly EarlierScan[], now: { asOf: string; results: Totals }): View {
	if (earlier.length === 0) return null;
	const scans = [...earlier.slice(1 - maxColumns), now].map((scan, index) => ({ key: String(index), asOf: scan.asOf, totals: wholeTotals(scan.results) }));
	const { width, height, left, right, top, bottom } = trendSize;
	const highest = Math.max(1, ...scans.map((scan) => sum(scan.totals)));
	const x = scaleBand<string>()
		.domain(scans.map((scan) => scan.key))
		.range([left, width - right])
		.paddingInner(0.35)
		.paddingOuter(0.2);
	const y = scaleLinear()
		.domain([0, highest])
		.nice(4)
		.range([height - bottom, top]);
	const layers = stack<(typeof scans)[number], State>()
		.keys(stackOrder)
		.value((scan, state) => scan.totals[state])(scans);
	const columns = Math.min(x.bandwidth(), 56);
	const bars: View[] = [];
	for (const layer of layers) {
		for (const [index, [from, to]] of layer.entries()) {
			if (to === from) continue;
			bars.push({
				state: layer.key.replace("_", "-"),
				x: round((x(String(index)) ?? 0) + (x.bandwidth() - columns) / 2),
				y: round(y(to)),
				width: round(columns),
				height: round(y(from) - y(to)),
			});
		}
	}
	// Dates that would run into each other are left out; the table has all of them.
	const every = Math.ceil((scans.length * 76) / (width - left - right));
	return {
		size: `0 0 ${width} ${height}`,
		bars,
		ticks: y.ticks(4).map((value) => ({ value, y: round(y(value)), x1: left, x2: width - right, label: round(y(value)) + 4, at: left - 8 })),
		labels: scans
			.filter((_, index) => (scans.length - 1 - index) % every === 0)
			.map((scan) => ({ x: round((x(scan.key) ?? 0) + x.bandwidth() / 2), y: height - bottom + 20, text: dayOf(scan.asOf) })),
		label: `Results by state over ${count(scans.length, "scan")}. Latest: ${countsText(now.results)}.`,
		states: stateOrder.map((state) => stateLabels[state]),
		rows: scans.map((scan) => ({ asOf: utc(scan.asOf), cells: stateOrder.map((state) => scan.totals[state]), total: sum(scan.totals) })),
		left: earlier.length > maxColumns - 1 ? `${count(earlier.length - (maxColumns - 1), "older scan")} stand in result.json.` : null,
	};
}

const severityWidth = 520;
const severityRow = 26;

/** Open findings by severity as bars of one scale; every bar carries its figure. */
export function severityChart(counts: readonly { severity: ResultItem["severity"]; count: number }[]): View {
	const most = Math.max(1, ...counts.map((one) => one.count));
	const x = scaleLinear()
		.domain([0, most])
		.range([0, severityWidth - 150]);
	return {
		size: `0 0 ${severityWidth} ${counts.length * severityRow}`,
		label: `Open findings by severity: ${counts.map((one) => `${one.count} ${severityLabels[one.severity].toLowerCase()}`).join(", ")}.`,
		rows: counts.map((one, index) => ({
			severity: one.severity,
			name: severityLabels[one.severity],
			count: one.count,
			y: index * severityRow + 5,
			text: index * severityRow + 18,
			width: one.count === 0 ? 1 : Math.max(3, round(x(one.count))),
			at: 96 + (one.count === 0 ? 1 : Math.max(3, round(x(one.count)))) + 8,
		})),
	};
}

/** A scan of another version may lack states or name ones of its own; only those of this version are drawn. */
function wholeTotals(given: Readonly<Partial<Record<string, number>>>): Totals {
	return Object.fromEntries(stateOrder.map((state) => [state, given[state] ?? 0])) as Totals;
}

function sum(totals: Totals): number {
	let all = 0;
	for (const state of stateOrder) all += totals[state];
	return all;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

function dayOf(time: string): string {
	return utc(time).slice(0, 10);
}
