import { byCodeUnit } from "../../model/canonical.ts";
import type { ResultItem } from "../../model/result.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { nameText } from "../internal/text.ts";
import type { View } from "./view.ts";

interface Box {
	/** Text from outside: cut, so that it stays in its box. */
	name: string;
	notes: string[];
	/** Ids of the boxes that this one's line leads to. */
	to: string[];
	dashed?: boolean;
}

const column = { width: 178, gap: 52 } as const;
const lines = { title: 18, note: 15, padding: 10, between: 14 } as const;
const head = 34;
/** More boxes than this in a column are counted in one. */
const maxBoxes = 7;
const nameLength = 20;

/**
 * How mail flows through what this run looked at: from outside through mail servers into the domains, and from what sends in their name to
 * recipients. Only what the document names is drawn; what was not looked at has a dashed line. `text` says the same in sentences.
 */
export function flowView(model: ReportModel): View {
	const columns = columnsOf(model);
	const placed = new Map<string, { x: number; y: number; height: number }>();
	const boxes: View[] = [];
	let bottom = 0;
	const heights = columns.map((one) => [...one.boxes.values()].reduce((sum, box) => sum + heightOf(box) + lines.between, -lines.between));
	const tallest = Math.max(...heights, 60);
	for (const [index, { boxes: own, outside }] of columns.entries()) {
		const x = 1 + index * (column.width + column.gap);
		let y = head + (tallest - (heights[index] ?? 0)) / 2;
		for (const [id, box] of own) {
			const height = heightOf(box);
			placed.set(id, { x, y, height });
			boxes.push({
				x,
				y,
				width: column.width,
				height,
				inner: { width: column.width - 1.5, height: height - 1.5 },
				look: box.dashed === true ? "flow-box flow-unseen" : outside ? "flow-box flow-outside" : "flow-box",
				name: shortened(nameText(box.name)),
				notes: box.notes.map((text, row) => ({ text, y: lines.padding + 11 + lines.title + row * lines.note })),
			});
			y += height + lines.between;
		}
		bottom = Math.max(bottom, y - lines.between);
	}
	const paths: View[] = [];
	for (const { boxes: own } of columns) {
		for (const [id, box] of own) {
			for (const to of box.to) {
				const [a, b] = [placed.get(id), placed.get(to)];
				if (a === undefined || b === undefined) continue;
				const [x1, y1, x2, y2] = [a.x + column.width, a.y + a.height / 2, b.x - 7, b.y + b.height / 2];
				const bend = (x2 - x1) / 2;
				paths.push({ d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, look: box.dashed === true ? "flow-line flow-unseen" : "flow-line" });
			}
		}
	}
	const width = columns.length * (column.width + column.gap) - column.gap + 2;
	return {
		size: `0 0 ${width} ${bottom + 8}`,
		heads: columns.map(({ title }, index) => ({ text: title, x: 1 + index * (column.width + column.gap), y: 14 })),
		boxes,
		paths,
		text: sentences(columns),
	};
}

interface Column {
	title: string;
	/** Outside what the entity runs. */
	outside: boolean;
	boxes: Map<string, Box>;
}

function columnsOf(model: ReportModel): Column[] {
	const { scope } = model.document;
	const byTarget = new Map<string, ResultItem[]>();
	for (const item of model.results) {
		const list = byTarget.get(item.target);
		if (list === undefined) byTarget.set(item.target, [item]);
		else list.push(item);
	}
	const domainIds = scope.targets.filter((target) => target.type === "domain").map((target) => target.id);
	const shownDomains = domainIds.slice(0, domainIds.length > maxBoxes ? maxBoxes - 1 : maxBoxes);
	const domainBox = (id: string): string => (shownDomains.includes(id) ? `domain ${id}` : "domain more");

	const servers = new Map<string, Box>();
	for (const target of scope.targets.filter((one) => one.type === "mx")) {
		const host = target.id.split("|")[0] ?? target.id;
		const box = servers.get(`mx ${host}`) ?? { name: host, notes: [], to: [] };
		box.to = [...new Set([...box.to, ...(target.domains ?? domainIds).map(domainBox)])];
		box.notes = [standing(scope.targets.filter((one) => one.type === "mx" && one.id.split("|")[0] === host).flatMap((one) => byTarget.get(one.id) ?? []))];
		servers.set(`mx ${host}`, box);
	}
	if (servers.size === 0) servers.set("mx none", { name: "Mail servers", notes: ["not looked at"], to: shownDomains.map(domainBox), dashed: true });

	const senders = new Map<string, Box>();
	for (const target of scope.targets) {
		if (target.type !== "plan" && target.type !== "account") continue;
		const [last = target.id] = target.id.split("/").toReversed();
		const [name, note] = target.type === "account" ? [`AWS ${target.id.split("/")[0]}`, last] : [last, "plan or state"];
		senders.set(`sender ${target.id}`, { name, notes: [note, standing(byTarget.get(target.id) ?? [])], to: ["recipients"] });
	}
	for (const [vendor, items] of vendorsOf(model.results))
		senders.set(`vendor ${vendor}`, { name: vendor, notes: ["vendor seen in DNS", standing(items)], to: ["recipients"] });
	if (senders.size === 0) senders.set("sender none", { name: "Sending services", notes: ["not looked at"], to: ["recipients"], dashed: true });

	const firstSenders = [...limited(senders, "sender more").keys()];
	const domains = new Map<string, Box>();
	for (const id of domainIds) domains.set(`domain ${id}`, { name: id, notes: [standing(byTarget.get(id) ?? [])], to: firstSenders });
	if (domains.size === 0) domains.set("domain none", { name: "Domains", notes: ["not looked at"], to: firstSenders, dashed: true });

	const shownServers = limited(servers, "mx more");
	return [
		{
			title: "Outside",
			outside: true,
			boxes: new Map([["outside", { name: "Senders elsewhere", notes: ["SMTP, TLS where offered"], to: [...shownServers.keys()] }]]),
		},
		{ title: "Receives mail", outside: false, boxes: shownServers },
		{ title: "Domains", outside: false, boxes: limited(domains, "domain more") },
		{ title: "Services they use", outside: false, boxes: limited(senders, "sender more") },
		{ title: "Outside", outside: true, boxes: new Map([["recipients", { name: "Recipients", notes: ["patients, partners, staff"], to: [] }]]) },
	];
}

/** Vendors by name, with the results about their agreements: `<domain>/<vendor>` is how the check names them. */
function vendorsOf(results: readonly ResultItem[]): [string, ResultItem[]][] {
	const vendors = new Map<string, ResultItem[]>();
	for (const item of results) {
		if (!item.check.startsWith("vendors.") && !item.check.startsWith("baa.")) continue;
		if (item.target === item.resource || !item.resource.startsWith(`${item.target}/`)) continue;
		const vendor = item.resource.slice(item.target.length + 1);
		const list = vendors.get(vendor);
		if (list === undefined) vendors.set(vendor, [item]);
		else list.push(item);
	}
	return [...vendors].sort(([a], [b]) => byCodeUnit(a, b));
}

function limited(boxes: ReadonlyMap<string, Box>, rest: string): Map<string, Box> {
	if (boxes.size <= maxBoxes) return new Map(boxes);
	const all = [...boxes];
	const shown = new Map(all.slice(0, maxBoxes - 1));
	const left = all.slice(maxBoxes - 1);
	shown.set(rest, { name: `and ${left.length} more`, notes: ["in the table below"], to: [...new Set(left.flatMap(([, box]) => box.to))] });
	return shown;
}

function standing(items: readonly ResultItem[]): string {
	const failed = items.filter((item) => item.state === "fail").length;
	const open = items.filter((item) => item.state === "not_assessed" || item.state === "manual_pending").length;
	return items.length === 0 ? "no result" : `${failed} fail, ${open} without verdict`;
}

function sentences(columns: readonly Column[]): string[] {
	return columns
		.slice(1, -1)
		.map(({ title, boxes }) => `${title}: ${[...boxes.values()].map((box) => `${nameText(box.name)} (${box.notes.join("; ")})`).join(", ")}.`);
}

function heightOf(box: Box): number {
	return lines.padding * 2 + 14 + box.notes.length * lines.note + (box.notes.length > 0 ? 3 : 0);
}

function shortened(text: string): string {
	const points = [...text];
	return points.length <= nameLength ? text : `${points.slice(0, nameLength - 1).join("")}…`;
}
