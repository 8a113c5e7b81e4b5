import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { formatIp, parseIp } from "../spf/address.ts";
import { defaultLimits, type MailReportLimits } from "./limits.ts";
import { type ReportError, ReportFault, reportError } from "./report-fault.ts";
import { XmlReader } from "./xml-reader.ts";

export type Disposition = "none" | "quarantine" | "reject" | "pass";

/** Messages of one source that were treated alike: rows of the report that agree in all of this are added up. */
export interface DmarcRow {
	sourceIp: string;
	count: number;
	/** Aligned and passed; whatever is not said to have passed has failed. */
	dkim: "pass" | "fail";
	spf: "pass" | "fail";
	/** null: none of those that the standards name. */
	disposition: Disposition | null;
	/** null: missing, or no domain name. */
	headerFrom: string | null;
	/** Domains that passed DKIM, aligned or not; at most 10. */
	dkimDomains: string[];
	/** Domains that passed SPF, aligned or not; at most 10. */
	spfDomains: string[];
}

export interface DmarcReport {
	/** RFC 7489 and its drafts, or the namespace of RFC 9990. */
	form: "rfc7489" | "rfc9990";
	version: string | null;
	organization: string | null;
	reportId: string | null;
	generator: string | null;
	/** RFC 3339, UTC. */
	begin: string;
	end: string;
	policy: {
		domain: string;
		p: string | null;
		sp: string | null;
		np: string | null;
		adkim: string | null;
		aspf: string | null;
		fo: string | null;
		pct: string | null;
		testing: string | null;
		discoveryMethod: string | null;
	};
	/** Records of the report. */
	records: number;
	/** The sum over the records. */
	messages: number;
	rows: DmarcRow[];
	/** What was read otherwise than written; sorted. */
	notes: DmarcNote[];
}

/**
 * values_not_lower_case: Pass for pass. result_not_named: policy_evaluated without a result, or with one that is neither pass
 * nor fail: read as fail. unknown_namespace: read as the old form.
 */
export type DmarcNote =
	| "values_not_lower_case"
	| "result_not_named"
	| "disposition_unknown"
	| "header_from_unreadable"
	| "unknown_namespace"
	| "no_records"
	| "domains_left_out";

export type DmarcReportResult = { ok: true; report: DmarcReport } | { ok: false; error: ReportError };

export const dmarcNamespace = "urn:ietf:params:xml:ns:dmarc-2.0";
const oldNamespaces: ReadonlySet<string> = new Set(["", "http://dmarc.org/dmarc-xml/0.1"]);
const maxDomains = 10;

const single = {
	version: "version",
	"report_metadata/org_name": "organization",
	"report_metadata/report_id": "reportId",
	"report_metadata/generator": "generator",
	"report_metadata/date_range/begin": "begin",
	"report_metadata/date_range/end": "end",
	"policy_published/domain": "domain",
	"policy_published/p": "p",
	"policy_published/sp": "sp",
	"policy_published/np": "np",
	"policy_published/adkim": "adkim",
	"policy_published/aspf": "aspf",
	"policy_published/fo": "fo",
	"policy_published/pct": "pct",
	"policy_published/testing": "testing",
	"policy_published/discovery_method": "discoveryMethod",
} as const;
const perRecord = {
	"record/row/source_ip": "sourceIp",
	"record/row/count": "count",
	"record/row/policy_evaluated/disposition": "disposition",
	"record/row/policy_evaluated/dkim": "dkim",
	"record/row/policy_evaluated/spf": "spf",
	"record/identifiers/header_from": "headerFrom",
	"record/identities/header_from": "headerFrom",
} as const;
const perResult = {
	"record/auth_results/dkim/domain": "domain",
	"record/auth_results/dkim/result": "result",
	"record/auth_results/spf/domain": "domain",
	"record/auth_results/spf/result": "result",
} as const;
interface Leaf {
	of: "report" | "record" | "result";
	field: string;
}

const leaves: ReadonlyMap<string, Leaf> = new Map([
	...Object.entries(single).map(([path, field]): [string, Leaf] => [path, { of: "report", field }]),
	...Object.entries(perRecord).map(([path, field]): [string, Leaf] => [path, { of: "record", field }]),
	...Object.entries(perResult).map(([path, field]): [string, Leaf] => [path, { of: "result", field }]),
]);

/**
 * A DMARC aggregate report (RFC 7489 appendix C and its drafts; RFC 9990 section 3) from the octets of its XML, in pieces cut
 * anywhere. Memory grows with the different sources, not with the size. The whole report or an error, never a part.
 */
export async function parseDmarcReport(octets: Uint8Array | AsyncIterable<Uint8Array>, limits: MailReportLimits = defaultLimits): Promise<DmarcReportResult> {
	try {
		const builder = new ReportBuilder(limits);
		const reader = new XmlReader(builder, limits);
		const decoder = new TextDecoder("utf-8", { fatal: true });
		const write = (chunk: Uint8Array): void => {
			for (let at = 0; at < chunk.length; at += 65_536) reader.write(decode(decoder, chunk.subarray(at, at + 65_536)));
		};
		if (octets instanceof Uint8Array) write(octets);
		else for await (const chunk of octets) write(chunk);
		reader.write(decode(decoder, undefined));
		reader.end();
		return { ok: true, report: builder.report() };
	} catch (error) {
		return { ok: false, error: reportError(error) };
	}
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
	try {
		return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
	} catch (error) {
		if (error instanceof TypeError) throw new ReportFault("malformed", "the report is not UTF-8");
		throw error;
	}
}

type Fields = Map<string, string>;

class ReportBuilder {
	readonly #limits: MailReportLimits;
	readonly #path: string[] = [];
	#prefix = "";
	#namespace = "";
	/** The leaf that is open, if it is one that is read. */
	#leaf: (Leaf & { text: string }) | undefined;
	readonly #report: Fields = new Map();
	#record: Fields = new Map();
	#result: Fields = new Map();
	#passed = { dkim: new Set<string>(), spf: new Set<string>() };
	readonly #rows = new Map<string, DmarcRow>();
	readonly #notes = new Set<DmarcNote>();
	#records = 0;
	#messages = 0;

	constructor(limits: MailReportLimits) {
		this.#limits = limits;
	}

	open(name: string, attributes: ReadonlyMap<string, string>): void {
		const colon = name.indexOf(":");
		const prefix = colon === -1 ? "" : name.slice(0, colon);
		const local = name.slice(colon + 1);
		if (this.#leaf !== undefined) throw new ReportFault("malformed", `${this.#leaf.field} of the report holds elements where text is expected`);
		if (this.#path.length === 0) {
			if (local !== "feedback") throw new ReportFault("malformed", "the root element is not feedback: this is no DMARC aggregate report");
			this.#prefix = prefix;
			this.#namespace = attributes.get(prefix === "" ? "xmlns" : `xmlns:${prefix}`) ?? "";
			if (this.#namespace !== dmarcNamespace && !oldNamespaces.has(this.#namespace)) this.#notes.add("unknown_namespace");
			this.#path.push("");
			return;
		}
		const declared = attributes.get(prefix === "" ? "xmlns" : `xmlns:${prefix}`);
		// Elements of other namespaces are extensions (RFC 9990 section 3): read over.
		const isOwn = prefix === this.#prefix && (declared === undefined || declared === this.#namespace);
		const parent = this.#path.at(-1) ?? "";
		const path = !isOwn || parent === "?" ? "?" : parent === "" ? local : `${parent}/${local}`;
		this.#path.push(path);
		if (path === "record") {
			this.#record = new Map();
			this.#passed = { dkim: new Set(), spf: new Set() };
		}
		if (path === "record/auth_results/dkim" || path === "record/auth_results/spf") this.#result = new Map();
		const leaf = leaves.get(path);
		if (leaf !== undefined) this.#leaf = { ...leaf, text: "" };
	}

	text(piece: string): void {
		if (this.#leaf === undefined) return;
		if (this.#leaf.text.length + piece.length > this.#limits.text)
			throw new ReportFault("too_large", `${this.#leaf.field} of the report has more than ${this.#limits.text} characters`);
		this.#leaf.text += piece;
	}

	close(): void {
		const path = this.#path.pop();
		const leaf = this.#leaf;
		if (leaf !== undefined) {
			const fields = leaf.of === "report" ? this.#report : leaf.of === "record" ? this.#record : this.#result;
			if (fields.has(leaf.field)) throw new ReportFault("malformed", `${leaf.field} of the report is given twice`);
			fields.set(leaf.field, leaf.text.trim());
			this.#leaf = undefined;
		}
		if (path === "record/auth_results/dkim") this.#addResult("dkim");
		if (path === "record/auth_results/spf") this.#addResult("spf");
		if (path === "record") this.#addRecord();
	}

	report(): DmarcReport {
		const text = (field: string): string | null => this.#report.get(field) || null;
		const domain = domainOf(this.#report.get("domain"));
		if (domain === null) throw new ReportFault("malformed", "policy_published of the report names no domain");
		const begin = instantOf(this.#report.get("begin"));
		const end = instantOf(this.#report.get("end"));
		if (begin === undefined || end === undefined || begin > end) throw new ReportFault("malformed", "date_range of the report is no range of UNIX times");
		if (this.#records === 0) this.#notes.add("no_records");
		// Values of DMARC tags are short words; other text is not kept.
		const tag = (field: string): string | null => {
			const value = this.#lower(this.#report.get(field) ?? "");
			return /^[a-z0-9:]{1,20}$/.test(value) ? value : null;
		};
		return {
			form: this.#namespace === dmarcNamespace ? "rfc9990" : "rfc7489",
			version: text("version"),
			organization: text("organization"),
			reportId: text("reportId"),
			generator: text("generator"),
			begin,
			end,
			policy: {
				domain,
				p: tag("p"),
				sp: tag("sp"),
				np: tag("np"),
				adkim: tag("adkim"),
				aspf: tag("aspf"),
				fo: tag("fo"),
				pct: tag("pct"),
				testing: tag("testing"),
				discoveryMethod: tag("discoveryMethod"),
			},
			records: this.#records,
			messages: this.#messages,
			rows: [...this.#rows.values()],
			notes: [...this.#notes].sort(),
		};
	}

	#addResult(method: "dkim" | "spf"): void {
		if (this.#lower(this.#result.get("result") ?? "") !== "pass") return;
		const domain = domainOf(this.#result.get("domain"));
		if (domain !== null) this.#addDomain(this.#passed[method], domain);
	}

	#addDomain(set: Set<string>, domain: string): void {
		if (set.has(domain)) return;
		if (set.size >= maxDomains) this.#notes.add("domains_left_out");
		else set.add(domain);
	}

	#addRecord(): void {
		this.#records += 1;
		const address = this.#record.get("sourceIp") ?? "";
		const parsed = isIP(address) === 0 ? undefined : parseIp(address);
		if (parsed === undefined) throw new ReportFault("malformed", `record ${this.#records} of the report has no source_ip that is an IP address`);
		const digits = this.#record.get("count") ?? "";
		const count = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
		this.#messages += count;
		if (!Number.isSafeInteger(this.#messages)) throw new ReportFault("malformed", `record ${this.#records} of the report has no count that is a number`);
		const sourceIp = formatIp(parsed);
		const dkim = this.#outcome("dkim");
		const spf = this.#outcome("spf");
		const disposition = this.#disposition();
		const headerFrom = domainOf(this.#record.get("headerFrom"));
		if (headerFrom === null) this.#notes.add("header_from_unreadable");
		const key = `${sourceIp} ${disposition} ${dkim} ${spf} ${headerFrom}`;
		const known = this.#rows.get(key);
		if (known === undefined) {
			if (this.#rows.size >= this.#limits.rows) throw new ReportFault("too_large", `the report has more than ${this.#limits.rows} different sources`);
			this.#rows.set(key, { sourceIp, count, dkim, spf, disposition, headerFrom, dkimDomains: [...this.#passed.dkim], spfDomains: [...this.#passed.spf] });
			return;
		}
		known.count += count;
		for (const [list, passed] of [
			[known.dkimDomains, this.#passed.dkim],
			[known.spfDomains, this.#passed.spf],
		] as const) {
			const merged = new Set(list);
			for (const domain of passed) this.#addDomain(merged, domain);
			list.splice(0, list.length, ...merged);
		}
	}

	#outcome(method: "dkim" | "spf"): "pass" | "fail" {
		const value = this.#lower(this.#record.get(method) ?? "");
		if (value !== "pass" && value !== "fail") this.#notes.add("result_not_named");
		return value === "pass" ? "pass" : "fail";
	}

	#disposition(): Disposition | null {
		const value = this.#lower(this.#record.get("disposition") ?? "");
		if (value === "none" || value === "quarantine" || value === "reject" || value === "pass") return value;
		this.#notes.add("disposition_unknown");
		return null;
	}

	#lower(value: string): string {
		const lower = value.toLowerCase();
		if (lower !== value) this.#notes.add("values_not_lower_case");
		return lower;
	}
}

/** A domain name in lower case and A-labels without a trailing dot; null for what is none, so that no other text of a stranger's is kept. */
export function domainOf(text: string | undefined): string | null {
	const given = (text ?? "").trim().replace(/\.$/, "");
	if (given.length > 1024) return null;
	const name = /^[\x21-\x7e]*$/.test(given) ? given.toLowerCase() : domainToASCII(given);
	return name.length <= 253 && /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/.test(name) ? name : null;
}

/** UNIX seconds as RFC 3339; undefined beyond the year 9999. */
function instantOf(text: string | undefined): string | undefined {
	if (text === undefined || !/^\d{1,12}$/.test(text)) return undefined;
	const seconds = Number(text);
	return seconds > 253_402_300_799 ? undefined : new Date(seconds * 1000).toISOString();
}
