import { z } from "zod";
import { canonicalJson } from "../../model/canonical.ts";
import type { ResultDocument, State } from "../../model/result.ts";
import { type BundleManifest, bundleManifestName } from "./files.ts";

export const statementType = "application/vnd.in-toto+json";

const digest = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** in-toto Statement v1 with the test-result predicate v0.1; `notAssessed` is ours, for what is in none of the three lists. */
export const statementSchema = z.strictObject({
	_type: z.literal("https://in-toto.io/Statement/v1"),
	subject: z.array(z.strictObject({ name: z.string(), digest })).min(1),
	predicateType: z.literal("https://in-toto.io/attestation/test-result/v0.1"),
	predicate: z.strictObject({
		result: z.enum(["PASSED", "WARNED", "FAILED"]),
		configuration: z.array(z.strictObject({ name: z.string(), digest })).min(1),
		passedTests: z.array(z.string()),
		warnedTests: z.array(z.string()),
		failedTests: z.array(z.string()),
		notAssessed: z.array(z.string()),
	}),
});
export type Statement = z.infer<typeof statementSchema>;

/** The two files that a signature binds: the manifest, which covers every other, and the report, which people pass on alone. */
export function subjectsOf(manifest: BundleManifest, manifestSha256: string): Statement["subject"] {
	const report = manifest.files.find((file) => file.path === "report.html");
	return [
		{ name: bundleManifestName, digest: { sha256: manifestSha256 } },
		...(report === undefined ? [] : [{ name: report.path, digest: { sha256: report.sha256 } }]),
	];
}

/** What a signature says: these files, by this configuration and policy set, with these results. Tests are named by fingerprint. */
export function statementOf(result: ResultDocument, subjects: Statement["subject"]): Statement {
	const named = (...wanted: State[]): string[] =>
		result.results
			.filter((item) => wanted.includes(item.state))
			.map((item) => item.id)
			.sort();
	const failedTests = named("fail");
	const warnedTests = named("exception");
	const notAssessed = named("not_assessed", "manual_pending");
	return {
		_type: "https://in-toto.io/Statement/v1",
		subject: subjects,
		predicateType: "https://in-toto.io/attestation/test-result/v0.1",
		predicate: {
			// A bundle in which nothing was judged has passed nothing.
			result: failedTests.length > 0 ? "FAILED" : warnedTests.length + notAssessed.length > 0 || !result.run.complete ? "WARNED" : "PASSED",
			configuration: [
				{ name: "configuration", digest: { sha256: result.run.configSha256 } },
				{ name: "policies", digest: { sha256: result.run.policySha256 } },
			],
			passedTests: named("pass", "attested"),
			warnedTests,
			failedTests,
			notAssessed,
		},
	};
}

export function statementText(statement: Statement): string {
	return canonicalJson(statement);
}
