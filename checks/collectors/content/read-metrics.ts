import type { Metrics } from "./schema.ts";

/** Lower ends of the classes that a small count is told in: the count itself would be what the rule wants kept. */
const classes = [1, 5, 11, 20, 30, 50, 100] as const;
const maxRows = 10_000;
const maxColumns = 200;
const maxFindings = 500;
const totalRow = /^\s*"?(?:grand |sub)?(?:total|all|overall|sum)s?\b/i;
/** How publishers mark a cell they left out. */
const suppressed = /^(?:|\*+|-+|n\/?a|s|<\s*\d+|suppressed)$/i;
const countForm = /^\d{1,3}(?:,\d{3})+$|^\d{1,12}$/;

/** *.metrics.csv: cells whose count is small, and small counts that follow from a total by subtraction. The first row and the first column are names. */
export function readMetrics(text: string): Metrics {
	const rows = cells(text.replace(/^\uFEFF/, ""));
	const [head, ...body] = rows;
	const small: Metrics["small"] = [];
	const add = (row: number, column: number, count: number, how: Metrics["small"][number]["how"]): void => {
		const from = classes.findLast((one) => one <= count);
		const next = classes[classes.indexOf(from ?? 1) + 1];
		if (count > 0 && from !== undefined && next !== undefined && small.length < maxFindings) small.push({ row: row + 1, column: column + 1, from, how });
	};
	const width = Math.min(Math.max(0, ...rows.map((row) => row.length)), maxColumns);
	for (let column = 1; column < width; column += 1) {
		let sum = 0;
		let hidden = 0;
		for (const [index, row] of body.entries()) {
			const cell = (row[column] ?? "").trim();
			const count = countOf(cell);
			if (totalRow.test(row[0] ?? "")) {
				// One cell left out beside a total is told by it; none left out, the total less the rows is a group that is not shown.
				const rest = count === null ? 0 : count - sum;
				if (count !== null && hidden <= 1) add(index + 1, column, rest, "subtraction");
				sum = 0;
				hidden = 0;
			} else if (count !== null) sum += count;
			else if (suppressed.test(cell)) hidden += 1;
			if (count !== null) add(index + 1, column, count, "cell");
		}
	}
	return { columns: head?.length ?? 0, rows: body.length, complete: rows.length <= maxRows && width < maxColumns, small };
}

function countOf(cell: string): number | null {
	return countForm.test(cell) ? Number(cell.replaceAll(",", "")) : null;
}

/** RFC 4180, with commas, semicolons or tabs between cells, as the first line has them. Linear in the text. */
function cells(text: string): string[][] {
	const first = text.split(/\r?\n/, 1)[0] ?? "";
	const separator = [",", ";", "\t"].reduce((best, one) => (first.split(one).length > first.split(best).length ? one : best), ",");
	const rows: string[][] = [];
	let row: string[] = [];
	let cell = "";
	let quoted = false;
	const endRow = (): void => {
		row.push(cell);
		cell = "";
		if (row.some((one) => one.trim() !== "")) rows.push(row);
		row = [];
	};
	for (let at = 0; at < text.length && rows.length <= maxRows; at += 1) {
		const one = text.charAt(at);
		if (quoted && one === '"' && text.charAt(at + 1) === '"') {
			cell += '"';
			at += 1;
		} else if (one === '"') quoted = !quoted;
		else if (!quoted && one === separator) {
			row.push(cell);
			cell = "";
		} else if (!quoted && one === "\n") endRow();
		else if (one !== "\r") cell += one;
	}
	endRow();
	return rows;
}
