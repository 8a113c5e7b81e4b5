import { parse } from "yaml";
import { z } from "zod";
import { severities } from "../../model/config.ts";

/** A threshold or a declared list of a check, settable under parameters.<check id> in mailward.yaml. */
const parameterSchema = z.union([
	z.strictObject({
		default: z.number(),
		stricter: z.enum(["higher", "lower"]).describe("Which way is stricter; a value on the other side is not applied"),
		description: z.string(),
	}),
	z.strictObject({
		default: z.union([z.array(z.string()), z.boolean()]),
		kind: z.literal("declaration").describe("Scope that the user declares; never looser or stricter"),
		description: z.string(),
	}),
	z.strictObject({
		default: z.array(z.string()),
		stricter: z.enum(["superset", "subset"]),
		description: z.string(),
	}),
]);
export type ParameterDeclaration = z.infer<typeof parameterSchema>;

const customSchema = z.strictObject({
	severity: z.enum(severities),
	controls: z.array(z.string().regex(/^[A-Z]{3}-\d{2}$/)).min(1),
	reference: z.array(z.string()),
	evidence: z.array(z.string()).min(1).describe("Declared kinds; the first is the subject that results are about"),
	method: z.enum(["test", "examine", "interview"]).default("test"),
	expected: z.string().min(1).describe("The compliant value in words, printed beside the observed one"),
	citations: z.array(z.string()).default([]).describe("Besides those of the controls: RFC sections and the like"),
	remediation: z.string().min(1),
	parameters: z.record(z.string(), parameterSchema).default({}),
	aliases: z.array(z.string()).default([]).describe("Earlier ids; the first is the oldest and stays in fingerprints"),
});

/** The annotation block of a policy; unknown fields are refused. */
export const metadataSchema = z.strictObject({
	title: z.string().min(1),
	description: z.string().min(1),
	scope: z.literal("package"),
	schemas: z.array(z.unknown()),
	custom: customSchema,
});

export interface CheckMetadata extends z.infer<typeof customSchema> {
	id: string;
	title: string;
	description: string;
}

/** Reads the METADATA comment that stands first in a policy. Throws with file and reason; OPA is not needed. */
export function readMetadata(rego: string, file: string, id: string): CheckMetadata {
	const lines = rego.split("\n");
	const start = lines.findIndex((line) => line.trim() === "# METADATA");
	if (start === -1) throw new Error(`${file}: no METADATA block; start the file with "# METADATA"`);
	const block: string[] = [];
	for (const line of lines.slice(start + 1)) {
		if (!line.startsWith("#")) break;
		block.push(line.replace(/^# ?/, ""));
	}
	const parsed = metadataSchema.safeParse(parse(block.join("\n")));
	if (!parsed.success) throw new Error(`${file}: METADATA: ${z.prettifyError(parsed.error)}`);
	const { title, description, custom } = parsed.data;
	return { id, title: title.trim(), description: description.trim(), ...custom, remediation: custom.remediation.trim() };
}
