import { z } from "zod";
import type { Evidence } from "../../../model/evidence.ts";
import { type ReasonCode, reasonCodeList } from "../../../model/reasons.ts";
import type { MtaStsFetch } from "../../protocols/mta-sts/index.ts";

const reasonCode = z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]);

/** Values of https.mta_sts_policy: the same fields in every status, so that one function can judge all of them again. */
export const mtaStsFetchSchema = z.object({
	host: z.string(),
	outcome: z.enum(["no_record", "no_host", "cname_loop", "answered", "failed"]),
	recordId: z.string().nullable(),
	recordError: z.string().nullable(),
	address: z.string().nullable(),
	httpStatus: z.number().int().nullable(),
	contentType: z.string().nullable(),
	location: z.string().nullable(),
	bytes: z.number().int(),
	body: z
		.string()
		.max(64 * 1024)
		.nullable(),
	truncated: z.boolean(),
	chain: z.array(z.string()).max(32),
	error: z.object({ code: reasonCode, detail: z.string(), message: z.string() }).nullable(),
	attempts: z.array(z.object({ address: z.string(), code: reasonCode.nullable(), httpStatus: z.number().int().nullable() })),
});

/** The fetch as an evidence item of kind https.mta_sts_policy holds it; undefined when its values are not of this shape. */
export function readMtaStsFetch(item: Evidence): MtaStsFetch | undefined {
	const parsed = mtaStsFetchSchema.safeParse(item.values);
	return parsed.success ? parsed.data : undefined;
}
