import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ResultDocument } from "../model/result.ts";
import { type PortfolioEntry, writePortfolio } from "../reports/index.ts";
import { defaultTheme, themeOf } from "../reports/theme/theme.ts";
import { earlierBundles } from "./bundle/chain.ts";
import { writeBundleFile } from "./bundle-file.ts";
import { readScan } from "./read-scan.ts";
import { logoOf } from "./report.ts";

/**
 * Writes the page over several bundles and gives its path. Each bundle is verified first, and so are those before it in its chain, whose
 * counts are its trend. A client is called by its legal name, or by its folder where it has none. `look` is the firm's own: the report
 * settings of its configuration, and what leads from the logo's path to its file. Throws InputError.
 */
export async function portfolio(
	bundles: readonly { dir: string; name: string; href: string }[],
	out: string,
	look: { report?: ResultDocument["report"]; open?: (path: string) => string } = {},
): Promise<string> {
	const { report = { classification: defaultTheme.classification, paperSize: defaultTheme.paperSize } } = look;
	const theme = themeOf({ report }, { logo: await logoOf(report, look.open ?? ((path) => path)) });
	const entries: PortfolioEntry[] = [];
	for (const { dir, name, href } of bundles) {
		const { result } = await readScan(dir, "a client's bundle");
		const earlier: NonNullable<PortfolioEntry["earlier"]> = [];
		for (const before of await earlierBundles(dir)) {
			const { run, totals } = (await readScan(before, "an earlier bundle of a client")).result;
			earlier.unshift({ asOf: run.asOf, totals: totals.results });
		}
		entries.push({ name: result.entity.legalName === "Unnamed entity" ? name : result.entity.legalName, href, result, earlier });
	}
	await mkdir(out, { recursive: true });
	for (const file of writePortfolio(entries, theme)) await writeBundleFile(out, file.path, file.chunks);
	return join(out, "index.html");
}
