import type { Evidence } from "../../model/evidence.ts";

/** Attributes by which one resource names another in Terraform's vocabulary. */
const identityKeys = ["arn", "id", "name", "bucket", "configuration_set_name", "email_identity"];

/**
 * Which items refer to which, in either direction: one holds the other's id, ARN or name among its strings, or both
 * have one id (a live bucket and its versioning). Linear in the evidence; used to tell whom an unreadable item concerns and what a verdict rests on.
 */
export function relate(items: readonly Evidence[]): Map<Evidence, Set<Evidence>> {
	const byIdentity = new Map<string, Evidence[]>();
	for (const item of items) {
		for (const identity of identitiesOf(item)) {
			const list = byIdentity.get(identity);
			if (list === undefined) byIdentity.set(identity, [item]);
			else list.push(item);
		}
	}
	const related = new Map<Evidence, Set<Evidence>>();
	for (const item of items) {
		for (const text of stringsOf(item)) {
			for (const other of byIdentity.get(text) ?? []) {
				if (other === item) continue;
				link(related, item, other);
				link(related, other, item);
			}
		}
	}
	return related;
}

function link(related: Map<Evidence, Set<Evidence>>, from: Evidence, to: Evidence): void {
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
		} else if (value !== null && typeof value === "object") stack.push(...Object.values(value));
	}
	return strings;
}
