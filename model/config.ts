import { z } from "zod";
import { type ReasonCode, reasonCodeList } from "./reasons.ts";

export const severities = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof severities)[number];

const calendarDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date YYYY-MM-DD");
const hostName = z
	.string()
	.min(1)
	.max(253)
	.regex(/^(?=.*[A-Za-z0-9])[A-Za-z0-9_.-]+\.?$/, "expected a domain name in A-label form, such as example.org");
const addressPort = z.string().regex(/^(\[[0-9A-Fa-f:.]+\]|[0-9.]+|[0-9A-Fa-f:]+)(:\d{1,5})?$/, "expected ip or ip:port (IPv6 with a port in brackets)");
const portNumber = z.number().int().min(1).max(65535);
const milliseconds = z.number().int().min(1).max(3_600_000);

export const domainConfigSchema = z.strictObject({
	name: hostName,
	sends: z.boolean().default(true).describe("false together with receives: false is a parked domain"),
	receives: z.boolean().default(true),
	dkimSelectors: z
		.array(z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "expected a DKIM selector"))
		.default([])
		.describe("Tried first, before the built-in list"),
});
export type DomainConfig = z.infer<typeof domainConfigSchema>;

export const aggregatorSchema = z.strictObject({
	name: z.string().regex(/^[\w-]{1,256}$/, "expected the name of an aggregator of AWS Config, of letters, digits, _ and -"),
	region: z.string().optional().describe("The Region that holds it; default the first one looked at"),
	maxAgeHours: z
		.number()
		.int()
		.min(1)
		.max(720)
		.default(24)
		.describe("Oldest configuration item that may stand in for a call, by its capture time; 720 is 30 days"),
});
export type AggregatorConfig = z.infer<typeof aggregatorSchema>;

export const awsAccountSchema = z.strictObject({
	profile: z.string().optional().describe("A profile of ~/.aws/config; without, the default chain"),
	roleArn: z
		.string()
		.regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, "expected the ARN of a role, such as arn:aws:iam::123456789012:role/mailward")
		.optional()
		.describe("The role to take on top of it"),
	externalId: z.string().min(2).max(1224).optional(),
	sessionTags: z.record(z.string(), z.string()).optional().describe("Tags of the role session"),
	organization: z.boolean().optional().describe("true: every active member of this account's organization too, by the role memberRole in each"),
	memberRole: z
		.string()
		.regex(/^[\w+=,.@-]{1,64}$/, "expected the name of a role, such as mailward")
		.optional()
		.describe("Name of the role to take in each member of the organization (default mailward), with externalId and sessionTags"),
	aggregator: aggregatorSchema
		.optional()
		.describe("An aggregator of AWS Config in this account: what it recorded saves calls, here and in the members of the organization"),
});
export type AwsAccountConfig = z.infer<typeof awsAccountSchema>;

export const networkConfigSchema = z.strictObject({
	resolvers: z.array(addressPort).default([]).describe("In order; empty means the system's"),
	ports: z
		.strictObject({
			smtp: portNumber.default(25),
			submissions: portNumber.default(465),
			submission: portNumber.default(587),
			imaps: portNumber.default(993),
			pop3s: portNumber.default(995),
			https: portNumber.default(443),
			authority: portNumber.default(53),
		})
		.prefault({}),
	connect: z.record(z.string(), z.string()).default({}).describe("Connect-to map, address:port to address:port"),
	connectOnly: z.boolean().default(false).describe("true: only mapped addresses and the resolvers are contacted"),
	caFile: z.string().optional().describe("PEM, added to the public roots"),
	rootAnchors: z.string().optional().describe("DNSSEC trust anchors as DS records"),
	markAnchors: z.string().optional().describe("PEM, roots of mark authorities for BIMI; none is built in"),
	ehloName: hostName.optional(),
	egressProbes: z.array(z.string()).default([]).describe("Known-good MX hosts that tell a closed port 25 of ours from a server that is down"),
	activeTests: z.strictObject({ permittedBy: z.string().min(1), on: calendarDate }).optional(),
	tlsProfile: z.enum(["mozilla-intermediate", "mozilla-modern", "nist-800-52r2", "ncsc-nl"]).default("mozilla-intermediate"),
	tlsDepth: z.enum(["standard", "full"]).default("standard"),
	allowPrivate: z.boolean().default(false),
	blocklists: z.array(hostName).default([]),
	dkimGuesses: z
		.number()
		.int()
		.min(0)
		.optional()
		.describe("How many of the built-in DKIM selectors are asked at a domain, the usual ones first; default all. Declared selectors are always asked"),
	timeoutMs: z.strictObject({ dns: milliseconds.default(3000), smtp: milliseconds.default(60_000), https: milliseconds.default(60_000) }).prefault({}),
	retryWaitMs: z.number().int().min(0).max(600_000).default(60_000).describe("Wait after a 4xx; at most two retries"),
});
export type NetworkConfig = z.infer<typeof networkConfigSchema>;
/** The same as a caller writes it: what is left out is the default. */
export type NetworkInput = z.input<typeof networkConfigSchema>;

export const acceptSchema = z.strictObject({
	code: z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]),
	why: z.string().min(1),
	by: z.string().min(1),
	until: calendarDate,
});

/** What a firm may change about the look of a report; WCAG 2.2 AA contrast is asked of its colours. */
export const reportThemeSchema = z.strictObject({
	accent: z.string().optional().describe("#rrggbb: links, rules and the diagram"),
	accentDark: z.string().optional().describe("The same on dark screens; default: accent, lightened"),
	coverText: z.string().max(2000).optional(),
	footerText: z.string().max(500).optional(),
});

export const reportConfigSchema = z.strictObject({
	classification: z.string().default("Confidential"),
	preparedBy: z.strictObject({ name: z.string(), logo: z.string().optional(), contact: z.string().optional() }).optional(),
	paperSize: z.enum(["Letter", "A4"]).default("Letter"),
	theme: reportThemeSchema.optional(),
});

export const configSchema = z.strictObject({
	version: z.literal(1),
	entity: z
		.strictObject({
			legalName: z.string().min(1),
			role: z.enum(["covered_entity", "business_associate", "both"]).default("covered_entity"),
			timeZone: z.string().default("UTC").refine(isTimeZone, "expected an IANA time zone such as America/Chicago"),
			excluded: z.array(z.strictObject({ what: z.string(), reason: z.string() })).default([]),
		})
		.default({ legalName: "Unnamed entity", role: "covered_entity", timeZone: "UTC", excluded: [] }),
	domains: z.array(domainConfigSchema).default([]),
	aws: z
		.strictObject({
			accounts: z.array(awsAccountSchema).default([]).describe("Empty means the account of the default credentials"),
			regions: z.array(z.string()).default([]).describe("Looked at in depth; empty means the Region of the environment or profile"),
		})
		.optional(),
	plans: z.array(z.string()).default([]),
	records: z.string().optional(),
	content: z.array(z.string()).default([]),
	reports: z.array(z.string()).default([]).describe("DMARC aggregate and TLS reports: files, or folders of them"),
	sends: z
		.strictObject({
			paths: z.array(z.string()).default([]).describe("Exports of what was sent, reconciled with the records: files, or folders of them"),
			sample: z
				.strictObject({
					size: z.number().int().min(1).max(1000).default(25),
					seed: z.string().min(1).max(200).optional().describe("Draws the sample again; by default the run's time"),
				})
				.prefault({})
				.describe("Pseudonyms to examine by hand; the verdict rests on all sends"),
		})
		.prefault({}),
	parameters: z
		.record(z.string(), z.record(z.string(), z.unknown()))
		.default({})
		.describe("Thresholds by check id; a looser value than the default cannot give a pass"),
	sign: z.strictObject({ key: z.string(), tsa: z.url().optional() }).optional(),
	trust: z.strictObject({ keys: z.array(z.string()) }).optional(),
	accept: z.array(acceptSchema).default([]),
	report: reportConfigSchema.prefault({}),
	network: networkConfigSchema.prefault({}),
});
export type Config = z.infer<typeof configSchema>;

/** The part of the configuration that judging and reporting need; it travels in evidence-manifest.json. */
export const judgementSchema = configSchema.pick({ entity: true, parameters: true, accept: true, report: true });
export type Judgement = z.infer<typeof judgementSchema>;

export const defaultConfig: Config = configSchema.parse({ version: 1 });

function isTimeZone(name: string): boolean {
	// The default costs no look into the time zone data.
	if (name === "UTC") return true;
	try {
		new Intl.DateTimeFormat("en", { timeZone: name });
		return true;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}
