import type { Evidence } from "../../model/evidence.ts";

/** Attributes by which one resource names another in Terraform's vocabulary. */
const identityKeys = ["arn", "id", "name", "bucket", "configuration_set_name", "email_identity"];

/**
 * Which items refer to which, in either direction: one holds the other's id, ARN or name among its strings, or both
 * have one id (a live bucket and its versioning). Linear in the evidence; used to tell whom an unreadable item concerns and what a verdict rests on.
 */
export function relate(items: readonly Evidence[]): Map<Evidence, Set<Evidence>> {
	const bearers = new Map<string, Map<string, Bearers>>();
	const identities = new Map(items.map((item) => [item, identitiesOf(item)]));
	for (const [item, own] of identities)
		for (const identity of own) bearersOf(bearers, identity, item.kind)[item.status === "error" ? "errored" : "seen"].push(item);
	const related = new Map<Evidence, Set<Evidence>>();
	for (const [item, own] of identities) {
		for (const text of stringsOf(item)) {
			for (const [kind, { seen, errored }] of bearers.get(text) ?? []) {
				for (const other of errored) link(related, item, other);
				// Two of one kind that bear one name do not refer to each other: ten thousand of them would be a hundred million links.
				if (kind === item.kind && item.status !== "error" && own.has(text)) continue;
				for (const other of seen) link(related, item, other);
			}
		}
	}
	return related;
}

/** The items of one kind that go by one id, ARN or name. */
interface Bearers {
	seen: Evidence[];
	errored: Evidence[];
}

function bearersOf(bearers: Map<string, Map<string, Bearers>>, identity: string, kind: string): Bearers {
	let kinds = bearers.get(identity);
	if (kinds === undefined) {
		kinds = new Map();
		bearers.set(identity, kinds);
	}
	let found = kinds.get(kind);
	if (found === undefined) {
		found = { seen: [], errored: [] };
		kinds.set(kind, found);
	}
	return found;
}

/** In either direction; nothing is related to itself. */
function link(related: Map<Evidence, Set<Evidence>>, one: Evidence, other: Evidence): void {
	if (one === other) return;
	linkTo(related, one, other);
	linkTo(related, other, one);
}

function linkTo(related: Map<Evidence, Set<Evidence>>, from: Evidence, to: Evidence): void {
	const set = related.get(from);
	if (set === undefined) related.set(from, new Set([to]));
	else set.add(to);
}

function identitiesOf(item: Evidence): Set<string> {
	const identities = new Set([item.id]);
	const values = item.values;
	if (values !== null && typeof values === "object") {
		for (const key of identityKeys) {
			const value = (values as Record<string, unknown>)[key];
			if (typeof value === "string" && value !== "") identities.add(value);
		}
	}
	return identities;
}

function stringsOf(item: Evidence): Set<string> {
	const strings = new Set([item.id]);
	for (const ids of Object.values(item.references ?? {})) for (const id of ids) strings.add(id);
	const stack: unknown[] = [item.values];
	while (stack.length > 0) {
		const value = stack.pop();
		if (typeof value === "string") {
			if (value !== "" && value.length <= 2048) strings.add(value);
		} else if (value !== null && typeof value === "object") for (const member of Object.values(value)) stack.push(member);
	}
	return strings;
}
