/** The process that is measured: result.json in, report.html out, as `mailward report` does it. */

import { writeBundleFile } from "../../pipeline/evaluate.ts";
import { readResultFile } from "../../pipeline/report.ts";
import { writers } from "../../reports/index.ts";
import { themeOf } from "../../reports/theme/theme.ts";

const [input = "", output = ""] = process.argv.slice(2);
const result = await readResultFile(input);
for (const file of writers.html?.write(result, themeOf(result)) ?? []) await writeBundleFile("/", output, file.chunks);
