import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../docs/decisions");

it("docs/decisions/README.md lists every page by its title, in the order of their numbers", () => {
	const pages = readdirSync(folder).filter((name) => name !== "README.md");
	const listed = pages.sort().map((name) => {
		const [, title] = /^# (\d{4} .+)\n/.exec(readFileSync(join(folder, name), "utf8")) ?? [];
		return `- [${title ?? `${name} begins with no "# <number> <title>"`}](${name})`;
	});
	expect(readFileSync(join(folder, "README.md"), "utf8").match(/^- .*$/gm)).toEqual(listed);
});
