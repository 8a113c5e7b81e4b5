import type { CheckMetadata } from "../checks/engine/metadata.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { type Control, loadFramework } from "../checks/frameworks/frameworks.ts";
import { derivations } from "../checks/registry.ts";
import type { Severity } from "../model/config.ts";
import { currentSupply } from "./supply.ts";

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
		if (/^(aws_|terraform\.)/.test(kind)) {
			if (currentSupply().kinds("plan").has(kind)) found.add("plan");
			if (currentSupply().kinds("account").has(kind)) found.add("live");
		} else if (kind.startsWith("dns.")) found.add("dns");
		else if (/^(smtp|tls|https)\./.test(kind)) found.add("tls");
		else if (kind.startsWith("record.")) found.add("record");
		else if (kind.startsWith("content.")) found.add("lint");
	}
	return places.filter((place) => found.has(place));
}

function rawKinds(kinds: readonly string[]): Set<string> {
	const raw = new Set<string>();
	const open = [...kinds];
	const seen = new Set<string>();
	for (let kind = open.pop(); kind !== undefined; kind = open.pop()) {
		if (seen.has(kind)) continue;
		seen.add(kind);
		const maker = derivations.find((derivation) => derivation.produces.includes(kind as string));
		if (maker === undefined) raw.add(kind);
		else open.push(...maker.needs, ...(maker.uses ?? []));
	}
	return raw;
}
