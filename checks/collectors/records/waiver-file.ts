import { basename } from "node:path";
import { sha256Hex } from "../../../model/canonical.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { waiver } from "../../../model/records/index.ts";
import { retentionOf } from "../../../model/records/kind.ts";
import { isObject } from "../../../model/records/rules.ts";
import { InputError } from "../../../model/source.ts";
import { parseRegisterFile } from "./syntax.ts";
import { validateFile } from "./validate.ts";

/** The waivers of one file, as items of a target. Throws InputError with all problems of the file. */
export function waiversOf(octets: Buffer, file: string, { target, now }: { target: string; now: string }): Evidence[] {
	const path = basename(file);
	const { parsed, problems } = parseRegisterFile({ label: file, path, format: /\.jsonl$/i.test(file) ? "jsonl" : "yaml", octets });
	if (parsed === undefined) throw new InputError(problems);
	const { file: read, problems: wrong } = validateFile(parsed, [waiver]);
	if (wrong.length > 0 || read === undefined) throw new InputError(wrong);
	const seen = new Set<string>();
	return read.records.filter(isObject).map((record, index): Evidence => {
		const id = String(record.id);
		const { line, column } = parsed.source.locate(["records", index, "id"]);
		if (seen.has(id)) throw new InputError([{ file, line, column, code: "REC-106", field: `records[${index}].id`, message: "id used twice" }]);
		seen.add(id);
		const place = { path, line: parsed.source.locate(["records", index]).line, sha256: sha256Hex(octets) };
		const values = { ...record, disposeNotBefore: retentionOf(waiver, record), file: place };
		return { kind: "record.waiver", id, status: "ok", values, source: { collector: "records", version: "1", call: `read ${path}`, target }, collectedAt: now };
	});
}
