import type { Target, TargetType } from "../../model/evidence.ts";
import type { Derivation } from "../derive/derivation.ts";
import type { CheckMetadata } from "./metadata.ts";

/** Which kinds each type of target can supply: collectors and adapters, closed over the derivations. */
export interface Supply {
	kinds(type: TargetType): ReadonlySet<string>;
	/** Whether an item of this kind differs from Region to Region of one AWS account: its own collector says so, or what it is derived of. */
	isRegional(kind: string): boolean;
	/** A kind, and all that the derivations behind it read. */
	sources(kind: string): ReadonlySet<string>;
	/** Derivations of a type in an order in which each finds its needs made. */
	derivations(type: TargetType): readonly Derivation[];
}

export function createSupply(
	sources: readonly { target: TargetType; produces: readonly string[]; global?: readonly string[] }[],
	derivations: readonly Derivation[],
): Supply {
	const byType = new Map<TargetType, { kinds: Set<string>; ordered: Derivation[] }>();
	const entry = (type: TargetType) => {
		let found = byType.get(type);
		if (found === undefined) {
			found = { kinds: new Set(), ordered: [] };
			byType.set(type, found);
		}
		return found;
	};
	for (const source of sources) for (const kind of source.produces) entry(source.target).kinds.add(kind);
	const linked = new Map<TargetType, readonly TargetType[]>([
		["domain", ["mx", "records", "reports", "content"]],
		["content", ["records", "domain"]],
		["plan", ["records"]],
		["account", ["records"]],
	]);
	// A live account speaks the language of plans: what is derived of a plan is derived of an account that shows the same kinds.
	let open = derivations.flatMap((derivation) => (derivation.target === "plan" ? [derivation, { ...derivation, target: "account" as const }] : [derivation]));
	for (let progress = true; progress; ) {
		progress = false;
		for (const derivation of open) {
			const own = entry(derivation.target);
			const visible = new Set(own.kinds);
			for (const type of linked.get(derivation.target) ?? []) for (const kind of entry(type).kinds) visible.add(kind);
			if (!derivation.needs.every((kind) => visible.has(kind))) continue;
			for (const kind of derivation.produces) own.kinds.add(kind);
			own.ordered.push(derivation);
			open = open.filter((other) => other !== derivation);
			progress = true;
		}
	}
	const orphans = open.filter((derivation) => derivation.target !== "account" || derivations.includes(derivation));
	if (orphans.length > 0) throw new Error(`derivations whose needs nothing supplies: ${orphans.map((derivation) => derivation.id).join(", ")}`);
	const regional = new Set(
		sources.filter((source) => source.target === "account").flatMap(({ produces, global = [] }) => produces.filter((kind) => !global.includes(kind))),
	);
	const none = { kinds: new Set<string>(), ordered: [] };
	// Asked for by every check on every target.
	const origins = new Map<string, { kinds: ReadonlySet<string>; isRegional: boolean }>();
	const sourcesOf = (kind: string): { kinds: ReadonlySet<string>; isRegional: boolean } => {
		let found = origins.get(kind);
		if (found === undefined) {
			const kinds = withSources([kind], derivations);
			found = { kinds, isRegional: !kinds.isDisjointFrom(regional) };
			origins.set(kind, found);
		}
		return found;
	};
	return {
		isRegional: (kind) => sourcesOf(kind).isRegional,
		sources: (kind) => sourcesOf(kind).kinds,
		kinds: (type) => (byType.get(type) ?? none).kinds,
		derivations: (type) => (byType.get(type) ?? none).ordered,
	};
}

/** These kinds, and all that the derivations behind them read: what nobody asks for need not be looked at, nor derived. */
export function withSources(kinds: Iterable<string>, derivations: readonly Derivation[]): Set<string> {
	const reached = new Set<string>();
	const open = [...kinds];
	for (let kind = open.pop(); kind !== undefined; kind = open.pop()) {
		if (reached.has(kind)) continue;
		reached.add(kind);
		for (const { produces, needs, uses } of derivations) if (produces.includes(kind)) open.push(...needs, ...(uses ?? []));
	}
	return reached;
}

/** Types of target on which a check can be judged. */
export function targetTypesOf(check: CheckMetadata, supply: Supply): TargetType[] {
	const types: TargetType[] = ["domain", "mx", "plan", "records", "content", "reports", "account"];
	return types.filter((type) => check.evidence.every((kind) => supply.kinds(type).has(kind)));
}

/** Whether a check is judged at the MX addresses and nowhere on the domain that they belong to. */
export function isOfMxAlone(check: CheckMetadata, supply: Supply): boolean {
	const types = targetTypesOf(check, supply);
	return types.includes("mx") && !types.includes("domain");
}

/**
 * The targets on which a check is judged: all of its types; of an AWS account whose Regions would all tell the same, the first Region
 * alone, so that one fact is one result.
 */
export function targetsOf(check: CheckMetadata, targets: readonly Target[], supply: Supply): Target[] {
	const types = targetTypesOf(check, supply);
	const fitting = targets.filter((target) => types.includes(target.type));
	if (!fitting.some(({ type }) => type === "account")) return fitting;
	if (check.evidence.some((kind) => supply.isRegional(kind))) return fitting;
	const accountOf = ({ type, id }: Target): string => (type === "account" ? id.split("/").slice(0, -1).join("/") : id);
	const first = new Map(fitting.toReversed().map((target) => [`${target.type} ${accountOf(target)}`, target]));
	return fitting.filter((target) => first.get(`${target.type} ${accountOf(target)}`) === target);
}

/** Checks that match any of the include globs (all, if there is none) and none of the skip globs. */
export function selectChecks(checks: readonly CheckMetadata[], include: readonly string[], skip: readonly string[]): CheckMetadata[] {
	return checks.filter(
		(check) => (include.length === 0 || include.some((glob) => matchesGlob(check.id, glob))) && !skip.some((glob) => matchesGlob(check.id, glob)),
	);
}

const globs = new Map<string, RegExp>();

/** A glob over check ids: `*` stands for any run of characters, `smtp.*` for an area. */
export function matchesGlob(id: string, glob: string): boolean {
	let pattern = globs.get(glob);
	if (pattern === undefined) {
		const parts = glob.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"));
		pattern = new RegExp(`^${parts.join(".*")}$`);
		globs.set(glob, pattern);
	}
	return pattern.test(id);
}
