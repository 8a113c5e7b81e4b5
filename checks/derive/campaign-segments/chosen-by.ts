import type { Evidence } from "../../../model/evidence.ts";
import { type ContentList, contentListSchema } from "../../collectors/content/schema.ts";
import { wordsOfName } from "../../protocols/content/index.ts";

const healthClasses = new Set(["phi", "relationship", "unknown"]);
/** Age, sex and geography below a state: on a list of patients they say more than they seem to. */
const traits =
	/\b(?:age|aged|birth|birthday|birthdate|birth date|dob|born|sex|gender|zip|zipcode|postal|postcode|city|county|town|street|address|latitude|longitude)\b/i;

export interface Chosen {
	/** Fields of a segment, and of the segments it asks for, that say something about health or care, or whose class is not known. */
	health: string[];
	traits: string[];
	/** Segments that are asked for and were not given. */
	missing: string[];
	basis: Evidence[];
}

/** By what a segment chooses people; segments it asks for are followed, each once. */
export function chosenBy(item: Evidence, lists: readonly Evidence[]): Chosen {
	const segments = new Map<string, { item: Evidence; values: ContentList }>();
	for (const one of lists) {
		const parsed = contentListSchema.safeParse(one.values);
		if (one.status === "ok" && parsed.success && parsed.data.format === "segment") segments.set(parsed.data.ref, { item: one, values: parsed.data });
	}
	const chosen: Chosen = { health: [], traits: [], missing: [], basis: [] };
	const seen = new Set<string>();
	const open = [item];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (seen.has(next.id)) continue;
		seen.add(next.id);
		if (next !== item) chosen.basis.push(next);
		const { fields, segments: asked } = contentListSchema.parse(next.values);
		for (const field of fields) {
			if (healthClasses.has(field.class)) chosen.health.push(field.name);
			else if (traits.test(wordsOfName(field.name))) chosen.traits.push(field.name);
		}
		for (const ref of asked) {
			const other = segments.get(ref);
			if (other === undefined) chosen.missing.push(ref);
			else open.push(other.item);
		}
	}
	return { ...chosen, health: [...new Set(chosen.health)].sort(), traits: [...new Set(chosen.traits)].sort(), missing: [...new Set(chosen.missing)].sort() };
}
