import type { Scaffold } from "./names.ts";
import { snakeCase, words } from "./names.ts";

/** A working collector of a domain: one DNS question, answered, answered with "none", or not answered. */
export function collectorScaffold(name: string): Scaffold {
	const folder = `checks/collectors/${name}`;
	const kind = `${snakeCase(name)}.record`;
	return {
		files: [
			{ path: `${folder}/index.ts`, text: index(name, kind) },
			{ path: `${folder}/schema.ts`, text: schema },
			{ path: `${folder}/index.test.ts`, text: test(name, kind) },
		],
		next: [
			`look at something else than TXT _${name} in ${folder}/index.ts, and name in schema.ts only the fields that a check uses`,
			"npm run generate (puts it into checks/registry.ts)",
			`npm test -- ${folder}`,
			`write a check or a derivation on ${kind}: npm run new -- check <area>.<name> --evidence ${kind} --path <path> --value <value>`,
			"npm run lint && npm run typecheck",
		],
	};
}

const index = (name: string, kind: string) => `import { type Evidence, listingId, type Target } from "../../../model/evidence.ts";
import { txtStrings } from "../../protocols/resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { valuesSchema } from "./schema.ts";

const kind = "${kind}";

/** ${words(name)}: the TXT records at _${name}.<domain>, as they were answered. */
const collector: Collector = {
	id: "${name}",
	target: "domain",
	produces: [kind],
	iamActions: [],
	touches(target) {
		return [\`DNS for \${nameOf(target)}\`];
	},
	async *collect(target, context) {
		yield await look(target, context);
		yield {
			kind: "listing",
			id: listingId(kind, target.id),
			status: "ok",
			values: { kind, target: target.id, count: 1, complete: true },
			...seenNow(target, context),
		};
	},
};

export default collector;

function nameOf(target: Target): string {
	return \`_${name}.\${target.id}\`;
}

/** "None" is a positive answer; whatever else went wrong is an error with its reason, never "none". */
async function look(target: Target, context: CollectContext): Promise<Evidence> {
	const item = { kind, id: target.id, ...seenNow(target, context) };
	const answer = await context.resolver.resolve(nameOf(target), "TXT", context.signal);
	if (answer.status === "error") {
		const code = answer.code ?? "malformed";
		return { ...item, status: "error", error: { code, detail: \`TXT \${nameOf(target)}\`, message: \`\${nameOf(target)} could not be looked up\` } };
	}
	const texts = txtStrings(answer);
	if (texts.length === 0) return { ...item, status: "absent", values: { texts: [] } };
	const parsed = valuesSchema.safeParse({ texts });
	if (!parsed.success) return { ...item, status: "error", error: { code: "malformed", message: "the records are larger than a record of this kind can be" } };
	return { ...item, status: "ok", values: parsed.data };
}

function seenNow(target: Target, context: CollectContext): Pick<Evidence, "source" | "collectedAt"> {
	return { source: { collector: "${name}", version: "1", call: \`TXT \${nameOf(target)}\`, target: target.id }, collectedAt: context.now() };
}
`;

const schema = `import { z } from "zod";

/** What is kept of the answer. Limits keep a hostile zone from filling the evidence. */
export const valuesSchema = z.strictObject({
	texts: z.array(z.string().max(65_535)).min(1).max(100),
});
`;

const test = (name: string, kind: string) => `import { describe, expect, it } from "vitest";
import { configSchema } from "../../../model/config.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { type Zone, zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import collector from "./index.ts";

const target = { id: "example.org", type: "domain" } as const;

async function collect(zone: Zone): Promise<Evidence[]> {
	const context: Pick<CollectContext, "resolver" | "now" | "signal"> = {
		resolver: zoneResolver(zone),
		now: () => "2026-01-01T00:00:00Z",
		signal: new AbortController().signal,
	};
	const items: Evidence[] = [];
	for await (const item of collector.collect(target, context as CollectContext)) items.push(item);
	return items;
}

const itemOf = async (zone: Zone) => (await collect(zone)).find((item) => item.kind === "${kind}");

describe("${name}", () => {
	it("keeps what was answered, and lists it", async () => {
		const items = await collect({ "_${name}.example.org": { TXT: ["v=1", ["two ", "strings"]] } });
		expect(items).toMatchObject([
			{ kind: "${kind}", id: "example.org", status: "ok", values: { texts: ["v=1", "two strings"] } },
			{ kind: "listing", id: "${kind}@example.org", status: "ok", values: { count: 1, complete: true } },
		]);
		for (const item of items) expect(item.source).toMatchObject({ collector: "${name}", target: "example.org" });
	});

	it("says absent only where a server said so", async () => {
		expect(await itemOf({})).toMatchObject({ status: "absent" });
		expect(await itemOf({ "_${name}.example.org": { A: ["192.0.2.1"] } })).toMatchObject({ status: "absent" });
	});

	it.each([
		["SERVFAIL", "servfail"],
		["TIMEOUT", "timeout"],
		["REFUSED", "refused"],
	] as const)("makes %s an error", async (fault, code) => {
		expect(await itemOf({ "_${name}.example.org": fault })).toMatchObject({ status: "error", error: { code } });
	});

	it("takes no more than a record of this kind can hold", async () => {
		const texts = Array.from({ length: 101 }, (_unused, index) => \`v=\${index}\`);
		expect(await itemOf({ "_${name}.example.org": { TXT: texts } })).toMatchObject({ status: "error", error: { code: "malformed" } });
	});

	it("says what it would contact", () => {
		expect(collector.touches(target, { config: configSchema.parse({ version: 1 }) })).toEqual(["DNS for _${name}.example.org"]);
	});
});
`;
