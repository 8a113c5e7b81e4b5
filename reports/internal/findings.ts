import { byCodeUnit, sha256Hex } from "../../model/canonical.ts";
import { severities } from "../../model/config.ts";
import type { ResultItem, State } from "../../model/result.ts";

type Severity = ResultItem["severity"];

/** One cause: the same check saying the same thing about one or many resources. */
export interface Finding {
	/** Stable across scans: made from the check and the cause, not from the resources. */
	id: string;
	anchor: string;
	check: string;
	title: string;
	cause: string;
	/** The worst of its results. */
	severity: Severity;
	/** fail as soon as one of its results fails, else exception. */
	state: State;
	results: ResultItem[];
	family: string | null;
	firstSeen: string;
}

/** Where a result has its page: the control, and its family. */
type Homes = ReadonlyMap<string, { readonly control: { readonly family: string } }>;

/** Failures and exceptions, grouped; severest first, open ones before those set aside. */
export function groupFindings(results: readonly ResultItem[], homes: Homes): Finding[] {
	const groups = new Map<string, Finding>();
	for (const item of results) {
		if (item.state !== "fail" && item.state !== "exception") continue;
		const cause = causeOf(item);
		// JSON.stringify, unlike RFC 8785, has a form for lone surrogates, which scanned text may hold.
		const key = JSON.stringify([item.check, cause]);
		const known = groups.get(key);
		if (known !== undefined) {
			known.results.push(item);
			if (item.state === "fail") known.state = "fail";
			if (severities.indexOf(item.severity) < severities.indexOf(known.severity)) known.severity = item.severity;
			if (item.firstSeen < known.firstSeen) known.firstSeen = item.firstSeen;
			continue;
		}
		const hash = sha256Hex(key);
		groups.set(key, {
			id: `F-${hash.slice(0, 10)}`,
			anchor: `F-${hash.slice(0, 10)}`,
			check: item.check,
			title: item.title,
			cause,
			severity: item.severity,
			state: item.state,
			results: [item],
			family: homes.get(item.id)?.control.family ?? null,
			firstSeen: item.firstSeen,
		});
	}
	return [...groups.values()].sort(
		(a, b) =>
			severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
			(a.state === b.state ? 0 : a.state === "fail" ? -1 : 1) ||
			byCodeUnit(a.check, b.check) ||
			byCodeUnit(a.cause, b.cause),
	);
}

/** The message without the names of the resource it speaks of, so that one cause on many resources is one finding. */
function causeOf(item: ResultItem): string {
	let cause = item.message;
	const names = new Set([item.resource, item.target, ...item.resource.split("|"), ...item.domains]);
	for (const name of [...names].sort((a, b) => b.length - a.length || byCodeUnit(a, b))) {
		// Names only: a record called "training" must not eat the word out of a sentence.
		if (name.length >= 4 && /[.:/|]/.test(name)) cause = cause.replaceAll(name, "…");
	}
	return cause;
}
