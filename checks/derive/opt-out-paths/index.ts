import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type ContentDocument, documentSchema, type OptOutPage } from "../../collectors/content/schema.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";

/** derived.opt_out_path, one per template and rendered message: its links to leave the list, and what somebody met who followed them. */
const derivation: Derivation = {
	id: "opt-out-paths",
	target: "content",
	needs: ["content.document"],
	uses: ["content.opt_out_page"],
	produces: ["derived.opt_out_path"],
	derive: (view): DerivedItem[] => view.items("content.document").map((item) => pathOf(item, view)),
};

export default derivation;

function pathOf(item: Evidence, view: DerivationView): DerivedItem {
	const own = { kind: "derived.opt_out_path", id: item.id };
	const error = errorOf(item, "content.document");
	if (error !== undefined) return { ...own, basis: [item], error };
	const parsed = documentSchema.safeParse(item.values);
	if (!parsed.success)
		return { ...own, basis: [item], error: { code: "malformed", detail: item.id, message: "the stored item is not what this version reads" } };
	const { faults, gap, basis } = pagesOf(parsed.data, view);
	const links = parsed.data.optOutLinks;
	if (gap !== null) return { ...own, basis: [item, ...basis], values: { links }, gaps: { pageFaults: gap } };
	return { ...own, basis: [item, ...basis], values: { links, pageFaults: faults } };
}

/** 16 CFR 316.5: nothing but the address and the preferences may be asked for. */
const allowed =
	/^(?:your )?(?:e-?mail(?: address)?|(?:e-?mail |contact |subscription )?preferences?|topics?|(?:mailing )?lists?|subscriptions?|choices?|frequency)$/i;

/** What is wrong with the recorded pages behind a message's opt-out links; a gap where a link has no recording and nothing is wrong with the others. */
function pagesOf(document: ContentDocument, view: DerivationView): { faults: string[]; gap: Gap | null; basis: readonly Evidence[] } {
	const recorded = view.items("content.opt_out_page");
	const links = document.optOutLinks.filter((link) => link.scheme !== "mailto");
	const basis: Evidence[] = [];
	const faults = new Set<string>();
	let unrecorded: Gap | null = null;
	for (const link of links) {
		const item = recorded.find((one) => one.status === "ok" && (one.values as OptOutPage).for.some((name) => name === link.host || name === link.field));
		if (item === undefined) {
			const fault = view.listingError("content.opt_out_page") ?? recorded.find((one) => one.status === "error")?.error;
			const what = `the recorded opt-out page of ${link.host ?? link.field ?? document.format}`;
			unrecorded ??= fault === undefined ? { code: "input_not_supplied", detail: what } : { code: fault.code, detail: fault.detail ?? what };
			continue;
		}
		basis.push(item);
		const page = item.values as OptOutPage;
		if (page.login) faults.add("login");
		if (page.fee) faults.add("fee");
		if (page.pages > 1) faults.add("pages");
		if (page.fields.some((field) => !allowed.test(field.trim()))) faults.add("fields");
	}
	const gap = faults.size === 0 ? unrecorded : null;
	return { faults: [...faults].sort(), gap, basis: gap === null ? [...new Set(basis)] : recorded };
}
