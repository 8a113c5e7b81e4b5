import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../model/canonical.ts";
import { type EvidenceManifest, evidenceManifestSchema } from "../../model/evidence.ts";
import { countStates, type ResultDocument, states } from "../../model/result.ts";
import { InputError } from "../../model/source.ts";
import { manifestName } from "../evidence-files.ts";
import { octetLines } from "../octet-lines.ts";
import { readResultFile } from "../read-result.ts";
import type { TrustedKey } from "../signing.ts";
import {
	type BundleManifest,
	besideManifest,
	bundleManifestName,
	bundleManifestSchema,
	bundleManifestText,
	checksumsName,
	checksumsText,
	type Entry,
	entriesOf,
	envelopeName,
	hashesBeside,
	hashFile,
	isSafePath,
	jsonOf,
	publicKeyName,
	signatureName,
	signedTextName,
	timestampName,
} from "./files.ts";
import { type SignatureOutcome, verifySignature } from "./verify-signature.ts";

export interface VerifyOptions {
	dir: string;
	/** Keys whose signature counts. Without one the signer is not verified. */
	trusted: readonly TrustedKey[];
	/** Certificates of the time stamp authority, PEM. */
	tsaCertificates?: string | undefined;
}

export interface Problem {
	/** The file it concerns, relative to the bundle. */
	path: string;
	message: string;
}

export interface Verification {
	problems: Problem[];
	/** Files that manifest.json names. */
	files: number;
	previous: string | null;
	/** SHA-256 of the manifest of the original, where the bundle is redacted. */
	redactedFrom: string | null;
	signature: SignatureOutcome;
	timestamp: { state: "none" } | { state: "unverified" | "verified"; time: string } | { state: "bad" };
	/** What was verified; null: it cannot be read. */
	result: ResultDocument | null;
	/** Lines of evidence, and those of them that no result names: what belongs to the population and settled nothing by itself. */
	evidence: { lines: number; unnamed: number };
}

/** No single file of ours is larger; anything above is refused before it is read. */
const maxFileBytes = 2 * 1024 * 1024 * 1024;
const maxDocumentBytes = 512 * 1024 * 1024;

/**
 * Whether a bundle is what was written: every file hashed and none added, evidence and results linked both ways, totals equal to rows,
 * signature and time stamp. Names each file that was changed, added or removed. Throws InputError where there is no bundle to look at.
 */
export async function verifyBundle(options: VerifyOptions): Promise<Verification> {
	const { dir } = options;
	const problems: Problem[] = [];
	const report = (path: string, message: string): void => void problems.push({ path, message });
	const entries = await entriesOf(dir);
	if (!entries.some((entry) => entry.path === bundleManifestName))
		throw new InputError([{ file: dir, line: 1, column: 1, message: `holds no ${bundleManifestName}; mailward scan writes bundles that have one` }]);
	for (const entry of entries) refuse(entry, report);
	const readable = new Set(entries.filter((entry) => entry.kind === "file" && entry.bytes <= maxFileBytes).map((entry) => entry.path));
	const read = async (path: string): Promise<Buffer | null> => {
		const entry = entries.find((one) => one.path === path);
		if (!readable.has(path) || entry === undefined || entry.bytes > maxDocumentBytes) return null;
		return readFile(join(dir, path));
	};

	const manifestOctets = await read(bundleManifestName);
	const manifest = manifestOctets === null ? null : parseManifest(manifestOctets, report);
	const outcome: Verification = {
		problems,
		files: manifest?.files.length ?? 0,
		previous: manifest?.previous ?? null,
		redactedFrom: manifest?.redactedFrom ?? null,
		signature: { state: "none" },
		timestamp: { state: "none" },
		result: null,
		evidence: { lines: 0, unnamed: 0 },
	};
	if (manifestOctets === null || manifest === null) return outcome;
	const manifestSha256 = sha256Hex(manifestOctets);
	await compareFiles(dir, manifest, entries, readable, report);
	const checksums = await read(checksumsName);
	if (checksums === null) report(checksumsName, "was removed");
	else if (checksums.toString("utf8") !== checksumsText(manifest, await hashesBeside(dir, readable)))
		report(checksumsName, "differs from the files: it, or one of those beside the manifest, was changed");

	const result = readable.has("result.json") ? await resultOf(join(dir, "result.json"), report) : missingResult(report);
	outcome.result = result;
	if (result !== null) compareTotals(result, report);
	if (result !== null) compareIndex(result, report);
	const evidenceManifest = manifest.redactedFrom === undefined ? parseEvidenceManifest(await read(manifestName), report) : withoutEvidence(readable, report);
	if (result !== null && evidenceManifest !== null) outcome.evidence = await compareEvidence(dir, result, evidenceManifest, readable, report);

	outcome.signature = verifySignature(
		{ envelope: await read(envelopeName), signedText: await read(signedTextName), signature: await read(signatureName), publicKey: await read(publicKeyName) },
		{ manifestSha256, manifest, result, trusted: options.trusted },
		report,
	);
	const stamp = await read(timestampName);
	if (stamp !== null) outcome.timestamp = await stampOutcome(stamp, manifestOctets, manifestSha256, options.tsaCertificates, report);
	else if (options.tsaCertificates !== undefined) report(timestampName, "is not there, though certificates of an authority were given");
	return outcome;
}

type Report = (path: string, message: string) => void;

function refuse(entry: Entry, report: Report): void {
	if (entry.kind === "other") report(entry.path, "is a link or a device: refused, and not followed");
	else if (!isSafePath(entry.path)) report(entry.path, "has a name that no bundle of ours has: refused");
	else if (entry.bytes > maxFileBytes) report(entry.path, `has ${entry.bytes} bytes; at most ${maxFileBytes} are read`);
}

function parseManifest(octets: Buffer, report: Report): BundleManifest | null {
	const parsed = bundleManifestSchema.safeParse(jsonOf(octets));
	if (!parsed.success) {
		report(bundleManifestName, "was changed: it is no manifest of this version");
		return null;
	}
	if (bundleManifestText(parsed.data) !== octets.toString("utf8")) report(bundleManifestName, "was changed: it is not in canonical form");
	const paths = parsed.data.files.map((file) => file.path);
	for (const path of paths) if (!isSafePath(path) || besideManifest.has(path)) report(bundleManifestName, `names the path ${JSON.stringify(path)}: refused`);
	if (new Set(paths).size !== paths.length) report(bundleManifestName, "names a path twice");
	return { ...parsed.data, files: parsed.data.files.filter((file) => isSafePath(file.path) && !besideManifest.has(file.path)) };
}

async function compareFiles(dir: string, manifest: BundleManifest, entries: readonly Entry[], readable: ReadonlySet<string>, report: Report): Promise<void> {
	const named = new Map(manifest.files.map((file) => [file.path, file]));
	for (const { path, bytes, sha256 } of manifest.files) {
		const entry = entries.find((one) => one.path === path);
		if (entry === undefined) report(path, "was removed");
		else if (!readable.has(path)) continue;
		else if (entry.bytes !== bytes || (await hashFile(join(dir, path))) !== sha256) report(path, "was changed");
	}
	for (const { path, kind } of entries) {
		if (kind === "folder") {
			if (!manifest.files.some((file) => file.path.startsWith(`${path}/`))) report(path, "was added: no file of the bundle lies in it");
		} else if (!named.has(path) && !besideManifest.has(path)) report(path, "was added");
	}
}

function missingResult(report: Report): null {
	report("result.json", "is not there or too large to be read");
	return null;
}

/** Row by row: that of a large scan is larger than everything else in its bundle. */
async function resultOf(file: string, report: Report): Promise<ResultDocument | null> {
	try {
		return await readResultFile(file);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		for (const { field, line, message } of error.problems) report("result.json", `line ${line}${field === undefined ? "" : `, ${field}`}: ${message}`);
		return null;
	}
}

function parseEvidenceManifest(octets: Buffer | null, report: Report): EvidenceManifest | null {
	const parsed = octets === null ? null : evidenceManifestSchema.safeParse(jsonOf(octets));
	if (parsed?.success === true) return parsed.data;
	report(manifestName, "is not there, or no evidence manifest of a known version");
	return null;
}

function compareTotals(result: ResultDocument, report: Report): void {
	const counted = countStates(result.results.map((item) => item.state));
	for (const state of states) {
		const told = result.totals.results[state] ?? 0;
		if (told !== counted[state]) report("result.json", `says ${told} results are ${state}; its rows say ${counted[state]}`);
	}
}

/** Every verdict rests on evidence that the index names. */
function compareIndex(result: ResultDocument, report: Report): void {
	const named = new Set(result.evidence.map((ref) => ref.sha256));
	for (const item of result.results) {
		for (const sha256 of item.evidence) if (!named.has(sha256)) report("result.json", `result ${item.id} rests on ${sha256}, which its evidence index lacks`);
		if (item.status !== "not_assessed" && item.status !== "not_applicable" && item.evidence.length === 0)
			report("result.json", `result ${item.id} is ${item.status} and rests on no evidence`);
	}
}

/** A redacted bundle has none: the lines would say what was taken out. */
function withoutEvidence(readable: ReadonlySet<string>, report: Report): null {
	for (const path of readable) if (path.startsWith("evidence/") || path === manifestName) report(path, "is evidence in a redacted bundle");
	return null;
}

/** Evidence that a result names must be there; evidence files must be those that were collected. */
async function compareEvidence(
	dir: string,
	result: ResultDocument,
	manifest: EvidenceManifest,
	readable: ReadonlySet<string>,
	report: Report,
): Promise<{ lines: number; unnamed: number }> {
	const named = new Map(result.evidence.map((ref) => [ref.sha256, ref]));
	const found = new Set<string>();
	let lines = 0;
	for (const { path, sha256 } of manifest.files) {
		if (!isSafePath(path) || !readable.has(path)) {
			report(path, `is named by ${manifestName} and not there`);
			continue;
		}
		if ((await hashFile(join(dir, path))) !== sha256) report(path, `differs from ${manifestName}`);
		for await (const octets of octetLines(createReadStream(join(dir, path)))) {
			lines += 1;
			const line = sha256Hex(octets.at(-1) === 0x0a ? octets.subarray(0, -1) : octets);
			if (named.has(line)) found.add(line);
		}
	}
	const known = new Set(manifest.files.map((file) => file.path));
	for (const path of readable) if (path.startsWith("evidence/") && !known.has(path)) report(path, `is an orphan: ${manifestName} does not name it`);
	for (const [sha256, ref] of named) {
		// Derived items are made anew by `mailward evaluate`; what they rest on is named by its own hash.
		const isDerived = ref.kind.startsWith("derived.") || (ref.kind === "listing" && ref.id.startsWith("derived."));
		if (!isDerived && !found.has(sha256)) report("result.json", `names the evidence ${sha256} (${ref.kind} ${ref.id}), which no evidence file holds`);
	}
	return { lines, unnamed: lines - found.size };
}

async function stampOutcome(
	stamp: Buffer,
	manifest: Buffer,
	manifestSha256: string,
	certificates: string | undefined,
	report: Report,
): Promise<Verification["timestamp"]> {
	const { parseTimestamp, verifyTimestamp } = await import("./timestamp.ts");
	const { TimestampError } = await import("./timestamp-error.ts");
	try {
		const { time, sha256 } = parseTimestamp(stamp);
		if (sha256.toString("hex") !== manifestSha256) {
			report(timestampName, `stamps another file than this ${bundleManifestName}`);
			return { state: "bad" };
		}
		if (certificates === undefined) return { state: "unverified", time: time.toISOString() };
		if (await verifyTimestamp(stamp, manifest, certificates)) return { state: "verified", time: time.toISOString() };
		report(timestampName, "was not made by an authority that the given certificates vouch for");
		return { state: "bad" };
	} catch (error) {
		if (!(error instanceof TimestampError)) throw error;
		report(timestampName, error.message);
		return { state: "bad" };
	}
}
