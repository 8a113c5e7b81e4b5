import { byCodeUnit } from "../../../model/canonical.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { type EvidenceOptions, source, wellFormed } from "./item.ts";
import type { OutputItem } from "./seen.ts";

/**
 * An output of the root module: {name, sensitive, reads}. Its value is never read. `reads` names the attributes that it is made
 * from; a state does not tell, so there it is unknown. An output of an access key's secret can be told from one of its id.
 */
export function outputItem(output: OutputItem, options: EvidenceOptions): Evidence {
	const item: Evidence = {
		kind: "terraform.output",
		id: `output.${wellFormed(output.name)}`,
		status: "ok",
		values: { name: wellFormed(output.name), sensitive: output.sensitive, ...(output.reads === undefined ? {} : { reads: output.reads.map(wellFormed) }) },
		source: source("output", options),
		collectedAt: options.now,
	};
	if (output.reads === undefined) item.unknown = ["reads"];
	if (output.references.length > 0) item.references = { value: [...output.references].map(wellFormed).sort(byCodeUnit) };
	return item;
}
