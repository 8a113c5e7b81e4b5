import { z } from "zod";
import type { BimiFetch, ServedFile } from "../../checks/collectors/bimi/schema.ts";
import { certificateVariants } from "../../lab/index.ts";
import type { Evidence } from "../../model/evidence.ts";
import { type ReasonCode, reasonCodeList } from "../../model/reasons.ts";

const file = {
	body: z.string().optional(),
	status: z.number().int().default(200),
	outcome: z.enum(["no_host", "cname_loop", "answered", "failed", "refused_redirect"]).default("answered"),
	certificate: z.enum(certificateVariants).default("valid"),
	error: z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]).optional(),
};

/** What stands behind l= and, as `mark`, behind a=; certificates of the hosts are made by the lab's authority at asOf. `repeat` makes a body long. */
export const bimiCaseSchema = z.strictObject({ ...file, repeat: z.number().int().default(1), mark: z.strictObject(file).optional() });
export type BimiCase = z.infer<typeof bimiCaseSchema>;

/** The https.bimi item of a case. `chainOf` gives the certificates that a host shows. */
export function bimiItem(
	{ mark, repeat, ...logo }: BimiCase,
	chainOf: (variant: BimiCase["certificate"], host: string) => readonly Uint8Array[],
	at: Pick<Evidence, "id" | "source" | "collectedAt">,
): Evidence {
	const served = (uri: string, { body, status, outcome, certificate, error }: Omit<BimiCase, "mark" | "repeat">): ServedFile => {
		const host = new URL(uri).hostname;
		return {
			uri,
			redirects: [],
			host,
			outcome: error === undefined ? outcome : "failed",
			httpStatus: error === undefined && outcome === "answered" ? status : null,
			contentType: null,
			bytes: body?.length ?? 0,
			body: body ?? null,
			truncated: false,
			chain: error === undefined && outcome === "answered" ? chainOf(certificate, host).map((der) => Buffer.from(der).toString("base64")) : [],
			error: error === undefined ? null : { code: error, detail: uri, message: "case" },
		};
	};
	const values: BimiFetch = {
		logo: served("https://example.org/logo.svg", { ...logo, body: logo.body?.repeat(repeat) }),
		mark: mark === undefined ? null : served("https://example.org/vmc.pem", mark),
	};
	const { error } = values.logo;
	return { kind: "https.bimi", ...at, values, ...(error === null ? { status: "ok" } : { status: "error", error }) };
}
