import { z } from "zod";
import type { Gap } from "../../../model/evidence.ts";
import { type Flaw, flaws } from "../../protocols/tls-tools/index.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";

const finding = z.object({ state: z.enum(["vulnerable", "not_vulnerable", "unknown"]), said: z.string().nullable() });

/** values of a tls.tool_report item: what TLS test tools said of one address, as imported, unsigned. */
const reportsSchema = z.object({
	reports: z.array(
		z.object({
			tool: z.string(),
			version: z.string().nullable(),
			scannedAt: z.iso.datetime({ offset: true }).nullable(),
			findings: z.object({ heartbleed: finding, ccs_injection: finding, ticketbleed: finding, robot: finding }),
		}),
	),
});
type Report = z.infer<typeof reportsSchema>["reports"][number];

const dayMs = 86_400_000;
const maxAgeMs = 30 * dayMs;
/** Reports of older versions name no time zone, and clocks differ. */
const maxAheadMs = dayMs;

/**
 * derived.tls_flaws, one per MX address: flaws of TLS implementations as imported reports of test tools tell of them. The tools send the
 * probes that exploit a flaw; mailward never does. What is older than 30 days, or does not say when it was made, tells nothing.
 */
const derivation: Derivation = {
	id: "tls-flaws",
	target: "mx",
	needs: ["smtp.starttls"],
	uses: ["tls.tool_report"],
	produces: ["derived.tls_flaws"],
	derive(view): DerivedItem[] {
		const item = view.item("tls.tool_report", view.target);
		const parts = view.target.split("|");
		const [host, address] = [parts.slice(0, -2).join("|"), parts.at(-2) ?? ""];
		const own = { kind: "derived.tls_flaws", id: view.target, basis: item === undefined ? [] : [item] };
		if (item?.status === "error") return [{ ...own, error: item.error ?? { code: "malformed", message: "the item carries no error code" } }];
		// Without a report there is nothing that could be incomplete.
		const fault = item === undefined ? undefined : view.listingError("tls.tool_report");
		if (fault !== undefined) return [{ ...own, error: fault }];
		const parsed = reportsSchema.safeParse(item?.values ?? { reports: [] });
		if (!parsed.success) return [{ ...own, error: { code: "malformed", detail: "tls.tool_report", message: "the imported report has another form" } }];
		const { reports } = parsed.data;
		const fresh = reports.filter((report) => isFresh(report, view.asOf));
		const values: Record<string, unknown> = { host, address, tools: fresh.map(({ tool, version }) => (version === null ? tool : `${tool} ${version}`)) };
		const gaps: Record<string, Gap> = {};
		for (const flaw of flaws) {
			const states = new Set(fresh.map((report) => report.findings[flaw].state));
			values[flaw] = states.has("vulnerable") ? "vulnerable" : states.has("not_vulnerable") ? "not_vulnerable" : null;
			if (values[flaw] === null) gaps[flaw] = gapOf(flaw, reports, fresh);
		}
		return [{ ...own, values, gaps }];
	},
};

export default derivation;

function isFresh({ scannedAt }: Report, asOf: Date): boolean {
	if (scannedAt === null) return false;
	const age = asOf.getTime() - Date.parse(scannedAt);
	return age <= maxAgeMs && age >= -maxAheadMs;
}

function gapOf(flaw: Flaw, reports: readonly Report[], fresh: readonly Report[]): Gap {
	if (reports.length === 0) return { code: "input_not_supplied", detail: "a report of sslyze or testssl.sh on this address (--evidence)" };
	const old = reports.find((report) => !fresh.includes(report) && report.findings[flaw].state !== "unknown");
	if (old !== undefined)
		return { code: "evidence_stale", detail: old.scannedAt === null ? `the report of ${old.tool} does not date itself` : `${old.tool} of ${old.scannedAt}` };
	const said = reports.map(({ tool, findings }) => `${tool}: ${findings[flaw].said ?? "not tested"}`).join("; ");
	return { code: "input_not_supplied", detail: `${flaw}: ${said}` };
}
