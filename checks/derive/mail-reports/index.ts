import type { Gap } from "../../../model/evidence.ts";
import { type DmarcReportValues, dmarcReportSchema } from "../../collectors/mail-reports/schema.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { registerOf } from "../register.ts";
import { replayResolver } from "../replay-resolver.ts";
import { type Source, sourcesOf } from "./sources.ts";
import { reportsOf, sum } from "./window.ts";

const maxOthers = 50;

/**
 * What the reports of the last 30 days say of a domain. derived.dmarc_reports, one per domain: the client's own sources with the
 * share of their messages that is aligned (RFC 9990), and the others. Reports are a stranger's word and are not authenticated.
 */
const derivation: Derivation = {
	id: "mail-reports",
	target: "domain",
	needs: ["config.domain", "report.dmarc", "dns.txt", "dns.mx", "dns.a", "dns.aaaa"],
	uses: ["record.baa"],
	produces: ["derived.dmarc_reports"],
	async derive(view): Promise<DerivedItem[]> {
		return [await itemOf(view)];
	},
};

export default derivation;

async function itemOf(view: DerivationView): Promise<DerivedItem> {
	const { values: declared, item: declaration } = domainDeclaration(view);
	const reports = reportsOf(
		view,
		"report.dmarc",
		(values): DmarcReportValues | undefined => dmarcReportSchema.safeParse(values).data,
		({ domain }) => domain === view.target || view.target.endsWith(`.${domain}`),
	);
	const rows = reports.recent.flatMap((report) => report.rows.filter((row) => isOwnMail(row.headerFrom, report.domain, view.target)));
	const resolver = replayResolver(view);
	const register = registerOf(view);
	const sources = await sourcesOf(rows, view.target, resolver, register, view.today);
	const gaps: Record<string, Gap> = {};
	if (reports.stale !== undefined) gaps.current = reports.stale;
	if (reports.unread !== undefined) gaps.allRead = reports.unread;
	const messages = sum(rows.map((row) => row.count));
	if (messages === 0) gaps.messages = reports.stale ?? { code: "input_not_supplied", detail: `reports that show messages of ${view.target}` };
	// A register that was given and cannot be read may name more of the client's own sources; one that was not given names none.
	const noRegister = register.fault?.code === "input_not_supplied";
	let unknown = sources.unknown ?? (noRegister ? undefined : register.fault);
	// Messages fail, and neither the SPF record nor the register names any of the senders: who sends for the client is not told.
	if (sources.own.length === 0 && sources.others.some((source) => source.aligned < source.messages))
		unknown ??= { code: noRegister ? "input_not_supplied" : "record_incomplete", detail: `record.baa: who sends for ${view.target}` };
	if (unknown !== undefined) gaps.ownKnown = unknown;
	if (register.fault !== undefined) gaps.unregistered = register.fault;
	return {
		kind: "derived.dmarc_reports",
		id: view.target,
		values: {
			domain: view.target,
			sends: declared.sends,
			current: reports.stale === undefined,
			allRead: reports.unread === undefined,
			ownKnown: unknown === undefined,
			reports: reports.recent.length,
			newest: reports.newest,
			messages,
			aligned: sum([...sources.own, ...sources.others].map((source: Source) => source.aligned)),
			sources: sources.own,
			others: sources.others.slice(0, maxOthers),
			othersLeftOut: Math.max(0, sources.others.length - maxOthers),
			unregistered: sources.unregistered,
		},
		gaps,
		basis: [...(declaration === undefined ? [] : [declaration]), ...reports.basis, ...resolver.used, ...register.items],
	};
}

/** Mail of the domain and of names below it; a row without a From domain counts for the domain whose policy was applied. */
function isOwnMail(headerFrom: string | null, policyDomain: string, target: string): boolean {
	const from = headerFrom ?? policyDomain;
	return from === target || from.endsWith(`.${target}`);
}
