/** Boxes in rows, rows in panels, panels in two columns: what is laid out in a flow cannot overlap. */
export interface Box {
	title: string;
	lines: string[];
	/** Small labels at the foot, such as "key 3". */
	badges: string[];
	/** Words over the arrow that leads here from the box before; none where the box stands beside it. */
	arrow?: string;
	/** Outside the stack. */
	outside?: boolean;
}

export interface Panel {
	title: string;
	rows: Box[][];
}

export interface List {
	title: string;
	/** Words in bold, and words behind them on a line of their own where there are any. */
	entries: { label: string; text: string; detail?: string }[];
}

const box = { width: 186, gap: 62, line: 14, head: 20, foot: 20, pad: 9 };
const margin = 20;
const panelHead = 30;
const columns = 4;
const leftWidth = columns * box.width + (columns - 1) * box.gap + 2 * margin;
const rightWidth = 380;
const colours = {
	ink: "#1b2733",
	soft: "#5a6b7b",
	line: "#c4ced8",
	panel: "#f5f8fa",
	box: "#ffffff",
	outside: "#eceff2",
	arrow: "#0b6e99",
	badge: "#e3f0e6",
	badgeInk: "#1f5c32",
};

export function drawDiagram(title: string, subtitle: string, panels: readonly Panel[], lists: readonly List[]): string {
	const parts: string[] = [];
	let left = 70;
	for (const panel of panels) left = drawPanel(parts, panel, left) + 14;
	let right = 70;
	for (const list of lists) right = drawList(parts, list, right) + 14;
	const [width, height] = [margin * 3 + leftWidth + rightWidth, Math.max(left, right) + 6];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
		`<title id="title">${escaped(title)}</title><desc id="desc">${escaped(subtitle)}</desc>`,
		`<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colours.arrow}"/></marker></defs>`,
		`<rect width="${width}" height="${height}" fill="#ffffff"/>`,
		text(margin, 32, title, { size: 20, weight: "bold" }),
		text(margin, 52, subtitle, { colour: colours.soft, size: 12 }),
		...parts,
		"</svg>\n",
	].join("\n");
}

function drawPanel(parts: string[], panel: Panel, top: number): number {
	const heights = panel.rows.map((row) => Math.max(...row.map(heightOf)));
	const height = panelHead + heights.reduce((sum, one) => sum + one + 12, 0);
	frame(parts, margin, top, leftWidth, height, panel.title);
	let y = top + panelHead;
	for (const [index, row] of panel.rows.entries()) {
		const rowHeight = heights[index] ?? 0;
		for (const [column, one] of row.entries()) drawBox(parts, one, margin * 2 + column * (box.width + box.gap), y, rowHeight);
		y += rowHeight + 12;
	}
	return top + height;
}

function heightOf(one: Box): number {
	return box.head + one.lines.length * box.line + (one.badges.length > 0 ? box.foot : 0) + box.pad;
}

function drawBox(parts: string[], one: Box, x: number, y: number, height: number): void {
	const fill = one.outside === true ? colours.outside : colours.box;
	const dash = one.outside === true ? ' stroke-dasharray="4 3"' : "";
	parts.push(`<rect x="${x}" y="${y}" width="${box.width}" height="${height}" rx="5" fill="${fill}" stroke="${colours.line}"${dash}/>`);
	parts.push(text(x + box.pad, y + 16, one.title, { weight: "bold", size: 12 }));
	for (const [index, line] of one.lines.entries()) parts.push(text(x + box.pad, y + 32 + index * box.line, line, { colour: colours.soft }));
	let at = x + box.pad;
	for (const badge of one.badges) {
		const width = badge.length * 5.6 + 10;
		parts.push(`<rect x="${at}" y="${y + height - 21}" width="${width}" height="15" rx="7" fill="${colours.badge}"/>`);
		parts.push(text(at + 5, y + height - 10, badge, { colour: colours.badgeInk, size: 10 }));
		at += width + 4;
	}
	if (one.arrow === undefined) return;
	const [from, middle] = [x - box.gap + 3, y + height / 2];
	parts.push(`<path d="M${from} ${middle}H${x - 3}" stroke="${colours.arrow}" stroke-width="1.6" fill="none" marker-end="url(#head)"/>`);
	for (const [index, word] of one.arrow.split("\n").entries()) {
		parts.push(
			text(x - box.gap / 2, middle - 6 - (one.arrow.split("\n").length - 1 - index) * 11, word, { colour: colours.arrow, size: 10, anchor: "middle" }),
		);
	}
}

function drawList(parts: string[], list: List, top: number): number {
	const x = margin * 2 + leftWidth;
	const height = panelHead + list.entries.reduce((sum, { detail }) => sum + (detail === undefined ? 17 : 31), 0) + 6;
	frame(parts, x, top, rightWidth, height, list.title);
	let y = top + panelHead + 10;
	for (const { label, text: words, detail } of list.entries) {
		const rest = `<tspan dx="6" font-weight="normal" fill="${colours.soft}">${escaped(words)}</tspan>`;
		parts.push(text(x + 14, y, label, { weight: "bold" }).replace("</text>", `${rest}</text>`));
		if (detail !== undefined) parts.push(text(x + 14, y + 13, detail, { colour: colours.soft, size: 10 }));
		y += detail === undefined ? 17 : 31;
	}
	return top + height;
}

function frame(parts: string[], x: number, y: number, width: number, height: number, title: string): void {
	parts.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${colours.panel}" stroke="${colours.line}"/>`);
	parts.push(text(x + 14, y + 20, title, { weight: "bold", size: 13 }));
}

function text(x: number, y: number, words: string, style: { size?: number; weight?: string; colour?: string; anchor?: string }): string {
	const { size, weight, colour = colours.ink, anchor } = style;
	const attributes = [
		`fill="${colour}"`,
		...(size === undefined ? [] : [`font-size="${size}"`]),
		...(weight === undefined ? [] : [`font-weight="${weight}"`]),
		...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
	];
	return `<text x="${x}" y="${y}" ${attributes.join(" ")}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
	return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
