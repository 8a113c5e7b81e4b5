import type { Gap } from "../../../model/evidence.ts";
import { type TlsReportValues, tlsReportSchema } from "../../collectors/mail-reports/schema.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { reportsOf, sum } from "../mail-reports/window.ts";

const maxHosts = 10;

/** derived.tls_reports, one per domain: sessions that succeeded and failed in the reports of the last 30 days, by result type (RFC 8460 section 4). */
const derivation: Derivation = {
	id: "tls-reports",
	target: "domain",
	needs: ["config.domain", "report.tls"],
	produces: ["derived.tls_reports"],
	derive: (view): DerivedItem[] => [itemOf(view)],
};

export default derivation;

interface Failure {
	resultType: string;
	sessions: number;
	/** At most 10. */
	hosts: string[];
}

function itemOf(view: DerivationView): DerivedItem {
	const { values: declared, item: declaration } = domainDeclaration(view);
	const reports = reportsOf(
		view,
		"report.tls",
		(values): TlsReportValues | undefined => tlsReportSchema.safeParse(values).data,
		({ policies }) => policies.some((policy) => policy.domain === view.target),
	);
	const policies = reports.recent.flatMap((report) => report.policies).filter((policy) => policy.domain === view.target);
	const failures = new Map<string, Failure>();
	const add = (resultType: string, sessions: number, host: string | null): void => {
		if (sessions === 0) return;
		const known = failures.get(resultType) ?? { resultType, sessions: 0, hosts: [] };
		failures.set(resultType, known);
		known.sessions += sessions;
		if (host !== null && !known.hosts.includes(host) && known.hosts.length < maxHosts) known.hosts.push(host);
	};
	for (const policy of policies) {
		for (const failure of policy.failures) add(failure.resultType, failure.sessions, failure.receivingMx);
		// Sessions that the summary counts and no detail explains.
		add("unspecified", Math.max(0, policy.failed - sum(policy.failures.map((failure) => failure.sessions))), null);
	}
	const successful = sum(policies.map((policy) => policy.successful));
	const failed = sum([...failures.values()].map((failure) => failure.sessions));
	const gaps: Record<string, Gap> = {};
	if (reports.stale !== undefined) gaps.current = reports.stale;
	if (reports.unread !== undefined) gaps.allRead = reports.unread;
	if (successful + failed === 0) gaps.sessions = reports.stale ?? { code: "input_not_supplied", detail: `reports that show sessions with ${view.target}` };
	return {
		kind: "derived.tls_reports",
		id: view.target,
		values: {
			domain: view.target,
			receives: declared.receives,
			current: reports.stale === undefined,
			allRead: reports.unread === undefined,
			reports: reports.recent.length,
			newest: reports.newest,
			sessions: successful + failed,
			successful,
			failed,
			/** Successful under a policy: proof that senders reach the domain over TLS. */
			proven: sum(policies.filter((policy) => policy.type === "sts" || policy.type === "tlsa").map((policy) => policy.successful)),
			failures: [...failures.values()].sort((a, b) => b.sessions - a.sessions || (a.resultType < b.resultType ? -1 : 1)),
		},
		gaps,
		basis: [...(declaration === undefined ? [] : [declaration]), ...reports.basis],
	};
}
