import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type PortfolioEntry, writePortfolio } from "../reports/index.ts";
import { defaultTheme } from "../reports/theme/theme.ts";
import { writeBundleFile } from "./evaluate.ts";
import { readResult } from "./report.ts";

/** Writes the page over several bundles and gives its path. A client is called by its legal name, or by its folder where it has none. */
export async function portfolio(
	bundles: readonly { dir: string; name: string; href: string }[],
	out: string,
	classification = defaultTheme.classification,
): Promise<string> {
	const entries: PortfolioEntry[] = [];
	for (const { dir, name, href } of bundles) {
		const result = await readResult(dir);
		entries.push({ name: result.entity.legalName === "Unnamed entity" ? name : result.entity.legalName, href, result });
	}
	await mkdir(out, { recursive: true });
	for (const file of writePortfolio(entries, { ...defaultTheme, classification })) await writeBundleFile(out, file.path, file.chunks);
	return join(out, "index.html");
}
