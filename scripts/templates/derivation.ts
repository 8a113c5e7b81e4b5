import type { Scaffold } from "./names.ts";
import { snakeCase, words } from "./names.ts";

/** A working derivation of a domain: a fact from one stored DNS answer, or the reason why there is none. */
export function derivationScaffold(name: string): Scaffold {
	const folder = `checks/derive/${name}`;
	const kind = `derived.${snakeCase(name)}`;
	return {
		files: [
			{ path: `${folder}/index.ts`, text: index(name, kind) },
			{ path: `${folder}/index.test.ts`, text: test(name, kind) },
		],
		next: [
			`derive something else than the number of TXT records at _${name} in ${folder}/index.ts; facts only, no opinion`,
			"npm run generate (puts it into checks/registry.ts)",
			`npm test -- ${folder}`,
			`write a check whose evidence is [${kind}]; one beside it in checks/policies is the pattern`,
			"npm run lint && npm run typecheck",
		],
	};
}

const index = (name: string, kind: string) => `import { txtStrings } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";

/** ${kind}, one per domain: how many TXT records stand at _${name}. */
const derivation: Derivation = {
	id: "${name}",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	produces: ["${kind}"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const resolver = replayResolver(view);
		const name = \`_${name}.\${view.target}\`;
		const answer = await resolver.resolve(name, "TXT");
		const item = { kind: "${kind}", id: view.target, basis: [...(declaration.item === undefined ? [] : [declaration.item]), ...resolver.used] };
		if (answer.status === "error") {
			return [{ ...item, error: { code: answer.code ?? "malformed", detail: \`TXT \${name}\`, message: \`\${name} could not be looked up\` } }];
		}
		const { sends, receives } = declaration.values;
		return [{ ...item, values: { sends, receives, count: txtStrings(answer).length } }];
	},
};

export default derivation;

// ${words(name)}: where ages or dates matter, use view.asOf and view.today, never the machine's clock.
`;

const test = (name: string, kind: string) => `import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import type { DerivationView } from "../derivation.ts";
import derivation from "./index.ts";

const source = { collector: "dns", version: "1", call: "case", target: "example.org" };
const at = { source, collectedAt: "2026-01-01T00:00:00Z" };
const declaration: Evidence = {
	kind: "config.domain",
	id: "example.org",
	status: "ok",
	values: { name: "example.org", sends: true, receives: false, dkimSelectors: [] },
	...at,
};
const txt = (over: Partial<Evidence>): Evidence => ({ kind: "dns.txt", id: "_${name}.example.org", status: "ok", ...at, ...over });

function view(items: readonly Evidence[]): DerivationView {
	return {
		target: "example.org",
		asOf: new Date("2026-01-01T00:00:00Z"),
		today: "2026-01-01",
		items: (kind) => items.filter((item) => item.kind === kind),
		item: (kind, id) => items.find((item) => item.kind === kind && item.id === id),
		supplied: () => true,
		others: () => [],
		listingError: () => undefined,
		remember: (_key, make) => make(),
	};
}

describe("${kind}", () => {
	it("counts the records, and names what it rests on", async () => {
		const record = { name: "_${name}.example.org", type: "TXT", ttl: 300, data: ["v=1"] };
		const answer = txt({ values: { rcode: "NOERROR", records: [record, record] } });
		expect(await derivation.derive(view([declaration, answer]))).toEqual([
			{ kind: "${kind}", id: "example.org", values: { sends: true, receives: false, count: 2 }, basis: [declaration, answer] },
		]);
	});

	it("counts none where a server said that there is none", async () => {
		const answer = txt({ status: "absent", values: { rcode: "NXDOMAIN", records: [] } });
		expect(await derivation.derive(view([declaration, answer]))).toMatchObject([{ values: { count: 0 } }]);
	});

	it("passes on why nobody could look", async () => {
		const answer = txt({ status: "error", error: { code: "servfail", message: "SERVFAIL" } });
		expect(await derivation.derive(view([declaration, answer]))).toMatchObject([{ error: { code: "servfail" } }]);
		expect(await derivation.derive(view([declaration]))).toMatchObject([{ error: { code: "not_collected" } }]);
	});
});
`;
