import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { severities } from "../../model/config.ts";

const proofSources = ["plan", "aws", "dns", "tls", "lint", "record", "attestation"] as const;
export type ProofSource = (typeof proofSources)[number];

const controlSchema = z.strictObject({
	id: z.string().regex(/^[A-Z]{3}-\d{2}$/),
	family: z.string(),
	title: z.string(),
	citations: z.array(z.string()).min(1),
	implementation: z.enum(["required", "addressable", "none"]),
	status: z.enum(["in-force", "proposed", "withdrawn"]),
	nist80053: z.array(z.string()),
	soc2: z.array(z.string()).default([]),
	provenBy: z.array(z.enum(proofSources)),
	severity: z.enum(severities),
	evidence: z.string(),
	basis: z.enum(["confirmed", "recall"]),
});
export type Control = z.infer<typeof controlSchema>;

const frameworkSchema = z.strictObject({
	profile: z.string(),
	extends: z.string().optional(),
	asOf: z.string(),
	source: z.url(),
	controls: z.array(controlSchema),
});

export const profiles = ["hipaa", "nprm-2025"] as const;
export type Profile = (typeof profiles)[number];

export interface Framework {
	profile: string;
	asOf: string;
	/** In catalogue order; an extended profile's controls come first. */
	controls: Control[];
}

const cache = new Map<string, Framework>();

/** The controls of a profile. Throws if the file is not well-formed: it is ours, not the user's. */
export function loadFramework(profile: string): Framework {
	const known = cache.get(profile);
	if (known !== undefined) return known;
	const parsed = frameworkSchema.parse(parse(readFileSync(new URL(`./${profile}.yaml`, import.meta.url), "utf8")));
	const base = parsed.extends === undefined ? [] : loadFramework(parsed.extends).controls;
	const framework = { profile: parsed.profile, asOf: parsed.asOf, controls: [...base, ...parsed.controls] };
	cache.set(profile, framework);
	return framework;
}
