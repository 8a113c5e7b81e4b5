import { chosenGaps, type ReasonKind, reasonCodeList, reasonCodes, reasonKinds } from "../../model/reasons.ts";
import { code, generated, page, plain, table } from "./markdown.ts";

const headings: Readonly<Record<ReasonKind, string>> = {
	error: "The outside world did not answer as it should",
	permission: "The outside world said no",
	no_evidence: "There was nothing to look at",
	stale: "What there is is too old",
	manual: "Only a person can tell",
	unknown_until_apply: "Terraform knows it after apply",
};

/** docs/reason-codes.md: the closed list of reasons for which a verdict could not be given. */
export function reasonCodesPage(): string {
	return page(
		"# Reason codes",
		generated,
		`Why a result is ${code("not_assessed")}: a closed list of ${reasonCodeList.length} codes. Evidence, results, the report and ${code("--accept")} use these and no others.`,
		`A gap that the user chose (marked below) makes a run incomplete only with ${code("--require-assessed")}. Any other one at or above ${code("--fail-on")} gives exit code 3, unless its code is accepted by name.`,
		...reasonKinds.flatMap((kind) => [
			`## ${headings[kind]}`,
			`Kind ${code(kind)}.`,
			table(
				["code", "meaning", "what to do"],
				reasonCodeList
					.filter((one) => reasonCodes[one].kind === kind)
					.map((one) => [`${code(one)}${chosenGaps.has(one) ? " (chosen)" : ""}`, plain(reasonCodes[one].meaning), plain(reasonCodes[one].remedy)]),
			),
		]),
	);
}
