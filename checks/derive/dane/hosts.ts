import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import { reasonCodeOf } from "../../collectors/dnssec/schema.ts";
import { type HostSecurity, hostsOf, type Outcome, tlsaNames } from "../../protocols/dnssec/index.ts";
import { normalizeName, recordsOf } from "../../protocols/resolver.ts";
import { type DerivationView, domainDeclaration, errorOf } from "../derivation.ts";
import { replaySecurity } from "../dnssec/replay.ts";
import { type ReplayResolver, replayResolver } from "../replay-resolver.ts";

/** The MX hosts of a domain with what is known of their security. */
export interface MailHosts {
	mx: Outcome;
	hosts: HostSecurity[];
	basisOf(names: readonly string[], outcomes: readonly Outcome[]): Evidence[];
}

/**
 * Hosts as validation saw them. Where it could not be followed (signatures not passed on, MX not answered), the hosts that plain DNS
 * names, with everything about them open: that there are no TLSA records, or that they do not match, shows without signatures.
 */
export async function mailHosts(
	view: DerivationView,
): Promise<{ ok: true; value: MailHosts | undefined } | { ok: false; error: EvidenceError; basis: Evidence[] }> {
	const declaration = domainDeclaration(view);
	const own = declaration.item === undefined ? [] : [declaration.item];
	const undeclared = errorOf(declaration.item, "config.domain");
	if (undeclared !== undefined) return { ok: false, error: undeclared, basis: own };
	if (!declaration.values.receives) return { ok: true, value: undefined };
	const replayed = await replaySecurity(view);
	if (replayed.ok && replayed.value.hostsUnknown === undefined) {
		const { seen, basisOf } = replayed.value;
		const [mx] = seen.names;
		if (mx !== undefined) {
			const plain = replayResolver(view);
			const hosts = await Promise.all(seen.hosts.map((host) => withPlainNames(host, view, plain)));
			return { ok: true, value: { mx, hosts, basisOf: (names, outcomes) => [...basisOf(names, outcomes), ...plain.used] } };
		}
	}
	const why = replayed.ok ? replayed.value.hostsUnknown : replayed.error;
	const basis = replayed.ok ? replayed.value.basisOf([view.target], replayed.value.seen.names.slice(0, 1)) : replayed.basis;
	return plainHosts(view, why ?? { code: "not_collected", message: "the DNSSEC chain could not be followed" }, basis);
}

async function plainHosts(view: DerivationView, why: EvidenceError, basis: Evidence[]): ReturnType<typeof mailHosts> {
	const plain = replayResolver(view);
	const open = (name: string, type: Outcome["type"]): Outcome => ({
		name,
		type,
		security: "indeterminate",
		reason: why.code,
		detail: why.detail ?? null,
		answer: undefined,
	});
	const answer = await plain.resolve(view.target, "MX");
	if (answer.status === "error") {
		const error = { code: answer.code ?? "malformed", detail: `MX ${view.target}`, message: "the MX records could not be looked up" } as const;
		return { ok: false, error, basis: [...basis, ...plain.used] };
	}
	const hosts = await Promise.all(
		hostsOf(view.target, answer).map((name) => {
			const { code, detail = null } = why;
			return withPlainNames(
				{ name, security: "indeterminate", reason: code, detail, zone: ".", addresses: [open(name, "A"), open(name, "AAAA")], tlsa: [] },
				view,
				plain,
			);
		}),
	);
	return { ok: true, value: { mx: open(view.target, "MX"), hosts, basisOf: () => [...basis, ...plain.used] } };
}

/** Of a host that was not asked for with signatures, only plain DNS tells whether it is an alias, at whose end its records would be. */
async function withPlainNames(host: HostSecurity, view: DerivationView, plain: ReplayResolver): Promise<HostSecurity> {
	const { name, security, reason, detail } = host;
	if (security !== "insecure" && security !== "indeterminate") return host;
	const { smtpPort = 25 } = domainDeclaration(view).values as { smtpPort?: number };
	const addresses = await Promise.all((["A", "AAAA"] as const).map((type) => plain.resolve(name, type)));
	const alias = addresses.flatMap((one) => recordsOf(one, "CNAME")).at(-1)?.data;
	const bases = typeof alias === "string" ? [normalizeName(alias), name] : [name];
	const tlsa = bases
		.flatMap((base) => tlsaNames(base, smtpPort))
		.map((one): Outcome => ({ name: one, type: "TLSA", security, reason, detail, answer: undefined }));
	return { ...host, tlsa };
}

export function gapOf(one: Outcome): Gap {
	return { code: one.security === "bogus" ? "bogus" : reasonCodeOf(one.reason), detail: one.detail ?? `${one.type} ${one.name}` };
}
