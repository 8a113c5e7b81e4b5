import { readFileSync } from "node:fs";
import type { Control, FrameworkFile } from "./read-framework.ts";

export type { Control } from "./read-framework.ts";

export interface Framework {
	profile: string;
	asOf: string;
	/** In catalogue order; an extended profile's controls come first. */
	controls: Control[];
}

const cache = new Map<string, Framework>();

/** The controls of a profile: hipaa, or nprm-2025, which is hipaa and the proposed rule. The JSON beside is generated from the YAML by `npm run generate`. */
export function loadFramework(profile: string): Framework {
	const known = cache.get(profile);
	if (known !== undefined) return known;
	const file = JSON.parse(readFileSync(new URL(`./${profile}.json`, import.meta.url), "utf8")) as FrameworkFile;
	const base = file.extends === undefined ? [] : loadFramework(file.extends).controls;
	const framework = { profile: file.profile, asOf: file.asOf, controls: [...base, ...file.controls] };
	cache.set(profile, framework);
	return framework;
}
