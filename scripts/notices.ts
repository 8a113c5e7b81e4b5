import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Package {
	name: string;
	title: string;
	license: string;
	text: string;
}

/** The licences of packages whose code stands in the bundle: MIT, ISC, BSD and Apache ask that they go with every copy. Each text stands once, under all that it covers. */
export function noticesOf(folders: readonly string[]): string {
	const packages = folders.map(read);
	const byText = Map.groupBy(packages, (one) => one.text || textOfSiblings(one, packages));
	return [...byText].map(([text, covered]) => [...covered.map(({ title }) => title), "", text, ""].join("\n")).join("\n");
}

function read(folder: string): Package {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<"name" | "version" | "license", string>;
	const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
	const text = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
	return { name, title: `${name} ${version} (${license})`, license, text: text.join("\n\n") };
}

/** Some packages of a family leave the file out that their siblings under the same licence carry. */
function textOfSiblings({ name, license, title }: Package, packages: readonly Package[]): string {
	const [scope] = /^@[^/]+\//.exec(name) ?? [];
	const sibling = packages.find((one) => scope !== undefined && one.name.startsWith(scope) && one.license === license && one.text !== "");
	if (sibling === undefined) throw new Error(`${title} goes into the bundle and has no licence file`);
	return sibling.text;
}
