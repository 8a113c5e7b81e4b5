import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sha256Hex } from "../../../model/canonical.ts";
import { type Evidence, type EvidenceError, listingId, type Target } from "../../../model/evidence.ts";
import { decodeUtf8, InputError } from "../../../model/source.ts";
import { shippedHealthTerms } from "../../data/health-terms/load-health-terms.ts";
import { breather } from "../../engine/breathe.ts";
import { buildHealthDictionary, type HealthDictionary } from "../../protocols/content/index.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { type FolderContent, type FolderFile, listFolder, readRegularFile } from "../folder-files.ts";
import { isInside } from "../records/files.ts";
import { readDraft } from "./document.ts";
import { readCsvHeader, readList, readSegment } from "./read-list.ts";
import { readMetrics } from "./read-metrics.ts";
import { maxMimeBytes, readMime } from "./read-mime.ts";
import { type FieldTable, markup, readFields, readMeta, readOptOutPage, readSesTemplate, type TemplateParts, templateDraft } from "./read-template.ts";

const documentKind = "content.document";
const listKind = "content.list";
const pageKind = "content.opt_out_page";
const metricsKind = "content.metrics";
const kinds = [documentKind, listKind, pageKind, metricsKind] as const;
type Kind = (typeof kinds)[number];
const maxTemplateBytes = 1024 * 1024;
const maxListBytes = 512 * 1024 * 1024;

/**
 * Templates, rendered messages, lists and segments of a content target. What becomes evidence is places, classes, scores and names that the
 * author made; never text that was matched, nor a row of a list.
 */
const content: Collector = {
	id: "content",
	target: "content",
	produces: kinds,
	iamActions: [],
	touches: (target) => [`templates, messages, lists and segments at ${target.id}`],
	async *collect(target, context) {
		const listed = await listFolder(context.path, target.id, "the content");
		const beside = await siblings(listed.files, target);
		const fault = listed.fault ?? beside.fault;
		// What lies beside a file changes how it reads: where that cannot be taken, neither is the file.
		const files = fault === undefined ? listed.files : [];
		const world = openWorld([...files, ...beside.files]);
		const counts: Record<Kind, number> = { [documentKind]: 0, [listKind]: 0, [pageKind]: 0, [metricsKind]: 0 };
		const breathe = breather();
		for (const file of files) {
			await breathe();
			// Stopped: nothing is listed, and the caller says so.
			if (context.signal.aborted) return;
			const kind = kindOf(file.place);
			if (kind === null) continue;
			counts[kind] += 1;
			const own = { kind, id: file.label, source: sourceOf(target, `read ${below(target, file.label)}`), collectedAt: context.now() };
			const read = await readFile(file, world);
			yield read.ok ? { ...own, status: "ok", values: read.values } : { ...own, status: "error", error: read.error };
		}
		for (const kind of kinds) yield listing(target, context, kind, counts[kind], fault);
	},
};

export default content;

/** Where the target is one file: what belongs to it and lies beside it. As in a folder, no symbolic link is followed out of it. */
async function siblings([only, ...others]: readonly FolderFile[], target: Target): Promise<FolderContent> {
	if (only === undefined || others.length > 0 || only.label !== target.id) return { files: [], fault: undefined };
	const folder = dirname(only.path);
	const stem = stemOf(basename(only.path));
	const files: FolderFile[] = [];
	for (const name of ["fields.yaml", `${stem}.meta.yaml`, `${stem}.txt`]) {
		const beside = join(folder, name);
		if (beside === only.path || !existsSync(beside)) continue;
		const path = await realpath(beside);
		const label = join(dirname(target.id), name);
		if (!isInside(folder, path)) {
			const message = "a symbolic link beside the file leads out of its folder; put the file itself there";
			return { files: [], fault: { code: "permission_denied", detail: label, message } };
		}
		files.push({ label, path, place: beside });
	}
	return { files, fault: undefined };
}

function stemOf(path: string): string {
	return path.replace(/(?:\.template\.json|\.(?:list|segment)\.ya?ml|\.[^./]+)$/i, "");
}

interface World {
	dictionary: HealthDictionary;
	/** The nearest fields.yaml at or above a folder of the target. */
	fields: ReadonlyMap<string, FieldTable>;
	byPlace: ReadonlyMap<string, FolderFile>;
}

let dictionary: HealthDictionary | undefined;

function shipped(): HealthDictionary {
	dictionary ??= buildHealthDictionary(shippedHealthTerms());
	return dictionary;
}

/** Throws InputError: a class file that is wrong is the user's input, and nothing is judged by half of it. */
function openWorld(files: readonly FolderFile[]): World {
	const fields = new Map<string, FieldTable>();
	for (const file of files) {
		if (basename(file.place) !== "fields.yaml") continue;
		const read = readRegularFile(file.path, maxTemplateBytes);
		if (!read.ok) throw new InputError([{ file: file.label, line: 1, column: 1, message: read.error.message }]);
		fields.set(dirname(file.place), readFields(read.octets, file.label));
	}
	return { dictionary: shipped(), fields, byPlace: new Map(files.map((file) => [file.place, file])) };
}

function fieldsFor(path: string, world: World): FieldTable | null {
	for (let folder = dirname(path); ; folder = dirname(folder)) {
		const table = world.fields.get(folder);
		if (table !== undefined) return table;
		if (dirname(folder) === folder) return null;
	}
}

function kindOf(path: string): Kind | null {
	const name = basename(path).toLowerCase();
	if (/\.(?:html?|hbs|mjml|liquid|eml)$/.test(name) || name.endsWith(".template.json")) return documentKind;
	if (/\.opt-out\.ya?ml$/.test(name)) return pageKind;
	if (name.endsWith(".metrics.csv")) return metricsKind;
	return /\.(?:list|segment)\.ya?ml$|\.csv$/.test(name) ? listKind : null;
}

type ReadOutcome = { ok: true; values: unknown } | { ok: false; error: EvidenceError };

async function readFile(file: FolderFile, world: World): Promise<ReadOutcome> {
	const name = basename(file.place).toLowerCase();
	const isMime = name.endsWith(".eml");
	const read = readRegularFile(file.path, isMime ? maxMimeBytes : name.endsWith(".csv") && !name.endsWith(".metrics.csv") ? maxListBytes : maxTemplateBytes);
	if (!read.ok) return { ok: false, error: { ...read.error, detail: file.label } };
	const stem = stemOf(file.place);
	const beside = world.byPlace.get(`${stem}.meta.yaml`);
	const meta = beside === undefined ? null : readMeta(octetsOf(beside), beside.label);
	if (isMime) {
		const mime = await readMime(read.octets, file.label, meta?.campaign ?? null);
		return mime.ok ? unlessTooMuch(readDraft(mime.draft, world.dictionary), file) : mime;
	}
	if (/\.opt-out\.ya?ml$/.test(name)) return { ok: true, values: readOptOutPage(read.octets, file.label) };
	const fields = fieldsFor(file.place, world);
	if (/\.list\.ya?ml$/.test(name)) return { ok: true, values: readList(read.octets, file.label, basename(stem), fields, world.dictionary) };
	if (/\.segment\.ya?ml$/.test(name)) return unlessTooMuch(readSegment(read.octets, file.label, basename(stem), fields, world.dictionary), file);
	let text: string;
	try {
		text = decodeUtf8(read.octets, file.label);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return { ok: false, error: { code: "malformed", detail: file.label, message: "the file is not UTF-8" } };
	}
	if (name.endsWith(".metrics.csv")) {
		const metrics = readMetrics(text);
		if (metrics.complete) return { ok: true, values: metrics };
		return { ok: false, error: { code: "too_large", detail: file.label, message: "the table has more rows or columns than are read" } };
	}
	if (name.endsWith(".csv")) return { ok: true, values: readCsvHeader(text, basename(stem), fields, world.dictionary) };
	const parts = name.endsWith(".template.json") ? readSesTemplate(text, file.label) : markupParts(text, stem, world);
	return unlessTooMuch(readDraft(templateDraft(parts, meta, fields, sha256Hex(read.octets)), world.dictionary), file);
}

/** What was not read is not judged: beyond the cap anything may stand. */
function unlessTooMuch(values: object | string, file: FolderFile): ReadOutcome {
	return typeof values === "string" ? { ok: false, error: { code: "too_large", detail: file.label, message: values } } : { ok: true, values };
}

/** A text file of the same name is the plain-text part. */
function markupParts(text: string, stem: string, world: World): TemplateParts {
	const beside = world.byPlace.get(`${stem}.txt`);
	const plain = beside === undefined ? null : decodeUtf8(octetsOf(beside), beside.label);
	return { name: basename(stem), subject: undefined, html: markup(text), text: plain === null ? null : { text: plain, places: null } };
}

function octetsOf(file: FolderFile): Buffer {
	const read = readRegularFile(file.path, maxTemplateBytes);
	if (read.ok) return read.octets;
	throw new InputError([{ file: file.label, line: 1, column: 1, message: read.error.message }]);
}

/** The call names the file below the target, which is what reports join to the target's path. */
function below(target: Target, label: string): string {
	const root = target.id.replace(/\/+$/, "");
	return label.startsWith(`${root}/`) ? label.slice(root.length + 1) : basename(join(label));
}

function listing(target: Target, context: CollectContext, kind: string, count: number, error: EvidenceError | undefined): Evidence {
	const base = { kind: "listing", id: listingId(kind, target.id), source: sourceOf(target, `list ${kind}`), collectedAt: context.now() };
	return error === undefined ? { ...base, status: "ok", values: { kind, target: target.id, count, complete: true } } : { ...base, status: "error", error };
}

function sourceOf(target: Target, call: string): Evidence["source"] {
	return { collector: "content", version: "1", call, target: target.id };
}
