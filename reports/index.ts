export { type PortfolioEntry, writePortfolio } from "./portfolio/index.ts";

import { writer as html } from "./html/index.ts";
import { writer as json } from "./json/index.ts";
import type { ReportWriter } from "./writer.ts";

/** Every report format by its name for --format. */
export const writers: Readonly<Record<string, ReportWriter>> = { [html.format]: html, [json.format]: json };
