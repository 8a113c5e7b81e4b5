import type { Evidence } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { partialAt } from "../policy-documents.ts";

/** What the selectors of a trail record. A part that only apply can tell is `open`: more may be recorded than what stands here. */
export interface Recorded {
	management: Directions;
	/** Object-level events of every bucket, or of the buckets named by ARN or by a placeholder of their address. */
	objects: Directions & { buckets: Map<string, Directions> };
	/** Types of SES resources whose use is recorded in full. */
	sesTypes: string[];
	open: boolean;
}

export interface Directions {
	read: boolean;
	write: boolean;
}

interface FieldSelector {
	field?: unknown;
	equals?: unknown;
	starts_with?: unknown;
	[operator: string]: unknown;
}

const objectType = "AWS::S3::Object";
/** These narrow a management selector to all but two talkative services, which AWS lets one leave out. */
const excludable = new Set(["kms.amazonaws.com", "rdsdata.amazonaws.com"]);

/**
 * Without selectors a trail records all management events and no data events. Basic selectors add up, and so do advanced ones; a
 * trail has one form or the other (CloudTrail API Reference, EventSelector and AdvancedEventSelector, as of 2026-11).
 */
export function recordedBy(trail: Evidence): Recorded {
	const recorded: Recorded = {
		management: { read: false, write: false },
		objects: { read: false, write: false, buckets: new Map() },
		sesTypes: [],
		open: trail.unknown?.some((path) => /^(?:advanced_)?event_selector(?:\.|$)/.test(path)) === true,
	};
	const basic = listAt(trail, "event_selector");
	const advanced = listAt(trail, "advanced_event_selector");
	if (basic.length === 0 && advanced.length === 0 && !recorded.open) recorded.management = { read: true, write: true };
	for (const [index, selector] of basic.entries()) addBasic(recorded, trail, selector, index);
	for (const [index, selector] of advanced.entries()) addAdvanced(recorded, trail, selector, index);
	recorded.sesTypes.sort();
	return recorded;
}

function addBasic(recorded: Recorded, trail: Evidence, selector: Record<string, unknown>, index: number): void {
	const at = `event_selector.${index}`;
	// What is not known of it counts as recording nothing; recorded.open says that there may be more.
	if (unknownAt(trail, `${at}.read_write_type`)) return;
	const type = selector.read_write_type ?? "All";
	const directions = { read: type === "All" || type === "ReadOnly", write: type === "All" || type === "WriteOnly" };
	if (selector.include_management_events !== false && !unknownAt(trail, `${at}.include_management_events`)) add(recorded.management, directions);
	for (const [place, resource] of listOf(selector.data_resource).entries()) {
		if (resource.type !== objectType) continue;
		const path = `${at}.data_resource.${place}.values`;
		for (const value of textsAt(trail, path, resource.values)) {
			if (/^arn:[^:]*:s3(?::::?)?$/.test(value)) add(recorded.objects, directions);
			else addBucket(recorded, value, directions);
		}
	}
}

function addAdvanced(recorded: Recorded, trail: Evidence, selector: Record<string, unknown>, index: number): void {
	const fields = listOf(selector.field_selector) as FieldSelector[];
	const paths = new Map(fields.map((field, place) => [field, `advanced_event_selector.${index}.field_selector.${place}`]));
	// A field that is not known may narrow it to anything.
	if (unknownAt(trail, `advanced_event_selector.${index}.field_selector`)) return;
	const of = (name: string) => fields.filter(({ field }) => field === name);
	const category = single(of("eventCategory"));
	const directions = directionsOf(of("readOnly"));
	if (directions === undefined) return;
	const others = fields.filter(({ field }) => !["eventCategory", "readOnly", "resources.type"].includes(String(field)));
	const hidden = (some: readonly FieldSelector[]) =>
		some.some((field) => trail.unknown?.some((path) => path.startsWith(`${paths.get(field)}.`) || path === paths.get(field)) === true);
	if (hidden(fields.filter((field) => !others.includes(field)))) return;
	if (category === "Management") {
		if (!hidden(others) && others.every(leavesOutLittle)) add(recorded.management, directions);
		return;
	}
	const type = single(of("resources.type"));
	if (category !== "Data" || type === undefined) return;
	if (type.startsWith("AWS::SES::")) {
		if (others.length === 0 && directions.read && directions.write) recorded.sesTypes.push(type);
		return;
	}
	if (type !== objectType) return;
	if (others.length === 0) add(recorded.objects, directions);
	const [arns] = others;
	if (arns === undefined || others.length > 1 || arns.field !== "resources.ARN") return;
	const path = `${paths.get(arns)}.starts_with`;
	// Any other condition beside starts_with narrows further.
	const operators = Object.keys(arns).filter((key) => key !== "field" && listedAt(arns[key]).length > 0);
	if (operators.some((key) => key !== "starts_with") || (hidden([arns]) && !hasPartial(trail, path))) return;
	for (const value of textsAt(trail, path, arns.starts_with)) {
		if (/^arn:[^:]*:s3:::$/.test(value)) add(recorded.objects, directions);
		else addBucket(recorded, value, directions);
	}
}

/** A bucket as a whole: its ARN alone or with a slash at the end; a longer prefix records a part of it only. */
function addBucket(recorded: Recorded, value: string, directions: Directions): void {
	const bucket = /^(arn:[^:]*:s3:::[^/]+|\$\{[^}]+\.arn\})\/?$/.exec(value)?.[1];
	if (bucket === undefined) return;
	const known = recorded.objects.buckets.get(bucket) ?? { read: false, write: false };
	add(known, directions);
	recorded.objects.buckets.set(bucket, known);
}

function add(to: Directions, { read, write }: Directions): void {
	to.read ||= read;
	to.write ||= write;
}

function leavesOutLittle({ field, ...operators }: FieldSelector): boolean {
	const used = Object.entries(operators).filter(([, value]) => listedAt(value).length > 0);
	return field === "eventSource" && used.every(([name, value]) => name === "not_equals" && listedAt(value).every((source) => excludable.has(source)));
}

/** Both without a readOnly field; undefined for a condition on it that is not plain. */
function directionsOf(fields: readonly FieldSelector[]): Directions | undefined {
	if (fields.length === 0) return { read: true, write: true };
	const only = single(fields);
	if (only !== "true" && only !== "false") return undefined;
	return { read: only === "true", write: only === "false" };
}

/** The one value that the one field selector of a name equals, under no other condition. */
function single(fields: readonly FieldSelector[]): string | undefined {
	const [one] = fields;
	if (one === undefined || fields.length > 1) return undefined;
	const values = listedAt(one.equals);
	const conditions = Object.entries(one).filter(([key, value]) => key !== "field" && key !== "equals" && listedAt(value).length > 0);
	return values.length === 1 && conditions.length === 0 ? values[0] : undefined;
}

function listAt(item: Evidence, path: string): Record<string, unknown>[] {
	return listOf(valueAt(item.values, path));
}

function listOf(value: unknown): Record<string, unknown>[] {
	return Array.isArray(value) ? value.filter((one): one is Record<string, unknown> => one !== null && typeof one === "object") : [];
}

function listedAt(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The texts of a list; where a configuration knows them in parts, with placeholders for addresses. */
function textsAt(item: Evidence, path: string, value: unknown): string[] {
	if (Array.isArray(value)) return listedAt(value);
	const text = partialListAt(item, path);
	if (text === undefined) return [];
	const parsed: unknown = JSON.parse(text);
	return listedAt(parsed);
}

function partialListAt(item: Evidence, path: string): string | undefined {
	const text = partialAt(item, path);
	return text?.startsWith("[") === true ? text : undefined;
}

function hasPartial(item: Evidence, path: string): boolean {
	return partialListAt(item, path) !== undefined;
}

function unknownAt(item: Evidence, path: string): boolean {
	return item.unknown?.some((unknown) => unknown === path || path.startsWith(`${unknown}.`)) === true;
}
