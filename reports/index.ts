export { type PortfolioEntry, writePortfolio } from "./portfolio/index.ts";

import { writer as asff } from "./asff/index.ts";
import { writer as csv } from "./csv/index.ts";
import { writer as html } from "./html/index.ts";
import { writer as json } from "./json/index.ts";
import { writer as junit } from "./junit/index.ts";
import { writer as markdown } from "./markdown/index.ts";
import { writer as ocsf } from "./ocsf/index.ts";
import { writer as oscal } from "./oscal/index.ts";
import { writer as sarif, fullWriter as sarifFull } from "./sarif/index.ts";
import type { ReportWriter } from "./writer.ts";

/** Every report format by its name for --format. */
export const writers: Readonly<Record<string, ReportWriter>> = Object.fromEntries(
	[html, json, sarif, sarifFull, junit, csv, markdown, oscal, ocsf, asff].map((writer) => [writer.format, writer]),
);
