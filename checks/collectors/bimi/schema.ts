import { z } from "zod";
import { type ReasonCode, reasonCodeList } from "../../../model/reasons.ts";

const code = z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]);

/** One file behind a BIMI record, as it was served. */
const servedFile = z.object({
	/** As the record has it. */
	uri: z.string(),
	/** URIs that redirects led to, in order. */
	redirects: z.array(z.string()),
	/** The host that was asked last: its certificate is `chain`. */
	host: z.string(),
	/** refused_redirect: not https, or one too many. The others as for any fetch. */
	outcome: z.enum(["no_host", "cname_loop", "answered", "failed", "refused_redirect"]),
	httpStatus: z.number().int().nullable(),
	contentType: z.string().nullable(),
	bytes: z.number().int(),
	/** latin1: one code point per octet. */
	body: z.string().nullable(),
	truncated: z.boolean(),
	/** Base64 DER as served, leaf first. */
	chain: z.array(z.string()),
	error: z.object({ code, detail: z.string(), message: z.string() }).nullable(),
});
export type ServedFile = z.infer<typeof servedFile>;

/** values of an https.bimi item, id = the domain: what stands behind l= and a=. */
export const bimiFetchSchema = z.object({ logo: servedFile, mark: servedFile.nullable() });
export type BimiFetch = z.infer<typeof bimiFetchSchema>;
