import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Measured, measure, precisionOf, readCorpus, recallOf } from "../../test/corpus/measure.ts";
import { timed } from "../timed.ts";

const root = join(import.meta.dirname, "..", "..");
const recordedFile = join(root, "test", "corpus", "recorded.json");
const round = (value: number): number => Math.floor(value * 1000) / 1000;

/** Precision and recall of each rule on both halves of the corpus, then the time for many templates by the command line. --record keeps the figures. */
export async function run(args: readonly string[]): Promise<void> {
	const { values } = parseArgs({
		args: [...args],
		options: { templates: { type: "string", default: "10000" }, record: { type: "boolean", default: false } },
	});
	const { tuning, heldOut } = await readCorpus();
	const measured = { tuning: await measure(tuning), heldOut: await measure(heldOut) };
	for (const [half, one] of Object.entries(measured)) print(half, one);
	if (values.record) {
		const figures = (one: Measured) =>
			Object.fromEntries(one.figures.map((figure) => [figure.rule, { precision: round(precisionOf(figure)), recall: round(recallOf(figure)) }]));
		writeFileSync(recordedFile, `${JSON.stringify({ tuning: figures(measured.tuning), heldOut: figures(measured.heldOut) }, null, "\t")}\n`);
	}
	await speed(
		Number(values.templates),
		[...tuning, ...heldOut].map((sample) => sample.files),
	);
}

function print(half: string, { figures, errors, samples }: Measured): void {
	process.stdout.write(`${half}, ${samples} samples\nrule      precision  recall  hits  misses  false alarms\n`);
	for (const figure of figures) {
		const cells = [precisionOf(figure).toFixed(3).padStart(9), recallOf(figure).toFixed(3).padStart(7)];
		const counts = [figure.hits, figure.misses, figure.falseAlarms].map((one, index) => String(one).padStart([5, 7, 13][index] ?? 5));
		process.stdout.write(`${figure.rule.padEnd(9)} ${[...cells, ...counts].join(" ")}\n`);
	}
	for (const error of errors) process.stdout.write(`  ${error}\n`);
}

/** Templates of the corpus over and over, with a body of a usual length. */
async function speed(count: number, samples: readonly Readonly<Record<string, string>>[]): Promise<void> {
	const dir = mkdtempSync(join(tmpdir(), "mailward-bench-lint-"));
	const filler = `<p>${"We are open all week and glad to see you. ".repeat(100)}</p>\n`;
	try {
		for (let index = 0; index < count; index += 1) {
			const files = samples[index % samples.length] ?? {};
			for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, `${index}-${name}`), name.endsWith(".html") ? `${text}\n${filler}` : text);
		}
		const timing = await timed(dir, process.execPath, [join(root, "dist/cli/main.js"), "lint", dir, "--format", "json"], "ignore");
		if (timing.code !== 0 && timing.code !== 1) throw new Error(`mailward lint ended with ${timing.code}`);
		const rate = Math.round(count / timing.seconds);
		process.stdout.write(
			`${count} templates: ${timing.seconds.toFixed(1)} s, ${timing.cpuSeconds.toFixed(1)} s CPU, ${timing.peakMegabytes} MB, ${rate} templates/s\n`,
		);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}
