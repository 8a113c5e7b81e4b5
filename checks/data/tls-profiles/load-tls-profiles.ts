import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { NetworkConfig } from "../../../model/config.ts";
import { InputError, parseYamlSource, problemsOf } from "../../../model/source.ts";

const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "expected a month YYYY-MM");
const version = z.enum(["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
const hash = z.enum(["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "none"]);
const graded = z.strictObject({ allowed: z.array(z.string()).min(1), phaseOut: z.array(z.string()) });

const rulesSchema = z.strictObject({
	versions: z.strictObject({ required: z.array(version), allowed: z.array(version).min(1) }),
	suites: graded,
	groups: graded,
	dhBits: z.number().int().nullable(),
	exchangeHashes: z.array(hash).nullable(),
	certificate: z.strictObject({
		keyTypes: z.array(z.enum(["rsa", "ecdsa", "ed25519", "ed448"])).min(1),
		curves: z.array(z.string()),
		rsaBits: z.number().int().nullable(),
		rsaBitsPhaseOut: z.number().int().nullable(),
		signatures: z.array(z.string()).min(1),
		lifetimeDays: z.number().int().nullable(),
	}),
});
export type TlsProfileRules = z.infer<typeof rulesSchema>;

const profileSchema = z.strictObject({
	id: z.enum(["mozilla-intermediate", "mozilla-modern", "nist-800-52r2", "ncsc-nl"]),
	version: z.string(),
	title: z.string(),
	source: z.url(),
	asOf: month,
	confidence: z.enum(["confirmed", "confirm"]),
	current: z.boolean(),
	rules: rulesSchema,
});
export type TlsProfile = z.infer<typeof profileSchema>;

const fileSchema = z
	.strictObject({ schema: z.literal("mailward/tls-profiles/v1"), asOf: month, profiles: z.array(profileSchema).min(1) })
	.superRefine((file, context) => {
		const rows = Map.groupBy(file.profiles, (profile) => profile.id);
		for (const [id, versions] of rows) {
			const current = versions.filter((profile) => profile.current).length;
			if (current !== 1) context.addIssue({ code: "custom", path: ["profiles"], message: `${id} has ${current} current rows; one is needed` });
			if (new Set(versions.map((profile) => profile.version)).size < versions.length)
				context.addIssue({ code: "custom", path: ["profiles"], message: `${id} has one version twice` });
		}
	});
export type TlsProfileData = z.infer<typeof fileSchema>;

/** Throws InputError with file, line and field for data that is not as the schema says. */
export function parseTlsProfiles(octets: Uint8Array, file: string): TlsProfileData {
	const source = parseYamlSource(octets, file);
	const parsed = fileSchema.safeParse(source.value);
	if (!parsed.success) throw new InputError(problemsOf(parsed.error, source, fileSchema));
	return parsed.data;
}

let builtIn: TlsProfileData | undefined;

/** The profiles that come with this version. */
export function loadTlsProfiles(): TlsProfileData {
	const file = join(import.meta.dirname, "tls-profiles.yaml");
	builtIn ??= parseTlsProfiles(readFileSync(file), file);
	return builtIn;
}

/** The row in force of a profile; undefined where newer data has dropped it. */
export function currentTlsProfile(id: NetworkConfig["tlsProfile"], data: TlsProfileData = loadTlsProfiles()): TlsProfile | undefined {
	return data.profiles.find((profile) => profile.id === id && profile.current);
}
