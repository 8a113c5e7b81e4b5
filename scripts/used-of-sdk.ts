import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

const prefix = "\0used:";
/** A client of 200 operations is asked for a handful: `ListKeys` is named where it is called, `ListKeysCommand` is what the SDK calls it. */
const loaded = /^(?:\w+(?:Client|Command)|from[A-Z]\w*)$/;

/** Lets code of ours that imports a package of the AWS SDK have what it names of it, and leaves the rest out of the bundle. */
export function usedOfSdk(dist: string): Plugin {
	let words: ReadonlySet<string> | undefined;
	return {
		name: "used-of-sdk",
		resolveId: {
			filter: { id: /^@aws-sdk\// },
			handler: (id, importer) => (importer === undefined || importer.includes("/node_modules/") || importer.startsWith(prefix) ? null : `${prefix}${id}`),
		},
		load: {
			filter: { id: /^\0used:/ },
			async handler(id) {
				const name = id.slice(prefix.length);
				words ??= wordsIn(join(dist, "checks"), join(dist, "pipeline"));
				const exported = Object.keys((await import(name)) as object);
				const used = exported.filter((one) => loaded.test(one) && (words?.has(one) || words?.has(one.replace(/Command$/, ""))));
				if (used.length === 0) throw new Error(`${name} is imported, and nothing of it is named`);
				return `export { ${used.join(", ")} } from ${JSON.stringify(name)};`;
			},
		},
	};
}

function wordsIn(...folders: string[]): ReadonlySet<string> {
	const found = new Set<string>();
	for (const folder of folders)
		for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) => one.endsWith(".js")))
			for (const [word] of readFileSync(join(folder, file), "utf8").matchAll(/[A-Za-z]\w+/g)) found.add(word);
	return found;
}
