import type { CheckMetadata } from "../checks/engine/metadata.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { matchesGlob } from "../checks/engine/selection.ts";
import { type Control, loadFramework } from "../checks/frameworks/frameworks.ts";
import type { Severity } from "../model/config.ts";
import { nearestKey } from "../model/source.ts";
import { currentSupply, rawKinds } from "./supply.ts";

export const places = ["plan", "live", "dns", "tls", "lint", "record"] as const;
export type Place = (typeof places)[number];

export interface ListedCheck {
	id: string;
	title: string;
	severity: Severity;
	controls: string[];
	reference: string[];
	evidence: string[];
	where: Place[];
	aliases: string[];
}

export interface ListedControl {
	id: string;
	family: string;
	title: string;
	citations: string[];
	implementation: string;
	ruleStatus: string;
	/** By source of the catalogue: ids of the checks that judge it there. */
	provenBy: Record<string, string[]>;
	proven: boolean;
}

export function listChecks(): ListedCheck[] {
	return allChecks().map((check) => ({
		id: check.id,
		title: check.title,
		severity: check.severity,
		controls: check.controls,
		reference: check.reference,
		evidence: check.evidence,
		where: placesOf(check),
		aliases: check.aliases,
	}));
}

export function checkIdsMatching(glob: string): string[] {
	return allChecks()
		.filter((check) => matchesGlob(check.id, glob))
		.map((check) => check.id);
}

/** The id of a check, or the glob over an area, that is nearest to what was written. */
export function nearestCheck(written: string): string | undefined {
	const ids = allChecks().map((check) => check.id);
	const areas = new Set(ids.map((id) => `${id.split(".")[0]}.*`));
	return nearestKey(written, [...ids, ...areas]);
}

export function listControls(profile: string): ListedControl[] {
	const checks = listChecks();
	return loadFramework(profile).controls.map((control) => listControl(control, checks));
}

export function findCheck(id: string): CheckMetadata | undefined {
	return allChecks().find((check) => check.id === id || check.aliases.includes(id) || check.reference.includes(id));
}

export function findControl(id: string): Control | undefined {
	return loadFramework("nprm-2025").controls.find((control) => control.id === id);
}

function listControl(control: Control, checks: readonly ListedCheck[]): ListedControl {
	const own = checks.filter((check) => check.controls.includes(control.id));
	const provenBy: Record<string, string[]> = {};
	for (const source of control.provenBy) {
		const place = source === "aws" ? "live" : source;
		provenBy[source] = own.filter((check) => check.where.some((one) => one === place)).map((check) => check.id);
	}
	const proven = control.provenBy.includes("attestation") || Object.values(provenBy).some((ids) => ids.length > 0);
	return {
		id: control.id,
		family: control.family,
		title: control.title,
		citations: control.citations,
		implementation: control.implementation,
		ruleStatus: control.status,
		provenBy,
		proven,
	};
}

/** Where a check looks, from the raw kinds below its evidence. */
export function placesOf(check: CheckMetadata): Place[] {
	const found = new Set<Place>();
	for (const kind of rawKinds(check.evidence)) {
		if (/^(aws[_.]|terraform\.)/.test(kind)) {
			if (currentSupply().kinds("plan").has(kind)) found.add("plan");
			if (currentSupply().kinds("account").has(kind)) found.add("live");
		} else if (/^(dns|dnssec)\./.test(kind)) found.add("dns");
		else if (/^(smtp|tls|https|submission|mailbox)\./.test(kind)) found.add("tls");
		else if (/^(record|sends)\./.test(kind)) found.add("record");
		else if (kind.startsWith("content.")) found.add("lint");
	}
	return places.filter((place) => found.has(place));
}
