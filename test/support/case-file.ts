import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { certificateVariants } from "../../lab/index.ts";
import { domainConfigSchema } from "../../model/config.ts";
import { evidenceSchema, type TargetType } from "../../model/evidence.ts";
import { type ReasonCode, reasonCodeList } from "../../model/reasons.ts";
import { statuses } from "../../model/result.ts";
import { bimiCaseSchema } from "./bimi-case.ts";
import { serviceCaseSchema } from "./service-case.ts";
import { tlsCaseFields } from "./tls-case.ts";

const reasonCode = z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]);

const target = z.strictObject({
	id: z.string(),
	type: z.enum(["domain", "mx", "plan", "records", "content", "reports", "account"]),
	domains: z.array(z.string()).optional(),
});

/** One case of a *.cases.yaml: what is seen, and what the check must say of it. */
export const caseSchema = z.strictObject({
	name: z.string(),
	/** A cdk.tf.json, read by the Terraform adapter. */
	terraform: z.unknown().optional(),
	/** A zone for the domain (default example.org): collected by the DNS collector through an in-memory resolver. */
	dns: z.record(z.string(), z.unknown()).optional(),
	/**
	 * The same zone seen with signatures, by the DNSSEC collector (signed-case.ts). Zones by name, with how each is signed: by default
	 * org, net and example.org, with algorithm 13 and NSEC; `days` their signatures have left; `signed: false` for an unsigned zone.
	 */
	signed: z
		.strictObject({
			zones: z
				.record(
					z.string(),
					z.strictObject({
						signed: z.boolean().default(true),
						delegated: z.boolean().default(true),
						algorithms: z.array(z.number().int()).default([13]),
						digestTypes: z.array(z.number().int()).default([2]),
						nsec3: z.strictObject({ iterations: z.number().int().default(0), salt: z.string().default(""), optOut: z.boolean().default(false) }).optional(),
						days: z.number().optional(),
					}),
				)
				.default({}),
			/** The network passes no signatures on. */
			strip: z.boolean().default(false),
			/** Questions, "TYPE name", whose signatures are changed on the way. */
			tamper: z.array(z.string()).default([]),
			/** Questions, "TYPE name", that fail only when asked with signatures. */
			faults: z.record(z.string(), reasonCode).default({}),
		})
		.optional(),
	/** TLSA records at _25._tcp of a host, made from the certificate that the case serves for it: "3 1 1", "2 1 1", "other 3 1 1". */
	tlsa: z.record(z.string(), z.array(z.string().regex(/^(?:other )?\d \d \d$/))).optional(),
	/** What the MTA-STS policy host answers; the certificate is made by the lab's authority at asOf. Without: no answer is in the evidence. */
	policy: z
		.strictObject({
			body: z.string().optional(),
			status: z.number().int().default(200),
			contentType: z.string().default("text/plain"),
			certificate: z.enum(certificateVariants).default("valid"),
			error: reasonCode.optional(),
			absent: z.boolean().default(false),
		})
		.optional(),
	/** The files behind the BIMI record of example.org. Without: none is in the evidence. */
	bimi: bimiCaseSchema.optional(),
	/** What MX addresses do; on a case of a domain they are linked to it. */
	smtp: z
		.array(
			z.strictObject({
				host: z.string().default("mx.example.org"),
				address: z.string().default("192.0.2.10"),
				error: reasonCode.optional(),
				starttls: z.boolean().default(true),
				overwritten: z.boolean().default(false),
				reply: z.number().int().default(220),
				injected: z.boolean().default(false),
				tlsError: reasonCode.optional(),
				protocol: z.string().default("TLSv1.3"),
				cipher: z.string().default("TLS_AES_256_GCM_SHA384"),
				accepted: z.record(z.string(), z.boolean().nullable()).default({ TLSv1: false, "TLSv1.1": false, "TLSv1.2": true, "TLSv1.3": true }),
				certificate: z.enum(certificateVariants).default("valid"),
				expiresInDays: z.number().optional(),
				...tlsCaseFields,
			}),
		)
		.optional(),
	/** What submission and mailbox ports of the MX host do. */
	services: z.array(serviceCaseSchema).optional(),
	domain: domainConfigSchema.partial().optional(),
	/** Fields of network: in the configuration that the collectors are run with. */
	network: z.record(z.string(), z.unknown()).optional(),
	/** Records by kind: their fields, as the records collector yields them. */
	records: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).optional(),
	/** Templates, messages, lists and segments by path below templates/: their text. */
	content: z.record(z.string(), z.string()).optional(),
	/** Raw items; source and collectedAt are filled in. `on` names the target, by default the first of the check's own type. */
	evidence: z.array(evidenceSchema.partial({ source: true, collectedAt: true }).extend({ on: z.string().optional() })).optional(),
	/** Targets beyond the default one of the check's type. */
	targets: z.array(target).optional(),
	parameters: z.record(z.string(), z.unknown()).optional(),
	/**
	 * Of a passing case: items in the basis of its verdict that it outlives, each with the reason why they truly cannot matter.
	 * `kind` is the kind listed where `listing` is true; `*` in an id stands for any run of characters. What excuses nothing is refused.
	 */
	survives: z
		.array(z.strictObject({ kind: z.string(), id: z.string().default("*"), listing: z.boolean().default(false), why: z.string().min(20) }))
		.default([]),
	asOf: z.string().default("2026-11-24T09:00:00Z"),
	expect: z.strictObject({
		status: z.enum(statuses),
		/** Exactly these resources have the status. Without: every result has it. */
		resources: z.array(z.string()).optional(),
		reason: z.string().optional(),
		path: z.string().optional(),
		observed: z.unknown().optional(),
		severity: z.string().optional(),
	}),
});
export type CheckCase = z.infer<typeof caseSchema>;
export type CaseTarget = { id: string; type: TargetType; domains?: string[] | undefined };

export function readCases(file: string): CheckCase[] {
	return z
		.array(caseSchema)
		.min(1)
		.parse(parse(readFileSync(file, "utf8"), { merge: true }));
}
