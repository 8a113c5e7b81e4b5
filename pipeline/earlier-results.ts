import { createHash } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJsonText } from "../checks/adapters/terraform/json-text.ts";
import type { EarlierScan } from "../model/evidence.ts";
import { ioMessage } from "../model/input-file.ts";
import { type EarlierResult, type ResultDocument, resultDocumentSchema, resultItemSchema } from "../model/result.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import { hashFile } from "./bundle/files.ts";
import { octetLines } from "./octet-lines.ts";
import { readScan } from "./read-scan.ts";

/** One document a line, target by target: what a scan of a list of domains writes. */
export const listResultsName = "results.jsonl";

/** The results of an earlier scan, by target. */
export interface EarlierResults {
	/** Of result.json or results.jsonl. */
	sha256: string;
	asOf: string;
	/** A bundle whose hashes hold. */
	verified: boolean;
	/** Whether its evidence stands beside the results. */
	hasEvidence: boolean;
	/** That scan and those before it; a list is scanned target by target and has none as a whole. */
	scans: EarlierScan[] | undefined;
	of(target: string): { id: string; values: EarlierResult }[];
	close(): void;
}

/** Opens what --baseline names: a bundle, a bare result.json, or the folder of a scan of a list of domains. Throws InputError. */
export async function openEarlier(path: string): Promise<EarlierResults> {
	const isList = existsSync(join(path, listResultsName)) && !existsSync(join(path, "result.json"));
	return isList ? openList(join(path, listResultsName)) : openScan(path);
}

/** More earlier scans than this are not carried on: the oldest go. */
const maxScans = 50;

async function openScan(path: string): Promise<EarlierResults> {
	const { result, isBundle } = await readScan(path, "--baseline");
	const { asOf, baseline } = result.run;
	const byTarget = Map.groupBy(result.results, ({ target }) => target);
	const file = isBundle ? join(path, "result.json") : path;
	return {
		sha256: await hashFile(file),
		asOf,
		verified: isBundle,
		hasEvidence: isBundle,
		scans: [...(baseline?.scans ?? []), { asOf, results: result.totals.results, controls: result.totals.controls }].slice(-maxScans),
		of: (target) => earlierOf(byTarget.get(target) ?? [], asOf),
		close: () => undefined,
	};
}

type Row = Pick<ResultDocument["results"][number], "id" | "target" | "state" | "firstSeen" | "history">;

function earlierOf(rows: readonly Row[], asOf: string): { id: string; values: EarlierResult }[] {
	return rows.map(({ id, state, firstSeen, history }) => ({ id, values: { state, firstSeen, lastSeen: asOf, history: history ?? [] } }));
}

const { id, target, state, firstSeen, history } = resultItemSchema.shape;
const lineSchema = z.object({
	schema: resultDocumentSchema.shape.schema,
	run: z.object({ asOf: z.string() }),
	scope: z.object({ targets: z.array(z.object({ id: z.string() })) }),
	results: z.array(z.object({ id, target, state, firstSeen, history })),
});

/** A line a domain, each read when its targets are asked for: only places stay in memory, however long the list was. */
async function openList(file: string): Promise<EarlierResults> {
	const places = new Map<string, { offset: number; bytes: number; line: number }>();
	const hash = createHash("sha256");
	let asOf = "";
	let offset = 0;
	let line = 0;
	try {
		for await (const octets of octetLines(createReadStream(file))) {
			line += 1;
			hash.update(octets);
			const { run, scope } = parseLine(octets, file, line);
			if (run.asOf > asOf) asOf = run.asOf;
			// The results of an MX address are repeated in each of its domains.
			for (const one of scope.targets) if (!places.has(one.id)) places.set(one.id, { offset, bytes: octets.length, line });
			offset += octets.length;
		}
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw new InputError([{ file, line: Math.max(line, 1), column: 1, message: ioMessage(error) }]);
	}
	if (line === 0) throw new InputError([{ file, line: 1, column: 1, message: "holds no result; give the folder of a scan that was finished" }]);
	// Kept open: the folder may be moved aside for the new scan.
	const descriptor = openSync(file, "r");
	return {
		sha256: hash.digest("hex"),
		asOf,
		verified: false,
		hasEvidence: true,
		scans: undefined,
		of(asked) {
			const place = places.get(asked);
			if (place === undefined) return [];
			const octets = Buffer.alloc(place.bytes);
			readSync(descriptor, octets, 0, place.bytes, place.offset);
			const { run, results } = parseLine(octets, file, place.line);
			return earlierOf(
				results.filter((row) => row.target === asked),
				run.asOf,
			);
		},
		close: () => closeSync(descriptor),
	};
}

function parseLine(octets: Buffer, file: string, line: number): z.infer<typeof lineSchema> {
	try {
		const parsed = lineSchema.safeParse(parseJsonText(decodeUtf8(octets, file), file));
		if (parsed.success) return parsed.data;
		const issue = parsed.error.issues[0];
		throw new InputError([{ file, line: 1, column: 1, field: issue?.path.join("."), message: `not a result of a known version: ${issue?.message ?? ""}` }]);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		throw new InputError(error.problems.map((problem) => ({ ...problem, line })));
	}
}
