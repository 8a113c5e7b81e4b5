import { isAbsent, txtStrings } from "../../protocols/resolver.ts";
import { parseTlsRpt } from "../../protocols/tls-rpt/index.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";

/** derived.tls_rpt, one per domain: what _smtp._tls says (RFC 8460). */
const derivation: Derivation = {
	id: "tls-rpt",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	produces: ["derived.tls_rpt"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const resolver = replayResolver(view);
		const name = `_smtp._tls.${view.target}`;
		const answer = await resolver.resolve(name, "TXT");
		const item = { kind: "derived.tls_rpt", id: view.target, basis: [...(declaration.item === undefined ? [] : [declaration.item]), ...resolver.used] };
		if (answer.status === "error")
			return [{ ...item, error: { code: answer.code ?? "malformed", detail: `TXT ${name}`, message: `${name} could not be looked up` } }];
		const record = parseTlsRpt(txtStrings(answer));
		const { sends, receives } = declaration.values;
		return [
			{
				...item,
				values: {
					sends,
					receives,
					absent: isAbsent(answer, "TXT"),
					cnameLoop: answer.cnameLoop ?? false,
					count: record.candidates,
					valid: record.valid,
					rua: record.uris,
					error: record.error ?? null,
				},
			},
		];
	},
};

export default derivation;
