import { z } from "zod";
import { type ReasonCode, reasonCodeList } from "./reasons.ts";

/** Document 1: what was seen. One item is one canonical JSON line; the SHA-256 of the line is the item's id in a result. */
export const evidenceSchema = z.strictObject({
	kind: z.string().min(1).describe("Terraform resource type, or a dotted kind such as dns.txt, smtp.session, record.baa, listing"),
	id: z.string().min(1).describe("ARN, Terraform address, domain name, host|ip|port, file path; for a listing kind@target"),
	status: z.enum(["ok", "absent", "error"]).describe("absent is a positive answer that there is none, never a failure to look"),
	error: z
		.strictObject({
			code: z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]),
			detail: z.string().optional(),
			message: z.string(),
		})
		.optional(),
	values: z.unknown().optional().describe("Parsed once, at the edge, by the collector's schema; only the fields used"),
	unknown: z.array(z.string()).optional().describe("Dotted paths whose values are not known yet or could not be resolved; a path covers everything below it"),
	references: z
		.record(z.string(), z.array(z.string()))
		.optional()
		.describe("Dotted path to the ids of the items its value is made from, where the plan tells but the value is unknown"),
	gaps: z
		.record(z.string(), z.strictObject({ code: z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]), detail: z.string().optional() }))
		.optional()
		.describe("Dotted path to why the value below it could not be derived (derived items) or told (live items, whose unknown names it too)"),
	basis: z.array(z.string()).optional().describe("On derived items: SHA-256 of the items they rest on"),
	source: z.strictObject({
		collector: z.string(),
		version: z.string(),
		call: z.string(),
		target: z.string(),
		account: z.string().optional(),
		region: z.string().optional(),
		waiver: z.string().optional().describe("Waiver of the records that the stack names at the resource"),
	}),
	collectedAt: z.string().describe("UTC, RFC 3339; of a setting that AWS Config recorded, when it was captured"),
});

export type EvidenceStatus = "ok" | "absent" | "error";

export interface EvidenceError {
	code: ReasonCode;
	detail?: string | undefined;
	message: string;
}

export interface Gap {
	code: ReasonCode;
	detail?: string | undefined;
}

export interface EvidenceSource {
	collector: string;
	version: string;
	call: string;
	target: string;
	account?: string | undefined;
	region?: string | undefined;
	/** Id of the waiver that the stack names at the resource: see waivedBy of mailward/testing. */
	waiver?: string | undefined;
}

export interface Evidence {
	kind: string;
	id: string;
	status: EvidenceStatus;
	error?: EvidenceError | undefined;
	values?: unknown;
	unknown?: string[] | undefined;
	references?: Record<string, string[]> | undefined;
	gaps?: Record<string, Gap> | undefined;
	basis?: string[] | undefined;
	source: EvidenceSource;
	collectedAt: string;
}

/** Values of a listing item: how many of a kind a target holds, and whether all were seen. */
export interface ListingValues {
	kind: string;
	target: string;
	count: number;
	complete: boolean;
}

export function listingId(kind: string, target: string): string {
	return `${kind}@${target}`;
}

/** The unit of work: evidence is collected, judged and written target by target. */
export const targetTypes = ["domain", "mx", "plan", "records", "content", "reports", "account"] as const;
export type TargetType = (typeof targetTypes)[number];

export interface Target {
	/** Domain name, host|ip|port, file path as the user gave it, or account/region. */
	id: string;
	type: TargetType;
	/** On targets found on the way (MX addresses): the domains they count for, in input order. */
	domains?: string[] | undefined;
}

export const targetSchema = z.strictObject({
	id: z.string(),
	type: z.enum(targetTypes),
	domains: z.array(z.string()).optional(),
});

export const evidenceManifestSchemaId = "mailward/evidence-manifest/v1";

const stateCounts = z.record(z.string(), z.number().int());

/** The totals of an earlier scan, as it stated them. */
export const earlierScanSchema = z.strictObject({ asOf: z.string(), results: stateCounts, controls: stateCounts });
export type EarlierScan = z.infer<typeof earlierScanSchema>;

export const baselineRunSchema = z.strictObject({
	source: z.string().describe("As the user gave it"),
	sha256: z.string().describe("Of its result.json, or results.jsonl of a list"),
	asOf: z.string(),
	verified: z.boolean().describe("A bundle whose hashes were verified; false for a bare result.json and for a list"),
	scans: z.array(earlierScanSchema).optional().describe("That scan and those before it, oldest first, as far as its own baseline leads back"),
});
export type BaselineRun = z.infer<typeof baselineRunSchema>;

/** One AWS account of a run: who looked, and what could be known of it beforehand. */
export const accountLookSchema = z.strictObject({
	account: z.string().describe("Its number; where AWS did not tell it, the role or profile that was to lead there"),
	state: z
		.enum(["looked_at", "refused", "not_active"])
		.describe("not_active: a member of the organization that is suspended or closed, which is not looked at"),
	arn: z.string().nullable().describe("Who looked"),
	partition: z.string().nullable(),
	regions: z.array(z.string()).describe("Looked at in depth"),
	deniedBeforehand: z
		.array(z.string())
		.nullable()
		.describe("Actions of a scan that IAM's simulation says the caller may not do; null where the simulation could not be had"),
	notEnabled: z.array(z.string()).nullable().describe("Regions that the account has not enabled; null where it did not tell"),
	reason: z.strictObject({ code: z.string(), message: z.string() }).nullable().describe("Why it was not looked at: a reason code, or the state of a member"),
});
export type AccountLook = z.infer<typeof accountLookSchema>;

/** An aggregator of AWS Config that was asked, and what came of it. */
export const aggregatorLookSchema = z.strictObject({
	name: z.string(),
	account: z.string().describe("The account that holds it"),
	region: z.string(),
	maxAgeHours: z.number().int().describe("Oldest configuration item that stood in for a call"),
	answers: z.number().int().describe("Calls that a configuration item stood in for; each such item of evidence bears the capture time as collectedAt"),
	failure: z
		.strictObject({ code: z.string(), message: z.string() })
		.nullable()
		.describe("The first question that it did not answer; the calls that it would have saved were made"),
});
export type AggregatorLook = z.infer<typeof aggregatorLookSchema>;

export const runSchema = z.strictObject({
	tool: z.strictObject({ name: z.literal("mailward"), version: z.string() }),
	startedAt: z.string(),
	endedAt: z.string(),
	asOf: z.string().describe("The clock that ages are measured by"),
	caller: z.strictObject({ account: z.string(), arn: z.string() }).nullable(),
	accounts: z.array(accountLookSchema).optional().describe("AWS accounts of the run, members of an organization included"),
	aggregators: z.array(aggregatorLookSchema).optional().describe("Aggregators of AWS Config that aws.accounts names"),
	vantage: z.record(z.string(), z.unknown()),
	interrupted: z.boolean(),
	network: z
		.strictObject({
			resolvers: z.array(z.string()).describe("Empty: those of the machine"),
			tlsProfile: z.string(),
			tlsDepth: z.string(),
			mapped: z.number().int().describe("Addresses that network.connect leads elsewhere"),
			connectOnly: z.boolean(),
			activeTests: z.string().nullable().describe("Who permitted them, and when"),
			timeoutMs: z.record(z.string(), z.number().int()),
			retryWaitMs: z.number().int(),
		})
		.optional()
		.describe("The settings that the network was looked at with"),
	baseline: baselineRunSchema.optional().describe("The earlier scan that --baseline named"),
});

export const deniedCallSchema = z.strictObject({ call: z.string(), target: z.string(), code: z.string(), message: z.string() });
export type DeniedCall = z.infer<typeof deniedCallSchema>;

/** Lists every evidence file with size and hash, and carries the run, so that evaluate needs nothing else. */
export const evidenceManifestSchema = z.strictObject({
	schema: z.literal(evidenceManifestSchemaId),
	run: runSchema,
	profile: z.string(),
	configSha256: z.string(),
	judgement: z.unknown().describe("The part of the configuration that judging and reporting need"),
	targets: z.array(targetSchema),
	notRequested: z.array(z.string()),
	deniedCalls: z.array(deniedCallSchema),
	files: z.array(z.strictObject({ path: z.string(), bytes: z.number().int(), sha256: z.string(), items: z.number().int() })),
});
export type EvidenceManifest = z.infer<typeof evidenceManifestSchema>;
export type Run = z.infer<typeof runSchema>;

/** How a source's call says which construct made a resource: cdktf writes the path beside each resource of a cdk.tf.json. */
const atConstruct = " at construct path ";

export function callAt(call: string, constructPath: string | undefined): string {
	return constructPath === undefined ? call : `${call}${atConstruct}${constructPath}`;
}

/** The construct's path in a call that callAt made. */
export function constructPathIn(call: string): string | undefined {
	const at = call.indexOf(atConstruct);
	return at === -1 ? undefined : call.slice(at + atConstruct.length);
}
