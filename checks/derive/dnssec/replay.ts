import type { Evidence, EvidenceError } from "../../../model/evidence.ts";
import { dnssecKind, dnssecTypes, readAnchor, readAnswer, reasonCodeOf } from "../../collectors/dnssec/schema.ts";
import { DnssecValidator, type DsRecord, type MailSecurity, mailSecurity, type Outcome } from "../../protocols/dnssec/index.ts";
import { type DnsAnswer, normalizeName, recordsOf } from "../../protocols/resolver.ts";
import { type DerivationView, domainDeclaration, errorOf } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";

export interface ReplayedSecurity {
	seen: MailSecurity;
	/** Why the mail hosts are not known: what rests on them can then not be told. */
	hostsUnknown: EvidenceError | undefined;
	/** Raw items with signatures of this domain. */
	items: Evidence[];
	/** What answers rest on: their items and those of aliases on the way, the zones above them and above `names`, anchors and declaration. */
	basisOf(names: readonly string[], outcomes: readonly Outcome[]): Evidence[];
	/** When the answers were collected: the clock that signatures are checked by. Their dates are facts of that day, whenever it is judged. */
	at: Date;
	sends: boolean;
	receives: boolean;
}

/** What the DNSSEC collector yields. */
export const signedKinds = ["config.dnssec_anchor", ...dnssecTypes.map(dnssecKind)];

/** Validates the stored answers again, as they were validated when they were collected. */
export async function replaySecurity(
	view: DerivationView,
): Promise<{ ok: true; value: ReplayedSecurity } | { ok: false; error: EvidenceError; basis: Evidence[] }> {
	const declaration = domainDeclaration(view);
	const own = declaration.item === undefined ? [] : [declaration.item];
	const undeclared = errorOf(declaration.item, "config.domain");
	if (undeclared !== undefined) return { ok: false, error: undeclared, basis: own };
	const anchorItems = view.items("config.dnssec_anchor");
	for (const kind of signedKinds) {
		const fault = view.listingError(kind);
		if (fault !== undefined) return { ok: false, error: fault, basis: [...own, ...anchorItems] };
	}
	const anchors = anchorItems.map((item) => readAnchor(item)).filter((anchor): anchor is DsRecord => anchor !== undefined);
	const [first] = anchorItems;
	if (first === undefined || anchors.length < anchorItems.length) {
		return {
			ok: false,
			error: { code: "not_collected", detail: "config.dnssec_anchor", message: "the evidence holds no trust anchors" },
			basis: [...own, ...anchorItems],
		};
	}
	const used = new Set<Evidence>();
	const plain = replayResolver(view);
	const at = new Date(first.collectedAt);
	const validator = new DnssecValidator({
		anchors,
		now: at,
		limits: { questions: 4000, verifications: 4000, hashRounds: 400_000 },
		resolver: {
			resolve(name, type) {
				const item = view.item(dnssecKind(type), normalizeName(name));
				if (item === undefined) return Promise.resolve({ status: "error", code: "not_collected", answers: [] });
				used.add(item);
				return Promise.resolve(readAnswer(item));
			},
		},
	});
	const mx = await plain.resolve(view.target, "MX");
	const declared = declaration.values as typeof declaration.values & { smtpPort?: number };
	const seen = await mailSecurity({ domain: view.target, validator, mx, selectors: declared.dkimSelectors, smtpPort: declared.smtpPort ?? 25 });
	const items = dnssecTypes.flatMap((type) => view.items(dnssecKind(type)));
	const { sends, receives } = declared;
	const signedMx = seen.names[0]?.security === "secure";
	const fixed = [...own, ...anchorItems, ...(signedMx ? [] : plain.used)];
	const basisOf = (names: readonly string[], outcomes: readonly Outcome[]): Evidence[] => {
		const questions = new Set(outcomes.flatMap(questionsOf));
		const all = [...names, ...namesOf(outcomes)];
		return [...fixed, ...[...used].filter((item) => questions.has(`${item.kind} ${item.id}`) || isAbove(item, all))];
	};
	return { ok: true, value: { seen, hostsUnknown: unknownHosts(view.target, seen, mx), items, basisOf, at, sends, receives } };
}

/** Names that questions were about, with those that aliases led to. */
function namesOf(outcomes: readonly Outcome[]): string[] {
	return outcomes.flatMap((one) => [one.name, ...aliases(one).map(({ to }) => to)]);
}

/** Kind and id of the items behind an outcome: every name of a chain of aliases was asked for itself. */
function questionsOf(one: Outcome): string[] {
	const links = aliases(one);
	return [...[one.name, ...links.map(({ to }) => to)].map((name) => `${dnssecKind(one.type)} ${name}`), ...links.map(({ from }) => `dnssec.cname ${from}`)];
}

function aliases({ answer }: Outcome): { from: string; to: string }[] {
	if (answer === undefined) return [];
	return recordsOf(answer, "CNAME").map((record) => ({ from: normalizeName(record.name), to: normalizeName(String(record.data)) }));
}

/** Keys and delegations count for everything below them. */
function isAbove(item: Evidence, names: readonly string[]): boolean {
	if (item.kind !== "dnssec.ds" && item.kind !== "dnssec.dnskey") return false;
	return names.some((name) => name === item.id || item.id === "." || name.endsWith(`.${item.id}`));
}

/** The signed answer names the hosts; where the zone is not signed, the plain one does. One that could not be had leaves them open. */
function unknownHosts(domain: string, seen: MailSecurity, mx: DnsAnswer): EvidenceError | undefined {
	const [signed] = seen.names;
	const message = "the MX records could not be looked up";
	if (signed?.security === "indeterminate") return { code: reasonCodeOf(signed.reason), detail: signed.detail ?? `MX ${domain}`, message };
	if (signed?.security !== "secure" && mx.status === "error") return { code: mx.code ?? "malformed", detail: `MX ${domain}`, message };
	return undefined;
}
