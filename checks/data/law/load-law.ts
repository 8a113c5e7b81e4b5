import { readFileSync } from "node:fs";
import { z } from "zod";
import { InputError, parseYamlSource, problemsOf } from "../../../model/source.ts";

const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "expected a month YYYY-MM");
const lawSchema = z
	.strictObject({
		schema: z.literal("mailward/law/v1"),
		asOf: month,
		source: z.url(),
		topics: z.array(
			z.strictObject({
				id: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/, "expected words in lower case, joined by hyphens"),
				/** As it is commonly said. */
				statement: z.string().min(1),
				/** What is right. */
				position: z.string().min(1),
				citations: z.array(z.string().min(1)).min(1),
				controls: z.array(z.string().min(1)).min(1),
				proposed: z.string().min(1).optional(),
				asOf: month,
			}),
		),
	})
	.refine((file) => new Set(file.topics.map(({ id }) => id)).size === file.topics.length, { path: ["topics"], error: "a topic stands twice" });
export type Law = z.infer<typeof lawSchema>;
export type LawTopic = Law["topics"][number];

let cached: Law | undefined;

/** Statements on HIPAA and e-mail with the correct position: the file that ships, JSON generated from law.yaml and checked then. */
export function loadLaw(): Law {
	cached ??= JSON.parse(readFileSync(new URL("./law.json", import.meta.url), "utf8")) as Law;
	return cached;
}

/** The same from law.yaml. Throws InputError with positions. */
export function readLaw(file: string): Law {
	const source = parseYamlSource(readFileSync(file), file);
	const result = lawSchema.safeParse(source.value);
	if (!result.success) throw new InputError(problemsOf(result.error, source, lawSchema));
	return result.data;
}
