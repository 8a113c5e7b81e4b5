import { parseJsonText } from "../checks/adapters/terraform/json-text.ts";
import type { DnsValues } from "../checks/collectors/dns/record-data.ts";
import { normalizeName } from "../checks/protocols/resolver.ts";
import { parseToolReport, type ToolReport } from "../checks/protocols/tls-tools/index.ts";
import { byCodeUnit, sha256Hex } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { type Evidence, type ListingValues, listingId, type Target } from "../model/evidence.ts";
import { readInputFile } from "../model/input-file.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import { refuseNamedPipe } from "./named-pipe.ts";
import { type ImportedProbe, openProbe, staleAfterDays } from "./open-probe.ts";
import { isLook, maxProbeBytes, type ProbeTarget } from "./probe-file.ts";
import { dsseSchema, readTrustedKeys, type TrustedKey } from "./signing.ts";
import type { Request } from "./targets.ts";

/**
 * Codes after which a probe from elsewhere speaks in our place: our network, or what the server thinks of it, kept us from looking.
 * What we saw ourselves always stands.
 */
const kept = new Set(["egress_blocked", "timeout", "refused", "unreachable", "reset", "not_mapped", "throttled", "rejected"]);

export interface ImportOptions {
	config: Config;
	request: Request;
	now: () => Date;
	/** Kinds that the chosen checks need; undefined means all. */
	wanted: ReadonlySet<string> | undefined;
}

/**
 * Reads every file of --evidence before anything is contacted: probes signed by a trusted key, and JSON of sslyze or testssl.sh, which
 * nobody signs. Throws InputError for what cannot be trusted or read.
 */
export async function readEvidenceFiles(files: readonly string[], options: ImportOptions): Promise<EvidenceImports | undefined> {
	if (files.length === 0) return undefined;
	const trusted = await readTrustedKeys(options.config.trust?.keys ?? [], options.request.open);
	const probes: ImportedProbe[] = [];
	const reports: ImportedReport[] = [];
	const known = new Map<string, string>();
	for (const file of files) {
		await refuseNamedPipe(file, file);
		const octets = await readInputFile(file, file, { maxBytes: maxProbeBytes });
		const sha256 = sha256Hex(octets);
		const twin = known.get(sha256);
		if (twin !== undefined) throw fault(file, twin === file ? "is given twice" : `is the same file as ${twin}`);
		known.set(sha256, file);
		const value = parseJsonText(decodeUtf8(octets, file), file);
		const probe = readProbe(file, sha256, value, trusted, options.now());
		if (probe !== undefined) probes.push(probe);
		else reports.push({ file, sha256, used: new Set(), report: readReport(file, value) });
	}
	return new EvidenceImports(probes, reports, options);
}

function readProbe(file: string, sha256: string, value: unknown, trusted: readonly TrustedKey[], now: Date): ImportedProbe | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	if ("payloadType" in value) {
		const envelope = dsseSchema.safeParse(value);
		if (!envelope.success)
			throw fault(file, `is no DSSE envelope: ${envelope.error.issues[0]?.path.join(".") ?? ""}: ${envelope.error.issues[0]?.message ?? ""}`);
		return openProbe({ file, sha256, envelope: envelope.data, trusted, now });
	}
	if ("schema" in value && typeof value.schema === "string" && value.schema.startsWith("mailward/probe/"))
		throw fault(file, "is a probe without a signature: anybody could have written it; make it with mailward probe --key FILE");
	return undefined;
}

function readReport(file: string, value: unknown): ToolReport {
	const parsed = parseToolReport(value);
	if (parsed.ok) return parsed.report;
	throw fault(file, parsed.message);
}

interface ImportedReport {
	file: string;
	sha256: string;
	report: ToolReport;
	used: Set<string>;
}

/** What was imported, joined target by target to what this run sees itself. */
export class EvidenceImports {
	readonly #probes: readonly ImportedProbe[];
	readonly #reports: readonly ImportedReport[];
	readonly #options: ImportOptions;
	/** MX hosts of each domain of this run, as seen now; undefined where that could not be seen. */
	readonly #mxNow = new Map<string, string[] | undefined>();

	constructor(probes: readonly ImportedProbe[], reports: readonly ImportedReport[], options: ImportOptions) {
		this.#probes = probes;
		this.#reports = reports;
		this.#options = options;
	}

	/** The evidence of a target with what is imported for it. Domains must come before their MX addresses. */
	merge(target: Target, items: readonly Evidence[]): Evidence[] {
		if (target.type === "domain") return this.#domain(target, items);
		if (target.type === "mx") return this.#mx(target, items);
		return [...items];
	}

	/** For run.vantage: what was imported, whose word it is, and what was refused. */
	summary(): Record<string, unknown> {
		const probes = this.#probes.map((probe) => {
			const { document, signer } = probe;
			for (const target of document.targets) this.#noteDifference(probe, target);
			return {
				type: "probe",
				file: probe.file,
				sha256: probe.sha256,
				vantage: document.vantage,
				tool: document.tool,
				startedAt: document.startedAt,
				endedAt: document.endedAt,
				signed: true,
				signedBy: { key: signer.name, keyId: signer.id },
				stale: probe.stale,
				used: [...probe.used].sort(),
				refused: [...probe.refused].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, why]) => ({ what, why })),
			};
		});
		const reports = this.#reports.map(({ file, sha256, report, used }) => ({
			type: "tool_report",
			file,
			sha256,
			tool: { name: report.tool, version: report.version },
			scannedAt: report.scannedAt,
			signed: false,
			used: [...used].sort(),
			refused: report.servers
				.map(({ host, address, port }) => `${host}|${address}|${port}`)
				.filter((id) => !used.has(id))
				.map((what) => ({ what, why: "is no MX address of this run" })),
		}));
		return { imports: [...probes, ...reports] };
	}

	#domain(target: Target, items: readonly Evidence[]): Evidence[] {
		this.#mxNow.set(target.id, mxOf(items.find((item) => item.kind === "dns.mx" && item.id === target.id)));
		if (!this.#wants("vantage.observation")) return [...items];
		const seen = this.#probes.flatMap((probe) => {
			if (!probe.document.targets.some((one) => one.domain === target.id)) return [];
			// The answers that led from the domain to its MX addresses.
			return probe.items
				.filter((item) => item.source.target === target.id && item.kind.startsWith("dns."))
				.map((item) => observation(probe, item, target, undefined));
		});
		return withImported(items, distinct(seen));
	}

	#mx(target: Target, given: readonly Evidence[]): Evidence[] {
		let items = [...given];
		const own = given.find((item) => item.kind === "smtp.starttls" && item.id === target.id);
		const observations: Evidence[] = [];
		let replaced = false;
		for (const probe of own === undefined ? [] : this.#probes) {
			const theirs = probe.items.filter((item) => item.source.target === target.id && isLook(item.kind));
			if (theirs.length === 0) continue;
			const refusal = this.#refusal(probe, target);
			if (refusal !== undefined) {
				probe.refused.set(target.id, refusal);
				items = items.map((item) => withNote(item, `; the probe of ${probe.label} is not used: ${refusal}`));
				continue;
			}
			const speaks =
				!replaced && own?.error !== undefined && kept.has(own.error.code) && theirs.some((item) => item.kind === "smtp.starttls" && item.status === "ok");
			if (speaks && probe.stale) {
				probe.refused.set(target.id, `is older than ${staleAfterDays} days`);
				items = items.map((item) => staleOf(item, probe));
			} else if (speaks) {
				replaced = true;
				probe.used.add(target.id);
				const imported = theirs.map((item) => ({ ...item, source: { ...item.source, call: `imported from vantage ${probe.label}` } }));
				items = items.map((item) => imported.find((other) => other.kind === item.kind && other.id === item.id) ?? item);
			}
			if (!this.#wants("vantage.observation")) continue;
			for (const item of theirs) {
				// The session of one network is not held against itself: where ours is missing there is one view.
				if (item.kind === "smtp.starttls" || item.kind === "tls.session")
					observations.push(observation(probe, item, target, replaced ? own?.error : undefined));
			}
		}
		return withImported(items, [...distinct(observations), ...this.#toolReports(target)]);
	}

	/** Why a probe may not speak of an MX address: the way from the domain to it must be the same now as it was then. */
	#refusal(probe: ImportedProbe, target: Target): string | undefined {
		const ways = probe.document.targets.filter((one) => one.addresses.includes(target.id));
		if (ways.length === 0) return "its list of targets does not name this address";
		if (ways.some((way) => this.#sameMx(way) === true)) return undefined;
		for (const way of ways) {
			const difference = this.#noteDifference(probe, way);
			if (difference !== undefined) return difference;
		}
		// Named itself: a host without MX records, or host|ip. The address is one of this run's own, which is all there is to compare.
		if (ways.some((way) => way.domain === null || (way.mx.length === 0 && !this.#mxNow.has(way.domain)))) return undefined;
		return `it was made for ${ways.map((way) => way.domain).join(", ")}, whose MX records this run did not see`;
	}

	#sameMx(way: ProbeTarget): boolean | undefined {
		const now = way.domain === null ? undefined : this.#mxNow.get(way.domain);
		if (now === undefined) return undefined;
		const then = mxSet(way.mx.map((one) => one.exchange));
		return then.join("\n") === now.join("\n");
	}

	#noteDifference(probe: ImportedProbe, way: ProbeTarget): string | undefined {
		if (way.domain === null || this.#sameMx(way) !== false) return undefined;
		const then = way.mx.map((one) => one.exchange).join(", ");
		const why = `the MX hosts of ${way.domain} were ${then === "" ? "none" : then} then and are ${this.#mxNow.get(way.domain)?.join(", ") || "none"} now`;
		probe.refused.set(way.domain, why);
		return why;
	}

	#toolReports(target: Target): Evidence[] {
		if (!this.#wants("tls.tool_report")) return [];
		const reports = this.#reports.flatMap(({ file, sha256, report, used }) =>
			report.servers
				.filter(({ host, address, port }) => `${host}|${address}|${port}` === target.id)
				.map(({ findings }) => {
					used.add(target.id);
					return { tool: report.tool, version: report.version, scannedAt: report.scannedAt, file, sha256, signed: false, findings };
				}),
		);
		if (reports.length === 0) return [];
		const parts = target.id.split("|");
		const [address = "", port = ""] = parts.slice(-2);
		const host = parts.slice(0, -2).join("|");
		return [
			{
				kind: "tls.tool_report",
				id: target.id,
				status: "ok",
				values: { host, address, port: Number(port), reports },
				source: { collector: "evidence-import", version: "1", call: `imported, unsigned: ${reports.map((one) => one.file).join(", ")}`, target: target.id },
				collectedAt: this.#options.now().toISOString(),
			},
		];
	}

	#wants(kind: string): boolean {
		return this.#options.wanted?.has(kind) ?? true;
	}
}

/** A vantage.observation: what another network saw of an item that this run looks at as well. `missing`: why it has nothing to be held against. */
function observation(probe: ImportedProbe, item: Evidence, target: Target, missing: Evidence["error"]): Evidence {
	const { vantage } = probe.document;
	const base = {
		kind: "vantage.observation",
		id: `${probe.label}/${item.kind}/${item.id}`,
		source: { collector: "evidence-import", version: "1", call: `imported from vantage ${probe.label}`, target: target.id },
		collectedAt: item.collectedAt,
	};
	const error = missing ?? (item.status === "error" ? item.error : undefined);
	if (error !== undefined) return { ...base, status: "error", error };
	const network = vantage.reverseName === null ? probe.label : `${probe.label} (${vantage.reverseName})`;
	const values = { vantage: probe.label, network, seenAt: item.collectedAt, signature: "valid", kind: item.kind, id: item.id, values: item.values };
	return { ...base, status: "ok", values };
}

function withNote(item: Evidence, note: string): Evidence {
	if (item.error === undefined || !isLook(item.kind) || !kept.has(item.error.code)) return item;
	return { ...item, error: { ...item.error, message: `${item.error.message}${note}` } };
}

/** There is an answer, and it is too old: that is the gap to close. */
function staleOf(item: Evidence, probe: ImportedProbe): Evidence {
	if (item.error === undefined || !isLook(item.kind) || !kept.has(item.error.code)) return item;
	const { code, message } = item.error;
	return {
		...item,
		error: {
			code: "evidence_stale",
			detail: probe.label,
			message: `the probe of ${probe.label} ended ${probe.document.endedAt}, more than ${staleAfterDays} days ago; our own look: ${code}: ${message}`,
		},
	};
}

/** The MX hosts of a domain, each once; undefined when nobody answered. */
function mxOf(item: Evidence | undefined): string[] | undefined {
	if (item === undefined || item.status === "error") return undefined;
	const { records } = item.values as DnsValues;
	return mxSet(records.filter((record) => record.type === "MX").map((record) => (record.data as { exchange: string }).exchange));
}

function mxSet(exchanges: readonly string[]): string[] {
	return [...new Set(exchanges.map(normalizeName))].sort(byCodeUnit);
}

/** Adds what was imported, and counts it in its listings, so that an item that is lost later is missed. */
function withImported(items: readonly Evidence[], imported: readonly Evidence[]): Evidence[] {
	const counts = new Map<string, number>();
	for (const { kind, source } of imported) counts.set(listingId(kind, source.target), (counts.get(listingId(kind, source.target)) ?? 0) + 1);
	const listed = items.map((item) => {
		const count = item.kind === "listing" ? counts.get(item.id) : undefined;
		return count === undefined ? item : { ...item, values: { ...(item.values as ListingValues), count } };
	});
	return [...listed, ...imported];
}

/** Two probes from one vantage: the first given counts. */
function distinct(items: readonly Evidence[]): Evidence[] {
	const byId = new Map<string, Evidence>();
	for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);
	return [...byId.values()];
}

function fault(file: string, message: string): InputError {
	return new InputError([{ file, line: 1, column: 1, message }]);
}
