import { sha256Hex } from "../../../model/canonical.ts";
import { detectIn, type HealthDictionary, MatchGroups, type Span, wordsOfName } from "../../protocols/content/index.ts";
import { type FieldTable, parsed } from "./read-template.ts";
import { type ContentList, type DocumentHit, listFileSchema, type Predicate, segmentFileSchema } from "./schema.ts";

const freeTextNames = /\b(?:notes?|comments?|remarks?|memo|description|free ?text|message|details?|history)\b/i;
const maxPredicateDepth = 64;
/** A header line longer than this is no header. */
const maxHeaderUnits = 64 * 1024;

/** *.list.yaml. Throws InputError. */
export function readList(octets: Uint8Array, label: string, ref: string, fields: FieldTable | null, dictionary: HealthDictionary): ContentList {
	const list = parsed(octets, label, listFileSchema);
	const allow = new Set(list.allow);
	return {
		format: "list",
		source: list.source,
		allowListed: list.allow.length > 0,
		hits: nameHits(
			[{ position: "list_name", text: list.name, offset: -1 }, ...list.tags.map((text): Span => ({ position: "list_tag", text, offset: -1 }))],
			dictionary,
		),
		fields: list.columns.map((name) => column(name, fields, allow.size > 0 ? allow.has(name) : null)),
		part2: list.part2,
		psychotherapyNotes: list.psychotherapyNotes,
		ref,
		sha256: sha256Hex(octets),
		segments: [],
	};
}

/** The header of an export. Its rows are not read: they are other people's data, and the columns say what they hold. */
export function readCsvHeader(text: string, name: string, fields: FieldTable | null, dictionary: HealthDictionary): ContentList {
	const line =
		text
			.replace(/^\uFEFF/, "")
			.slice(0, maxHeaderUnits)
			.split(/\r?\n/, 1)[0] ?? "";
	const columns = [...line.matchAll(/(?:^|[,;\t])\s*(?:"((?:[^"]|"")*)"|([^,;\t"]*))/g)]
		.map((match) => (match[1] ?? match[2] ?? "").replaceAll('""', '"').trim())
		.filter((one) => one !== "");
	return {
		format: "csv",
		source: null,
		allowListed: false,
		hits: nameHits(
			[{ position: "list_name", text: name, offset: -1 }, ...columns.map((text): Span => ({ position: "list_column", text, offset: -1 }))],
			dictionary,
		),
		fields: columns.map((one) => column(one, fields, null)),
		part2: false,
		psychotherapyNotes: false,
		ref: name,
		sha256: null,
		segments: [],
	};
}

/** *.segment.yaml; a text that says so where it nests deeper than is read: then nobody can say by what it chooses. Throws InputError. */
export function readSegment(octets: Uint8Array, label: string, ref: string, fields: FieldTable | null, dictionary: HealthDictionary): ContentList | string {
	const segment = parsed(octets, label, segmentFileSchema);
	const names = new Set<string>();
	const segments = new Set<string>();
	const stack: { predicate: Predicate; depth: number }[] = [{ predicate: segment.where, depth: 0 }];
	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		const { predicate, depth } = next;
		if (predicate.field !== undefined) names.add(predicate.field);
		if (predicate.segment !== undefined) segments.add(predicate.segment);
		if (depth > maxPredicateDepth) return "the file nests deeper than is read";
		for (const one of [...(predicate.all ?? []), ...(predicate.any ?? []), ...(predicate.not === undefined ? [] : [predicate.not])])
			stack.push({ predicate: one, depth: depth + 1 });
	}
	return {
		format: "segment",
		source: null,
		allowListed: false,
		hits: nameHits(
			[{ position: "segment_name", text: segment.name, offset: -1 }, ...segment.tags.map((text): Span => ({ position: "list_tag", text, offset: -1 }))],
			dictionary,
		),
		fields: [...names].sort().map((name) => column(name, fields, null)),
		part2: false,
		psychotherapyNotes: false,
		ref,
		sha256: sha256Hex(octets),
		segments: [...segments].sort(),
	};
}

function column(name: string, fields: FieldTable | null, allowed: boolean | null): ContentList["fields"][number] {
	return { name, class: fields?.classes.get(name) ?? "unknown", allowed, freeText: freeTextNames.test(wordsOfName(name)) };
}

function nameHits(spans: readonly Span[], dictionary: HealthDictionary): DocumentHit[] {
	const groups = new MatchGroups();
	return spans
		.flatMap((span) => detectIn(span, dictionary, groups))
		.map(({ offset: _offset, ...hit }) => ({ ...hit, line: null, column: null, inDefault: false, tokened: false, optOut: false }));
}
