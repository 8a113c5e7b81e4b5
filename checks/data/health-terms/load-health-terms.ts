import { readFileSync } from "node:fs";
import { z } from "zod";
import { InputError, parseYamlSource, problemsOf } from "../../../model/source.ts";

export const termKinds = ["condition", "drug", "drug-class", "procedure", "test", "specialty", "lay"] as const;
export type TermKind = (typeof termKinds)[number];

const term = z.string().regex(/^[a-z0-9][a-z0-9' ]{0,60}$/, "expected words in lower case");
const list = z.array(term);

export const healthTermsSchema = z.strictObject({
	asOf: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date YYYY-MM-DD"),
	source: z.string().min(1),
	licence: z.string().min(1),
	language: z.literal("en"),
	terms: z.partialRecord(z.enum(termKinds), z.strictObject({ plain: list.default([]), "needs-context": list.default([]) })),
});
export type HealthTerms = z.infer<typeof healthTermsSchema>;

/** Reads a dictionary. Throws InputError with file, line and field for what is no dictionary, and for a term that stands twice. */
export function loadHealthTerms(file: string): HealthTerms {
	const source = parseYamlSource(readFileSync(file), file);
	const parsed = healthTermsSchema.safeParse(source.value);
	if (!parsed.success) throw new InputError(problemsOf(parsed.error, source, healthTermsSchema));
	const seen = new Set<string>();
	for (const [kind, groups] of Object.entries(parsed.data.terms)) {
		for (const [ambiguity, terms] of Object.entries(groups)) {
			for (const [index, one] of terms.entries()) {
				const path = ["terms", kind, ambiguity, index];
				if (seen.has(one)) throw new InputError([{ file, ...source.locate(path), field: path.join("."), message: `"${one}" stands in the dictionary twice` }]);
				seen.add(one);
			}
		}
	}
	return parsed.data;
}

/** The dictionary that comes with the program: the JSON beside is written from the YAML by `npm run generate`. */
export function shippedHealthTerms(): HealthTerms {
	return JSON.parse(readFileSync(new URL("./health-terms.json", import.meta.url), "utf8")) as HealthTerms;
}
