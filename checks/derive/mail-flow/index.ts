import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { Names } from "../resource-links.ts";
import { busName, carrierKinds, type LinkRule, linkRules } from "./links.ts";

const needs = [...new Set([...carrierKinds, ...linkRules.map(({ kind }) => kind)])].sort();

/**
 * derived.mail_flow, one per resource that can carry mail or the events that tell of it: whether it does, followed link by link
 * from the SES resources. Values {resource, kind, carries, what, through} (the links in a line, for people); `carries` is a gap where a link that only apply can
 * tell, or that could not be read, may lead there.
 */
const derivation: Derivation = {
	id: "mail-flow",
	target: "plan",
	needs,
	produces: ["derived.mail_flow"],
	derive(view) {
		const subjects = carrierKinds.flatMap((kind) => view.items(kind));
		const names = new Names(subjects.filter(({ status }) => status === "ok"));
		const edges = edgesOf(view, names);
		const reached = { mail: follow(edges, "mail"), mail_events: follow(edges, "mail_events") };
		return subjects.map((item) => itemOf(item, reached));
	},
};

export default derivation;

interface Edge {
	item: Evidence;
	/** Keys of where it comes from; undefined for SES itself; "open" where that is not known. */
	from: ReadonlySet<string> | undefined | "open";
	to: readonly string[];
	/** True if it may lead to anything. */
	toOpen: boolean;
	label: LinkRule["label"];
	gap: Gap;
}

interface Reached {
	/** Key to the link by which it is certainly reached, and the key before. */
	certain: Map<string, { by: Evidence; before: string | undefined }>;
	/** Key to why it may be reached besides. */
	possible: Map<string, { gap: Gap; by: Evidence }>;
	anything: { gap: Gap; by: Evidence } | undefined;
}

function edgesOf(view: DerivationView, names: Names): Edge[] {
	const edges: Edge[] = [];
	for (const rule of linkRules) {
		for (const item of view.items(rule.kind)) {
			if (item.status === "absent") continue;
			const { label } = rule;
			if (item.status === "error") {
				const { code, detail } = item.error ?? { code: "malformed" as const, detail: item.id };
				const gap = detail === undefined ? { code } : { code, detail };
				edges.push({ item, from: rule.from === "ses" ? undefined : rule.from === "self" ? new Set([item.id]) : "open", to: [], toOpen: true, label, gap });
				continue;
			}
			const applies = rule.when?.(item) ?? true;
			if (applies === false) continue;
			const gap: Gap = { code: "unknown_until_apply", detail: item.id };
			const targets = rule.to.map((end) => (end === "self" ? { ids: [item.id], open: false } : names.named(item, end.path, end)));
			const to = targets.flatMap(({ ids }) => ids);
			const from = applies === "unknown" ? "open" : sourceOf(rule, item, names);
			edges.push({ item, from, to, toOpen: targets.some(({ open }) => open), label, gap });
		}
	}
	return edges;
}

function sourceOf({ from }: LinkRule, item: Evidence, names: Names): Edge["from"] {
	if (from === "ses") return undefined;
	if (from === "self") return new Set([item.id]);
	const read = from.kind === "aws_cloudwatch_event_bus" ? { kind: from.kind, read: busName } : { kind: from.kind };
	const { ids, open } = names.named(item, from.path, read);
	if (open) return "open";
	return new Set(ids.length === 0 && from.fallback !== undefined ? [from.fallback] : ids);
}

function follow(edges: readonly Edge[], label: LinkRule["label"]): Reached {
	const certain: Reached["certain"] = new Map();
	const possible: Reached["possible"] = new Map();
	let anything: Reached["anything"];
	const bySource = new Map<string, Edge[]>();
	for (const edge of edges) {
		if (!(edge.from instanceof Set)) continue;
		for (const key of edge.from) {
			const list = bySource.get(key);
			if (list === undefined) bySource.set(key, [edge]);
			else list.push(edge);
		}
	}
	const roots = edges.filter((edge) => edge.from === undefined && edge.label === label);
	const work: { edge: Edge; before: string | undefined }[] = roots.map((edge) => ({ edge, before: undefined }));
	for (let next = work.pop(); next !== undefined; next = work.pop()) {
		const { edge, before } = next;
		if (edge.toOpen) anything ??= { gap: edge.gap, by: edge.item };
		for (const key of edge.to) {
			if (certain.has(key)) continue;
			certain.set(key, { by: edge.item, before });
			for (const on of bySource.get(key) ?? []) work.push({ edge: on, before: key });
		}
	}
	const maybe = edges.filter((edge) => edge.from === "open" && (certain.size > 0 || anything !== undefined));
	for (let next = maybe.pop(); next !== undefined; next = maybe.pop()) {
		const why = { gap: next.gap, by: next.item };
		if (next.toOpen) anything ??= why;
		for (const key of next.to) {
			if (certain.has(key) || possible.has(key)) continue;
			possible.set(key, why);
			maybe.push(...(bySource.get(key) ?? []));
		}
	}
	return { certain, possible, anything };
}

/** No real path is longer; a hostile plan's may be, and would be written out once per resource. */
const maxChain = 16;

/** The links from SES to a key, the last ones where there are too many. */
function chainTo(key: string, { certain }: Reached): Evidence[] {
	const chain: Evidence[] = [];
	for (let step = certain.get(key); step !== undefined && chain.length < maxChain; step = step.before === undefined ? undefined : certain.get(step.before))
		chain.unshift(step.by);
	return chain;
}

function itemOf(item: Evidence, reached: Record<"mail" | "mail_events", Reached>): DerivedItem {
	const id = `mail flow ${item.id}`;
	if (item.status === "error") return { kind: "derived.mail_flow", id, error: item.error ?? { code: "malformed", message: "no error code" }, basis: [item] };
	const labels = ["mail", "mail_events"] as const;
	const what = labels.filter((label) => reached[label].certain.has(item.id));
	const chain = what.flatMap((label) => chainTo(item.id, reached[label]));
	const values = { resource: item.id, kind: item.kind, carries: what.length > 0, what, through: [...new Set(chain.map((one) => one.id))].join(" > ") || null };
	const own = labels.map((label) => reached[label].possible.get(item.id) ?? reached[label].anything).find((why) => why !== undefined);
	if (values.carries || own === undefined) return { kind: "derived.mail_flow", id, values, basis: [...new Set([item, ...chain])] };
	return { kind: "derived.mail_flow", id, values: { ...values, carries: null }, gaps: { carries: own.gap }, basis: [...new Set([item, own.by])] };
}
