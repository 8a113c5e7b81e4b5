import { isIP } from "node:net";
import type { Gap } from "../../../model/evidence.ts";
import { type DnsAnswer, normalizeName, recordsOf } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";

interface MxHost {
	name: string;
	preference: number;
	addresses: string[];
	alias: boolean;
	addressLiteral: boolean;
}

/** derived.mx, one per domain: its mail hosts with their addresses, null MX, aliases (RFC 5321 5.1, RFC 7505). */
const derivation: Derivation = {
	id: "mx",
	target: "domain",
	needs: ["config.domain", "dns.mx", "dns.a", "dns.aaaa"],
	produces: ["derived.mx"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const resolver = replayResolver(view);
		const answer = await resolver.resolve(view.target, "MX");
		const basis = () => [...(declaration.item === undefined ? [] : [declaration.item]), ...resolver.used];
		if (answer.status === "error") {
			return [
				{
					kind: "derived.mx",
					id: view.target,
					error: { code: answer.code ?? "malformed", detail: `MX ${view.target}`, message: "the MX records could not be looked up" },
					basis: basis(),
				},
			];
		}
		const gaps: Record<string, Gap> = {};
		const hosts: MxHost[] = [];
		const targets = recordsOf(answer, "MX").map((record) => record.data as { preference?: number; exchange: string });
		const nullMx = targets.some((target) => isRoot(target.exchange));
		// RFC 7505 3: its preference is 0.
		const nullPreference = nullMx ? Math.max(...targets.filter((target) => isRoot(target.exchange)).map((target) => target.preference ?? 0)) : null;
		for (const target of targets) {
			if (isRoot(target.exchange)) continue;
			const name = normalizeName(target.exchange);
			const addressLiteral = isIP(name.replace(/^\[|\]$/g, "")) !== 0;
			const found = addressLiteral ? { addresses: [], alias: false } : await addressesOf(name);
			hosts.push({ name, preference: target.preference ?? 0, addressLiteral, ...found });
		}
		const implicit = targets.length === 0 && (await addressesOf(view.target)).addresses.length > 0;
		const { sends, receives } = declaration.values;
		return [
			{
				kind: "derived.mx",
				id: view.target,
				values: { sends, receives, count: targets.length, nullMx, nullPreference, implicit, cnameLoop: answer.cnameLoop ?? false, hosts },
				gaps,
				basis: basis(),
			},
		];

		async function addressesOf(name: string): Promise<{ addresses: string[]; alias: boolean }> {
			const answers: DnsAnswer[] = [];
			for (const type of ["A", "AAAA"] as const) {
				const one = await resolver.resolve(name, type);
				if (one.status === "error") gaps["hosts.addresses"] ??= { code: one.code ?? "malformed", detail: `${type} ${name}` };
				answers.push(one);
			}
			const addresses = answers.flatMap((one) => [...recordsOf(one, "A"), ...recordsOf(one, "AAAA")].map((record) => String(record.data)));
			return { addresses, alias: answers.some((one) => recordsOf(one, "CNAME").some((record) => normalizeName(record.name) === name)) };
		}
	},
};

export default derivation;

function isRoot(name: string): boolean {
	return name === "" || name === ".";
}
