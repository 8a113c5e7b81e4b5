import { parse } from "yaml";
import { z } from "zod";
import { severities } from "../../model/config.ts";

const proofSources = ["plan", "aws", "dns", "tls", "lint", "record", "attestation"] as const;

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
export type FrameworkFile = z.infer<typeof frameworkSchema>;

/** Reads a framework as people write it. Throws if it is not well-formed: it is ours, not the user's. */
export function readFramework(yaml: string): FrameworkFile {
	return frameworkSchema.parse(parse(yaml));
}
