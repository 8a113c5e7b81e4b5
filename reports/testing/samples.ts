import type { ResultDocument } from "../../model/result.ts";
import { defaultTheme } from "../theme/theme.ts";
import type { ReportWriter } from "../writer.ts";
import { hostileResult, hostileTexts } from "./hostile.ts";
import { realisticResult } from "./realistic.ts";
import { control, resultDocument, resultItem } from "./result-builder.ts";

/** Documents that every format must be able to say: every state and reason, nothing at all, nothing assessed, and hostile text in every field. */
export function sampleDocuments(): [string, ResultDocument][] {
	return [
		["a clinic with every kind of result", realisticResult()],
		["no result", resultDocument([], [])],
		["nothing assessed", nothingAssessed()],
		...hostileTexts.map((text, index): [string, ResultDocument] => [`hostile text ${index + 1}`, withTimes(hostileResult(realisticResult(), text))]),
	];
}

/** Times are written by the pipeline from its own clock: no text from outside comes near them. */
function withTimes(hostile: ResultDocument): ResultDocument {
	const { run, results, evidence } = realisticResult();
	return {
		...hostile,
		run: { ...hostile.run, startedAt: run.startedAt, endedAt: run.endedAt, asOf: run.asOf },
		results: hostile.results.map((item, index) => ({ ...item, firstSeen: results[index]?.firstSeen ?? run.asOf })),
		evidence: hostile.evidence.map((ref, index) => ({ ...ref, collectedAt: evidence[index]?.collectedAt ?? run.asOf })),
	};
}

export function nothingAssessed(): ResultDocument {
	const reason = { kind: "permission", code: "permission_denied", detail: "ses:GetConfigurationSet" } as const;
	return resultDocument(
		[
			resultItem({
				check: "sending.tls_required",
				resource: "arn:aws:ses:us-east-1:123456789012:configuration-set/a",
				status: "not_assessed",
				reason,
				controls: ["TEC-09"],
			}),
		],
		[control({ id: "TEC-09" })],
	);
}

export function filesOf(writer: ReportWriter, result: ResultDocument): Map<string, string> {
	return new Map([...writer.write(result, defaultTheme)].map((file) => [file.path, [...file.chunks].join("")]));
}
