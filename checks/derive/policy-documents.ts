import type { Evidence, EvidenceError } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { type Policy, parsePolicy } from "../protocols/iam/index.ts";
import type { DerivationView } from "./derivation.ts";

/** Stands for a document of which nothing is known: any statement, of either effect. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the adapter's placeholder for what has no name.
export const unknownText = "${unknown}";

/**
 * The policy document at a path: its text; where a plan knows it in parts only, the text with placeholders; where nothing of it
 * is known, unknownText. Undefined where there is none.
 */
export function documentAt(item: Evidence, path: string): string | undefined {
	const value = valueAt(item.values, path);
	if (typeof value === "string") return value;
	const text = partialAt(item, path);
	if (text !== undefined) return text;
	return isUnknown(item, path) ? unknownText : undefined;
}

/** The text with placeholders of a value that a plan knows in parts only: a document, or a list of ARNs as JSON. */
export function partialAt(item: Evidence, path: string): string | undefined {
	const { partial } = (item.values ?? {}) as { partial?: Record<string, unknown> };
	const text = partial !== undefined && Object.hasOwn(partial, path) ? partial[path] : undefined;
	return typeof text === "string" ? text : undefined;
}

/** Whether the value at a path, or a block above it, is known only after apply. */
export function isUnknown(item: Evidence, path: string): boolean {
	return item.unknown?.some((unknown) => path === unknown || path.startsWith(`${unknown}.`)) === true;
}

export function textAt(item: Evidence, path: string): string | undefined {
	const value = valueAt(item.values, path);
	return typeof value === "string" && value !== "" ? value : undefined;
}

/** Documents parsed; one that AWS would refuse is in force nowhere, so that nothing can be said of what it stands on. */
export function parseAll(documents: readonly unknown[], where: string): { policies: Policy[]; error?: EvidenceError } {
	const policies: Policy[] = [];
	for (const document of documents) {
		const parsed = parsePolicy(document);
		if (!parsed.ok) {
			const { code, path, message } = parsed.error;
			return { policies: [], error: { code, detail: path === "" ? where : `${where} ${path}`, message: `the policy of ${where} cannot be read: ${message}` } };
		}
		policies.push(parsed.policy);
	}
	return { policies };
}

const knownBy = ["id", "arn", "name", "url", "bucket", "key_id", "email_identity", "domain", "email", "function_name"];

/** Items by every name they go by: their address, ARN, name, URL. */
export function namesOf(items: readonly Evidence[]): Map<string, Evidence> {
	const names = new Map<string, Evidence>();
	for (const item of items) {
		for (const key of knownBy) {
			const name = textAt(item, key);
			if (name !== undefined && !names.has(name)) names.set(name, item);
		}
	}
	for (const item of items) names.set(item.id, item);
	return names;
}

/** What an attribute names: an item; something else; or only apply will tell. */
export type Named = { readonly item: Evidence } | "other" | "unknown";

export function namedBy(item: Evidence, path: string, names: ReadonlyMap<string, Evidence>): Named {
	const referred = [...new Set((item.references?.[path] ?? []).flatMap((id) => names.get(id) ?? []))];
	const [only] = referred;
	if (only !== undefined && referred.length === 1) return { item: only };
	const value = textAt(item, path);
	// A name may stand at the end of an ARN: arn:aws:ses:us-east-1:111122223333:identity/clinic.example
	const found = value === undefined ? undefined : (names.get(value) ?? names.get(/[^:/]*$/.exec(value)?.[0] ?? ""));
	if (found !== undefined) return { item: found };
	return value === undefined && (referred.length > 1 || isUnknown(item, path)) ? "unknown" : "other";
}

/** The account that the evidence is of: the target's own where it names one, else the one in the ARNs of what there is. */
export function ownAccountOf(view: DerivationView, items: readonly Evidence[]): string | undefined {
	const target = /^(\d{12})\//.exec(view.target)?.[1];
	if (target !== undefined) return target;
	const accounts = new Set(items.flatMap((item) => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(textAt(item, "arn") ?? "")?.[1] ?? []));
	const [only] = accounts;
	return accounts.size === 1 ? only : undefined;
}

/** Why items of these kinds may be missing from view: nothing given lists them, a list is not whole, or one could not be read. */
export function unseen(view: DerivationView, kinds: readonly string[]): EvidenceError | undefined {
	for (const kind of kinds) {
		if (!view.supplied(kind)) return { code: "not_collected", detail: kind, message: `nothing that was given lists ${kind}` };
		const fault = view.listingError(kind) ?? view.items(kind).find(({ error }) => error !== undefined)?.error;
		if (fault !== undefined) return fault;
	}
	return undefined;
}
