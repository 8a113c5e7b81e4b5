import { count } from "../internal/text.ts";
import type { Context } from "./rows.ts";
import type { View } from "./view.ts";
import { fieldsOf, words } from "./view-back.ts";
import { outcomeLabels, statusLabels } from "./words.ts";

/** Registers by vendor, course and document. Where they are about people there are figures only. */
export function registersView({ registers, model }: Context): View {
	const { known, others } = registers;
	const { agreements, population, reconciliation, authorizations, campaigns, training, policies, retention } = known;
	const today = model.document.run.asOf.slice(0, 10);
	return {
		agreements:
			agreements === undefined
				? null
				: {
						lead: `${count(agreements.length, "agreement")}, ${agreements.filter((one) => one.status === "executed" && (one.endsOn ?? "9999") >= today).length} executed and in force.`,
						rows: agreements.map((one) => ({
							party: one.party,
							id: one.id,
							status: statusLabels[one.status] ?? one.status,
							source: statusLabels[one.source] ?? one.source,
							from: one.effectiveOn ?? "no date",
							to: one.endsOn ?? "no end date",
							services: one.services.length === 0 ? "none named" : one.services.join(", "),
							notice: one.breachNoticeDays === null ? "not stated" : count(one.breachNoticeDays, "day"),
							verified: one.verifiedOn ?? "never",
							issues: one.openIssues,
						})),
					},
		population:
			population === undefined
				? null
				: {
						lead: `${count(population.length, "vendor, host or service", "vendors, hosts and services")} seen, ${population.filter((one) => one.outcome !== "covered").length} of them without an agreement in force that covers it. Presence never proves that PHI flows there.`,
						rows: population.slice(0, maxPopulation).map((one) => ({
							name: one.name,
							vendor: one.vendor === one.name ? null : one.vendor,
							source: one.source,
							outcome: one.outcome === null ? "Could not be told" : (outcomeLabels[one.outcome] ?? words(one.outcome)),
							answers: one.rows.length === 0 ? null : one.rows.join(", "),
						})),
						left: population.length > maxPopulation ? `${count(population.length - maxPopulation, "further row")} in result.json.` : null,
					},
		authorizations:
			authorizations === undefined
				? null
				: [
						{ name: "On record", value: authorizations.total },
						{ name: "Signed and in force", value: authorizations.inForce },
						{ name: "Not signed", value: authorizations.unsigned },
						{ name: "Revoked", value: authorizations.revoked },
						{ name: "Expired", value: authorizations.expired },
					],
		reconciliation:
			reconciliation === undefined
				? null
				: reconciliation.map(({ campaign, sends, needsAuthorization, authorization, flags }) => ({
						...{ campaign, sends, covered: needsAuthorization === false ? "none needed" : String(authorization.valid ?? 0) },
						others: figures(Object.entries(authorization).filter(([name]) => name !== "valid")),
						flags: figures(Object.entries(flags)),
					})),
		campaigns:
			campaigns === undefined
				? null
				: [
						{ name: "On record", value: campaigns.total },
						...Object.entries(campaigns.byClass).map(([name, n]) => ({ name: `Class: ${words(name)}`, value: n })),
						{ name: "Paid for by a third party", value: campaigns.paidByOthers },
					],
		training:
			training === undefined
				? null
				: {
						lead: `${count(training.people, "person", "people")} on the rosters.`,
						rows: training.courses.map((course) => ({ ...course, last: course.lastCompletedOn ?? "never" })),
					},
		policies:
			policies === undefined
				? null
				: policies.map((one) => ({
						title: one.title,
						kind: words(one.kind),
						version: one.version,
						effective: one.effectiveOn ?? "no date",
						approved: one.approvedOn ?? "not approved",
						reviewed: one.reviewedOn ?? "never",
						due: one.reviewDueOn ?? "no date",
					})),
		retention:
			retention === undefined ? null : retention.map((one) => ({ ...one, kind: words(one.kind), firstDisposal: one.firstDisposal ?? "none has ended" })),
		missing: Object.entries(registerNames)
			.filter(([name]) => !(name in known))
			.map(([, label]) => label),
		others: others.map(([name, value]) => ({ name: words(name), fields: fieldsOf(value) })).filter((one) => one.fields.length > 0),
	};
}

/** Rows of what was seen; the rest is counted. */
const maxPopulation = 500;

const registerNames = {
	agreements: "business associate agreements",
	authorizations: "authorizations",
	campaigns: "campaigns",
	training: "training",
	policies: "policies and procedures",
	retention: "retention",
} as const;

/** "3 expired, 1 no record"; "none" where all are zero. */
function figures(counts: readonly [string, number][]): string {
	const said = counts.filter(([, n]) => n > 0).map(([name, n]) => `${n} ${words(name)}`);
	return said.length === 0 ? "none" : said.join(", ");
}
