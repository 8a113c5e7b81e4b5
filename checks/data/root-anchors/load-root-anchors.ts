import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const schema = z.strictObject({
	source: z.url(),
	asOf: day,
	anchors: z
		.array(
			z.strictObject({
				name: z.string(),
				keyTag: z.number().int().min(0).max(0xffff),
				algorithm: z.number().int().min(1).max(255),
				digestType: z.literal([2, 4]),
				digest: z.string().regex(/^(?:[0-9A-F]{64}|[0-9A-F]{96})$/),
				validFrom: day,
			}),
		)
		.min(1),
});
export type RootAnchors = z.infer<typeof schema>;

let loaded: RootAnchors | undefined;

/** The root's trust anchors as IANA publishes them: DS records with source and date. */
export function loadRootAnchors(): RootAnchors {
	loaded ??= schema.parse(parse(readFileSync(join(import.meta.dirname, "root-anchors.yaml"), "utf8")));
	return loaded;
}
