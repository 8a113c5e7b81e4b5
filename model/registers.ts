import { z } from "zod";

/**
 * What `records` of a result holds for the report: decisions with their fields, registers by vendor or document, and figures where the
 * register is about people. No subject is named and no address of staff is kept. Each part is there only where its records were given.
 */
const entry = z.looseObject({ id: z.string() });
const dated = z.string().nullable();

export const registersSchema = z.object({
	waivers: z.array(entry).optional(),
	attestations: z.array(entry).optional(),
	poam: z.array(entry).optional(),
	responses: z.array(entry).optional(),
	engagements: z.array(entry).optional(),
	inherited: z.array(entry).optional(),
	agreements: z
		.array(
			z.strictObject({
				id: z.string(),
				party: z.string(),
				status: z.string(),
				source: z.string(),
				effectiveOn: dated,
				endsOn: dated,
				services: z.array(z.string()),
				breachNoticeDays: z.number().nullable(),
				verifiedOn: dated,
				openIssues: z.number().int(),
			}),
		)
		.optional(),
	population: z
		.array(
			z.strictObject({
				name: z.string(),
				vendor: dated,
				source: z.string(),
				outcome: dated.describe("covered, undeclared, ended and the like; null: it could not be told"),
				rows: z.array(z.string()),
			}),
		)
		.optional()
		.describe("Vendors, hosts and services that the scan saw, and the agreements and declarations that answer for each: what the register is tested against"),
	reconciliation: z
		.array(
			z.strictObject({
				campaign: z.string(),
				sends: z.number().int(),
				needsAuthorization: z.boolean().nullable(),
				authorization: z
					.record(z.string(), z.number().int())
					.describe("Sends by what the recipient had signed; they add up to the sends where the campaign needs it"),
				flags: z.record(z.string(), z.number().int()).describe("Sends after an opt-out, bounce or complaint"),
			}),
		)
		.optional()
		.describe("Counts of each campaign whose sends were seen"),
	authorizations: z
		.strictObject({ total: z.number().int(), inForce: z.number().int(), unsigned: z.number().int(), revoked: z.number().int(), expired: z.number().int() })
		.optional(),
	campaigns: z.strictObject({ total: z.number().int(), byClass: z.record(z.string(), z.number().int()), paidByOthers: z.number().int() }).optional(),
	training: z
		.strictObject({
			people: z.number().int().describe("Present people of the roster"),
			courses: z.array(
				z.strictObject({
					id: z.string(),
					title: z.string(),
					version: z.string(),
					completed: z.number().int(),
					open: z.number().int(),
					lastCompletedOn: dated,
				}),
			),
		})
		.optional(),
	policies: z
		.array(
			z.strictObject({
				id: z.string(),
				title: z.string(),
				kind: z.string(),
				version: z.string(),
				effectiveOn: dated,
				approvedOn: dated,
				reviewedOn: dated,
				reviewDueOn: dated,
			}),
		)
		.optional(),
	retention: z
		.array(z.strictObject({ kind: z.string(), records: z.number().int(), inForce: z.number().int(), firstDisposal: dated }))
		.optional()
		.describe("firstDisposal: the earliest day on which a record of the kind may be destroyed; null while all are in force"),
});
export type Registers = z.infer<typeof registersSchema>;
export type RegisterEntry = z.infer<typeof entry>;
