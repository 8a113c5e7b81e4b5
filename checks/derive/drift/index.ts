import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { type Compared, compared } from "./compared.ts";

const kinds = Object.keys(compared);

/**
 * Of plans or states that are given together with an account. derived.drift, one per planned resource of mail that can be named before
 * apply: whether the account has it, and which attributes are otherwise. derived.undeclared, one per live resource that sends or
 * receives mail: whether a plan declares it. What only apply will tell is left out.
 */
const derivation: Derivation = {
	id: "drift",
	target: "account",
	needs: [],
	uses: kinds,
	produces: ["derived.drift", "derived.undeclared"],
	derive: (view) => {
		const plans = view.others("plan");
		if (plans.length === 0) return [];
		const accounts = view.others("account");
		return Object.entries(compared).flatMap(([kind, how]) => ofKind({ view, plans, accounts }, kind, how));
	},
};

export default derivation;

interface Named {
	item: Evidence;
	plan: string;
	/** Undefined where only apply will tell. */
	name: string | undefined;
}

interface Sides {
	view: DerivationView;
	plans: readonly DerivationView[];
	accounts: readonly DerivationView[];
}

function ofKind({ view, plans, accounts }: Sides, kind: string, how: Compared): DerivedItem[] {
	const planned = plannedOf(plans, kind, how);
	const live = named(view, kind, how);
	// What is in none of the accounts that could be listed may be in one that could not.
	const fault = [view, ...accounts].flatMap((one) => one.listingError(kind) ?? [])[0];
	const unlisted = plans.flatMap((plan) => {
		const error = plan.listingError(kind);
		return error === undefined || error.code === "not_in_plan" ? [] : [{ id: `${plan.target} ${kind}`, error }];
	});
	const found: DerivedItem[] = unlisted.map(({ id, error }) => ({ kind: "derived.drift", id, error, basis: [] }));
	for (const { item, plan, name } of planned) {
		if (item.error !== undefined) found.push({ kind: "derived.drift", id: `${plan} ${item.id}`, error: item.error, basis: [item] });
		const here = name === undefined ? undefined : live.get(name);
		if (name === undefined || item.status !== "ok" || placeOf(item, view) === "elsewhere") continue;
		const elsewhere = accounts.some((other) => other.target !== view.target && named(other, kind, how).has(name));
		// A plan does not say which account or Region it is for: what another one has, is there; what none has, is missing in the first.
		if (here === undefined && (elsewhere || (placeOf(item, view) === "unknown" && accounts[0]?.target !== view.target))) continue;
		found.push(drifted(kind, item, plan, name, here, fault, how));
	}
	if (how.mail !== true) return found;
	const unseen =
		view.listingError(kind) ?? unlisted[0]?.error ?? [...live.values(), ...planned.map(({ item }) => item)].find(({ error }) => error !== undefined)?.error;
	if (unseen !== undefined) found.push({ kind: "derived.undeclared", id: kind, error: unseen, basis: [] });
	if (!isPlannedFor(view, plans)) return found;
	const names = new Set(planned.map(({ name }) => name));
	// One whose name only apply will tell may be any of them; and a plan without the kind declares none of it elsewhere either.
	const open = planned.find(({ name }) => name === undefined);
	for (const [name, item] of live) {
		if (item.error !== undefined) continue;
		const declared = names.has(name);
		const why: Gap | undefined = unseen ?? (open === undefined ? undefined : { code: "unknown_until_apply", detail: open.item.id });
		const gap = declared || why === undefined ? undefined : { code: why.code, detail: why.detail };
		found.push({
			kind: "derived.undeclared",
			id: `${kind} ${name}`,
			values: { resource: item.id, kind, name, ...(gap === undefined ? { declared } : {}) },
			gaps: gap === undefined ? {} : { declared: gap },
			basis: [item, ...planned.filter((one) => one.name === name).map((one) => one.item)],
		});
	}
	return found;
}

function plannedOf(plans: readonly DerivationView[], kind: string, how: Compared): Named[] {
	return plans.flatMap((plan) => plan.items(kind).map((item): Named => ({ item, plan: plan.target, name: nameOf(plan, item, how.name) })));
}

/** An account that has nothing of mail that the plans name is not the one they are for. */
function isPlannedFor(view: DerivationView, plans: readonly DerivationView[]): boolean {
	return view.remember("planned for", () =>
		Object.entries(compared).some(([kind, how]) => {
			const live = how.mail === true ? named(view, kind, how) : new Map();
			return live.size > 0 && plannedOf(plans, kind, how).some(({ name }) => name !== undefined && live.has(name));
		}),
	);
}

function drifted(kind: string, item: Evidence, plan: string, name: string, here: Evidence | undefined, fault: Gap | undefined, how: Compared): DerivedItem {
	const own = { kind: "derived.drift", id: `${plan} ${item.id}`, basis: [item, ...(here === undefined ? [] : [here])] };
	const values = { resource: item.id, plan, kind, name, live: here?.id ?? null };
	const error = here?.error ?? (here === undefined ? fault : undefined);
	if (error !== undefined) {
		const gap: Gap = { code: error.code, detail: error.detail };
		return { ...own, values, gaps: { found: gap, changed: gap } };
	}
	if (here === undefined || here.status === "absent") return { ...own, values: { ...values, found: false, changed: [] } };
	const { changes, open } = changesOf(item, here, how);
	// A change that was seen stands; that there is none cannot be said of what could not be compared.
	if (changes.length === 0 && open !== undefined) return { ...own, values: { ...values, found: true }, gaps: { changed: open } };
	return { ...own, values: { ...values, found: true, changed: changes } };
}

interface Change {
	attribute: string;
	planned: unknown;
	live: unknown;
}

function changesOf(item: Evidence, here: Evidence, { attributes }: Compared): { changes: Change[]; open: Gap | undefined } {
	const changes: Change[] = [];
	let open: Gap | undefined;
	for (const [attribute, fallback] of Object.entries(attributes)) {
		if (isUnknown(item, attribute) || (item.references?.[attribute] ?? []).length > 0) continue;
		const planned = valueAt(item.values, attribute) ?? fallback;
		// What the plan does not set and the provider has no default for is the account's to choose.
		if (planned === undefined) continue;
		const hidden = hiddenAt(here, attribute);
		if (hidden !== undefined) {
			open ??= hidden;
			continue;
		}
		const live = valueAt(here.values, attribute) ?? fallback;
		if (same(planned, live)) continue;
		if (isAlias(planned) !== isAlias(live) && typeof live === "string")
			open ??= { code: "not_collected", detail: `the key behind an alias: ${attribute} of ${here.id}` };
		else changes.push({ attribute, planned, live: live ?? null });
	}
	return { changes, open };
}

/** Why the live value at a path, or a block above it, could not be read. */
function hiddenAt(here: Evidence, attribute: string): Gap | undefined {
	for (const [path, gap] of Object.entries(here.gaps ?? {})) if (path === attribute || attribute.startsWith(`${path}.`)) return gap;
	return isUnknown(here, attribute) ? { code: "not_collected", detail: `${attribute} of ${here.id}` } : undefined;
}

/** A key may go by its id, its ARN or an alias; which key an alias stands for is not in these items. */
function isAlias(value: unknown): boolean {
	return typeof value === "string" && value.includes("alias/");
}

function same(planned: unknown, live: unknown): boolean {
	if (Array.isArray(planned) && Array.isArray(live)) {
		const texts = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
		return JSON.stringify(texts(planned)) === JSON.stringify(texts(live));
	}
	if (typeof planned === "string" && typeof live === "string") {
		return planned === live || planned.endsWith(`/${live}`) || live.endsWith(`/${planned}`);
	}
	return planned === live || (planned !== null && live !== null && String(planned) === String(live) && typeof planned !== "object");
}

function named(view: DerivationView, kind: string, how: Compared): ReadonlyMap<string, Evidence> {
	return view.remember(`named ${kind}`, () => {
		const found = new Map<string, Evidence>();
		for (const item of view.items(kind)) {
			const parts = how.name.map((path) => textAt(item, path));
			// What could not be read goes by its id: the name, or one that ends in it.
			const name = parts.every((part) => part !== undefined) ? parts.join("|") : /[^:/]*$/.exec(item.id)?.[0];
			if (name !== undefined && item.status !== "absent") found.set(name, item);
		}
		return found;
	});
}

/** The name of a planned resource; what refers to another one takes that one's. */
function nameOf(plan: DerivationView, item: Evidence, paths: readonly string[]): string | undefined {
	const parts = paths.map((path) => {
		const text = textAt(item, path);
		if (text !== undefined) return text;
		const [only, ...more] = item.references?.[path] ?? [];
		if (only === undefined || more.length > 0) return undefined;
		const kind = /(?:^|\.)(aws_[a-z0-9_]+)\./.exec(only)?.[1];
		const other = kind === undefined ? undefined : plan.item(kind, only);
		const key = kind === undefined ? undefined : compared[kind]?.name[0];
		return other === undefined || key === undefined ? undefined : textAt(other, key);
	});
	return parts.every((part) => part !== undefined) ? parts.join("|") : undefined;
}

/** Whether a state's ARN is of the target's account and Region. */
function placeOf(item: Evidence, view: DerivationView): "here" | "elsewhere" | "unknown" {
	const [, region, account] = /^arn:[^:]*:[^:]*:([^:]*):(\d{12}):/.exec(textAt(item, "arn") ?? "") ?? [];
	if (account === undefined) return "unknown";
	return view.target === `${account}/${region}` || (region === "" && view.target.startsWith(`${account}/`)) ? "here" : "elsewhere";
}
