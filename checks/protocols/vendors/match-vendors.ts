import { asName, literalTail, suffixLabels } from "./names.ts";
import type { VendorTable } from "./vendor-data.ts";

/** What DNS and the MTA-STS policy of one domain say. Names in any case, with or without a trailing dot. */
export interface VendorFacts {
	/** MX targets, a null MX left out. */
	mx: readonly string[];
	/** Targets of include: and redirect=; depth 1 is the domain's own record; `via` is the target whose record named it. */
	spfIncludes: readonly { name: string; depth: number; direct: boolean; via?: string | undefined }[];
	/** What <selector>._domainkey is a CNAME for; `live`: the target exists and holds a key. */
	dkimCnames: readonly { selector: string; target: string; live: boolean }[];
	/** TXT values at the domain itself, the strings of each record joined. */
	txt: readonly string[];
	/** First labels at which a TXT record exists below the domain, such as zendeskverification. */
	txtNames?: readonly string[] | undefined;
	/** `mx` patterns of the MTA-STS policy. */
	mtaStsMx: readonly string[];
	/** Domains of the addresses in rua= and ruf=. */
	reportHosts: readonly string[];
}

export type VendorSignalName = "mx" | "dkimCname" | "mtaStsMx" | "txtToken" | "spfDirect" | "spfNested" | "reportHost";

export interface VendorSignal {
	signal: VendorSignalName;
	/** 0 to 1: how well it shows that the vendor is set up. Never that PHI flows. */
	strength: number;
	/** The raw record, as seen. */
	record: string;
	/** The suffix or token that fitted. */
	matched: string;
	/** Only on SPF: 1 is the domain's own record. */
	depth?: number;
	/** A short token that other values may begin with too. */
	weak?: true;
}

export interface VendorMatch {
	vendor: string;
	kind: string;
	signals: VendorSignal[];
	/** 1 - product of (1 - s) over independent signals. */
	strength: number;
	/** A name that fitted stands on several rows: this is the network, others ride on it. */
	carrier: boolean;
	/** Products that ride on the same names: to be asked about, never concluded. */
	possible: string[];
	/** How the vendor shows: it moves mail, or gets reports, or an account exists or existed and nothing more. */
	shows: "mail_flow" | "reports" | "account";
	/** Its SPF include is of no use to the domain, and one is there. */
	uselessInclude: boolean;
}

const strengths: Readonly<Record<VendorSignalName, number>> = {
	mx: 0.9,
	dkimCname: 0.9,
	mtaStsMx: 0.8,
	txtToken: 0.7,
	reportHost: 0.7,
	spfDirect: 0.6,
	spfNested: 0.5,
};
const dkimNameOnly = 0.6;
const weakToken = 0.35;
const weakTokenLength = 6;

type Column = "spfIncludes" | "mxSuffixes" | "dkimCnameSuffixes" | "addressDomains" | "rua";

interface Found extends VendorSignal {
	vendor: string;
	/** Signals with the same key are one: they stand in one record. */
	independent: string;
	riders: string[];
}

/** Vendors that a domain's names reveal, strongest first. Pure; linear in facts times rows. */
export function matchVendors(facts: VendorFacts, table: VendorTable): VendorMatch[] {
	const suffixes = suffixesOf(table);
	const found: Found[] = [];
	const add = (
		signal: VendorSignalName,
		record: string,
		name: string | undefined,
		columns: readonly Column[],
		options: Partial<VendorSignal> & { key?: string } = {},
	): void => {
		if (name === undefined) return;
		const { key, ...shown } = options;
		for (const column of columns) {
			for (const { vendor, matched, riders } of owners(name, suffixes[column], table)) {
				found.push({ signal, strength: strengths[signal], record, matched, vendor, riders, independent: `${signal} ${key ?? record}`, ...shown });
			}
		}
	};
	for (const host of facts.mx) add("mx", host, asName(host), ["mxSuffixes"], { key: asName(host) ?? host });
	for (const pattern of facts.mtaStsMx) add("mtaStsMx", pattern, asName(pattern), ["mxSuffixes"], { key: "policy" });
	for (const { selector, target, live } of facts.dkimCnames) {
		const strength = live ? strengths.dkimCname : dkimNameOnly;
		add("dkimCname", `${selector}._domainkey CNAME ${target}`, asName(target), ["dkimCnameSuffixes"], { strength });
	}
	for (const { name, depth, direct, via } of facts.spfIncludes) {
		// All direct targets stand in the domain's one record, all nested ones in the record that named them.
		add(direct ? "spfDirect" : "spfNested", name, literalTail(name), ["spfIncludes"], { depth, key: direct ? "" : (via ?? "") });
	}
	for (const host of facts.reportHosts) add("reportHost", host, asName(host), ["rua", "addressDomains"], { key: "reports" });
	found.push(...tokensFound(facts, table));
	return combine(found, table);
}

interface SuffixRow {
	suffix: string;
	vendor: string;
}

/** A table's rows by column, made once per table. */
const suffixTables = new WeakMap<VendorTable, Record<Column, SuffixRow[]>>();

function suffixesOf(table: VendorTable): Record<Column, SuffixRow[]> {
	let rows = suffixTables.get(table);
	if (rows === undefined) {
		rows = suffixTable(table);
		suffixTables.set(table, rows);
	}
	return rows;
}

function suffixTable({ vendors }: VendorTable): Record<Column, SuffixRow[]> {
	const rows: Record<Column, SuffixRow[]> = { spfIncludes: [], mxSuffixes: [], dkimCnameSuffixes: [], addressDomains: [], rua: [] };
	for (const row of vendors) {
		for (const column of ["spfIncludes", "mxSuffixes", "dkimCnameSuffixes"] as const)
			for (const suffix of row[column]) rows[column].push({ suffix, vendor: row.vendor });
		for (const suffix of row.addressDomains ?? []) rows.addressDomains.push({ suffix, vendor: row.vendor });
		for (const token of row.txtTokens) if (token.startsWith("rua:")) rows.rua.push({ suffix: token.slice(4).toLowerCase(), vendor: row.vendor });
	}
	return rows;
}

/** The longest suffix wins over all vendors; where several rows share it, the carrier is seen and the others are riders. */
function owners(name: string, rows: readonly SuffixRow[], table: VendorTable): { vendor: string; matched: string; riders: string[] }[] {
	let longest = 0;
	let best: SuffixRow[] = [];
	for (const row of rows) {
		const labels = suffixLabels(name, row.suffix);
		if (labels === 0 || labels < longest) continue;
		if (labels > longest) best = [];
		longest = labels;
		best.push(row);
	}
	// Of two suffixes of equal length the one without a wildcard is the closer one.
	const exact = best.filter((row) => !row.suffix.includes("*"));
	return carrierOf(exact.length > 0 ? exact : best, table);
}

function carrierOf(rows: readonly SuffixRow[], table: VendorTable): { vendor: string; matched: string; riders: string[] }[] {
	const [first] = rows;
	if (first === undefined) return [];
	if (rows.length === 1) return [{ vendor: first.vendor, matched: first.suffix, riders: [] }];
	const carrier = table.carriers.find((one) => one.name === first.suffix)?.vendor;
	const seen = rows.find((row) => row.vendor === carrier);
	const riders = rows.map((row) => row.vendor);
	// Without a known carrier nobody is singled out: each row is shown, with the others as possible.
	if (seen === undefined) return rows.map((row) => ({ vendor: row.vendor, matched: row.suffix, riders: riders.filter((one) => one !== row.vendor) }));
	return [{ vendor: seen.vendor, matched: seen.suffix, riders: riders.filter((one) => one !== seen.vendor) }];
}

function tokensFound(facts: VendorFacts, table: VendorTable): Found[] {
	const found: Found[] = [];
	const names = new Set((facts.txtNames ?? []).map((name) => name.toLowerCase()));
	for (const value of facts.txt) {
		const lower = value.slice(0, 200).toLowerCase();
		const rows: SuffixRow[] = [];
		for (const row of table.vendors) {
			for (const token of row.txtTokens) {
				if (token.startsWith("rua:") || token.startsWith("name:")) continue;
				if (lower.startsWith(token.toLowerCase())) rows.push({ suffix: token, vendor: row.vendor });
			}
		}
		const longest = Math.max(0, ...rows.map((row) => row.suffix.length));
		for (const owner of carrierOf(
			rows.filter((row) => row.suffix.length === longest),
			table,
		)) {
			const weak = longest <= weakTokenLength;
			found.push({
				...{ signal: "txtToken", strength: weak ? weakToken : strengths.txtToken, record: value, ...owner, independent: `txtToken ${value}` },
				...(weak ? { weak: true } : {}),
			});
		}
	}
	for (const row of table.vendors) {
		for (const token of row.txtTokens) {
			if (!token.startsWith("name:") || !names.has(token.slice(5).toLowerCase())) continue;
			found.push({
				signal: "txtToken",
				strength: strengths.txtToken,
				record: `TXT at ${token.slice(5)}`,
				matched: token,
				vendor: row.vendor,
				independent: `txtToken ${token}`,
				riders: [],
			});
		}
	}
	return found;
}

function combine(found: readonly Found[], table: VendorTable): VendorMatch[] {
	const matches: VendorMatch[] = [];
	if (found.length === 0) return matches;
	for (const row of table.vendors) {
		const own = found.filter((one) => one.vendor === row.vendor);
		if (own.length === 0) continue;
		const signals = own.map(({ vendor: _vendor, independent: _independent, riders: _riders, ...signal }) => signal);
		const riders = new Set(own.flatMap((one) => one.riders));
		matches.push({
			vendor: row.vendor,
			kind: row.kind,
			signals,
			strength: combinedStrength(own),
			carrier: riders.size > 0,
			possible: [...riders],
			shows: showsOf(signals),
			uselessInclude: row.spfNeverAligns === true && signals.some((one) => one.signal === "spfDirect"),
		});
	}
	return matches.sort((a, b) => b.strength - a.strength || (a.vendor < b.vendor ? -1 : 1));
}

/** A nested include below the vendor's own direct include is part of it, not a second witness. */
function combinedStrength(found: readonly Found[]): number {
	const direct = found.some((one) => one.signal === "spfDirect");
	const independent = new Map<string, number>();
	for (const one of found) {
		if (direct && one.signal === "spfNested") continue;
		independent.set(one.independent, Math.max(one.strength, independent.get(one.independent) ?? 0));
	}
	let doubt = 1;
	for (const strength of independent.values()) doubt *= 1 - strength;
	return Math.round((1 - doubt) * 1e6) / 1e6;
}

function showsOf(signals: readonly VendorSignal[]): VendorMatch["shows"] {
	if (signals.some((one) => one.signal !== "txtToken" && one.signal !== "reportHost")) return "mail_flow";
	return signals.some((one) => one.signal === "reportHost") ? "reports" : "account";
}
