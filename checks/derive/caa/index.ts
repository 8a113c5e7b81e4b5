import type { Evidence, Gap } from "../../../model/evidence.ts";
import { exchangesOf, sameOwner } from "../../collectors/dns/mail-names.ts";
import { type Certificate, parseCertificate } from "../../protocols/certificate/index.ts";
import { parseMtaStsRecord } from "../../protocols/mta-sts/index.ts";
import { type Resolver, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { caaIdentifiers } from "./authorities.ts";
import { governedNames, mayIssue } from "./may-issue.ts";

interface CaaSet {
	/** Name that holds the set; null when the climb found none. */
	foundAt: string | null;
	/** Issuer domain names, "" for nobody (";"). */
	issue: string[];
	issuewild: string[];
	issuemail: string[];
	critical: string[];
	gap?: Gap;
}

const knownTags: ReadonlySet<string> = new Set(["issue", "issuewild", "issuemail", "issuevmc", "iodef", "contactemail", "contactphone"]);

/**
 * derived.caa, one per name that mail certificates are made for, id <domain>/<name>: the CAA set that the climb finds
 * (RFC 8659 section 3), and the authorities that issued the certificates seen there.
 */
const derivation: Derivation = {
	id: "caa",
	target: "domain",
	needs: ["config.domain", "dns.caa", "dns.mx", "dns.txt"],
	uses: ["tls.session", "https.mta_sts_policy", "config.trust_anchor"],
	produces: ["derived.caa"],
	async derive(view): Promise<DerivedItem[]> {
		const { item: declaration } = domainDeclaration(view);
		const shared = replayResolver(view);
		const names = new Map<string, "domain" | "mx" | "mta_sts">([[view.target, "domain"]]);
		const mx = await shared.resolve(view.target, "MX");
		for (const host of exchangesOf(mx)) if (sameOwner(host, view.target)) names.set(host, "mx");
		const record = await shared.resolve(`_mta-sts.${view.target}`, "TXT");
		if (parseMtaStsRecord(txtStrings(record)).valid) names.set(`mta-sts.${view.target}`, "mta_sts");
		const base = [...(declaration === undefined ? [] : [declaration]), ...shared.used];
		const items: DerivedItem[] = [];
		for (const [answer, question] of [
			[mx, `MX ${view.target}`],
			[record, `TXT _mta-sts.${view.target}`],
		] as const) {
			// Names that certificates are made for may hide behind it.
			if (answer.status !== "error") continue;
			const error = { code: answer.code ?? ("malformed" as const), detail: question, message: `${question} could not be looked up` };
			items.push({ kind: "derived.caa", id: `${view.target}/${question}`, error, basis: base });
		}
		for (const [name, role] of names) {
			const resolver = replayResolver(view);
			const set = await climb(name, resolver);
			const served = servedAt(name, role, view);
			const gaps: Record<string, Gap> = {};
			if (set.gap !== undefined) for (const path of ["issue", "issuemail", "strangers", "set"]) gaps[path] = set.gap;
			const issuers = served.chains.map((chain) => issuerOf(chain, view)).filter((issuer) => issuer !== undefined);
			const strangers = issuers
				.filter(({ identifiers, names: certified }) => identifiers !== null && !mayIssue(set, identifiers, governedNames(certified, name, set.foundAt)))
				.map((issuer) => issuer.name);
			// An authority of the user's own is outside CAA; one that is not in the table cannot be compared.
			const unknown = issuers.find((issuer) => issuer.identifiers === null && !issuer.own);
			if (strangers.length === 0 && unknown !== undefined) gaps.strangers ??= { code: "vendor_unknown", detail: unknown.name };
			items.push({
				kind: "derived.caa",
				id: `${view.target}/${name}`,
				values: {
					domain: view.target,
					name,
					role,
					foundAt: set.foundAt,
					issue: set.issue,
					issuewild: set.issuewild,
					issuemail: set.issuemail,
					critical: set.critical,
					wildcardSeen: issuers.some((issuer) => issuer.names.some((certified) => certified.startsWith("*."))),
					issuers: issuers.map(({ name: issuer }) => issuer),
					strangers,
					compared: gaps.strangers === undefined,
					read: set.gap === undefined,
				},
				gaps,
				basis: [...base, ...resolver.used, ...served.items],
			});
		}
		return items;
	},
};

export default derivation;

/** RFC 8659 section 3: the first set from the name upwards counts, those above it do not. */
async function climb(start: string, resolver: Resolver): Promise<CaaSet> {
	const set: CaaSet = { foundAt: null, issue: [], issuewild: [], issuemail: [], critical: [] };
	for (let name = start; name !== ""; name = name.includes(".") ? name.slice(name.indexOf(".") + 1) : "") {
		const answer = await resolver.resolve(name, "CAA");
		if (answer.status === "error" || answer.cnameLoop === true) return { ...set, gap: { code: answer.code ?? "cname_loop", detail: `CAA ${name}` } };
		const records = recordsOf(answer, "CAA").map((record) => record.data as { flags?: number; tag?: string; value?: string });
		if (records.length === 0) continue;
		set.foundAt = name;
		for (const { flags = 0, tag = "", value = "" } of records) {
			const property = tag.toLowerCase();
			const issuer = (value.split(";")[0] ?? "").trim().toLowerCase();
			if (property === "issue" || property === "issuewild" || property === "issuemail") set[property].push(issuer);
			else if ((flags & 128) !== 0 && !knownTags.has(property)) set.critical.push(property);
		}
		return set;
	}
	return set;
}

/** Chains of what was seen at a name, each once. */
function servedAt(name: string, role: string, view: DerivationView): { chains: string[][]; items: Evidence[] } {
	const items =
		role === "mx" ? view.items("tls.session").filter((item) => item.id.startsWith(`${name}|`)) : role === "mta_sts" ? view.items("https.mta_sts_policy") : [];
	const seen = items.filter((item) => item.status === "ok");
	const chains = new Map<string, string[]>();
	for (const item of seen) {
		const chain = (item.values as { chain?: string[] }).chain ?? [];
		if (chain[0] !== undefined) chains.set(chain[0], chain);
	}
	return { chains: [...chains.values()], items: seen };
}

interface Issuer {
	name: string;
	/** Null for an authority that is not in the table. */
	identifiers: readonly string[] | null;
	/** The chain leads to an anchor of the user's own: CAA speaks to public authorities (RFC 8659 section 1). */
	own: boolean;
	/** DNS-IDs of the certificate. */
	names: string[];
}

function issuerOf(chain: readonly string[], view: DerivationView): Issuer | undefined {
	const certificates = chain.slice(0, 10).flatMap((der) => certificateOf(der));
	const [leaf] = certificates;
	if (leaf === undefined) return undefined;
	const anchors = view.items("config.trust_anchor").flatMap((item) => certificateOf((item.values as { der?: string } | undefined)?.der ?? ""));
	const own = certificates.some((one) => one.selfSigned || anchors.some((anchor) => anchor.subject.key === one.issuer.key));
	const names = leaf.extensions.subjectAltNames.flatMap((name) => (name.type === "dns" ? [name.value.toLowerCase()] : []));
	return { name: leaf.issuer.text, identifiers: caaIdentifiers(leaf.issuer.text) ?? null, own, names };
}

function certificateOf(der: string): Certificate[] {
	const parsed = parseCertificate(Buffer.from(der, "base64"));
	return parsed.ok ? [parsed.certificate] : [];
}
