import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every check and library under checks/policies, in code-unit order. A check is <area>/<name>/<name>.rego. */
export function listPolicies(root: string): { checks: { id: string; file: string; cases: string }[]; libraries: string[] } {
	const base = "checks/policies";
	const checks: { id: string; file: string; cases: string }[] = [];
	const libraries = readdirSync(join(root, base, "lib"))
		.filter((name) => name.endsWith(".rego"))
		.sort()
		.map((name) => `${base}/lib/${name}`);
	for (const area of readdirSync(join(root, base)).sort()) {
		if (area === "lib") continue;
		for (const name of readdirSync(join(root, base, area)).sort()) {
			const folder = `${base}/${area}/${name}`;
			const files = readdirSync(join(root, folder)).sort();
			const wanted = [`${name}.cases.yaml`, `${name}.rego`];
			if (files.join() !== wanted.join()) throw new Error(`${folder}: holds ${files.join(", ")}; a check is ${wanted.join(" and ")}, nothing else`);
			checks.push({ id: `${area}.${name}`, file: `${folder}/${name}.rego`, cases: `${folder}/${name}.cases.yaml` });
		}
	}
	return { checks, libraries };
}
