import { byCodeUnit } from "../../../model/canonical.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { type EvidenceOptions, source, wellFormed } from "./item.ts";
import type { OutputItem } from "./seen.ts";

/**
 * An output of the root module: {name, sensitive, reads}. Its value is never read. `reads` names the attributes that it is made
 * from, where the document tells, so that an output of an access key's secret can be told from one of its id.
 */
export function outputItem(output: OutputItem, options: EvidenceOptions): Evidence {
	const item: Evidence = {
		kind: "terraform.output",
		id: `output.${wellFormed(output.name)}`,
		status: "ok",
		values: { name: wellFormed(output.name), sensitive: output.sensitive, reads: output.reads.map(wellFormed) },
		source: source("output", options),
		collectedAt: options.now,
	};
	if (output.references.length > 0) item.references = { value: [...output.references].map(wellFormed).sort(byCodeUnit) };
	return item;
}
