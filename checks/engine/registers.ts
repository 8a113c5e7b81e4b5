import { byCodeUnit } from "../../model/canonical.ts";
import type { RegisterEntry, Registers } from "../../model/registers.ts";
import { campaignSendsSchema } from "../collectors/sends/schema.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { populationOf } from "./population.ts";

type Loose = Record<string, unknown>;

/** Registers for the report, from the records of all targets. A part without records is left out: the report then says that none were given. */
export function registersOf(store: EvidenceStore, today: string): Registers {
	const of = (kind: string): Loose[] =>
		store.targets
			.filter((target) => target.type === "records")
			.flatMap((target) => store.items(target.id, `record.${kind}`))
			.filter((item) => item.status === "ok" && isObject(item.values))
			.map((item) => ({ ...(item.values as Loose), id: item.id }))
			.sort((a, b) => byCodeUnit(a.id, b.id));
	const population = populationOf(store);
	const reconciliation = reconciliationOf(store);
	const parts: Registers = {
		...list("waivers", of("waiver")),
		...list("attestations", of("attestation")),
		...list("poam", of("poam")),
		...list("responses", of("response")),
		...list("engagements", of("engagement")),
		...list("inherited", of("inherited")),
		...some("agreements", of("baa"), (all) => all.map(agreement)),
		...(population.length === 0 ? {} : { population }),
		...(reconciliation.length === 0 ? {} : { reconciliation }),
		...some("authorizations", of("authorization"), (all) => authorizations(all, today)),
		...some("campaigns", of("campaign"), campaigns),
		...some("training", of("training"), (all) => training(all, today)),
		...some("policies", of("policy"), (all) => all.map(policy)),
	};
	const retention = retentionRows(store);
	return retention.length === 0 ? parts : { ...parts, retention };
}

function list<Name extends "waivers" | "attestations" | "poam" | "responses" | "engagements" | "inherited">(
	name: Name,
	records: Loose[],
): Partial<Record<Name, RegisterEntry[]>> {
	return some(name, records, (all) => all.map((record) => withoutAddresses(record) as RegisterEntry));
}

function some<Name extends keyof Registers, Value>(
	name: Name,
	records: readonly Loose[],
	make: (records: readonly Loose[]) => Value,
): Partial<Record<Name, Value>> {
	return records.length === 0 ? {} : ({ [name]: make(records) } as Record<Name, Value>);
}

/** Names and roles of staff say who decided; their addresses and the place in the folder say nothing more. */
function withoutAddresses(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutAddresses);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => key !== "email" && key !== "file" && key !== "schema")
			.map(([key, part]) => [key, withoutAddresses(part)]),
	);
}

function agreement(record: Loose): NonNullable<Registers["agreements"]>[number] {
	return {
		id: text(record.id),
		party: text(at(record, "party", "legalName")),
		status: text(record.status),
		source: text(record.source),
		effectiveOn: day(record.effectiveOn),
		endsOn: day(record.endsOn),
		services: objects(record.coveredServices).map((one) => text(one.service)),
		breachNoticeDays: typeof record.breachNoticeDays === "number" ? record.breachNoticeDays : null,
		verifiedOn: day(at(record, "verification", "verifiedOn")),
		openIssues: objects(record.knownIssues).filter((issue) => issue.action === "open").length,
	};
}

function authorizations(records: readonly Loose[], today: string): NonNullable<Registers["authorizations"]> {
	const figures = { total: records.length, inForce: 0, unsigned: 0, revoked: 0, expired: 0 };
	for (const record of records) {
		const end = day(at(record, "expiration", "date")) ?? (at(record, "expiration", "resolver", "state") === "occurred" ? "" : null);
		if (!isObject(record.signature)) figures.unsigned += 1;
		else if (record.revokedAt !== undefined) figures.revoked += 1;
		else if (end !== null && end < today) figures.expired += 1;
		else figures.inForce += 1;
	}
	return figures;
}

function campaigns(records: readonly Loose[]): NonNullable<Registers["campaigns"]> {
	const byClass: Record<string, number> = {};
	for (const name of records.map((record) => text(record.class)).sort(byCodeUnit)) byClass[name] = (byClass[name] ?? 0) + 1;
	return { total: records.length, byClass, paidByOthers: records.filter((record) => at(record, "remuneration", "fromThirdParty") === true).length };
}

function training(records: readonly Loose[], today: string): NonNullable<Registers["training"]> {
	const present = records.filter((record) => (day(at(record, "person", "leftOn")) ?? "9999-12-31") >= today);
	const courses = Map.groupBy(present, (record) => JSON.stringify([at(record, "course", "id"), at(record, "course", "contentVersion")]));
	return {
		people: new Set(present.map((record) => JSON.stringify([at(record, "person", "email") ?? null, at(record, "person", "name")]))).size,
		courses: [...courses]
			.sort(([a], [b]) => byCodeUnit(a, b))
			.map(([, all]) => {
				const done = all.flatMap((record) => day(record.completedOn) ?? []).sort(byCodeUnit);
				const course = at(all[0] ?? {}, "course");
				return {
					id: text(at(course, "id")),
					title: text(at(course, "title")),
					version: text(at(course, "contentVersion")),
					completed: done.length,
					open: all.length - done.length,
					lastCompletedOn: done.at(-1) ?? null,
				};
			}),
	};
}

function policy(record: Loose): NonNullable<Registers["policies"]>[number] {
	const reviews = objects(record.reviews).flatMap((review) => day(review.on) ?? []);
	return {
		id: text(record.id),
		title: text(record.title),
		kind: text(record.kind),
		version: text(record.version),
		effectiveOn: day(record.effectiveOn),
		approvedOn: day(record.approvedOn),
		reviewedOn: reviews.sort(byCodeUnit).at(-1) ?? null,
		reviewDueOn: day(record.reviewDueOn),
	};
}

/** How many records of each kind there are, and from when the first of them may be destroyed (45 CFR 164.316(b)(2)(i)). */
function retentionRows(store: EvidenceStore): NonNullable<Registers["retention"]> {
	const kinds = new Map<string, string[]>();
	for (const target of store.targets.filter((one) => one.type === "records")) {
		for (const kind of store.kinds(target.id)) {
			if (!kind.startsWith("record.")) continue;
			for (const item of store.items(target.id, kind)) {
				const until = isObject(item.values) ? item.values.disposeNotBefore : undefined;
				if (typeof until === "string") kinds.set(kind.slice("record.".length), [...(kinds.get(kind.slice("record.".length)) ?? []), until]);
			}
		}
	}
	return [...kinds]
		.sort(([a], [b]) => byCodeUnit(a, b))
		.map(([kind, all]) => {
			const ended = all.filter((one) => one !== "open").sort(byCodeUnit);
			return { kind, records: all.length, inForce: all.length - ended.length, firstDisposal: ended[0] ?? null };
		});
}

function isObject(value: unknown): value is Loose {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(value: unknown, ...path: string[]): unknown {
	let part = value;
	for (const name of path) part = isObject(part) ? part[name] : undefined;
	return part;
}

function objects(value: unknown): Loose[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function day(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

/** The counts alone: drawn pseudonyms stay in the evidence. */
function reconciliationOf(store: EvidenceStore): NonNullable<Registers["reconciliation"]> {
	const part = campaignSendsSchema.pick({ campaign: true, sends: true, needsAuthorization: true, authorization: true, flags: true });
	return store.targets
		.flatMap((target) => store.items(target.id, "sends.campaign"))
		.flatMap((item) => {
			const parsed = part.safeParse(item.values);
			return item.status === "ok" && parsed.success ? [parsed.data] : [];
		});
}
