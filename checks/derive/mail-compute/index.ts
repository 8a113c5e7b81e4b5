import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt, unseen } from "../policy-documents.ts";

const statusKind = "aws.inspector_account";
const coverageKind = "aws.inspector_coverage";
const findingKind = "aws.inspector_finding";
const flowKind = "derived.mail_flow";

/**
 * derived.mail_compute, one per function of an account that mail or its events pass through: whether Amazon Inspector looks at it
 * (`coverage`: what Inspector says of that), and the age in days of the oldest critical and high vulnerability of it that could be fixed. Instances and images cannot be told to be mail's.
 */
const derivation: Derivation = {
	id: "mail-compute",
	target: "account",
	needs: ["aws_lambda_function", flowKind],
	uses: [statusKind, coverageKind, findingKind],
	produces: ["derived.mail_compute"],
	derive: (view) => {
		const ways = new Map(view.items(flowKind).map((way) => [valueAt(way.values, "resource"), way]));
		return view.items("aws_lambda_function").flatMap((fn) => {
			const way = ways.get(fn.id);
			return valueAt(way?.values, "carries") === false ? [] : [derivedOf(view, fn, way)];
		});
	},
};

export default derivation;

function derivedOf(view: DerivationView, fn: Evidence, way: Evidence | undefined): DerivedItem {
	const own = { kind: "derived.mail_compute", id: fn.id };
	if (fn.error !== undefined) return { ...own, error: fn.error, basis: [fn] };
	const arn = textAt(fn, "arn") ?? fn.id;
	const [status] = view.items(statusKind);
	const findings = view.items(findingKind).filter((finding) => names(finding, arn));
	const gaps: Record<string, Gap> = {};
	const carries = valueAt(way?.values, "carries");
	if (carries !== true) gaps.carries = way?.gaps?.carries ?? { code: way?.error?.code ?? "not_collected", detail: way?.error?.detail ?? fn.id };
	const on = valueAt(status?.values, "status") === "ENABLED" && valueAt(status?.values, "lambda") === "ENABLED";
	const covered = view.items(coverageKind).filter((item) => isNamed(textAt(item, "resource"), arn));
	// A function is left out by a tag, or for a runtime that Inspector does not know, while it is on for the account.
	const scanned = on && covered.some((item) => textAt(item, "status") === "ACTIVE");
	const off = unseen(view, [statusKind]) ?? (on && !scanned ? unseen(view, [coverageKind]) : undefined);
	if (off !== undefined) gaps.scanned = { code: off.code, detail: off.detail };
	const unread = unseen(view, [findingKind]);
	const ages = (severity: string): Record<string, unknown> => {
		const days = findings.filter((item) => textAt(item, "severity") === severity).map((item) => daysSince(textAt(item, "first_observed_at"), view.asOf));
		const path = severity === "CRITICAL" ? "oldestCriticalDays" : "oldestHighDays";
		// What nobody looks at has no findings, and that says nothing.
		if (unread !== undefined) gaps[path] = { code: unread.code, detail: unread.detail };
		else if (days.includes(undefined)) gaps[path] = { code: "malformed", detail: "inspector2:ListFindings" };
		else return { [path]: Math.max(0, ...days.map((day) => day ?? 0)) };
		return {};
	};
	return {
		...own,
		values: {
			function: arn,
			...(gaps.carries === undefined ? { carries: true } : {}),
			...(gaps.scanned === undefined ? { scanned } : {}),
			coverage: covered.map((item) => textAt(item, "reason") ?? textAt(item, "status") ?? "unknown").sort(),
			...ages("CRITICAL"),
			...ages("HIGH"),
			vulnerabilities: [...new Set(findings.flatMap((item) => textAt(item, "vulnerability") ?? []))].sort().slice(0, 20),
		},
		gaps,
		basis: [fn, ...(way === undefined ? [] : [way]), ...(status === undefined ? [] : [status]), ...covered, ...findings],
	};
}

/** Inspector names a function with its version behind: ...:function:name:$LATEST. */
function isNamed(id: string | undefined, arn: string): boolean {
	return id === arn || id?.startsWith(`${arn}:`) === true;
}

function names(finding: Evidence, arn: string): boolean {
	const resources = valueAt(finding.values, "resources");
	return (
		Array.isArray(resources) &&
		resources.some((one) => {
			const id: unknown = (one as { id?: unknown } | null)?.id;
			return typeof id === "string" && isNamed(id, arn);
		})
	);
}

function daysSince(text: string | undefined, asOf: Date): number | undefined {
	const at = text === undefined ? Number.NaN : Date.parse(text);
	return Number.isNaN(at) ? undefined : Math.floor((asOf.getTime() - at) / 86_400_000);
}
