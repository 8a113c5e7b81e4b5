import type { Evidence, EvidenceError, Gap } from "../../model/evidence.ts";
import type { LimitKind, Policy } from "../protocols/iam/index.ts";
import type { DerivationView, DerivedItem } from "./derivation.ts";
import { documentAt, namedBy, namesOf, ownAccountOf, parseAll } from "./policy-documents.ts";
import { admitted, type Facts, merged } from "./policy-facts.ts";

/** How a service's resources carry their policies in Terraform's vocabulary. */
export interface PolicySpec {
	/** What can have a policy, and the attribute in which it may hold one itself. */
	readonly subjects: readonly { readonly kind: string; readonly policy?: string }[];
	/** Resources that give a policy to another. */
	readonly attachments: readonly {
		readonly kind: string;
		/** The attribute that names the resource; undefined for a policy of the account's own. */
		readonly link?: string;
		/** The document, as text or object. */
		readonly document: (item: Evidence) => unknown;
	}[];
	/** Whether one resource may have several policies, all of which count; else an attached one replaces its own. */
	readonly several?: boolean;
}

export interface ResourcePolicySpec extends PolicySpec {
	/** The derived kind. */
	readonly produces: string;
	/** Limits that close a statement for everyone, where they are not those of publicStatements. */
	readonly limitedBy?: readonly LimitKind[];
	/** What the service's checks ask besides who is admitted. */
	readonly facts?: (subject: PolicySubject, view: DerivationView) => Facts;
}

/** One resource with what was found of its policies. */
export interface PolicySubject {
	/** The resource, or the policy itself where what it is attached to is not in the evidence. */
	readonly item: Evidence;
	/** The policies' texts or objects, as found. */
	readonly documents: readonly unknown[];
	readonly policies: readonly Policy[];
}

export interface FoundPolicies extends PolicySubject {
	/** Ids of the policies attached to it. */
	readonly attached: readonly string[];
	readonly basis: readonly Evidence[];
	/** The resource cannot be read, or a policy of it is none that AWS would take. */
	readonly error?: EvidenceError;
	/** Why a policy of it may be missing here. */
	readonly hidden?: EvidenceError;
}

/** The attached policy of a plan: the attributes that name the resource and hold the document. */
export function attachment(kind: string, link: string | undefined, path = "policy"): PolicySpec["attachments"][number] {
	return { kind, ...(link === undefined ? {} : { link }), document: (item) => documentAt(item, path) };
}

/**
 * One derived item per resource, with what its policies admit: values {resource, policies, written, public, outsiders, services}
 * and what the service adds. A policy whose resource is not in the evidence is an item of its own.
 */
export function resourcePolicies(view: DerivationView, spec: ResourcePolicySpec): DerivedItem[] {
	const account = ownAccountOf(
		view,
		spec.subjects.flatMap(({ kind }) => view.items(kind)),
	);
	return findPolicies(view, spec).map((found) => derivedOf(view, spec, found, account));
}

function derivedOf(view: DerivationView, spec: ResourcePolicySpec, found: FoundPolicies, account: string | undefined): DerivedItem {
	const { item, documents, policies, attached, error, hidden } = found;
	const own = { kind: spec.produces, id: item.id, basis: [...found.basis] };
	if (error !== undefined) return { ...own, error };
	const facts = merged([admitted(policies, account, spec.limitedBy), ...(spec.facts === undefined ? [] : [spec.facts(found, view)])]);
	const basis = [...new Set([...found.basis, ...(facts.rests ?? [])])];
	const named = { resource: item.kind, policies: attached };
	if (hidden !== undefined) {
		const gap: Gap = { code: hidden.code, detail: hidden.detail };
		const gaps = Object.fromEntries(["written", ...Object.keys(facts.values), ...facts.gaps.keys()].map((path) => [path, gap]));
		return { ...own, values: named, gaps, basis };
	}
	const values = { ...named, written: documents.length > 0, ...facts.values };
	return { ...own, values, basis, ...(facts.gaps.size === 0 ? {} : { gaps: Object.fromEntries(facts.gaps) }) };
}

/** A resource and what is attached to it. */
export interface Joined {
	item: Evidence;
	own: unknown;
	attached: { item: Evidence; document: unknown }[];
	/** Why something attached to it may be missing here. */
	hidden?: EvidenceError;
}

/** Resources with their policies, and policies whose resource is not in the evidence. */
export function findPolicies(view: DerivationView, spec: PolicySpec): FoundPolicies[] {
	return attachedTo(view, spec).map(({ item, own, attached, hidden }) => {
		const documents = [...(spec.several === true || attached.length === 0 ? [own] : []), ...attached.map(({ document }) => document)].filter(
			(document) => document !== undefined,
		);
		const failed = item.status === "error" ? (item.error as EvidenceError) : undefined;
		const { policies, error = failed } = failed === undefined ? parseAll(documents, item.id) : { policies: [] };
		return {
			item,
			documents,
			policies,
			attached: attached.map((one) => one.item.id),
			basis: [item, ...attached.map((one) => one.item)],
			...(error === undefined ? {} : { error }),
			...(hidden === undefined ? {} : { hidden }),
		};
	});
}

/** Resources with the documents that stand on them or are attached to them, and attached ones whose resource is not in the evidence. */
export function attachedTo(view: DerivationView, spec: PolicySpec): Joined[] {
	const found = new Map<Evidence, Joined>();
	for (const { kind, policy } of spec.subjects) {
		for (const item of view.items(kind)) found.set(item, { item, own: policy === undefined ? undefined : documentAt(item, policy), attached: [] });
	}
	const names = namesOf([...found.keys()]);
	const strays: Joined[] = [];
	let anyone: EvidenceError | undefined;
	for (const { kind, link, document } of spec.attachments) {
		for (const item of view.items(kind)) {
			if (item.status === "absent") continue;
			// What a live account answers is filed under the resource's own name.
			const filed = names.get(item.id);
			const named = link === undefined ? "other" : filed === undefined ? namedBy(item, link, names) : { item: filed };
			const subject = typeof named === "string" ? undefined : found.get(named.item);
			const error = item.error ?? {
				code: "unknown_until_apply",
				detail: `${item.id} ${link ?? ""}`,
				message: "what the policy is attached to is known only after apply",
			};
			if (item.status === "error" && subject !== undefined) subject.hidden = error;
			else if (link !== undefined && (item.status === "error" || named === "unknown")) anyone ??= error;
			if (subject === undefined) strays.push({ item, own: document(item), attached: [] });
			else if (item.status === "ok") subject.attached.push({ item, document: document(item) });
		}
	}
	// A policy whose resource is not known may be that of any resource without one; where several count, of any at all.
	if (anyone !== undefined) for (const one of found.values()) if (spec.several === true || one.attached.length === 0) one.hidden ??= anyone;
	return [...found.values(), ...strays];
}
