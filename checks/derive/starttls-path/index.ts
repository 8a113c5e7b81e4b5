import { z } from "zod";
import type { Evidence, Gap } from "../../../model/evidence.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

const looked = z.object({
	ehlo: z.object({ keywords: z.array(z.string()) }),
	starttls: z.object({ advertised: z.boolean(), overwritten: z.boolean() }),
});

/** The part of a vantage.observation that is read here; the whole stands in checks/derive/vantages. */
const observation = z.object({
	vantage: z.string(),
	network: z.string(),
	seenAt: z.iso.datetime({ offset: true }),
	signature: z.enum(["valid", "invalid", "unchecked"]),
	kind: z.literal("smtp.starttls"),
	values: looked,
});

const maxAgeMs = 30 * 86_400_000;

interface Difference {
	network: string;
	seenAt: string;
	/** Keywords that only this run's network saw, and those that only the other one saw. */
	onlyHere: string[];
	onlyThere: string[];
}

/**
 * derived.starttls_path, one per MX address: the EHLO keywords as two networks see them (RFC 3207 6). A middlebox strips or overwrites
 * STARTTLS on one way and not on the other; from one network alone it looks like the server's own word.
 */
const derivation: Derivation = {
	id: "starttls-path",
	target: "mx",
	needs: ["smtp.starttls"],
	uses: ["vantage.observation"],
	produces: ["derived.starttls_path"],
	derive(view): DerivedItem[] {
		return view.items("smtp.starttls").map((item): DerivedItem => {
			const others = view.items("vantage.observation").filter((one) => one.id.endsWith(`/smtp.starttls/${item.id}`));
			const own = { kind: "derived.starttls_path", id: item.id, basis: [item, ...others] };
			const error = errorOf(item, "smtp.starttls");
			if (error !== undefined) return { ...own, error };
			const here = looked.safeParse(item.values);
			if (!here.success) return { ...own, error: { code: "malformed", detail: item.id, message: "the conversation has another form" } };
			const { differences, compared, overwritten, gap: told } = compare(here.data, others, view.asOf, item.id);
			// Another view that was lost may have been the one that differs.
			const lost = others.length === 0 ? undefined : view.listingError("vantage.observation");
			const gap = lost === undefined ? told : { code: lost.code, detail: lost.detail };
			const parts = item.id.split("|");
			const [host, address] = [parts.slice(0, -2).join("|"), parts.at(-2) ?? ""];
			const values = {
				host,
				address,
				compared,
				differences,
				offered: here.data.starttls.advertised,
				overwritten: compared > 0 && (here.data.starttls.overwritten || overwritten),
				same: compared > 0 && differences.length === 0 && gap === undefined,
			};
			return { ...own, values, gaps: gap === undefined || differences.length > 0 ? {} : { same: gap } };
		});
	},
};

export default derivation;

function compare(
	here: z.infer<typeof looked>,
	others: readonly Evidence[],
	asOf: Date,
	id: string,
): { differences: Difference[]; compared: number; overwritten: boolean; gap: Gap | undefined } {
	const differences: Difference[] = [];
	let compared = 0;
	let overwritten = false;
	let gap: Gap | undefined = others.length === 0 ? { code: "single_vantage", detail: id } : undefined;
	for (const item of others) {
		const parsed = item.status === "ok" ? observation.safeParse(item.values) : undefined;
		if (parsed?.success !== true) {
			gap ??= { code: item.error?.code ?? "malformed", detail: item.id };
			continue;
		}
		const { signature, seenAt, values, network, vantage } = parsed.data;
		if (signature !== "valid") gap ??= { code: "tampered", detail: `signature of ${vantage}` };
		else if (asOf.getTime() - Date.parse(seenAt) > maxAgeMs) gap ??= { code: "evidence_stale", detail: vantage };
		else {
			compared += 1;
			overwritten ||= values.starttls.overwritten;
			const onlyHere = missing(here.ehlo.keywords, values.ehlo.keywords);
			const onlyThere = missing(values.ehlo.keywords, here.ehlo.keywords);
			if (onlyHere.length + onlyThere.length > 0) differences.push({ network, seenAt, onlyHere, onlyThere });
		}
	}
	return { differences, compared, overwritten, gap };
}

function missing(from: readonly string[], other: readonly string[]): string[] {
	const known = new Set(other.map((keyword) => keyword.toUpperCase()));
	return [...new Set(from.map((keyword) => keyword.toUpperCase()))].filter((keyword) => !known.has(keyword)).sort();
}
