import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type ContentDocument, documentSchema } from "../../collectors/content/schema.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

/**
 * derived.content, one per template and rendered message (content.document): the same facts, with the gap told where what a rule asks about
 * was not given: a subject, the classes of fields, an allow-list.
 */
const derivation: Derivation = {
	id: "content",
	target: "content",
	needs: ["content.document"],
	produces: ["derived.content"],
	derive(view): DerivedItem[] {
		return view.items("content.document").map(itemOf);
	},
};

export default derivation;

function itemOf(item: Evidence): DerivedItem {
	const base = { kind: "derived.content", id: item.id, basis: [item] };
	const error = errorOf(item, "content.document");
	if (error !== undefined) return { ...base, error };
	const parsed = documentSchema.safeParse(item.values);
	if (!parsed.success) return { ...base, error: { code: "malformed", detail: item.id, message: "the stored item is not what this version reads" } };
	return { ...base, values: parsed.data, gaps: gapsOf(item.id, parsed.data) };
}

function gapsOf(id: string, document: ContentDocument): Record<string, Gap> {
	const gaps: Record<string, Gap> = {};
	const lacks = (path: string, what: string): void => {
		gaps[path] = { code: "input_not_supplied", detail: `${what} of ${id}` };
	};
	if (!document.hasSubject) lacks("hasSubject", "the subject (in a .meta.yaml file beside it)");
	// A rendered message holds values where the template held fields.
	if (!document.hasClasses) lacks("hasClasses", "fields.yaml with the classes of the fields");
	if (!document.allowListed) lacks("allowListed", "the allow-list (allow: in a .meta.yaml file beside it)");
	return gaps;
}
