import { accountWideKinds, readTerraform, terraformEvidence } from "../../checks/adapters/terraform/index.ts";
import type { CollectContext } from "../../checks/collectors/collector.ts";
import dns from "../../checks/collectors/dns/index.ts";
import { linkedHosts } from "../../checks/collectors/dns/linked-hosts.ts";
import type { Derivation } from "../../checks/derive/derivation.ts";
import { EvidenceStore, listingOf } from "../../checks/engine/evidence-store.ts";
import type { CheckMetadata } from "../../checks/engine/metadata.ts";
import { effectiveParameters } from "../../checks/engine/parameters.ts";
import { targetTypesOf } from "../../checks/engine/selection.ts";
import { judgeCheck, type Verdict } from "../../checks/engine/verdict.ts";
import { calendarDate, runDerivation } from "../../checks/engine/view.ts";
import { policyHost } from "../../checks/engine/wasm-host.ts";
import { pemCertificates } from "../../checks/protocols/certificate/index.ts";
import type { MtaStsFetch } from "../../checks/protocols/mta-sts/index.ts";
import { zoneResolver } from "../../checks/protocols/testing/zone-resolver.ts";
import { type Authority, type CertificateVariant, createAuthority } from "../../lab/index.ts";
import { sha256Hex } from "../../model/canonical.ts";
import { configSchema, domainConfigSchema } from "../../model/config.ts";
import { type Evidence, type EvidenceError, type Target, type TargetType, targetTypes } from "../../model/evidence.ts";
import { currentSupply } from "../../pipeline/supply.ts";
import { bimiItem } from "./bimi-case.ts";
import type { CaseTarget, CheckCase } from "./case-file.ts";
import { contentItems } from "./content-case.ts";
import { stapledChain } from "./ocsp.ts";
import { serviceItem } from "./service-case.ts";
import { collectSigned, withTlsa } from "./signed-case.ts";
import { activeValues, offersValues } from "./tls-case.ts";

const defaultIds: Record<TargetType, string> = {
	plan: "cdk.tf.json",
	domain: "example.org",
	mx: "mx.example.org|192.0.2.10|25",
	records: "records/",
	content: "templates/",
	reports: "reports/",
	account: "111122223333/us-east-1",
};

/** The raw evidence of a case: what the collectors and the adapter yield for it. */
export async function caseEvidence(check: CheckMetadata, one: CheckCase): Promise<{ targets: Target[]; items: Evidence[] }> {
	const own = ownType(check, one);
	const ownId = own === "domain" ? (one.domain?.name ?? defaultIds.domain) : defaultIds[own];
	// A case of MX addresses names them itself.
	const targets: CaseTarget[] = own === "mx" && one.smtp !== undefined ? [] : [{ id: ownId, type: own }];
	if (own !== "records" && one.records !== undefined) targets.push({ id: defaultIds.records, type: "records" });
	targets.push(...(one.targets ?? []));
	const items: Evidence[] = [];
	if (one.terraform !== undefined) {
		const document = readTerraform(Buffer.from(JSON.stringify(one.terraform)), "cdk.tf.json");
		items.push(...terraformEvidence(document, { target: defaultIds.plan, now: one.asOf, version: "1" }));
	}
	if (one.dns !== undefined || own === "domain") items.push(...(await collectDns(one)));
	if (one.policy !== undefined) items.push(...policyEvidence(one, one.policy));
	if (one.bimi !== undefined) {
		const chainOf = (variant: CertificateVariant, host: string) => authorityAt(one.asOf).certificate({ variant }, host).chain;
		items.push(bimiItem(one.bimi, chainOf, { id: ownId, source: source("bimi", ownId), collectedAt: one.asOf }), anchor(one, ownId));
	}
	for (const service of one.services ?? []) {
		const chain = authorityAt(one.asOf).certificate({ variant: service.certificate }, "mx.example.org").chain;
		items.push(serviceItem(service, chain, { source: source("case", defaultIds.mx), collectedAt: one.asOf }));
	}
	if (one.services !== undefined) items.push(anchor(one, defaultIds.mx));
	for (const probe of one.smtp ?? []) {
		const target = { id: `${probe.host}|${probe.address}|25`, type: "mx" as const, domains: [one.domain?.name ?? "example.org"] };
		if (!targets.some((known) => known.id === target.id)) targets.push(target);
		items.push(...smtpEvidence(one, probe, target.id));
	}
	if (one.content !== undefined) items.push(...(await contentItems(one.content, defaultIds.content, one.asOf)));
	for (const [kind, rows] of Object.entries(one.records ?? {})) {
		rows.forEach((values, index) => {
			items.push({
				kind: `record.${kind}`,
				id: String(values.id ?? `${kind}-${index}`),
				status: "ok",
				values,
				source: source("records", defaultIds.records),
				collectedAt: one.asOf,
			});
		});
	}
	for (const { on, ...item } of one.evidence ?? []) {
		items.push({ ...item, source: item.source ?? source("case", on ?? (targets[0] as Target).id), collectedAt: item.collectedAt ?? one.asOf } as Evidence);
	}
	return { targets, items: withListings(items, targets, one.asOf) };
}

/** Derives and judges: what the check says of the evidence. Derivations that the check does not rest on are left out. */
export async function judge(check: CheckMetadata, one: CheckCase, targets: Target[], items: readonly Evidence[]): Promise<Verdict[]> {
	return (await judgeWithStore(check, one, targets, items)).verdicts;
}

/** The same, with the store that the verdicts rest on. */
export async function judgeWithStore(
	check: CheckMetadata,
	one: CheckCase,
	targets: Target[],
	items: readonly Evidence[],
): Promise<{ verdicts: Verdict[]; store: EvidenceStore }> {
	const supply = currentSupply();
	const store = new EvidenceStore(targets);
	for (const item of items) store.add(item);
	const asOf = new Date(one.asOf);
	for (const target of [...targets].sort((a, b) => Number(a.type === "domain") - Number(b.type === "domain"))) {
		for (const derivation of derivationsBehind(check, target.type))
			await runDerivation(derivation, target, store, { asOf, today: calendarDate(asOf, "UTC") }, supply);
	}
	const types = targetTypesOf(check, supply);
	const { values } = effectiveParameters(check, one.parameters);
	const verdicts = targets
		.filter((target) => types.includes(target.type))
		.flatMap((target) => judgeCheck(check, target, store, { host: policyHost(), parameters: values, asOf: asOf.toISOString(), accountWideKinds }));
	return { verdicts, store };
}

/** The derivations of a target type that make the check's kinds, or what those are made from, in order. */
export function derivationsBehind(check: CheckMetadata, type: TargetType): Derivation[] {
	const supply = currentSupply();
	const wanted = new Set(check.evidence);
	const all = [...new Set(targetTypes.flatMap((one) => [...supply.derivations(one)]))];
	for (let size = -1; size !== wanted.size; ) {
		size = wanted.size;
		for (const one of all) if (one.produces.some((kind) => wanted.has(kind))) for (const kind of [...one.needs, ...(one.uses ?? [])]) wanted.add(kind);
	}
	return supply.derivations(type).filter((one) => one.produces.some((kind) => wanted.has(kind)));
}

function ownType(check: CheckMetadata, one: CheckCase): TargetType {
	const types = targetTypesOf(check, currentSupply());
	const first = types[0];
	if (first === undefined) throw new Error(`no target can supply ${check.evidence.join(", ")}`);
	return one.terraform !== undefined && types.includes("plan") ? "plan" : first;
}

async function collectDns(one: CheckCase): Promise<Evidence[]> {
	const name = one.domain?.name ?? "example.org";
	const domain = domainConfigSchema.parse({ name, ...one.domain });
	const zone = withTlsa(one, (host) => authorityAt(one.asOf).certificate({ variant: "valid", expiresInDays: undefined }, host).chain);
	const context = {
		config: configSchema.parse({ version: 1, domains: [domain], network: one.network }),
		path: "",
		domain: (wanted: string) => (wanted === name ? domain : undefined),
		resolver: zoneResolver(zone as Parameters<typeof zoneResolver>[0]),
		linkedHosts: linkedHosts(one.evidence ?? []),
		now: () => one.asOf,
		signal: new AbortController().signal,
		limit: (_key: string, _perKey: number, work: () => Promise<unknown>) => work(),
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	} as unknown as CollectContext;
	const items: Evidence[] = [];
	for await (const item of dns.collect({ id: name, type: "domain" }, context)) items.push(item);
	if (one.signed !== undefined) items.push(...(await collectSigned(one, zone, context)));
	return items;
}

/** One authority per clock: certificates of a case are dated from its asOf and are the same bytes in every run. */
const authorities = new Map<string, Authority>();
function authorityAt(asOf: string): Authority {
	let authority = authorities.get(asOf);
	if (authority === undefined) {
		authority = createAuthority({ now: new Date(asOf), seed: "cases" });
		authorities.set(asOf, authority);
	}
	return authority;
}

function anchor(one: CheckCase, target: string): Evidence {
	const der = pemCertificates(authorityAt(one.asOf).caPem)[0] as Uint8Array;
	return {
		kind: "config.trust_anchor",
		id: sha256Hex(der),
		status: "ok",
		values: { der: Buffer.from(der).toString("base64") },
		source: source("case", target),
		collectedAt: one.asOf,
	};
}

function policyEvidence(one: CheckCase, policy: NonNullable<CheckCase["policy"]>): Evidence[] {
	const domain = one.domain?.name ?? "example.org";
	const item = { kind: "https.mta_sts_policy", id: domain, source: source("mta-sts", domain), collectedAt: one.asOf };
	if (policy.error !== undefined) return [{ ...item, status: "error", error: { code: policy.error, message: "case" } }, anchor(one, domain)];
	if (policy.absent) return [{ ...item, status: "absent", values: { why: "no_record" } }, anchor(one, domain)];
	const host = `mta-sts.${domain}`;
	const chain = authorityAt(one.asOf)
		.certificate({ variant: policy.certificate }, host)
		.chain.map((der) => der.toString("base64"));
	const body = policy.body ?? null;
	const values: MtaStsFetch = {
		host,
		outcome: "answered",
		recordId: "1",
		recordError: null,
		address: "192.0.2.20",
		httpStatus: policy.status,
		contentType: policy.contentType,
		location: null,
		bytes: body?.length ?? 0,
		body,
		truncated: false,
		chain,
		error: null,
		attempts: [],
	};
	return [{ ...item, status: "ok", values }, anchor(one, domain)];
}

function smtpEvidence(one: CheckCase, probe: NonNullable<CheckCase["smtp"]>[number], id: string): Evidence[] {
	const at = { id, collectedAt: one.asOf, source: source("smtp", id) };
	const server = { host: probe.host, address: probe.address, port: 25 };
	/** tls.offers, smtp.active and config.network, as far as the case asks for them and nothing before them failed. */
	const deeper = (error: EvidenceError | undefined): Evidence[] => [
		probe.offers === undefined
			? { kind: "tls.offers", ...at, status: "error", error: { code: "not_at_this_depth", message: "case" } }
			: error === undefined
				? { kind: "tls.offers", ...at, status: "ok", values: offersValues(server, probe.offers) }
				: { kind: "tls.offers", ...at, status: "error", error },
		probe.active === undefined
			? { kind: "smtp.active", ...at, status: "error", error: { code: "not_permitted", message: "case" } }
			: error === undefined
				? { kind: "smtp.active", ...at, status: "ok", values: activeValues(server, probe.active) }
				: { kind: "smtp.active", ...at, status: "error", error },
		{ kind: "config.network", ...at, status: "ok", values: { tlsProfile: probe.profile, tlsDepth: probe.offers === undefined ? "standard" : "full" } },
	];
	if (probe.error !== undefined) {
		const error = { code: probe.error, message: "case" };
		return [
			{ kind: "smtp.starttls", ...at, status: "error", error },
			{ kind: "tls.session", ...at, status: "error", error },
			...deeper(error),
			anchor(one, id),
		];
	}
	const tlsError = probe.tlsError ?? (probe.starttls && probe.reply === 220 && !probe.injected ? undefined : "starttls_unavailable");
	const starttls = {
		advertised: probe.starttls,
		overwritten: probe.overwritten,
		replyCode: probe.starttls ? probe.reply : null,
		replyText: null,
		plaintextAfterReply: probe.injected,
		upgraded: tlsError === undefined,
	};
	const stapled = probe.staple === undefined ? undefined : stapledChain(probe.staple, probe.host, one.asOf);
	const session: Evidence =
		tlsError === undefined
			? {
					kind: "tls.session",
					...at,
					status: "ok",
					values: {
						...server,
						servername: probe.host,
						protocol: probe.protocol,
						cipher: probe.cipher,
						group: probe.group === undefined ? null : { type: "KEM", name: probe.group, bits: null },
						chain: (
							stapled?.chain ?? authorityAt(one.asOf).certificate({ variant: probe.certificate, expiresInDays: probe.expiresInDays }, probe.host).chain
						).map((der) => der.toString("base64")),
						accepted: probe.accepted,
						ocspStaple: stapled?.staple.toString("base64") ?? null,
						earlyDataBytes: probe.earlyDataBytes,
					},
				}
			: { kind: "tls.session", ...at, status: "error", error: { code: tlsError, message: "case" } };
	const values = {
		...server,
		greeting: { code: 220, lines: ["220 mx"] },
		ehlo: { command: "EHLO", code: 250, keywords: probe.starttls ? ["STARTTLS"] : probe.overwritten ? ["XXXXXXXA"] : [] },
		starttls,
		ehloTls: tlsError === undefined ? probe.ehloTls : null,
		transcript: [],
	};
	return [{ kind: "smtp.starttls", ...at, status: "ok", values }, session, ...deeper(session.error), anchor(one, id)];
}

function source(collector: string, target: string): Evidence["source"] {
	return { collector, version: "1", call: "case", target };
}

/** A complete listing for every kind that the case's targets could supply and that has none yet. */
function withListings(items: Evidence[], targets: readonly Target[], asOf: string): Evidence[] {
	const listed = new Set(items.filter((item) => item.kind === "listing").map((item) => `${item.source.target}\n${item.id}`));
	const all = [...items];
	for (const target of targets) {
		for (const kind of currentSupply().kinds(target.type)) {
			if (kind.startsWith("derived.") || listed.has(`${target.id}\n${kind}@${target.id}`)) continue;
			if (target.type === "plan" && accountWideKinds.has(kind)) continue;
			const count = items.filter((item) => item.kind === kind && item.source.target === target.id).length;
			all.push(listingOf({ kind, target: target.id, count, complete: true }, source("case", target.id), asOf));
		}
	}
	return all;
}
