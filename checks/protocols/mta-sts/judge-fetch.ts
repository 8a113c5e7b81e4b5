import type { ReasonCode } from "../../../model/reasons.ts";
import { type ChainJudgement, type ChainReason, judgeChain, type RootSource } from "../certificate/index.ts";
import type { MtaStsFetch } from "./fetch-raw.ts";
import { type MtaStsPolicy, parseMtaStsPolicy } from "./parse-policy.ts";

/** Why there is no valid policy: closed, stable words. */
export type MtaStsFault = "no_record" | "host_not_found" | "cname_loop" | `certificate_${ChainReason}` | "http_status" | "too_large" | "syntax";

/**
 * ok: a valid policy was served validly (whatever its media type). invalid: we looked, and there is no policy that a sender
 * would use. error: we could not look.
 */
export interface MtaStsJudgement {
	status: "ok" | "invalid" | "error";
	/** With "error". */
	code?: ReasonCode;
	httpStatus?: number;
	contentType?: string;
	/** With "ok" alone: the body of an invalid fetch is never used. */
	policy?: MtaStsPolicy;
	/** With "invalid". */
	reason?: MtaStsFault;
	/** The reason in more words; hostile text in it is quoted and short. */
	detail?: string;
	/** The served certificates at the given clock; left out when none were served. */
	chain?: ChainJudgement;
}

/** What a fetch means at a clock and under a set of anchors. Pure: stored evidence gives the same answer years later. */
export function judgeMtaStsFetch(fetch: MtaStsFetch, options: { roots: RootSource; now: Date }): MtaStsJudgement {
	const seen: Omit<MtaStsJudgement, "status"> = {
		...(fetch.httpStatus === null ? {} : { httpStatus: fetch.httpStatus }),
		...(fetch.contentType === null ? {} : { contentType: fetch.contentType }),
	};
	if (fetch.outcome === "no_record") return { ...seen, status: "invalid", reason: "no_record", detail: fetch.recordError ?? "" };
	if (fetch.outcome === "no_host") return { ...seen, status: "invalid", reason: "host_not_found", detail: `${fetch.host} has no address` };
	if (fetch.outcome === "cname_loop")
		return { ...seen, status: "invalid", reason: "cname_loop", detail: fetch.recordError ?? `${fetch.host} leads back to itself` };

	if (fetch.chain.length > 0) {
		const chain = judgeChain({ chain: fetch.chain.map((der) => Buffer.from(der, "base64")), hostname: fetch.host, ...options });
		seen.chain = chain;
		const fault = chain.faults.find((candidate) => candidate.reason !== "out_of_order");
		// A certificate that was seen and is bad is a verdict, even where the answer after it failed.
		if (!chain.acceptable && fault !== undefined) return { ...seen, status: "invalid", reason: `certificate_${fault.reason}`, detail: fault.detail };
	}
	if (fetch.httpStatus !== null && fetch.httpStatus !== 200) {
		return { ...seen, status: "invalid", reason: "http_status", detail: `status ${fetch.httpStatus}; only 200 counts, redirects are not followed` };
	}
	if (fetch.truncated) return { ...seen, status: "invalid", reason: "too_large", detail: "the policy is larger than 64 KiB" };
	if (fetch.outcome === "failed") return { ...seen, status: "error", code: fetch.error?.code ?? "protocol_error", detail: fetch.error?.message ?? "" };
	// An answer without a certificate or a body cannot come from our own fetch; evidence that says so proves nothing.
	if (seen.chain === undefined || fetch.body === null) return { ...seen, status: "error", code: "malformed", detail: "the stored answer is incomplete" };
	const parsed = parseMtaStsPolicy(Buffer.from(fetch.body, "latin1"));
	if (!parsed.valid || parsed.policy === undefined) return { ...seen, status: "invalid", reason: "syntax", detail: parsed.error ?? "" };
	return { ...seen, status: "ok", policy: parsed.policy };
}
