import { z } from "zod";
import { sendFlags, sendOutcomes } from "../../protocols/reconcile/index.ts";

const count = z.number().int().nonnegative();
const file = z.object({ file: z.string(), sha256: z.string() });
const sample = z.object({ method: z.enum(["all", "random"]), references: z.array(z.string()) });

/** values of sends.campaign, one per campaign record whose sends were seen: counts of its sends by what the records say of the recipients, on each send's own day. */
export const campaignSendsSchema = z.object({
	campaign: z.string(),
	class: z.string(),
	commercial: z.boolean(),
	needsAuthorization: z.boolean().nullable(),
	sends: count,
	sendDays: count,
	firstSentAt: z.string(),
	lastSentAt: z.string(),
	/** They add up to `sends` where the campaign needs authorizations. */
	authorization: z.object(Object.fromEntries(sendOutcomes.map((name) => [name, count])) as Record<(typeof sendOutcomes)[number], typeof count>),
	flags: z.object(Object.fromEntries(sendFlags.map((name) => [name, count])) as Record<(typeof sendFlags)[number], typeof count>),
	/** Pseudonyms to examine by hand; they stand here alone and go into no report. */
	samples: z.record(z.string(), sample),
	seed: z.string(),
	/** Every export was read whole. */
	complete: z.boolean(),
	/** What was joined. */
	exports: z.array(file),
	authorizationTables: z.array(file),
	authorizations: count,
});
export type CampaignSends = z.infer<typeof campaignSendsSchema>;

/** values of sends.export, one per file of sends. */
export const exportSchema = z.object({
	lines: count,
	sends: count,
	/** Other events of SES. */
	otherEvents: count,
	withoutCampaign: count,
	/** Sends of a campaign that has no record; its name is not kept. */
	unknownCampaign: count,
	sha256: z.string(),
});
export type SendsExport = z.infer<typeof exportSchema>;
